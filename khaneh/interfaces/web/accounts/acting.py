"""For whom a page of one's own lending is shown: oneself, or somebody who let one act for them. Every page of lending begins here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from khaneh.domains.people import queries as people
from khaneh.domains.people.queries import Acting
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.lending import number_of
from khaneh.interfaces.web.requests import actor_of

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Persons:
    """Whose page it is, and all for whom it could be shown."""

    chosen: Acting
    all: tuple[Acting, ...]

    @property
    def query(self) -> str:
        """What an address needs to stay with this person; empty for oneself."""
        return "" if self.chosen.is_own else f"?for={self.chosen.member_id}"


View = Callable[Concatenate[HttpRequest, Persons, P], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponse]


def of_members(section: str, right: str = "", *, own: bool = False) -> Callable[[View[P]], Guarded[P]]:
    """Open a page to whoever has a membership, for the person that `for` names; somebody for whom the right is not given is not there.

    `right` is a field of Rights, `own` a page that is for oneself alone. Answers are never cached: the next reader of a shared machine
    goes back in vain.
    """

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            persons = of(request, right, own=own)
            if persons is None:
                response = render(request, "accounts/no_membership.html", {"section": section})
            else:
                clocks.follow(persons.chosen.home_house_id)
                response = view(request, persons, *args, **kwargs)
            response.headers["Cache-Control"] = "private, no-store"
            return response

        return login_required(guarded)

    return decorate


def of(request: HttpRequest, right: str = "", *, own: bool = False) -> Persons | None:
    """The persons of a request; None for an account without a membership. One statement. Raises Http404 for anybody else."""
    account_id = actor_of(request).account_id
    if account_id is None:
        return None
    found = [
        one
        for one in people.acting_for(account_id, now=timezone.now())
        if one.is_own or (not own and (not right or getattr(one.rights, right)))
    ]
    if not found:
        return None
    named = request.POST.get("for") or request.GET.get("for")
    if not named:
        return Persons(found[0], tuple(found))
    wanted = number_of(named)
    chosen = next((one for one in found if one.member_id == wanted), None)
    if chosen is None:
        # Never oneself instead: what was meant for somebody whose right has ended would be done to one's own.
        raise Http404
    return Persons(chosen, tuple(found))
