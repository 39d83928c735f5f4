"""iCalendar (RFC 5545, with names and refreshing of RFC 7986): occurrences ⇄ bytes, on the library `icalendar`. Pure: no Django, no clock.

What repeats is published as explicit occurrences, each with its own identity: no client has to know the Persian calendar, and what is
cancelled is simply not there. Instants are written in UTC, so no client has to know the zones either.
"""

from khaneh.formats.ical.errors import Unreadable
from khaneh.formats.ical.read import Doubt, Reading, read
from khaneh.formats.ical.types import Feed, Occurrence, Status
from khaneh.formats.ical.write import write, write_one

__all__ = ["Doubt", "Feed", "Occurrence", "Reading", "Status", "Unreadable", "read", "write", "write_one"]
