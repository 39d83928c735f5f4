"""The days of a house's spaces as strips on one scale: what is open, what is held, what only asks. Drawn in minutes.

What a space is in, and what is in it, shows on it too, paler: it cannot be had then either. In Persian time runs from right to left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString
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


class Part(NamedTuple):
    """A rectangle of a strip, in minutes of the scale and parts of its height, from the start of the line."""

    look: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A space on a day. `words` say what the strip shows."""

    day: date
    parts: tuple[Part, ...]
    words: str
    address: str
    at: int | None  # the minute that it is, on the scale


@dataclass(frozen=True, slots=True)
class Row:
    """A space with its days; `depth` is how deep it lies in others."""

    space: SpaceRow
    depth: int
    cells: tuple[Cell, ...]


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
    clocks = ZoneInfo(week.zone)
    days = [week.first + timedelta(days=number) for number in range(week.days)]
    own_on = {one.space.id: _by_day(one.entries, days, clocks) for one in week.spaces}
    first, last = _scale(week, days, own_on, clocks)
    today, here = now.astimezone(clocks).date(), _minute(now, clocks)
    by_id = {one.space.id: one for one in week.spaces}
    wanted = set(by_id) if spaces is None else set(spaces)
    below: dict[int, list[int]] = {}
    for one in week.spaces:
        for number in one.space.path[:-1]:
            below.setdefault(number, []).append(one.space.id)
    rows = []
    for one in week.spaces:
        space = one.space
        if space.id not in wanted:
            continue
        above = [entry for number in space.path[:-1] if number in by_id for entry in by_id[number].entries]
        around = [entry for number in below.get(space.id, ()) for entry in by_id[number].entries]
        # A closed part leaves the whole to who wants it without.
        near = [entry for entry in above if _holds(entry)] + [
            entry for entry in around if _holds(entry) and not entry.closure
        ]
        near_on, held_on = _by_day(near, days, clocks), own_on[space.id]
        address = reverse("desk-spaces-day")
        cells = []
        for day, beside, entries in zip(days, near_on, held_on, strict=True):
            parts = [Part("open", start, 0, end - start, HEIGHT) for start, end in _open_on(one.open, day, clocks)]
            parts += _blocks("near", beside, day, clocks, 1)
            parts += _blocks(
                "pad",
                [entry for entry in entries if _holds(entry) and not entry.closure],
                day,
                clocks,
                space.quantity,
            )
            parts += [part for entry in entries for part in _drawn(entry, day, clocks, space.quantity)]
            cells.append(
                Cell(
                    day,
                    tuple(_moved(part, first, last) for part in parts if part.x < last and part.x + part.width > first),
                    _words(day, entries, bool(one.open), clocks),
                    f"{address}?day={day}&space={space.id}",
                    here - first if day == today and first <= here <= last else None,
                )
            )
        rows.append(Row(space, len(space.path) - 1, tuple(cells)))
    return Board(tuple(_heads(days, today)), tuple(rows), last - first, tuple(_marks(first, last)))


def drawing(cell: Cell, width: int, title: str = "") -> SafeString:
    """The strip of a cell. Written here and not in a template: a week has hundreds."""
    mirrored = reader.current().direction == "rtl"
    rects = "".join(
        f'<rect class="wk-{part.look}" x="{width - part.x - part.width if mirrored else part.x}" y="{part.y}"'
        f' width="{part.width}" height="{part.height}"/>'
        for part in cell.parts
    )
    if cell.at is not None:
        rects += (
            f'<rect class="wk-now" x="{width - cell.at if mirrored else cell.at}" y="0" width="6" height="{HEIGHT}"/>'
        )
    return SafeString(
        f'<svg class="wk-strip" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true"'
        f' focusable="false">{rects}</svg>'
    )


def linked(cell: Cell, width: int, space: str) -> SafeString:
    """A cell as a link to its day, saying what it shows."""
    return SafeString(
        f'<a class="wk-cell" href="{escape(cell.address)}" title="{escape(cell.words)}">{drawing(cell, width)}'
        f'<span class="visually-hidden">{escape(space)}, {escape(cell.words)}</span></a>'
    )


def span(entry: WeekEntry, day: date, clocks: ZoneInfo) -> str:
    """From when to when on a day, isolated from the words around it; dots where it began before or goes on after."""
    language = reader.current().language
    on_day = _on([(entry.starts, entry.ends or _end_of(day, clocks))], day, clocks)
    if not on_day:
        return ""
    first, last = on_day[0]
    begins = "…" if entry.starts < _edges(day, clocks)[0] else show_minutes(first, language)
    ends = "…" if entry.ends is None or entry.ends > _end_of(day, clocks) else show_minutes(last, language)
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


