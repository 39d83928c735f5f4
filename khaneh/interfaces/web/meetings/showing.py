"""Rows of meetings as the templates take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.meetings.types import (
    GUEST_KINDS,
    MATCHMAKING_STATES,
    MEETING_STATES,
    OUTCOMES,
    MatchmakingRow,
    MatchmakingState,
    MeetingRow,
    MeetingState,
    ParticipantRow,
    RoundRow,
    Suggestion,
)
from khaneh.domains.network.types import sector_name
from khaneh.interfaces.web.meetings import wording


def session(row: MatchmakingRow, now: datetime) -> dict[str, Any]:
    """A session of a list, or the head of its page."""
    return {
        "row": row,
        "hours": wording.hours(row),
        "state": MATCHMAKING_STATES[row.state],
        "tone": wording.TONES[row.state],
        "guests": [GUEST_KINDS[one] for one in row.guests],
        "sectors": [sector_name(code) for code in row.sectors],
        "registers": row.registers(now),
        "is_over": row.state is MatchmakingState.OPEN and row.is_over(now),
        "closes": f"{wording.day(row.closes_at, row.zone)}, {wording.clock(row.closes_at, row.zone)}" if row.closes_at else "",
    }  # fmt: skip


def participant(row: ParticipantRow) -> dict[str, Any]:
    """A participant with what they are."""
    return {"row": row, "kind": GUEST_KINDS[row.kind], "sectors": [sector_name(code) for code in row.sectors]}


def suggestion(one: Suggestion) -> dict[str, Any]:
    """Somebody worth meeting, with why."""
    return {**participant(one.participant), "score": one.score, "they_offer": one.they_offer, "they_seek": one.they_seek,
            "shared": [sector_name(code) for code in one.sectors]}  # fmt: skip


def meeting(
    row: MeetingRow, zone: str, *, me: int = 0, free: Mapping[int, Iterable[RoundRow]] | None = None, now: datetime
) -> dict[str, Any]:
    """A meeting: for one of its sides with the other, else with both."""
    begun = row.round is not None and row.round.starts <= now
    return {
        "row": row,
        "other": row.other(me) if me else None,
        "when": wording.times(row.round, zone) if row.round else "",
        "day": wording.day(row.round.starts, zone) if row.round else "",
        "where": wording.table(row.table),
        "state": MEETING_STATES[row.state],
        "tone": wording.TONES.get(row.state, ""),
        "begun": begun,
        "mine": row.asker.id == me,
        "outcome": OUTCOMES[row.outcome] if row.outcome else None,
        "open": row.state in (MeetingState.ASKED, MeetingState.ACCEPTED),
        "free": rounds((free or {}).get(row.id, ()), zone),
    }


def rounds(listed: Iterable[RoundRow], zone: str) -> list[dict[str, Any]]:
    """Rounds with their times in words, and the day where it is another than that of the one before."""
    found: list[dict[str, Any]] = []
    last = ""
    for each in listed:
        on = wording.day(each.starts, zone)
        found.append({"row": each, "times": wording.times(each, zone), "day": on, "new_day": on != last})
        last = on
    return found
