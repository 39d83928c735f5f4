"""One reader's visit at a self-check: who stands there and what was done, on the server and for two minutes without a touch at most.

The browser holds a random word only. What was given back is counted and not named: a return is forgotten here as everywhere.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from khaneh.interfaces.web.selfcheck.machine import PATH

COOKIE = "selfcheck_visit"
SAID = "selfcheck_said"
IDLE = 120  # seconds; the page itself asks after sixty whether anybody is there
_SALT = "khaneh.selfcheck.said"


@dataclass(slots=True)
class Visit:
    """Who stands at a terminal. `proved` says that the PIN was right, or that the terminal asks for none."""

    word: str
    terminal_id: int
    member_id: int
    proved: bool
    lent: list[int] = field(default_factory=list)
    renewed: list[int] = field(default_factory=list)
    returned: int = 0

    def keep(self) -> None:
        """Write it down for as long as somebody is there."""
        cache.set(f"selfcheck.visit.{self.word}", asdict(self), IDLE)


def begin(*, terminal_id: int, member_id: int, proved: bool) -> Visit:
    """A visit under a word of its own."""
    made = Visit(secrets.token_urlsafe(24), terminal_id, member_id, proved)
    made.keep()
    return made


def of(request: HttpRequest, terminal_id: int) -> Visit | None:
    """The visit under way at this terminal, which lasts a while longer for being looked at."""
    word = request.COOKIES.get(COOKIE, "")
    kept: dict[str, Any] | None = cache.get(f"selfcheck.visit.{word}") if word and len(word) < 60 else None
    if kept is None or kept["terminal_id"] != terminal_id:
        return None
    found = Visit(**kept)
    found.keep()
    return found


def remember(response: HttpResponse, visit: Visit, *, secure: bool) -> None:
    """The browser's word for it; gone when the browser is."""
    # A cookie that this answer deletes would keep its age of no seconds when it is set again.
    response.cookies.pop(COOKIE, None)
    response.set_cookie(COOKIE, visit.word, path=PATH, httponly=True, samesite="Strict", secure=secure)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing is left of the reader, here or in the browser."""
    word = request.COOKIES.get(COOKIE, "")
    if word and len(word) < 60:
        cache.delete(f"selfcheck.visit.{word}")
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    response.delete_cookie(SAID, path=PATH, samesite="Strict")


def say(response: HttpResponse, tone: str, said: str, title: str = "", **more: Any) -> None:
    """Tell the next page what came of the last act. The browser carries it, shows it once and is told to drop it."""
    value = signing.dumps({"tone": tone, "said": said, "title": title, **more}, salt=_SALT, compress=True)
    response.cookies.pop(SAID, None)
    response.set_cookie(SAID, value, max_age=30, path=PATH, httponly=True, samesite="Strict")


def said(request: HttpRequest) -> dict[str, Any] | None:
    """What came of the last act."""
    try:
        told: dict[str, Any] = signing.loads(request.COOKIES.get(SAID, ""), salt=_SALT, max_age=30)
    except (signing.BadSignature, ValueError):
        return None
    return told
