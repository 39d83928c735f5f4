"""What is wrong with a draft by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from khaneh.domains.exchange.types import PARTS, Partnership, PostingDraft, PostingKind
from khaneh.domains.network.types import is_sector
from khaneh.kernel.labels import LANGUAGES

LONGEST_TITLE, LONGEST_PART, LONGEST_NOTE, LONGEST_TEXT = 200, 5_000, 2_000, 60_000
LEAST_WORDS = 5
SHOWN_FOR, LONGEST_SHOWN = timedelta(days=180), timedelta(days=366)
_CURRENCY = re.compile(r"[A-Z]{3}")


def posting_problems(draft: PostingDraft, *, today: date) -> dict[str, str]:
    """Reasons: required, too_long, too_short, not_in_list, out_of_range, past."""
    found: dict[str, str] = {}
    if draft.kind not in list(PostingKind):
        found["kind"] = "not_in_list"
    if draft.language not in LANGUAGES:
        found["language"] = "not_in_list"
    if not draft.title.strip():
        found["title"] = "required"
    elif len(draft.title) > LONGEST_TITLE:
        found["title"] = "too_long"
    for name in PARTS:
        if len(getattr(draft, name)) > LONGEST_PART:
            found[name] = "too_long"
    if not draft.problem.strip():
        found["problem"] = "required"
    elif len(draft.problem.split()) < LEAST_WORDS:
        found.setdefault("problem", "too_short")
    if draft.readiness is not None and not 1 <= draft.readiness <= 9:
        found["readiness"] = "out_of_range"
    if set(draft.partnerships) - set(Partnership):
        found["partnerships"] = "not_in_list"
    if draft.sector and not is_sector(draft.sector):
        found["sector"] = "not_in_list"
    if draft.anonymous and draft.kind is PostingKind.OFFER:
        found["anonymous"] = "not_in_list"
    if not draft.broker_house_code:
        found["broker_house_code"] = "required"
    return found | _money(draft) | _days(draft, today)


def _money(draft: PostingDraft) -> dict[str, str]:
    if draft.budget_from is None:
        return {"budget_from": "required"} if draft.budget_to is not None else {}
    if not _CURRENCY.fullmatch(draft.currency):
        return {"currency": "required"}
    if not 0 <= draft.budget_from < 10**15:
        return {"budget_from": "out_of_range"}
    if draft.budget_to is not None and not draft.budget_from <= draft.budget_to < 10**15:
        return {"budget_to": "out_of_range"}
    return {}


def _days(draft: PostingDraft, today: date) -> dict[str, str]:
    found: dict[str, str] = {}
    if draft.wanted_by is not None and draft.wanted_by < today:
        found["wanted_by"] = "past"
    if draft.closes_on is not None:
        if draft.closes_on < today:
            found["closes_on"] = "past"
        elif draft.closes_on > today + LONGEST_SHOWN:
            found["closes_on"] = "out_of_range"
    return found
