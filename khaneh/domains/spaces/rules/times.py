"""Whether a time can be booked at all, whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from khaneh.domains.spaces.rules.slots import is_on_grid
from khaneh.domains.spaces.types import SpaceRow

# What is further ahead than a series can reach is a slip of the pen.
FARTHEST = timedelta(days=5 * 366)
LONGEST = timedelta(days=366)


def problem(
    space: SpaceRow, starts: datetime, ends: datetime, *, zone: str, now: datetime, allotted: bool = False
) -> dict[str, Any]:
    """What is wrong with a time: `why` and the figures that help; empty where nothing is. Instants are aware.

    The slot that is under way may be booked until it is over. What is allotted may be longer than a booking of the space, up to LONGEST.
    """
    figures = {"min_minutes": space.min_minutes, "max_minutes": space.max_minutes, "slot_minutes": space.slot_minutes}
    slot = timedelta(minutes=space.slot_minutes)
    if ends <= starts:
        return {"why": "not_after_start"}
    if starts + slot <= now:
        return {"why": "past"}
    if starts > now + FARTHEST:
        return {"why": "too_far"}
    length = ends - starts
    if length > (LONGEST if allotted else min(LONGEST, timedelta(minutes=space.max_minutes))):
        return {"why": "too_long", **figures}
    if length < timedelta(minutes=space.min_minutes):
        return {"why": "too_short", **figures}
    if length % slot:
        return {"why": "not_whole_slots", **figures}
    if not is_on_grid(starts, space.slot_minutes, zone):
        return {"why": "not_on_slot", **figures}
    return {}
