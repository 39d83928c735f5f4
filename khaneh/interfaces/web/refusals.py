"""A refusal as a page: its kind decides the status and the words, its code is shown for whoever is asked about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khaneh.kernel.refusal import Refusal, RefusalKind

_STATUS = {
    RefusalKind.INVALID: 400,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.LIMIT: 409,
    RefusalKind.UNAVAILABLE: 503,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return _STATUS[refusal.kind]


def reason(refusal: Refusal) -> str:
    """What a reader is told when no page has better words."""
    return {
        RefusalKind.INVALID: _("Something in it was not understood."),
        RefusalKind.CONFLICT: _("It has changed in the meantime, or its state does not permit it."),
        RefusalKind.LIMIT: _("A limit has been reached."),
        RefusalKind.UNAVAILABLE: _(
            "A part of the system that is needed does not answer. Please try again in a minute."
        ),
    }.get(refusal.kind, "")


def page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page, with its status."""
    status = status_of(refusal)
    if status in {403, 404}:
        return render(request, f"{status}.html", status=status)
    return render(request, "web/errors/refused.html", {"reason": reason(refusal), "code": refusal.code}, status=status)
