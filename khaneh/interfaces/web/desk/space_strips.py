"""The days of a house's spaces as strips on one scale: what is open, what is held, what only asks. Drawn in minutes.

What a space is in, and what is in it, shows on it too, paler: it cannot be had then either. In Persian time runs from right to left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.spaces.types import BookingState, SpaceRow, Week, WeekEntry
from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import (
    WEEKDAYS,
    Calendar,
    JalaliDate,
    local_digits,
    show_date,
    show_minutes,
    show_number,
)
from khaneh.kernel.labels import Label

DAY = 24 * 60
HEIGHT = 24
_USUAL = (8 * 60, 20 * 60)
# A lane of a counted space is no thinner; above that many units share one.
_MOST_LANES = 12
# On a telephone seven names stand in a line.
_SHORT = {
    1: Label("Mo", "د", "T2"),
    2: Label("Tu", "س", "T3"),
    3: Label("We", "چ", "T4"),
    4: Label("Th", "پ", "T5"),
    5: Label("Fr", "ج", "T6"),
    6: Label("Sa", "ش", "T7"),
    7: Label("Su", "ی", "CN"),
}
_LOOKS = {
    BookingState.TENTATIVE: "kept",
    BookingState.REQUESTED: "asked",
    BookingState.CONFIRMED: "booked",
    BookingState.CHECKED_IN: "here",
    BookingState.DONE: "done",
    BookingState.NO_SHOW: "missed",
}


_HOLDING = frozenset((None, BookingState.TENTATIVE, BookingState.CONFIRMED, BookingState.CHECKED_IN))
_Lane = tuple[int, int]
_WHOLE: _Lane = (0, HEIGHT)


class Span(NamedTuple):
    """What of a time lies on a day: the day's number, and from which minute to which on its clocks, 0 to 1440."""

    day: int
    first: int
    last: int


class Part(NamedTuple):
    """A rectangle of a strip, in minutes of the scale and parts of its height, from the start of the line."""

    look: str
    x: int
    y: int
    width: int
    height: int


class Cell(NamedTuple):
    """A space on a day. `words` say what the strip shows, `at` is the minute that it is, on the scale."""

    parts: Sequence[Part]
    words: str
    at: int | None


class Row(NamedTuple):
    """A space with its days; `depth` is how deep it lies in others."""

    space: SpaceRow
    depth: int
    cells: Sequence[Cell]


class Head(NamedTuple):
    """A day above its column."""

    day: date
    weekday: str
    short: str
    number: str
    is_today: bool
    address: str


