"""A space's days as strips: when it is open, free, taken, one's own. Drawn in minutes, so that a phone shows a week at a glance.

Each strip says the same in words for whoever does not see it. In Persian time runs from right to left, as its lines do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from khaneh.domains.spaces.types import FreeStarts, WeekSpace
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.calendars import WEEKDAYS, Calendar, JalaliDate, local_digits, show_minutes
from khaneh.kernel.calendars.showing import GREGORIAN_MONTHS, JALALI_MONTHS

Stretch = tuple[datetime, datetime]
_DAY = 24 * 60
_STEPS, _MARKS = (60, 120, 180, 240, 300, 360, 480), 3
_EZAFE = "\u0654"


class Part(NamedTuple):
    """A piece of a strip: free, taken, mine or past, from `x` on, in minutes of the scale."""

    look: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Strip:
    """One day. `free` are its free stretches in words, empty where there are none."""

    day: date
    weekday: str
    number: str
    is_today: bool
    is_open: bool
    parts: tuple[Part, ...]
    free: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The strips of some days on one scale of `width` minutes; `hours` are what is written above it."""

    strips: tuple[Strip, ...]
    width: int
    hours: tuple[str, ...]
    has_mine: bool


def picture(
    found: WeekSpace, free: Iterable[FreeStarts], *, first: date, days: int, zone: str, now: datetime
) -> Picture | None:
    """The strips of a space from `first` on; None where it is not open on any of the days. `free` are starts of one slot each."""
    clocks = ZoneInfo(zone)
    if not found.open:
        return None
    slot = timedelta(minutes=found.space.slot_minutes)
    free_stretches = [(one.first, one.last + slot) for one in free]
    mine = [(entry.starts, entry.ends) for entry in found.entries if entry.mine and entry.ends is not None]
    by_day = [
        (day, _on(found.open, day, clocks), _on(free_stretches, day, clocks), _on(mine, day, clocks))
        for day in (first + timedelta(days=number) for number in range(days))
    ]
    spans = [span for _day, open_, _free, _mine in by_day for span in open_]
    if not spans:
        return None
    opens = min(span[0] for span in spans) // 60 * 60
    closes = max(span[1] for span in spans)
    # As many hours as the marks above need, so that each stands where it belongs.
    step = next(one for one in _STEPS if -(-(closes - opens) // one) <= _MARKS)
    width = -(-(closes - opens) // step) * step
    opens = min(opens, _DAY - width)
    today = now.astimezone(clocks).date()
    here = now.astimezone(clocks)
    strips = tuple(
        _strip(day, open_, free_, mine_, opens, today, here.hour * 60 + here.minute)
        for day, open_, free_, mine_ in by_day
    )
    language = reader.current().language
    marks = tuple(show_minutes(opens + at, language) for at in range(0, width + 1, step))
    return Picture(strips, width, marks, bool(mine))


def _strip(
    day: date,
    open_: list[tuple[int, int]],
    free: list[tuple[int, int]],
    mine: list[tuple[int, int]],
    opens: int,
    today: date,
    minute: int,
) -> Strip:
    language = reader.current().language
    parts = []
    for start, end in open_:
        over = end if day < today else min(end, max(start, minute)) if day == today else start
        if over > start:
            parts.append(Part("past", start - opens, over - start))
        if end > over:
            parts.append(Part("taken", over - opens, end - over))
    parts += [Part("free", start - opens, end - start) for start, end in free]
    parts += [Part("mine", start - opens, end - start) for start, end in mine]
    weekday = WEEKDAYS[day.isoweekday()].pick(language)
    said = _(", ").join(
        f"\u2068{show_minutes(start, language)}–{show_minutes(end, language)}\u2069" for start, end in free
    )
    words = asking.day_words(day)
    if free:
        label = _("%(day)s: free %(times)s") % {"day": words, "times": said}
    elif day < today or not open_:
        label = _("%(day)s: closed") % {"day": words}
    else:
        label = _("%(day)s: nothing free") % {"day": words}
    return Strip(
        day=day,
        weekday=weekday,
        number=_number(day),
        is_today=day == today,
        is_open=bool(open_),
        parts=tuple(parts),
        free=said,
        label=label,
    )


def _number(day: date) -> str:
    """Day and month, the shortest way to tell days apart."""
    who = reader.current()
    if who.calendar is Calendar.JALALI:
        jalali = JalaliDate.from_gregorian(day)
        return local_digits(f"{jalali.day} {JALALI_MONTHS[jalali.month - 1].pick(who.language)}", who.language)
    if who.language == "vi":
        return f"{day.day}/{day.month}"
    month = GREGORIAN_MONTHS[day.month - 1].pick(who.language)
    return local_digits(f"{day.day} {month[:3] if who.language == 'en' else month.rstrip(_EZAFE)}", who.language)


def _on(stretches: Sequence[Stretch], day: date, clocks: ZoneInfo) -> list[tuple[int, int]]:
    """What lies on a day, in minutes on its clocks."""
    begins = datetime.combine(day, time(), clocks)
    ends = datetime.combine(day + timedelta(days=1), time(), clocks)
    found = []
    for start, end in stretches:
        if start < ends and end > begins:
            first = _minutes(start, clocks) if start > begins else 0
            last = _minutes(end, clocks) if end < ends else _DAY
            if last > first:
                found.append((first, last))
    return found


def _minutes(value: datetime, clocks: ZoneInfo) -> int:
    local = value.astimezone(clocks)
    return local.hour * 60 + local.minute


def words_of(free: Iterable[FreeStarts], zone: str) -> str:
    """Ranges of starts in words."""
    return _(", ").join(
        wording.clock(one.first, zone)
        if one.first == one.last
        else f"{wording.clock(one.first, zone)}–{wording.clock(one.last, zone)}"
        for one in free
    )
