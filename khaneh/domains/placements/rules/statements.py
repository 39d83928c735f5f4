"""What is wrong with a statement by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from khaneh.domains.placements.types import StatedKind, StatementDraft, Teller

LONGEST_WORD = 300
# Nobody remembers the day of what was longer ago.
LONGEST_AGO = timedelta(days=10 * 366)


def problems(draft: StatementDraft, *, today: date) -> dict[str, str]:
    """Reasons: required, too_long, out_of_range, not_in_list."""
    found: dict[str, str] = {}
    if draft.kind not in list(StatedKind):
        found["kind"] = "not_in_list"
    if not today - LONGEST_AGO <= draft.told_on <= today:
        found["told_on"] = "out_of_range"
    if not today - LONGEST_AGO <= draft.since <= min(today, draft.told_on):
        found["since"] = "out_of_range"
    if len(draft.where) > LONGEST_WORD:
        found["where"] = "too_long"
    if draft.said_by is Teller.EMPLOYER:
        # An employer says that somebody works for them, and nothing else of anybody.
        if draft.kind is not StatedKind.JOB:
            found.setdefault("said_by", "not_in_list")
        found |= confirmer_problems(draft.confirmed_by)
    elif not draft.agreed:
        found["agreed"] = "required"
    return found


def confirmer_problems(name: str) -> dict[str, str]:
    """Who at the employer says so. Reasons: required, too_long."""
    if not name.strip():
        return {"confirmed_by": "required"}
    return {"confirmed_by": "too_long"} if len(name) > LONGEST_WORD else {}
