"""What is wrong with a draft of a space by itself: a field and a stable reason each."""

from __future__ import annotations

import re
from itertools import pairwise

from khaneh.domains.spaces.types import FACILITIES, SPACE_KINDS, SpaceDraft
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_credit, is_currency

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LONGEST_NAME, LONGEST_TEXT = 300, 10_000
LONGEST_MINUTES = 366 * 24 * 60


def problems(draft: SpaceDraft) -> dict[str, str]:
    """Reasons: required, format, too_long, not_in_list, out_of_range, not_whole_slots, overlap."""
    found: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        found["code"] = "format" if draft.code else "required"
    if draft.kind not in SPACE_KINDS:
        found["kind"] = "not_in_list"
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif _longest(draft.names) > LONGEST_NAME:
        found["names"] = "too_long"
    for name, text in (("descriptions", draft.descriptions), ("instructions", draft.instructions)):
        if _longest(text) > LONGEST_TEXT:
            found[name] = "too_long"
    bounds = {
        "capacity": (draft.capacity, 1, 100_000),
        "quantity": (draft.quantity, 1, 500),
        "slot_minutes": (draft.slot_minutes, 5, 1440),
        "min_minutes": (draft.min_minutes, 1, LONGEST_MINUTES),
        "max_minutes": (draft.max_minutes, draft.min_minutes, LONGEST_MINUTES),
        "setup_minutes": (draft.setup_minutes, 0, 1440),
        "cleanup_minutes": (draft.cleanup_minutes, 0, 1440),
    }
    outside = {name: "out_of_range" for name, (value, least, most) in bounds.items() if not least <= value <= most}
    found |= outside
    # Some length must be possible: a whole number of slots between the shortest and the longest.
    if not outside and draft.max_minutes // draft.slot_minutes * draft.slot_minutes < draft.min_minutes:
        found["max_minutes"] = "not_whole_slots"
    if set(draft.facilities) - set(FACILITIES):
        found["facilities"] = "not_in_list"
    if draft.price is not None and not 0 <= draft.price.amount < 10**12:
        found["price"] = "out_of_range"
    elif draft.price is not None and not (is_currency(draft.price.currency) or is_credit(draft.price.currency)):
        found["price"] = "not_in_list"
    if _hours_wrong(draft):
        found["hours"] = _hours_wrong(draft)
    return found


def _hours_wrong(draft: SpaceDraft) -> str:
    for one in draft.hours:
        if not (1 <= one.weekday <= 7 and 0 <= one.opens < 1440 and one.opens < one.closes <= one.opens + 1440):
            return "out_of_range"
    ordered = sorted(draft.hours)
    if any(left.weekday == right.weekday and right.opens < left.closes for left, right in pairwise(ordered)):
        return "overlap"
    return ""


def _longest(label: Label) -> int:
    return max(len(text) for text in label)
