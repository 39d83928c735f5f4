"""What is wrong with a draft by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from khaneh.domains.placements.types import Level, SeekerDraft, SkillDraft, VacancyDraft, VacancyKind
from khaneh.kernel.labels import Label

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# https://esco.ec.europa.eu: every concept of the skills pillar has such an address.
ESCO_ADDRESS = re.compile(r"http://data\.europa\.eu/esco/skill/[A-Za-z0-9._-]{1,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE = 300, 10_000, 2_000
MOST_PLACES, MOST_SKILLS, MOST_KM = 500, 40, 2_000
LONGEST_OPEN = timedelta(days=366)


def skill_problems(draft: SkillDraft) -> dict[str, str]:
    """Reasons: required, format, too_long."""
    found: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        found["code"] = "format" if draft.code else "required"
    found |= _names(draft.names)
    if draft.esco and not ESCO_ADDRESS.fullmatch(draft.esco):
        found["esco"] = "format"
    return found


def vacancy_problems(draft: VacancyDraft, *, today: date) -> dict[str, str]:
    """Reasons: required, too_long, not_in_list, out_of_range, past, twice."""
    found = _names(draft.names)
    if draft.kind not in list(VacancyKind):
        found["kind"] = "not_in_list"
    if max(len(text) for text in draft.descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    if not 1 <= draft.count <= MOST_PLACES:
        found["count"] = "out_of_range"
    if not (draft.region_code or draft.house_code or draft.remote):
        found["region_code"] = "required"
    if draft.hours is not None and not 1 <= draft.hours <= 60:
        found["hours"] = "out_of_range"
    found |= _pay(draft)
    if draft.closes_on is not None:
        if draft.closes_on < today:
            found["closes_on"] = "past"
        elif draft.closes_on > today + LONGEST_OPEN:
            found["closes_on"] = "out_of_range"
    found |= _list("skills", [one.skill for one in draft.skills], [one.level for one in draft.skills])
    found |= _list("qualifications", [one.qualification for one in draft.qualifications], [])
    return found


def seeker_problems(draft: SeekerDraft) -> dict[str, str]:
    """Reasons: required, too_long, not_in_list, out_of_range, twice."""
    found: dict[str, str] = {}
    if not draft.kinds:
        found["kinds"] = "required"
    elif set(draft.kinds) - set(VacancyKind):
        found["kinds"] = "not_in_list"
    if not 0 <= draft.km <= MOST_KM:
        found["km"] = "out_of_range"
    if len(draft.about) > LONGEST_NOTE:
        found["about"] = "too_long"
    return found | _list("skills", [one.skill for one in draft.skills], [one.level for one in draft.skills])


def _names(names: Label) -> dict[str, str]:
    if not any(name.strip() for name in names):
        return {"names": "required"}
    return {"names": "too_long"} if max(len(name) for name in names) > LONGEST_NAME else {}


def _pay(draft: VacancyDraft) -> dict[str, str]:
    if draft.pay_from is None:
        return {"pay_from": "required"} if draft.pay_to is not None else {}
    if not _CURRENCY.fullmatch(draft.pay_currency):
        return {"pay_currency": "required"}
    if not 0 <= draft.pay_from < 10**12 or (draft.pay_to is not None and not draft.pay_from <= draft.pay_to < 10**12):
        return {"pay_to": "out_of_range"}
    return {}


def _list(field: str, codes: list[str], levels: Iterable[int]) -> dict[str, str]:
    if len(codes) > MOST_SKILLS:
        return {field: "out_of_range"}
    if len(set(codes)) != len(codes):
        return {field: "twice"}
    return {field: "not_in_list"} if set(levels) - set(Level) else {}
