"""Vacancies: entered by who speaks for the employer, published, changed and closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.placements import permissions, queries
from khaneh.domains.placements.errors import FewerPlacesThanTaken, VacancyStateRefused
from khaneh.domains.placements.models import Vacancy, VacancyQualification, VacancySkill
from khaneh.domains.placements.rules import days, drafts
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import EndReason, SkillRow, VacancyDraft, VacancyRow, VacancyState
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_CAN_OPEN = (VacancyState.DRAFT, VacancyState.CLOSED, VacancyState.EXPIRED)


def add_vacancy(*, actor: Actor, organisation_id: int, draft: VacancyDraft, now: datetime, key: str = "") -> VacancyRow:
    """Enter a vacancy as a draft; with a `key` that has made one already, gives that. Raises NotAllowed, NotFound, Invalid."""
    permissions.require_represent(actor, organisation_id)
    values = _values(draft, _today(organisation_id, now))
    with db.transaction():
        made, is_fresh = Vacancy.objects.get_or_create(
            made_key=f"{organisation_id}:{key}" if key else secrets.token_hex(8),
            defaults={"organisation_id": organisation_id, "made_at": now, "changed_at": now, **values.columns},
        )
        if not is_fresh:
            return queries.vacancy(made.pk, actor=actor)
        _belongings(made.pk, values)
        journal.record(
            "placements.vacancy.added", actor=actor, house_id=made.house_id, vacancy_id=made.pk,
            organisation_id=organisation_id,
        )  # fmt: skip
    return queries.vacancy(made.pk, actor=actor)


def change_vacancy(*, actor: Actor, vacancy_id: int, draft: VacancyDraft, now: datetime) -> VacancyRow:
    """Make everything but the state as the draft says; a state that follows from it comes with it. Offers stay as they were made.

    Raises NotFound, NotAllowed, Invalid, FewerPlacesThanTaken.
    """
    with db.transaction():
        found = holding.held_vacancy(vacancy_id)
        _own(actor, found)
        values = _values(draft, _today(found.organisation_id, now), public=found.state == VacancyState.PUBLISHED)
        taken = holding.taken(vacancy_id)
        if draft.count < taken:
            raise FewerPlacesThanTaken(taken=taken)
        changed = sorted(name for name, value in values.columns.items() if getattr(found, name) != value)
        Vacancy.objects.filter(pk=vacancy_id).update(changed_at=now, **values.columns)
        _belongings(vacancy_id, values)
        journal.record(
            "placements.vacancy.changed", actor=actor, house_id=found.house_id, vacancy_id=vacancy_id, fields=changed
        )
        discovery.touch("vacancy", [vacancy_id])
        holding.settle(Vacancy.objects.get(pk=vacancy_id), actor=actor, now=now)
    return queries.vacancy(vacancy_id, actor=actor)


def publish_vacancy(*, actor: Actor, vacancy_id: int, now: datetime) -> VacancyRow:
    """Let everybody find it until its last day. What is closed or expired opens again. Raises NotFound, VacancyStateRefused, Invalid."""
    with db.transaction():
        found = holding.held_vacancy(vacancy_id)
        _own(actor, found)
        if VacancyState(found.state) not in _CAN_OPEN:
            raise VacancyStateRefused(state=found.state, wanted=VacancyState.PUBLISHED.value)
        if found.closes_on is None or found.closes_on < _today(found.organisation_id, now):
            raise Invalid(fields={"closes_on": "required" if found.closes_on is None else "past"})
        Vacancy.objects.filter(pk=vacancy_id).update(published_at=found.published_at or now)
        holding.move(found, VacancyState.PUBLISHED, actor=actor, now=now)
        holding.settle(found, actor=actor, now=now)
    return queries.vacancy(vacancy_id, actor=actor)


def close_vacancy(*, actor: Actor, vacancy_id: int, now: datetime) -> VacancyRow:
    """Look for nobody any more. Open offers come to nothing; who has accepted stays. Raises NotFound, VacancyStateRefused."""
    with db.transaction():
        found = holding.held_vacancy(vacancy_id)
        _own(actor, found)
        if found.state == VacancyState.CLOSED:
            raise VacancyStateRefused(state=found.state, wanted=VacancyState.CLOSED.value)
        holding.move(found, VacancyState.CLOSED, actor=actor, now=now)
        holding.end_offers(vacancy_id, EndReason.CLOSED, now=now)
    return queries.vacancy(vacancy_id, actor=actor)


def close_for_withdrawn(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    """An organisation withdraws: it looks for nobody any more, and open offers come to nothing. Three statements and some a vacancy."""
    waiting = Vacancy.objects.filter(organisation_id=organisation_id).exclude(state=VacancyState.CLOSED.value)
    ids = sorted(waiting.values_list("pk", flat=True))
    holding.hold(vacancies=ids)
    for found in waiting.filter(pk__in=ids).order_by("pk"):
        holding.move(found, VacancyState.CLOSED, actor=actor, now=now)
        holding.end_offers(found.pk, EndReason.CLOSED, now=now)


@dataclass(frozen=True, slots=True)
class _Values:
    """A draft as columns, and as (id, …) of what it asks for."""

    columns: dict[str, Any]
    skills: tuple[tuple[int, int, bool], ...]
    qualifications: tuple[tuple[int, bool], ...]


def _own(actor: Actor, found: Vacancy) -> None:
    # Whoever does not speak for the employer sees no draft: the two must look the same.
    if not permissions.represents(actor, found.organisation_id):
        raise NotFound(what="vacancy")


def _today(organisation_id: int, now: datetime) -> date:
    found = network.organisations_by_ids([organisation_id]).get(organisation_id)
    if found is None:
        raise NotFound(what="organisation")
    return days.day_in(found.country, now)


def _values(draft: VacancyDraft, today: date, *, public: bool = False) -> _Values:
    wrong = drafts.vacancy_problems(draft, today=today)
    if public and draft.closes_on is None:
        wrong["closes_on"] = "required"
    skills = queries.skill_refs(one.skill for one in draft.skills)
    if set(skills) != {one.skill for one in draft.skills}:
        wrong.setdefault("skills", "not_in_list")
    known = {row.code: row.id for row in qualifications.qualifications(with_retired=True)}
    if not {one.qualification for one in draft.qualifications} <= set(known):
        wrong.setdefault("qualifications", "not_in_list")
    house_id, region_id, latitude, longitude = _place(draft, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    columns = {
        "kind": draft.kind.value,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "count": draft.count,
        "house_id": house_id,
        "region_id": region_id,
        "latitude": latitude,
        "longitude": longitude,
        "remote": draft.remote,
        "hours": draft.hours,
        "pay_from": draft.pay_from,
        "pay_to": draft.pay_to,
        "pay_currency": draft.pay_currency if draft.pay_from is not None else "",
        "starts_on": draft.starts_on,
        "closes_on": draft.closes_on,
    }
    return _Values(
        columns,
        _asked(draft, skills),
        tuple((known[one.qualification], one.essential) for one in draft.qualifications),
    )


def _asked(draft: VacancyDraft, skills: Mapping[str, SkillRow]) -> tuple[tuple[int, int, bool], ...]:
    """Skills as (id, level, essential), each once: two that were chosen may have become one."""
    found: dict[int, tuple[int, bool]] = {}
    for one in draft.skills:
        level, essential = found.get(skills[one.skill].id, (0, False))
        found[skills[one.skill].id] = max(level, int(one.level)), essential or one.essential
    return tuple((number, *wish) for number, wish in found.items())


def _place(draft: VacancyDraft, wrong: dict[str, str]) -> tuple[int | None, int | None, float | None, float | None]:
    """House, region and point of a vacancy. What is not there is noted in `wrong`."""
    if draft.house_code:
        house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code)
        if house_id is None:
            wrong["house_code"] = "not_in_list"
            return None, None, None, None
        facts = network.house_facts(house_id)
        return house_id, facts.regions[-1], facts.latitude, facts.longitude
    if draft.region_code:
        try:
            region = network.region(draft.region_code)
        except NotFound:
            wrong["region_code"] = "not_in_list"
            return None, None, None, None
        return None, region.id, region.latitude, region.longitude
    return None, None, None, None


def _belongings(vacancy_id: int, values: _Values) -> None:
    VacancySkill.objects.filter(vacancy_id=vacancy_id).delete()
    VacancySkill.objects.bulk_create(
        VacancySkill(vacancy_id=vacancy_id, skill_id=skill, level=level, essential=essential)
        for skill, level, essential in values.skills
    )
    VacancyQualification.objects.filter(vacancy_id=vacancy_id).delete()
    VacancyQualification.objects.bulk_create(
        VacancyQualification(vacancy_id=vacancy_id, qualification_id=number, essential=essential)
        for number, essential in values.qualifications
    )
