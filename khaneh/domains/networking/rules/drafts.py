"""What is wrong with a sharing that somebody writes. Pure."""

from __future__ import annotations

from datetime import date

from khaneh.domains.networking.types import Shared, SharingDraft

LONGEST_REASON = 300
LEAST_MINUTES, MOST_MINUTES = 15, 31 * 24 * 60
MOST_DAYS = 3 * 366


def sharing_problems(draft: SharingDraft, *, today: date) -> dict[str, str]:
    """Fields with reasons; empty where nothing is wrong."""
    wrong = {}
    if not LEAST_MINUTES <= draft.minutes <= MOST_MINUTES:
        wrong["minutes"] = "out_of_range"
    if draft.valid_until < draft.valid_from or draft.valid_until < today:
        wrong["valid_until"] = "too_early"
    elif (draft.valid_until - draft.valid_from).days > MOST_DAYS:
        wrong["valid_until"] = "too_late"
    if draft.to_house_code and draft.to_region_code:
        wrong["to_region"] = "one_of_both"
    if draft.what is Shared.SPACE and draft.space_id is None:
        wrong["space"] = "required"
    if draft.what is Shared.MENTOR and draft.mentor_id is None:
        wrong["mentor"] = "required"
    if draft.price is not None and (draft.what is Shared.MENTOR or draft.price.amount <= 0):
        wrong["price"] = "not_in_list" if draft.what is Shared.MENTOR else "out_of_range"
    return wrong