def _by_day(entries: Iterable[WeekEntry], days: Sequence[date], clocks: ZoneInfo) -> list[list[WeekEntry]]:
    """For each day what lies on it, with its padding: a week has many entries, and each lies on one day or two."""
    edges = [datetime.combine(day, time(), clocks).astimezone(UTC) for day in days]
    found: list[list[WeekEntry]] = [[] for _day in days]
    for entry in entries:
        starts, ends = entry.blocked_from, entry.blocked_until
        begin = max(bisect_right(edges, starts) - 1, 0)
        cease = len(days) if ends is None else bisect_left(edges, ends)
        for number in range(begin, cease):
            found[number].append(entry)
    return found


def _scale(
    week: Week, days: Sequence[date], own_on: Mapping[int, Sequence[Sequence[WeekEntry]]], clocks: ZoneInfo
) -> tuple[int, int]:
    """From the first hour at which anything is open or held to the last."""
    spans = [
        span
        for one in week.spaces
        for day, entries in zip(days, own_on[one.space.id], strict=True)
        for span in (
            *_open_on(one.open, day, clocks),
            *(
                part
                for entry in entries
                if not entry.closure
                for part in _on([(entry.starts, entry.ends or entry.starts)], day, clocks)
            ),
        )
    ] or [_USUAL]
    return min(span[0] for span in spans) // 60 * 60, -(-max(span[1] for span in spans) // 60) * 60


def _holds(entry: WeekEntry) -> bool:
    return entry.closure is not None or entry.state in (
        None, BookingState.TENTATIVE, BookingState.CONFIRMED, BookingState.CHECKED_IN,
    )  # fmt: skip


def _drawn(entry: WeekEntry, day: date, clocks: ZoneInfo, quantity: int) -> list[Part]:
    look = "closed" if entry.closure else _LOOKS[entry.state] if entry.state is not None else "booked"
    ends = entry.ends or _end_of(day, clocks)
    return [
        Part(look, start, *_lane(entry.unit, quantity, start, end))
        for start, end in _on([(entry.starts, ends)], day, clocks)
    ]


def _blocks(look: str, entries: Iterable[WeekEntry], day: date, clocks: ZoneInfo, quantity: int) -> list[Part]:
    return [
        Part(look, start, *_lane(entry.unit if quantity > 1 else None, quantity, start, end))
        for entry in entries
        for start, end in _on([(entry.blocked_from, entry.blocked_until or _end_of(day, clocks))], day, clocks)
    ]


def _lane(unit: int | None, quantity: int, start: int, end: int) -> tuple[int, int, int]:
    """Where a unit lies in the height: y, width, height."""
    if unit is None or quantity == 1:
        return 0, end - start, HEIGHT
    lanes = min(quantity, _MOST_LANES)
    turn = (unit - 1) * lanes // quantity
    return turn * HEIGHT // lanes, end - start, max(1, HEIGHT // lanes)


def _moved(part: Part, first: int, last: int) -> Part:
    start, end = max(part.x, first), min(part.x + part.width, last)
    return Part(part.look, start - first, part.y, end - start, part.height)


def _words(day: date, entries: Iterable[WeekEntry], is_open: bool, clocks: ZoneInfo) -> str:
    begins, ends = _edges(day, clocks)
    on_day = [one for one in entries if one.starts < ends and (one.ends is None or one.ends > begins)]
    asked = sum(one.state is BookingState.REQUESTED for one in on_day)
    closed = sum(one.closure is not None for one in on_day)
    who = reader.current()
    return _said(day, len(on_day) - closed - asked, asked, bool(closed), who.calendar, who.language)


@lru_cache(maxsize=20_000)
def _said(day: date, booked: int, asked: int, closed: bool, calendar: Calendar, language: str) -> str:
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


def _on(stretches: Iterable[tuple[datetime, datetime]], day: date, clocks: ZoneInfo) -> list[tuple[int, int]]:
    """What lies on a day, in minutes on its clocks."""
    begins, ends = _edges(day, clocks)
    found = []
    for start, end in stretches:
        if start < ends and end > begins:
            first = _minute(start, clocks) if start > begins else 0
            last = _minute(end, clocks) if end < ends else DAY
            if last > first:
                found.append((first, last))
    return found


@lru_cache(maxsize=2_000)
def _open_on(stretches: tuple[tuple[datetime, datetime], ...], day: date, clocks: ZoneInfo) -> list[tuple[int, int]]:
    """The same of opening hours: most spaces of a house have one and the same."""
    return _on(stretches, day, clocks)


# Instants are compared in UTC and put on the clocks once: a week asks the same of each day and hour thousands of times.
@lru_cache(maxsize=2_000)
def _edges(day: date, clocks: ZoneInfo) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, time(), clocks)
    return begins.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), clocks).astimezone(UTC)


def _end_of(day: date, clocks: ZoneInfo) -> datetime:
    return _edges(day, clocks)[1]


@lru_cache(maxsize=20_000)
def _minute(value: datetime, clocks: ZoneInfo) -> int:
    local = value.astimezone(clocks)
    return local.hour * 60 + local.minute
