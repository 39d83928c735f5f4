"""What is wrong with what somebody wants: fields with stable reasons. Pure."""

from __future__ import annotations

import re
from datetime import date

from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    LONGEST_NAME,
    LONGEST_TEXT,
    ItemDraft,
    ProposalDraft,
    StandardDraft,
    TaskDraft,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_currency

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOUSE_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
MOST_MONEY = 10**15
LONGEST_CODE = 40


def standard_problems(draft: StandardDraft) -> dict[str, str]:
    """The wrong fields of a standard."""
    wrong = {} if _is(_CODE, draft.code) else {"code": "format"}
    if draft.kind not in FOUNDED_KINDS:
        wrong["kind"] = "not_in_list"
    _names(draft.names, "names", wrong)
    if max(map(len, draft.descriptions)) > LONGEST_TEXT:
        wrong["descriptions"] = "too_long"
    bounds = (("pass_percent", draft.pass_percent, 100), ("assessors", draft.assessors, 5))
    for field, value, most in (*bounds, ("valid_months", draft.valid_months, 120)):
        if not 1 <= value <= most:
            wrong[field] = "out_of_range"
    return wrong


def item_problems(draft: ItemDraft) -> dict[str, str]:
    """The wrong fields of an item."""
    wrong = {} if _is(_CODE, draft.code) else {"code": "format"}
    _names(draft.names, "names", wrong)
    if max(map(len, draft.sections)) > LONGEST_NAME:
        wrong["sections"] = "too_long"
    if max(map(len, draft.evidence)) > LONGEST_TEXT:
        wrong["evidence"] = "too_long"
    if not 1 <= draft.weight <= 100:
        wrong["weight"] = "out_of_range"
    if not 1 <= draft.scale <= 10:
        wrong["scale"] = "out_of_range"
    if not 0 <= draft.least <= draft.scale:
        wrong["least"] = "out_of_range"
    return wrong


def proposal_problems(draft: ProposalDraft, *, fresh: bool) -> dict[str, str]:
    """The wrong fields of a proposal; `fresh` where its house is to be made as well."""
    wrong: dict[str, str] = {}
    if not draft.plan.strip():
        wrong["plan"] = "required"
    elif len(draft.plan) > LONGEST_TEXT:
        wrong["plan"] = "too_long"
    if fresh:
        if not _is(_HOUSE_CODE, draft.code):
            wrong["code"] = "format"
        _names(draft.names, "names", wrong)
        if not (draft.parent_code or draft.operator_code):
            wrong["parent_code"] = "required"
        if len(draft.address) > LONGEST_NAME:
            wrong["address"] = "too_long"
    if draft.area is not None and not 1 <= draft.area <= 1_000_000:
        wrong["area"] = "out_of_range"
    if draft.asked is not None and not 0 <= draft.asked < MOST_MONEY:
        wrong["asked"] = "out_of_range"
    if draft.asked is not None and not is_currency(draft.currency):
        wrong["currency"] = "required" if not draft.currency else "format"
    return wrong


def task_problems(draft: TaskDraft) -> dict[str, str]:
    """The wrong fields of a task."""
    wrong: dict[str, str] = {}
    if not draft.title.strip():
        wrong["title"] = "required"
    elif len(draft.title) > LONGEST_NAME:
        wrong["title"] = "too_long"
    if not date(2000, 1, 1) <= draft.due_on <= date(2100, 1, 1):
        wrong["due_on"] = "out_of_range"
    if not 0 <= draft.planned < MOST_MONEY:
        wrong["planned"] = "out_of_range"
    return wrong


def text_problem(text: str) -> str:
    """Why a text that has to be there is none; empty where it is fine."""
    if not text.strip():
        return "required"
    return "too_long" if len(text) > LONGEST_TEXT else ""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    turn = day.year * 12 + day.month - 1 + months
    year, month = turn // 12, turn % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - date(year, month, 1)).days))


def _is(form: re.Pattern[str], code: str) -> bool:
    return len(code) <= LONGEST_CODE and form.fullmatch(code) is not None


def _names(names: Label, field: str, wrong: dict[str, str]) -> None:
    if not any(names):
        wrong[field] = "required"
    elif max(map(len, names)) > LONGEST_NAME:
        wrong[field] = "too_long"