@dataclass(frozen=True, slots=True)
class Board:
    """All spaces on all days. `marks` are the hours of the scale with where they stand, in per cent."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    width: int
    marks: tuple[str, ...]


def board(week: Week, *, now: datetime, spaces: Iterable[int] | None = None) -> Board:
    """The week drawn; only some of its spaces, if they are named."""
    days = [week.first + timedelta(days=number) for number in range(week.days)]
    clocks = _Clocks(days, ZoneInfo(week.zone))
    first, last = _scale(week, clocks)
    today, here = clocks.wall(now)
    at = [here - first if day == today and first <= here <= last else None for day in days]
    wanted = {one.space.id for one in week.spaces} if spaces is None else set(spaces)
    below: dict[int, list[int]] = {}
    for one in week.spaces:
        for number in one.space.path[:-1]:
            below.setdefault(number, []).append(one.space.id)
    holding = {one.space.id: [entry for entry in one.entries if _holds(entry)] for one in week.spaces}
    spans, parts, who = clocks.spans, _Parts(first, last), reader.current()
    calendar, language = who.calendar, who.language
    rows = []
    for one in week.spaces:
        space = one.space
        if space.id not in wanted:
            continue
        drawn: list[list[Part]] = [[] for _day in days]
        for start, end in one.open:
            parts.draw(drawn, "open", spans(start, end), _WHOLE)
        for number in space.path[:-1]:
            for entry in holding.get(number, ()):
                parts.draw(drawn, "near", spans(entry.blocked_from, entry.blocked_until), _WHOLE)
        for number in below.get(space.id, ()):
            for entry in holding[number]:
                # A closed part leaves the whole to who wants it without.
                if entry.closure is None:
                    parts.draw(drawn, "near", spans(entry.blocked_from, entry.blocked_until), _WHOLE)
        for entry in holding[space.id]:
            if entry.closure is None:
                lane = _lane(entry.unit, space.quantity)
                parts.draw(drawn, "pad", spans(entry.blocked_from, entry.blocked_until), lane)
        counts = [[0, 0, 0] for _day in days]
        for entry in one.entries:
            look, counted = _look(entry)
            on_days = spans(entry.starts, entry.ends)
            parts.draw(drawn, look, on_days, _lane(entry.unit, space.quantity))
            for number, _start, _end in on_days:
                counts[number][counted] += 1
        said = [_said(day, *count, calendar, language) for day, count in zip(days, counts, strict=True)]
        rows.append(Row(space, len(space.path) - 1, list(map(Cell, drawn, said, at))))
    return Board(tuple(_heads(days, today)), tuple(rows), last - first, tuple(_marks(first, last)))


def span(entry: WeekEntry, day: date, clocks: ZoneInfo) -> str:
    """From when to when on a day, isolated from the words around it; dots where it began before or goes on after."""
    language = reader.current().language
    on_day = [one for one in _Clocks([day], clocks).spans(entry.starts, entry.ends) if one.last > one.first]
    if not on_day:
        return ""
    begin, cease = _edges(day, clocks)
    begins = "…" if entry.starts < begin else show_minutes(on_day[0].first, language)
    ends = "…" if entry.ends is None or entry.ends > cease else show_minutes(on_day[0].last, language)
    return f"\u2068{begins}–{ends}\u2069"


def short_number(day: date) -> str:
    """Day and month in figures."""
    who = reader.current()
    if who.calendar is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(day)
        return local_digits(f"{jalali.month}/{jalali.day}", who.language)
    return f"{day.day}/{day.month}" if who.language == "vi" else local_digits(f"{day.month}/{day.day}", who.language)


def _heads(days: Sequence[date], today: date) -> list[Head]:
    language = reader.current().language
    address = reverse("desk-spaces-day")
    return [
        Head(
            day, WEEKDAYS[day.isoweekday()].pick(language), _SHORT[day.isoweekday()].pick(language), short_number(day),
            day == today, f"{address}?day={day}",
        )
        for day in days
    ]  # fmt: skip


def _marks(first: int, last: int) -> list[str]:
    step = next(one for one in (60, 120, 180, 240, 360) if (last - first) // one <= 6)
    return [show_minutes(at, reader.current().language) for at in range(first, last + 1, step)]


class _Clocks:
    """The days of a board on the clocks of their house. Each instant is put on them once: a week asks for the same few thousands of times."""

    def __init__(self, days: Sequence[date], zone: ZoneInfo) -> None:
        self._zone = zone
        self._edges = [_edges(day, zone)[0] for day in days] + [_edges(days[-1], zone)[1]]
        self._known: dict[tuple[datetime, datetime | None], tuple[Span, ...]] = {}

    def wall(self, instant: datetime) -> tuple[date, int]:
        """The day and the minute that it is."""
        local = instant.astimezone(self._zone)
        return local.date(), local.hour * 60 + local.minute

    def spans(self, starts: datetime, ends: datetime | None) -> tuple[Span, ...]:
        """What of a time lies on which of the days; without an end, all from its start."""
        found = self._known.get((starts, ends))
        if found is None:
            found = self._known[starts, ends] = tuple(self._laid_out(starts, ends))
        return found

    def _laid_out(self, starts: datetime, ends: datetime | None) -> Iterator[Span]:
        edges = self._edges
        for number in range(max(bisect_right(edges, starts) - 1, 0), len(edges) - 1):
            begins, ceases = edges[number], edges[number + 1]
            if ends is not None and ends <= begins:
                return
            first = self.wall(starts)[1] if starts > begins else 0
            last = self.wall(ends)[1] if ends is not None and ends < ceases else DAY
            yield Span(number, first, last)


class _Parts:
    """Rectangles on the scale from `first` to `last`, each made once: spaces are booked at the same times."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last
        self._known: dict[tuple[str, int, int, _Lane], Part | None] = {}

    def draw(self, days: Sequence[list[Part]], look: str, spans: Iterable[Span], lane: _Lane) -> None:
        """Put what can be seen of a time on its days."""
        known = self._known
        for number, start, end in spans:
            key = (look, start, end, lane)
            part = known[key] if key in known else known.setdefault(key, self._made(*key))
            if part is not None:
                days[number].append(part)

    def _made(self, look: str, start: int, end: int, lane: _Lane) -> Part | None:
        if not (start < end and start < self._last and end > self._first):
            return None
        x, (y, height) = max(start, self._first), lane
        return Part(look, x - self._first, y, min(end, self._last) - x, height)


def _scale(week: Week, clocks: _Clocks) -> tuple[int, int]:
    """From the first hour at which anything is open or held to the last."""
    times = {stretch for one in week.spaces for stretch in one.open}
    times |= {
        (entry.starts, entry.ends or entry.starts) for one in week.spaces for entry in one.entries if not entry.closure
    }
    seen = [(first, last) for time_ in times for _day, first, last in clocks.spans(*time_) if last > first] or [_USUAL]
    return min(span[0] for span in seen) // 60 * 60, -(-max(span[1] for span in seen) // 60) * 60


def _holds(entry: WeekEntry) -> bool:
    return entry.closure is not None or entry.state in _HOLDING


def _look(entry: WeekEntry) -> tuple[str, int]:
    """How it is drawn, and as what it is counted: as booked, asked for or closed."""
    if entry.closure:
        return "closed", 2
    if entry.state is None:
        return "booked", 0
    return _LOOKS[entry.state], 1 if entry.state is BookingState.REQUESTED else 0


@lru_cache(maxsize=2_000)
def _lane(unit: int | None, quantity: int) -> _Lane:
    """Where a unit lies in the height: y, height."""
    if unit is None or quantity == 1:
        return _WHOLE
    lanes = min(quantity, _MOST_LANES)
    turn = (unit - 1) * lanes // quantity
    return turn * HEIGHT // lanes, max(1, HEIGHT // lanes)


@lru_cache(maxsize=20_000)
def _said(day: date, booked: int, asked: int, closed: int, calendar: Calendar, language: str) -> str:
    said = [show_date(day, calendar=calendar, language=language, weekday=True)]

    def counted(number: int) -> dict[str, str]:
        return {"number": show_number(number, language)}

    if booked:
        said.append(ngettext("%(number)s booking", "%(number)s bookings", booked) % counted(booked))
    if asked:
        said.append(ngettext("%(number)s request", "%(number)s requests", asked) % counted(asked))
    if closed:
        said.append(_("closed for a time"))
    if len(said) == 1:
        said.append(_("nothing booked"))
    return _(", ").join(said)


@lru_cache(maxsize=2_000)
def _edges(day: date, clocks: ZoneInfo) -> tuple[datetime, datetime]:
    """Instants are compared in UTC."""
    begins = datetime.combine(day, time(), clocks)
    return begins.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), clocks).astimezone(UTC)
