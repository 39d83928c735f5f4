"""The filter of a calendar-query (RFC 4791, 9.7) as a test of an occurrence. What cannot be tested is said, not guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.formats.ical import Occurrence
from khaneh.interfaces.protocols.ical.caldav.properties import COLLATIONS
from khaneh.interfaces.protocols.ical.caldav.xml import Element, MalformedError, name

Test = Callable[[Occurrence], bool]


class UnsupportedError(ValueError):
    """Something that is well formed and not known here; `condition` is the precondition's name."""

    def __init__(self, condition: str) -> None:
        self.condition = condition
        super().__init__(condition)


def of(filter_: Element, *, zone: str) -> Test:
    """The test of `<c:filter>`. Days are those of `zone`. Raises MalformedError, UnsupportedError."""
    calendars = _children(filter_, "comp-filter")
    if len(calendars) != 1 or calendars[0].get("name", "").upper() != "VCALENDAR":
        raise MalformedError
    within = calendars[0]
    if _has(within, "is-not-defined"):
        return lambda _one: False
    if _children(within, "time-range"):
        raise UnsupportedError("c:valid-filter")
    # Properties of the calendar itself: only its version and product are there, the same for all.
    tests = [_prop(one, zone) for one in _children(within, "prop-filter")]
    for part in _children(within, "comp-filter"):
        if part.get("name", "").upper() == "VEVENT":
            tests.append(_event(part, zone))
        else:
            absent = _has(part, "is-not-defined")
            tests.append(lambda _one, absent=absent: absent)  # type: ignore[misc]
    return lambda one: all(test(one) for test in tests)


def overlaps(one: Occurrence, starts: datetime | None, ends: datetime | None, *, zone: str) -> bool:
    """Whether an occurrence meets a time (RFC 4791, 9.9): one without length counts at its instant."""
    first, last = _instant(one.starts, zone), _instant(one.ends, zone)
    if first == last:
        return (starts is None or first >= starts) and (ends is None or first < ends)
    return (starts is None or last > starts) and (ends is None or first < ends)


def instant(text: str | None) -> datetime | None:
    """`20261122T090000Z`. Raises MalformedError."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as wrong:
        raise MalformedError from wrong


def _event(part: Element, zone: str) -> Test:
    if _has(part, "is-not-defined"):
        return lambda _one: False
    tests: list[Test] = [_prop(one, zone) for one in _children(part, "prop-filter")]
    for one in _children(part, "time-range"):
        starts, ends = instant(one.get("start")), instant(one.get("end"))
        if (starts is None and ends is None) or (starts is not None and ends is not None and starts >= ends):
            raise MalformedError
        tests.append(lambda which, starts=starts, ends=ends: overlaps(which, starts, ends, zone=zone))  # type: ignore[misc]
    for one in _children(part, "comp-filter"):
        # No occurrence of ours has an alarm in it.
        absent = _has(one, "is-not-defined")
        tests.append(lambda _which, absent=absent: absent)  # type: ignore[misc]
    return lambda which: all(test(which) for test in tests)


def _prop(part: Element, zone: str) -> Test:
    wanted = part.get("name", "").upper()
    if not wanted:
        raise MalformedError
    if _children(part, "param-filter"):
        raise UnsupportedError("c:supported-filter")
    if _has(part, "is-not-defined"):
        return lambda one: not _values(one).get(wanted)
    tests: list[Callable[[str], bool]] = []
    for match in _children(part, "text-match"):
        collation = match.get("collation", COLLATIONS[0])
        if collation not in COLLATIONS:
            raise UnsupportedError("c:supported-collation")
        negate = match.get("negate-condition") == "yes"
        sought = _folded(match.text or "", collation)
        tests.append(
            lambda text, sought=sought, collation=collation, negate=negate: (  # type: ignore[misc]
                (sought in _folded(text, collation)) is not negate
            )
        )
    ranges = [(instant(one.get("start")), instant(one.get("end"))) for one in _children(part, "time-range")]

    def test(one: Occurrence) -> bool:
        value = _values(one).get(wanted)
        if not value:
            return False
        times = {"DTSTART": one.starts, "DTEND": one.ends, "DTSTAMP": one.changed_at, "LAST-MODIFIED": one.changed_at}
        at = times.get(wanted)
        for starts, ends in ranges:
            if at is None or not (starts or _EARLY) <= _instant(at, zone) < (ends or _LATE):
                return False
        return all(check(value) for check in tests)

    return test


_EARLY, _LATE = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC) + timedelta(days=1)


def _values(one: Occurrence) -> dict[str, str]:
    return {
        "UID": one.uid,
        "SUMMARY": one.summary,
        "DESCRIPTION": one.description,
        "LOCATION": one.location,
        "URL": one.url,
        "STATUS": one.status.value,
        "TRANSP": "OPAQUE" if one.busy else "TRANSPARENT",
        "CLASS": "PRIVATE" if one.private else "",
        "SEQUENCE": str(one.revision),
        "DTSTART": one.starts.isoformat(),
        "DTEND": one.ends.isoformat(),
        "DTSTAMP": "set",
        "LAST-MODIFIED": "set",
        "GEO": "set" if one.place else "",
        "VERSION": "2.0",
        "PRODID": "Khaneh",
    }


def _folded(text: str, collation: str) -> str:
    if collation == "i;octet":
        return text
    if collation == "i;ascii-casemap":
        return "".join(sign.lower() if sign.isascii() else sign for sign in text)
    return unicodedata.normalize("NFKC", text).casefold()


def _instant(value: object, zone: str) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type]


def _children(of_: Element, local: str) -> list[Element]:
    return of_.findall(name("c", local))


def _has(of_: Element, local: str) -> bool:
    return of_.find(name("c", local)) is not None
