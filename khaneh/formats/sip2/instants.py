"""Times as the protocol writes them: YYYYMMDDZZZZHHMMSS, where ZZZZ is blank for local time and ends in Z for universal time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

WIDTH = 18


def show_instant(instant: datetime, zone: str) -> str:
    """An aware instant on the clocks of a time zone, blanks for the zone."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y%m%d    %H%M%S")


def parse_instant(text: str, zone: str) -> datetime | None:
    """An aware instant in UTC; None for blanks and for what is no time. An hour that the clocks skipped or had twice is the first one."""
    day, mark, clock = text[:8], text[8:12].strip(), text[12:18]
    if len(text) < WIDTH or not (day + clock).isascii() or not (day + clock).isdigit() or mark not in ("", "Z", "UTC"):
        return None
    try:
        parsed = datetime.strptime(day + clock, "%Y%m%d%H%M%S").replace(tzinfo=UTC if mark else ZoneInfo(zone))
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
