"""Who is reading, as far as a page's look goes: language, calendar, theme and the house they start from. No account, no rights.

Kept in cookies, so that it works without an account and before any script runs. Filters in templates ask `current()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest

from khaneh.kernel.calendars import Calendar, calendar_for

LANGUAGES = {"fa": "فارسی", "vi": "Tiếng Việt", "en": "English"}
THEMES = ("auto", "light", "dark")
CALENDARS = ("auto", *Calendar)
COOKIES = {"theme": THEMES, "calendar": CALENDARS}
HOUSE_COOKIE = "house"
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Reader:
    """How pages are shown to one reader. `house` is the code of the house that distances are counted from, or empty."""

    language: str = "en"
    theme: str = "auto"
    calendar_wish: str = "auto"
    house: str = ""

    @property
    def direction(self) -> str:
        """rtl for Persian."""
        return "rtl" if self.language == "fa" else "ltr"

    @property
    def calendar(self) -> Calendar:
        """The calendar that dates are shown in."""
        return calendar_for(self.calendar_wish, self.language)


_ENGLISH = Reader()
_current: ContextVar[Reader | None] = ContextVar("reader", default=None)


def current() -> Reader:
    """The reader of the request at hand; an English one outside any request."""
    return _current.get() or _ENGLISH


def of(request: HttpRequest, language: str) -> Reader:
    """The reader that a request's cookies describe. What is not understood counts as not said."""
    theme = request.COOKIES.get("theme", "")
    calendar = request.COOKIES.get("calendar", "")
    house = request.COOKIES.get(HOUSE_COOKIE, "")
    return Reader(
        language=language,
        theme=theme if theme in THEMES else "auto",
        calendar_wish=calendar if calendar in CALENDARS else "auto",
        house=house if len(house) <= 64 and house.replace("-", "").replace("_", "").replace(".", "").isalnum() else "",
    )


@contextmanager
def reading(reader: Reader) -> Iterator[None]:
    """Make `reader` the current one."""
    token = _current.set(reader)
    try:
        yield
    finally:
        _current.reset(token)
