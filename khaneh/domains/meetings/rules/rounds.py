"""How hours are cut into rounds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from khaneh.domains.meetings.types import Hours

MOST_ROUNDS = 120


def rounds(hours: Iterable[Hours], *, slot_minutes: int, pause_minutes: int) -> list[Hours]:
    """Rounds of `slot_minutes` with pauses between them, as many as fit into each of the hours whole, by time."""
    slot, step = timedelta(minutes=slot_minutes), timedelta(minutes=slot_minutes + pause_minutes)
    found: list[Hours] = []
    for starts, ends in sorted(hours):
        at = starts
        while at + slot <= ends and len(found) < MOST_ROUNDS:
            found.append(Hours(at, at + slot))
            at += step
    return found
