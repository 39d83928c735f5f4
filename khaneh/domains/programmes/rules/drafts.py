"""What is wrong with a programme or a call by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from khaneh.domains.programmes.rules.forms import KEY
from khaneh.domains.programmes.types import (
    STEPS,
    ApplicationDraft,
    ApplicationState,
    CallDraft,
    ProgrammeDraft,
    ProgrammeKind,
    QuotaKind,
)
from khaneh.kernel.labels import Label

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
LONGEST_NAME, LONGEST_TEXT, LONGEST_SUMMARY, LONGEST_REASON, LONGEST_ASKED = 300, 20_000, 1_000, 4_000, 2_000
MOST_PLACES, MOST_CRITERIA, MOST_QUOTAS = 1_000, 20, 20
LONGEST_OPEN = timedelta(days=366)


def programme_problems(draft: ProgrammeDraft) -> dict[str, str]:
    """Reasons: required, format, too_long, not_in_list."""
    found = _names(draft.names, draft.descriptions)
    if not _CODE.fullmatch(draft.code):
        found["code"] = "format" if draft.code else "required"
    if draft.kind not in list(ProgrammeKind):
        found["kind"] = "not_in_list"
    return found


def call_problems(draft: CallDraft) -> dict[str, str]:
    """Reasons: required, too_long, out_of_range, order, not_in_list, twice, format."""
    found = _names(draft.names, draft.descriptions)
    if not 1 <= draft.places <= MOST_PLACES:
        found["places"] = "out_of_range"
    if draft.opens_at is not None and draft.closes_at is not None:
        if draft.closes_at <= draft.opens_at:
            found["closes_at"] = "order"
        elif draft.closes_at - draft.opens_at > LONGEST_OPEN:
            found["closes_at"] = "out_of_range"
    if draft.results_on is not None and draft.closes_at is not None and draft.results_on < draft.closes_at.date():
        found["results_on"] = "order"
    if not draft.for_persons and not draft.for_kinds:
        found["for_kinds"] = "required"
    return found | _criteria(draft) | _quotas(draft)


def publication_problems(draft: CallDraft, *, now: datetime) -> dict[str, str]:
    """What a call lacks to be published: dates to come, criteria. Reasons: required, past."""
    found: dict[str, str] = {}
    for name in ("opens_at", "closes_at"):
        if getattr(draft, name) is None:
            found[name] = "required"
    if draft.closes_at is not None and draft.closes_at <= now:
        found["closes_at"] = "past"
    if not draft.criteria:
        found["criteria"] = "required"
    return found


def application_problems(draft: ApplicationDraft) -> dict[str, str]:
    """What stands beside the answers. Reasons: required, too_long."""
    found: dict[str, str] = {}
    for name, longest in (("title", LONGEST_NAME), ("summary", LONGEST_SUMMARY)):
        text = getattr(draft, name)
        if not text.strip():
            found[name] = "required"
        elif len(text) > longest:
            found[name] = "too_long"
    if not draft.region_code:
        found["region_code"] = "required"
    return found


def goes(before: ApplicationState, after: ApplicationState) -> bool:
    """Whether an application's life has this step."""
    return after in STEPS[before]


def _names(names: Label, descriptions: Label) -> dict[str, str]:
    found: dict[str, str] = {}
    if not any(name.strip() for name in names):
        found["names"] = "required"
    elif max(len(name) for name in names) > LONGEST_NAME:
        found["names"] = "too_long"
    if max(len(text) for text in descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    return found


def _criteria(draft: CallDraft) -> dict[str, str]:
    codes = [one.code for one in draft.criteria]
    if len(codes) > MOST_CRITERIA:
        return {"criteria": "out_of_range"}
    if len(set(codes)) != len(codes):
        return {"criteria": "twice"}
    if not all(KEY.fullmatch(code) for code in codes) or not all(any(one.names) for one in draft.criteria):
        return {"criteria": "format"}
    fits = all(1 <= one.weight <= 100 and 1 <= one.scale_max <= 100 for one in draft.criteria)
    return {} if fits else {"criteria": "out_of_range"}


def _quotas(draft: CallDraft) -> dict[str, str]:
    if len(draft.quotas) > MOST_QUOTAS:
        return {"quotas": "out_of_range"}
    if any(one.places < 1 for one in draft.quotas) or sum(one.places for one in draft.quotas) > draft.places:
        return {"quotas": "out_of_range"}
    for one in draft.quotas:
        if one.kind is QuotaKind.REGION and not one.region_code:
            return {"quotas": "required"}
        if one.kind is QuotaKind.DEPRIVATION and not (one.decile_max is not None and 1 <= one.decile_max <= 9):
            return {"quotas": "out_of_range"}
    whom = [(one.kind, one.region_code, one.decile_max) for one in draft.quotas]
    return {"quotas": "twice"} if len(set(whom)) != len(whom) else {}
