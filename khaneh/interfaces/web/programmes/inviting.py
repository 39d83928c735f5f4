"""The address in a letter to an invited colleague. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.errors import InTheTeamAlready
from khaneh.domains.programmes.types import PARTS
from khaneh.interfaces.web.programmes import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks and for which call, and joining with one's account. One that was used, taken back or is too old says no more than that."""
    actor, now = actor_of(request), timezone.now()
    try:
        row = queries.invitation(token, now=now)
        if request.method == "POST":
            if actor.account_id is None:
                return redirect_to_login(request.path)
            number = services.join_by_letter(actor=actor, token=token, now=now)
            messages.success(request, _("You are in the team."))
            return redirect("account-application", application_id=number)
    except InTheTeamAlready as refusal:
        messages.error(request, wording.why(refusal).said)
        return redirect("account-applications")
    except NotFound:
        return _page(request, {}, 404)
    context = {"row": row, "part": PARTS[row.part], "call": queries.call(row.call_id), "next": request.path}
    return _page(request, {**context, "signed_in": actor.account_id is not None}, 200)


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    response = render(request, "programmes/invitation.html", context, status=status)
    # The address is a key: it goes to no other site.
    response["Referrer-Policy"] = "no-referrer" if request.method == "GET" else "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
