"""What is wrong with a draft by itself: a field and a stable reason each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from khaneh.domains.learning.types import CourseDraft, CourseKind, MeetingDraft, RequirementDraft, RunDraft
from khaneh.domains.network.types import HOUSE_KINDS, Role
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_credit, is_currency

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{3,2000}")
LONGEST_NAME, LONGEST_TEXT = 300, 10_000
MOST_MEETINGS, LONGEST_MEETING = 400, timedelta(hours=24)


def course_problems(draft: CourseDraft) -> dict[str, str]:
    """Reasons: required, format, too_long, not_in_list, out_of_range, one_of_two."""
    found: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        found["code"] = "format" if draft.code else "required"
    if draft.kind not in set(CourseKind):
        found["kind"] = "not_in_list"
    found |= name_problems(draft.names)
    if _longest(draft.descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    if bool(draft.house_code) == bool(draft.organisation_code):
        found["house_code"] = "one_of_two"
    numbers = {
        "hours": (draft.hours, 10_000),
        "pass_mark": (draft.pass_mark or 0, 100),
        "attendance": (draft.attendance, 100),
    }
    found |= {name: "out_of_range" for name, (value, most) in numbers.items() if not 0 <= value <= most}
    if draft.price is not None and not 0 <= draft.price.amount < 10**12:
        found["price"] = "out_of_range"
    elif draft.price is not None and not (is_currency(draft.price.currency) or is_credit(draft.price.currency)):
        found["price"] = "format"
    return found


def run_problems(draft: RunDraft) -> dict[str, str]:
    """Reasons: out_of_range, format, too_long. Times are judged by `times_problem`."""
    found: dict[str, str] = {}
    if not 1 <= draft.capacity <= 10_000:
        found["capacity"] = "out_of_range"
    if not 0 <= draft.least <= draft.capacity:
        found["least"] = "out_of_range"
    if draft.online and not is_address(draft.online):
        found["online"] = "format"
    if _longest(draft.notes) > LONGEST_TEXT:
        found["notes"] = "too_long"
    return found


def times_problem(meetings: Sequence[MeetingDraft], *, now: datetime) -> dict[str, object]:
    """Why these are no times of a run, and which meeting is the first that is not; nothing where they are."""
    if not meetings:
        return {"why": "none", "meeting": None}
    if len(meetings) > MOST_MEETINGS:
        return {"why": "too_many", "meeting": None}
    for number, one in enumerate(meetings, 1):
        if one.starts.tzinfo is None or one.ends.tzinfo is None or one.ends <= one.starts:
            return {"why": "not_after_start", "meeting": number}
        if one.ends - one.starts > LONGEST_MEETING:
            return {"why": "too_long", "meeting": number}
        if one.starts <= now:
            return {"why": "past", "meeting": number}
    for number, (left, right) in enumerate(pairwise(meetings), 2):
        if right.starts < left.ends:
            return {"why": "overlap", "meeting": number}
    return {}


def requirement_problems(draft: RequirementDraft) -> dict[str, str]:
    """Reasons: required, not_in_list, out_of_range."""
    found: dict[str, str] = {}
    if not draft.roles:
        found["roles"] = "required"
    elif set(draft.roles) - set(Role):
        found["roles"] = "not_in_list"
    if set(draft.house_kinds) - set(HOUSE_KINDS):
        found["house_kinds"] = "not_in_list"
    if not 0 <= draft.grace_days <= 3660:
        found["grace_days"] = "out_of_range"
    return found


def name_problems(names: Label, field: str = "names") -> dict[str, str]:
    """Reasons: required, too_long."""
    if not any(name.strip() for name in names):
        return {field: "required"}
    return {field: "too_long"} if _longest(names) > LONGEST_NAME else {}


def is_address(text: str) -> bool:
    """Whether a text can be the address of something on the web."""
    return _ADDRESS.fullmatch(text) is not None


def _longest(label: Label) -> int:
    return max(len(text) for text in label)
