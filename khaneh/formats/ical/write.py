"""Occurrences as iCalendar."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vDuration, vText

from khaneh.formats.ical.types import Feed, Occurrence

PRODUCT = "-//Khaneh//Calendars//EN"
_END = b"END:VCALENDAR\r\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(feed: Feed) -> bytes:
    """A calendar to subscribe to: UTF-8, CRLF, lines of at most 75 bytes. The same feed gives the same bytes."""
    calendar = _calendar()
    calendar.add("name", _text(feed.name))
    calendar.add("x-wr-calname", _text(feed.name))
    calendar.add("x-wr-timezone", feed.zone)
    if feed.description:
        calendar.add("description", _text(feed.description))
        calendar.add("x-wr-caldesc", _text(feed.description))
    if feed.url:
        calendar.add("url", feed.url)
    every = timedelta(minutes=feed.refresh_minutes)
    calendar.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(every))
    # A calendar holds at least one component (RFC 5545, 3.6), also when nothing is on.
    parts = [_event(one) for one in feed.occurrences] or [_clocks(feed.zone)]
    return bytes(calendar.to_ical()).removesuffix(_END) + b"".join(parts) + _END


def write_one(occurrence: Occurrence) -> bytes:
    """One occurrence by itself, as a calendar server gives it (RFC 4791, 4.1)."""
    return bytes(_calendar().to_ical()).removesuffix(_END) + _event(occurrence) + _END


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


# A feed is asked for again and again, and little of it changes meanwhile.
@lru_cache(maxsize=8192)
def _event(one: Occurrence) -> bytes:
    event = Event()
    changed = (one.changed_at or _EPOCH).astimezone(UTC).replace(microsecond=0)
    event.add("uid", one.uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", one.revision)
    for name, value in (("dtstart", one.starts), ("dtend", one.ends)):
        event.add(name, value.astimezone(UTC).replace(microsecond=0) if isinstance(value, datetime) else value)
    for name, text in (("summary", one.summary), ("description", one.description), ("location", one.location)):
        # A property without a value is an error to libical.
        if plain := _text(text):
            event.add(name, plain)
    if one.place is not None:
        event.add("geo", one.place)
    if one.url:
        event.add("url", one.url)
    event.add("status", one.status.value)
    event.add("transp", "OPAQUE" if one.busy else "TRANSPARENT")
    if one.private:
        event.add("class", "PRIVATE")
    return bytes(event.to_ical())


@lru_cache(maxsize=64)
def _clocks(zone: str) -> bytes:
    clocks = Timezone.from_tzinfo(ZoneInfo(zone), zone)
    # The library's remark on how far it looked has no place in a zone (RFC 5545, 3.6.5).
    clocks.pop("COMMENT", None)
    return bytes(clocks.to_ical())


class _Text(vText):
    """Text escaped by RFC 5545, 3.3.11, and by nothing more: the library takes a backslash before an N for a line break."""

    def to_ical(self) -> bytes:
        plain = str(self).replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
        return plain.replace("\n", r"\n").encode()


def _text(text: str) -> vText:
    """Without what no line of a calendar may hold: control characters but line breaks and tabs, and halves of characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(one for one in plain if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return _Text(plain.strip())
