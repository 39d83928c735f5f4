"""Who comes in. A visitor is asked to sign in; for anybody else a page that is not theirs and one that is not there look the same."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from khaneh.domains.catalogue.permissions import CATALOGUERS, IMPORTERS
from khaneh.domains.circulation.permissions import DESK, ROUNDS
from khaneh.domains.exchange.permissions import BROKERS, GATHERING_DESK, REACH_READERS
from khaneh.domains.founding.permissions import READERS as FOUNDING
from khaneh.domains.meetings.permissions import ORGANISERS
from khaneh.domains.network.permissions import ADMINISTRATORS, MANAGERS
from khaneh.domains.networking.permissions import READERS as NETWORK_READERS
from khaneh.domains.networking.permissions import SHARERS
from khaneh.domains.notices.permissions import QUEUE_READERS
from khaneh.domains.people.permissions import DESK as MEMBERSHIP
from khaneh.domains.placements.permissions import READERS as PLACEMENTS
from khaneh.domains.policies.permissions import READERS
from khaneh.domains.profiles.permissions import IMPORTERS as COMPANY_IMPORTERS
from khaneh.domains.profiles.permissions import VERIFIERS
from khaneh.domains.programmes.permissions import MANAGERS as PROGRAMMES
from khaneh.domains.qualifications.permissions import AWARDERS
from khaneh.domains.residencies.permissions import MANAGERS as RESIDENCIES
from khaneh.domains.spaces.permissions import DESK as SPACES
from khaneh.domains.spaces.permissions import LEADS as SPACE_LEADS
from khaneh.domains.spaces.permissions import MANAGERS as SPACE_MANAGERS
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

__all__ = [
    "ADMINISTRATORS",
    "AWARDERS",
    "BROKERS",
    "CATALOGUERS",
    "COMPANY_IMPORTERS",
    "DESK",
    "FOUNDING",
    "GATHERING_DESK",
    "IMPORTERS",
    "MANAGERS",
    "MEMBERSHIP",
    "NETWORK_READERS",
    "ORGANISERS",
    "PLACEMENTS",
    "PROGRAMMES",
    "QUEUE_READERS",
    "REACH_READERS",
    "READERS",
    "RESIDENCIES",
    "ROUNDS",
    "SHARERS",
    "SPACES",
    "SPACE_LEADS",
    "SPACE_MANAGERS",
    "STAFF",
    "VERIFIERS",
    "staffed",
]

# Whoever finds something on the desk. Other roles have pages of their own.
STAFF = (
    BROKERS
    | FOUNDING
    | PLACEMENTS
    | PROGRAMMES
    | IMPORTERS
    | CATALOGUERS
    | MANAGERS
    | ROUNDS
    | MEMBERSHIP
    | QUEUE_READERS
    | READERS
    | SPACES
    | AWARDERS
)


def staffed(roles: Collection[str]) -> Callable[[View[P]], View[P]]:
    """Open a page to those who hold one of the roles anywhere; services and queries judge the place. Answers are never cached."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request)
            if actor.account_id is None:
                return redirect_to_login(request.get_full_path())
            if not actor.holds_somewhere(roles):
                raise Http404
            try:
                response = view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise Http404 from refusal
            response.headers["Cache-Control"] = "private, no-store"
            return response

        return guarded

    return decorate
