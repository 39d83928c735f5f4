"""Which machine this browser is: a terminal of a house, let in once with its name and password.

A signed cookie says so, as long as the terminal is in use and its password is the one it was let in with. Nobody is signed in beside it: what
is done here is done by the terminal, which has a desk's role at its house alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from khaneh.domains.circulation.queries.terminals import TerminalRow, terminal_in_use
from khaneh.domains.circulation.types import TerminalKind
from khaneh.interfaces.web import clocks

COOKIE = "selfcheck"
PATH = "/selfcheck/"
LASTS = timedelta(days=400)
_SALT = "khaneh.selfcheck.machine"
_MOST_WRONG = 20
_WITHIN = 300  # seconds

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, TerminalRow, P], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponse]


def of(request: HttpRequest) -> TerminalRow | None:
    """The terminal that this browser is, or None. Two statements."""
    try:
        number, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    row = terminal_in_use(number)
    if row is None or row.kind is not TerminalKind.SELF_CHECK or row.password_at.timestamp() != since:
        return None
    return row


def remember(response: HttpResponse, row: TerminalRow, *, secure: bool) -> None:
    """This browser is the terminal from here on."""
    value = signing.dumps([row.id, row.password_at.timestamp()], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=int(LASTS.total_seconds()), path=PATH, httponly=True, samesite="Strict", secure=secure
    )


def at_machine(view: View[P]) -> Guarded[P]:
    """Open a page to a browser that is a terminal; any other is asked to be let in. Answers are never kept anywhere."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        row = of(request)
        if row is not None:
            clocks.follow(row.house.id)
        response = redirect("selfcheck-open") if row is None else view(request, row, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return guarded


def is_shut(address: str) -> bool:
    """Whether too many wrong passwords came from an address lately."""
    return bool(cache.get(_counter(address), 0) >= _MOST_WRONG)


def wrong(address: str) -> None:
    """Count a wrong password."""
    cache.set(_counter(address), cache.get(_counter(address), 0) + 1, _WITHIN)


def _counter(address: str) -> str:
    return f"selfcheck.wrong.{address}"
