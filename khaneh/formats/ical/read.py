"""iCalendar as occurrences: what is nonsense as a whole is refused, what is nonsense in it is told and left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import BrokenCalendarProperty, Calendar, Event, vRecur

from khaneh.formats.ical.errors import Unreadable
from khaneh.formats.ical.types import Occurrence, Status

LARGEST = 5 * 1024 * 1024
MOST = 5000
# What a rule may say besides its frequency: with these alone a rule that never comes is found out quickly.
_PARTS = {
    "DAILY": set(),
    "WEEKLY": {"BYDAY"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
}
_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_MARK = b"BEGIN:VCALENDAR"
_BEGINS = re.compile(r"^BEGIN:", re.MULTILINE | re.IGNORECASE)
_ENDS = re.compile(r"^END:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry that is left out. `why`: no_start, no_uid, broken, out_of_order, too_long, repeats, other_calendar.

    `line` is where it begins in the file, from 1; 0 where that cannot be said.
    """

    uid: str
    summary: str
    why: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says between two days, by start; with what of it was not understood, and what it takes back (`cancelled`, by UID)."""

    name: str
    occurrences: tuple[Occurrence, ...]
    doubts: tuple[Doubt, ...]
    cancelled: tuple[str, ...] = ()


class _OddError(ValueError):
    """Why an entry is left out."""


def read(data: bytes, *, zone: str, first: date, last: date, most: int = MOST) -> Reading:
    """What a calendar file says from `first` to `last` (both included), what repeats as explicit occurrences.

    Times without a zone are on the clocks of `zone`. A file may hold several calendars; entries without an end last a day or no time.
    Cancelled entries are told by their UID alone. Raises Unreadable.
    """
    calendars = _calendars(data)
    begins = datetime.combine(first, time(), ZoneInfo(zone))
    ends = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone))
    found: list[Occurrence] = []
    doubts: list[Doubt] = []
    events = [event for calendar in calendars for event in calendar.events]
    # Days of a series that are told by themselves stand in for those that the rule gives.
    moved = {(_word(one, "UID"), _start_of(one, "RECURRENCE-ID", zone)) for one in events if "RECURRENCE-ID" in one}
    lines = _lines(data)
    cancelled = [_word(one, "UID") for one in events if _is_cancelled(one) and "RECURRENCE-ID" not in one]
    for number, event in enumerate(events):
        try:
            for one in _occurrences(event, zone=zone, begins=begins, ends=ends, moved=moved):
                found.append(one)
                if len(found) > most:
                    raise Unreadable("too_many")
        except _OddError as odd:
            doubts.append(
                Doubt(
                    _word(event, "UID"),
                    _word(event, "SUMMARY")[:200],
                    str(odd),
                    lines[number] if len(lines) == len(events) else 0,
                )
            )
    found.sort(key=lambda one: (_instant(one.starts, zone), one.uid))
    name = next((word for one in calendars for key in ("NAME", "X-WR-CALNAME") if (word := _word(one, key))), "")
    return Reading(name, tuple(found), tuple(doubts), tuple(uid for uid in cancelled if uid))


def _lines(data: bytes) -> list[int]:
    """The lines at which entries begin, in the file's order."""
    return [number for number, line in enumerate(data.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]


def _is_cancelled(event: Event) -> bool:
    return _word(event, "STATUS").upper() == Status.CANCELLED


def _calendars(data: bytes) -> list[Calendar]:
    if not data.strip():
        raise Unreadable("empty")
    if len(data) > LARGEST:
        raise Unreadable("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable("encoding", data.count(b"\n", 0, wrong.start) + 1) from wrong
    if "\0" in text or not data.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(_MARK)].upper() == _MARK:
        raise Unreadable("not_a_calendar")
    if len(_BEGINS.findall(text)) > len(_ENDS.findall(text)):
        raise Unreadable("cut_off")
    try:
        # Bytes, never text: the library would take a text without line breaks for the name of a file.
        found = Calendar.from_ical(text.encode(), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as wrong:
        raise Unreadable("broken", getattr(wrong, "line_number", None)) from wrong
    calendars = [one for one in found if one.name == "VCALENDAR"]
    if not calendars:
        raise Unreadable("not_a_calendar")
    return calendars


def _occurrences(
    event: Event, *, zone: str, begins: datetime, ends: datetime, moved: set[tuple[str, Any]]
) -> Iterator[Occurrence]:
    uid = _word(event, "UID")
    if not uid:
        raise _OddError("no_uid")
    if "DTSTART" not in event:
        raise _OddError("no_start")
    starts = _value(event, "DTSTART")
    ceases = _end(event, starts)
    whole = not isinstance(starts, datetime)
    length = _length(starts, ceases, zone)
    if length < timedelta():
        raise _OddError("out_of_order")
    if length > timedelta(days=366):
        raise _OddError("too_long")
    if _is_cancelled(event):
        return
    for start in _starts(event, starts, zone=zone, begins=begins - length, ends=ends):
        known = (uid, _key(start, zone))
        if "RECURRENCE-ID" not in event and known in moved:
            continue
        finish = start + length if whole else (_instant(start, zone) + length)
        at = start if whole else _instant(start, zone)
        if (
            _instant(at, zone) >= ends
            or (_instant(finish, zone) <= begins and length)
            or _instant(finish, zone) < begins
        ):
            continue
        yield Occurrence(
            uid=uid if at == (starts if whole else _instant(starts, zone)) else f"{uid}/{at.isoformat()}",
            starts=at,
            ends=finish,
            summary=_word(event, "SUMMARY"),
            changed_at=_changed(event),
            revision=_revision(event),
            description=_word(event, "DESCRIPTION"),
            location=_word(event, "LOCATION"),
            place=_place(event),
            url=_word(event, "URL"),
            status=Status.TENTATIVE if _word(event, "STATUS").upper() == Status.TENTATIVE else Status.CONFIRMED,
            busy=_word(event, "TRANSP").upper() != "TRANSPARENT",
            private=_word(event, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"),
        )


def _starts(event: Event, starts: date, *, zone: str, begins: datetime, ends: datetime) -> Iterator[date]:
    if "RRULE" not in event and "RDATE" not in event:
        yield starts
        return
    left_out = {_key(day, zone) for day in _days(event, "EXDATE")}
    found = {_key(day, zone): day for day in _days(event, "RDATE")}
    found.setdefault(_key(starts, zone), starts)
    for one in _ruled(event, starts, zone=zone, begins=begins, ends=ends):
        day: date = one.replace(tzinfo=_zone_of(starts, zone)) if isinstance(starts, datetime) else one.date()
        found.setdefault(_key(day, zone), day)
    for key in sorted(found):
        if key not in left_out:
            yield found[key]


def _ruled(event: Event, starts: date, *, zone: str, begins: datetime, ends: datetime) -> list[datetime]:
    """The times on the wall that a rule gives within a window. Raises _OddError for a rule that is none, or is beyond us."""
    rules = event.get("RRULE")
    if rules is None:
        return []
    if not isinstance(rules, vRecur):
        raise _OddError("repeats")
    parts = {str(name).upper(): value for name, value in rules.items()}
    if "RSCALE" in parts:
        raise _OddError("other_calendar")
    frequency = str((parts.get("FREQ") or [""])[0]).upper()
    if frequency not in _PARTS or set(parts) - _PARTS[frequency] - _ALWAYS:
        raise _OddError("repeats")
    until = parts.pop("UNTIL", None)
    text = rules.to_ical().decode()  # type: ignore[no-untyped-call]
    kept = ";".join(part for part in text.split(";") if not part.upper().startswith("UNTIL="))
    try:
        rule = rrulestr(f"RRULE:{kept}", dtstart=_wall(starts))
        last = _until(until[0], starts, zone) if until else None
        near = rule.xafter(begins.replace(tzinfo=None) - timedelta(days=2), inc=True)
        found = []
        for one in islice(near, MOST + 1):
            if (last is not None and one > last) or one > ends.replace(tzinfo=None) + timedelta(days=2):
                break
            found.append(one)
    except (ValueError, TypeError, OverflowError) as wrong:
        raise _OddError("repeats") from wrong
    return found


def _value(event: Event, name: str) -> date:
    """A day or an instant. Raises _OddError."""
    found = event.get(name)
    if isinstance(found, list):
        raise _OddError("broken")
    value = _plain(found)
    if not isinstance(value, date) or not 1900 <= value.year <= 2200:
        raise _OddError("broken")
    return value


def _plain(found: Any) -> Any:
    """A property's value as Python has it; None for one that the library could not read, or that is not there."""
    try:
        return getattr(found, "dt", None)
    except BrokenCalendarProperty:
        return None


def _end(event: Event, starts: date) -> date:
    if "DTEND" in event:
        ends = _value(event, "DTEND")
        if isinstance(ends, datetime) != isinstance(starts, datetime):
            raise _OddError("broken")
        # Some write a day's own number as its end.
        return starts + timedelta(days=1) if ends == starts and not isinstance(starts, datetime) else ends
    if "DURATION" in event:
        length = _plain(event.get("DURATION"))
        if not isinstance(length, timedelta) or abs(length) > timedelta(days=3660):
            raise _OddError("broken")
        return starts + length
    return starts if isinstance(starts, datetime) else starts + timedelta(days=1)


def _length(starts: date, ends: date, zone: str) -> timedelta:
    return ends - starts if not isinstance(starts, datetime) else _instant(ends, zone) - _instant(starts, zone)


def _days(event: Event, name: str) -> list[date]:
    found = event.get(name, [])
    days = []
    for one in found if isinstance(found, list) else [found]:
        for part in getattr(one, "dts", []):
            value = part.dt
            if not isinstance(value, date):
                raise _OddError("repeats")
            days.append(value)
    return days[:MOST]


def _start_of(event: Event, name: str, zone: str) -> Any:
    value = _plain(event.get(name))
    return _key(value, zone) if isinstance(value, date) else None


def _key(value: date, zone: str) -> datetime:
    return _instant(value, zone)


def _zone_of(value: date, zone: str) -> Any:
    return value.tzinfo if isinstance(value, datetime) and value.tzinfo is not None else ZoneInfo(zone)


def _until(value: date, starts: date, zone: str) -> datetime:
    """The last time on the wall that counts. A rule of times is ended in UTC (RFC 5545, 3.3.10)."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max)
    return (
        value.replace(tzinfo=None)
        if value.tzinfo is None
        else value.astimezone(_zone_of(starts, zone)).replace(tzinfo=None)
    )


def _wall(value: date) -> datetime:
    """The time on the wall where it was written."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time())


def _instant(value: date, zone: str) -> datetime:
    """UTC; a day begins at its midnight in `zone`, and a time without a zone is on its clocks."""
    wall = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (wall if wall.tzinfo is not None else wall.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _word(component: Any, name: str) -> str:
    found = component.get(name, "")
    found = found[0] if isinstance(found, list) and found else found
    return str(found).strip() if found is not None else ""


def _changed(event: Event) -> datetime | None:
    for name in ("LAST-MODIFIED", "DTSTAMP"):
        value = _plain(event.get(name))
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC)
    return None


def _revision(event: Event) -> int:
    found = _word(event, "SEQUENCE")
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 10 else 0


def _place(event: Event) -> tuple[float, float] | None:
    found = event.get("GEO")
    latitude, longitude = getattr(found, "latitude", None), getattr(found, "longitude", None)
    return (latitude, longitude) if isinstance(latitude, float) and isinstance(longitude, float) else None
