"""What is wrong with a draft by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from khaneh.domains.residencies.types import (
    FATES,
    HEALTH_AREAS,
    IN_MONEY,
    REVENUE_BANDS,
    FollowUpDraft,
    LineDraft,
    MilestoneDraft,
    ResidencyDraft,
    SupportKind,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_currency

LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE = 300, 10_000, 2_000
LONGEST_STAY = timedelta(days=5 * 366)
GREATEST = 10**15
SHORTEST_SLOT, LONGEST_SLOT = timedelta(minutes=15), timedelta(hours=4)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def residency_problems(draft: ResidencyDraft) -> dict[str, str]:
    """Reasons: required, format, too_long, out_of_range."""
    found = names_problem(draft.names)
    if not _ADDRESS.fullmatch(draft.founder_email):
        found["founder_email"] = "format" if draft.founder_email else "required"
    if not timedelta(days=0) < draft.ends_on - draft.starts_on <= LONGEST_STAY:
        found["ends_on"] = "out_of_range"
    if not 1 <= draft.people <= 200:
        found["people"] = "out_of_range"
    if len(draft.plan) > LONGEST_TEXT:
        found["plan"] = "too_long"
    return found


def milestone_problems(draft: MilestoneDraft, *, starts_on: date, ends_on: date) -> dict[str, str]:
    """Reasons: required, too_long, out_of_range (before it begins or after it ends)."""
    found = names_problem(draft.names)
    if not starts_on <= draft.due_on <= ends_on:
        found["due_on"] = "out_of_range"
    if len(draft.wanted) > LONGEST_NOTE:
        found["wanted"] = "too_long"
    return found


def line_problems(draft: LineDraft) -> dict[str, str]:
    """Reasons: required, too_long, format, out_of_range."""
    found = names_problem(draft.names)
    if not draft.agreement.strip():
        found["agreement"] = "required"
    elif len(draft.agreement) > LONGEST_NAME:
        found["agreement"] = "too_long"
    if not 1 <= draft.amount <= GREATEST:
        found["amount"] = "out_of_range"
    if draft.last < draft.first:
        found["last"] = "out_of_range"
    if draft.kind in IN_MONEY and not is_currency(draft.unit):
        found["unit"] = "format" if draft.unit else "required"
    return found


def slot_problems(starts: datetime, ends: datetime, *, now: datetime) -> dict[str, str]:
    """Reasons: past, out_of_range (shorter than a quarter of an hour or longer than four hours)."""
    if starts <= now:
        return {"starts": "past"}
    return {} if SHORTEST_SLOT <= ends - starts <= LONGEST_SLOT else {"ends": "out_of_range"}


def score_problems(scores: Mapping[str, int]) -> dict[str, str]:
    """Reasons: required where an area has none, out_of_range, not_in_list."""
    found = {area: "required" for area in HEALTH_AREAS if area not in scores}
    found |= {area: "out_of_range" for area, score in scores.items() if not 1 <= score <= 5}
    return found | {area: "not_in_list" for area in scores if area not in HEALTH_AREAS}


def follow_up_problems(draft: FollowUpDraft) -> dict[str, str]:
    """Reasons: required where nothing at all is said, not_in_list, out_of_range."""
    found: dict[str, str] = {}
    if draft == FollowUpDraft():
        found["fate"] = "required"
    elif draft.fate is not None and draft.fate not in FATES:
        found["fate"] = "not_in_list"
    if draft.people is not None and not 0 <= draft.people <= 100_000:
        found["people"] = "out_of_range"
    if draft.revenue_band and draft.revenue_band not in REVENUE_BANDS:
        found["revenue_band"] = "not_in_list"
    return found


def text_problem(field: str, text: str, *, longest: int = LONGEST_NOTE) -> dict[str, str]:
    """Reasons: required, too_long."""
    if not text.strip():
        return {field: "required"}
    return {field: "too_long"} if len(text) > longest else {}


def names_problem(names: Label) -> dict[str, str]:
    """Reasons: required, too_long."""
    if not any(name.strip() for name in names):
        return {"names": "required"}
    return {"names": "too_long"} if max(len(name) for name in names) > LONGEST_NAME else {}


def amount_problem(amount: int, kind: SupportKind) -> dict[str, str]:
    """Reasons: out_of_range. Whatever is no money is less than a hundred years."""
    most = GREATEST if kind in IN_MONEY else 60 * 24 * 36_525
    return {} if 1 <= amount <= most else {"amount": "out_of_range"}
