"""What is wrong with a draft by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from khaneh.domains.meetings.rules.rounds import rounds
from khaneh.domains.meetings.types import GuestKind, MatchmakingDraft, ParticipantDraft, PitchDraft, TableDraft
from khaneh.domains.network.types import SECTORS

LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE = 300, 10_000, 2_000
MOST_TABLES = 200
SHORTEST_SLOT, LONGEST_SLOT, LONGEST_PAUSE = 5, 120, 60
LONGEST_DAY = timedelta(hours=16)
MOST_MEETINGS = 100


def matchmaking_problems(draft: MatchmakingDraft, *, now: datetime) -> dict[str, str]:
    """Reasons: required, too_long, out_of_range, past, overlap, not_in_list, format."""
    found: dict[str, str] = {}
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif max(map(len, draft.names)) > LONGEST_NAME:
        found["names"] = "too_long"
    if max(map(len, draft.descriptions)) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    if max(map(len, draft.place)) > LONGEST_NAME:
        found["place"] = "too_long"
    if not SHORTEST_SLOT <= draft.slot_minutes <= LONGEST_SLOT:
        found["slot_minutes"] = "out_of_range"
    if not 0 <= draft.pause_minutes <= LONGEST_PAUSE:
        found["pause_minutes"] = "out_of_range"
    if not 1 <= draft.most_meetings <= MOST_MEETINGS:
        found["most_meetings"] = "out_of_range"
    if any(one not in list(GuestKind) for one in draft.guests):
        found["guests"] = "not_in_list"
    if any(one not in SECTORS for one in draft.sectors):
        found["sectors"] = "not_in_list"
    return found | tables_problem(draft.tables) | ({} if found else hours_problem(draft, now=now))


def hours_problem(draft: MatchmakingDraft, *, now: datetime) -> dict[str, str]:
    """Reasons: required, past, out_of_range (backwards, or longer than a long day), overlap, too_short where no round fits."""
    if not draft.hours:
        return {"hours": "required"}
    listed = sorted(draft.hours)
    if listed[0].starts <= now:
        return {"hours": "past"}
    if any(not timedelta(0) < ends - starts <= LONGEST_DAY for starts, ends in listed):
        return {"hours": "out_of_range"}
    if any(after.starts < before.ends for before, after in pairwise(listed)):
        return {"hours": "overlap"}
    if not rounds(listed, slot_minutes=draft.slot_minutes, pause_minutes=draft.pause_minutes):
        return {"hours": "too_short"}
    if draft.closes_at is not None and draft.closes_at > listed[-1].ends:
        return {"closes_at": "out_of_range"}
    return {}


def tables_problem(tables: Sequence[TableDraft]) -> dict[str, str]:
    """Reasons: required, too_many, too_long, format."""
    if not tables:
        return {"tables": "required"}
    if len(tables) > MOST_TABLES:
        return {"tables": "too_many"}
    if any(len(one.name) > LONGEST_NAME for one in tables):
        return {"tables": "too_long"}
    if any(one.online_url and not is_address(one.online_url) for one in tables):
        return {"tables": "format"}
    return {}


def participant_problems(draft: ParticipantDraft) -> dict[str, str]:
    """Reasons: required, too_long."""
    found = {}
    for name, text in (("offers", draft.offers), ("seeks", draft.seeks)):
        if len(text) > LONGEST_NOTE:
            found[name] = "too_long"
    if not draft.offers.strip() and not draft.seeks.strip():
        found["offers"] = "required"
    return found


def pitch_problems(draft: PitchDraft) -> dict[str, str]:
    """Reasons: required, too_long, out_of_range."""
    found = {}
    for name, text, most in (
        ("title", draft.title, LONGEST_NAME), ("speaker", draft.speaker, LONGEST_NAME), ("summary", draft.summary, LONGEST_NOTE),
    ):  # fmt: skip
        if len(text) > most:
            found[name] = "too_long"
    if not draft.title.strip():
        found["title"] = "required"
    if not 1 <= draft.minutes <= 60:
        found["minutes"] = "out_of_range"
    if draft.residency_id is None and draft.organisation_id is None:
        found["who"] = "required"
    return found


def note_problem(name: str, text: str) -> dict[str, str]:
    """Reasons: too_long."""
    return {name: "too_long"} if len(text) > LONGEST_NOTE else {}


def is_address(text: str) -> bool:
    """Whether this is an address on the net that may be linked to."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme == "https" and bool(parts.netloc) and len(text) <= 500 and not any(one.isspace() for one in text)
    )
