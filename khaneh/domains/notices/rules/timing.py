"""When a message may go: quiet hours on a house's clock, waiting for others, waiting after a failure. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.notices.types import Channel, QuietHours, Urgency

# How long a message that is not urgent waits for others to the same reader.
TOGETHER = timedelta(minutes=30)
# After the first, second… failure. After the last the message has failed.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))


def may_go_at(*, now: datetime, urgency: Urgency, channel: Channel, quiet: QuietHours, zone: str) -> datetime:
    """The first instant at which a message may go."""
    start = now + TOGETHER if urgency is Urgency.LATER else now
    if urgency is Urgency.NOW and channel is Channel.EMAIL:
        return start
    return after_quiet(start, quiet, zone)


def after_quiet(instant: datetime, quiet: QuietHours, zone: str) -> datetime:
    """The instant itself, or the end of the quiet hours that it falls into, on the clocks of the zone.

    An end that the clocks jump over is the instant of the jump's far side; one that comes twice is the first.
    """
    if quiet.starts == quiet.ends:
        return instant
    clock = ZoneInfo(zone)
    local = instant.astimezone(clock)
    minute = local.hour * 60 + local.minute
    if quiet.starts < quiet.ends:
        if not quiet.starts <= minute < quiet.ends:
            return instant
        day = local.date()
    elif minute >= quiet.starts:
        day = local.date() + timedelta(days=1)
    elif minute < quiet.ends:
        day = local.date()
    else:
        return instant
    end = datetime(day.year, day.month, day.day, quiet.ends // 60, quiet.ends % 60, tzinfo=clock).astimezone(UTC)
    # When the clocks go back in the quiet hours, its first end lies behind an instant that is still before the second.
    if end <= instant:
        end = datetime(
            day.year, day.month, day.day, quiet.ends // 60, quiet.ends % 60, tzinfo=clock, fold=1
        ).astimezone(UTC)
    return max(end, instant)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries (from 1); None when there were enough."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
