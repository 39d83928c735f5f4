"""Vacancies: what everybody finds, and those of one employer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Placement, Vacancy, VacancyQualification, VacancySkill
from khaneh.domains.placements.queries.skills import row_of
from khaneh.domains.placements.types import (
    HOLDING,
    Level,
    VacancyFilter,
    VacancyKind,
    VacancyPage,
    VacancyRow,
    VacancyState,
    WantedQualification,
    WantedSkill,
)
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_HOLDING = [state.value for state in HOLDING]


def vacancies(wanted: VacancyFilter, *, offset: int = 0, limit: int = 24) -> VacancyPage:
    """The open vacancies, the newest first. At most ten statements."""
    found = Vacancy.objects.filter(state=VacancyState.PUBLISHED.value)
    if wanted.kinds:
        found = found.filter(kind__in=[kind.value for kind in wanted.kinds])
    if wanted.region_code:
        found = found.filter(region__path__contains=[_region_id(wanted.region_code)])
    if wanted.skill:
        found = found.filter(skills__skill__code=wanted.skill)
    if wanted.remote:
        found = found.filter(remote=True)
    page = found.order_by("-published_at", "-pk")[offset : offset + limit]
    return VacancyPage(found.count(), tuple(rows(page)))


def vacancy(vacancy_id: int, *, actor: Actor) -> VacancyRow:
    """One vacancy. Everybody sees what was published; a draft only who speaks for the employer. Eight statements. Raises NotFound."""
    found = rows(Vacancy.objects.filter(pk=vacancy_id))
    if not found or (found[0].published_at is None and not permissions.represents(actor, found[0].organisation.id)):
        raise NotFound(what="vacancy")
    return found[0]


def vacancies_by_ids(vacancy_ids: Iterable[int]) -> dict[int, VacancyRow]:
    """Those that exist, whatever their state. Eight statements."""
    return {row.id: row for row in rows(Vacancy.objects.filter(pk__in=set(vacancy_ids)))}


def vacancies_of_organisation(organisation_id: int, *, actor: Actor, limit: int = 200) -> list[VacancyRow]:
    """All of one employer, open ones first, then the latest; nothing for who does not speak for it. Eight statements."""
    if not permissions.represents(actor, organisation_id):
        return []
    found = rows(Vacancy.objects.filter(organisation_id=organisation_id).order_by("-changed_at", "-pk")[:limit])
    order = list(VacancyState)
    return sorted(found, key=lambda row: order.index(row.state))


def organisation_vacancies(organisation_id: int, *, limit: int = 20) -> list[VacancyRow]:
    """The open ones of an organisation, for its public page. Eight statements."""
    found = Vacancy.objects.filter(organisation_id=organisation_id, state=VacancyState.PUBLISHED.value)
    return rows(found.order_by("-published_at", "-pk")[:limit])


def public_vacancy_ids() -> Iterator[list[int]]:
    """Every open vacancy, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Vacancy.objects.filter(state=VacancyState.PUBLISHED.value).order_by("pk")
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def rows(found: QuerySet[Vacancy]) -> list[VacancyRow]:
    """Rows in the order of the query. Eight statements, whatever their number."""
    vacancies_ = list(found.select_related("region"))
    ids = [one.pk for one in vacancies_]
    skills: dict[int, list[WantedSkill]] = defaultdict(list)
    wishes = VacancySkill.objects.filter(vacancy_id__in=ids).select_related("skill")
    for wish in wishes.order_by("-essential", "skill__code"):
        skills[wish.vacancy_id].append(WantedSkill(row_of(wish.skill), Level(wish.level), wish.essential))
    asked = list(VacancyQualification.objects.filter(vacancy_id__in=ids).order_by("-essential", "pk"))
    known = qualifications.rows_by_id(one.qualification_id for one in asked) if asked else {}
    wanted: dict[int, list[WantedQualification]] = defaultdict(list)
    for one in asked:
        named = known[one.qualification_id]
        wanted[one.vacancy_id].append(WantedQualification(Ref(named.id, named.code, named.names), one.essential))
    taken = dict(
        Placement.objects.filter(vacancy_id__in=ids, state__in=_HOLDING).values_list("vacancy_id").annotate(Count("pk"))
    )
    organisations = network.organisation_refs(one.organisation_id for one in vacancies_)
    houses = network.house_refs(one.house_id for one in vacancies_ if one.house_id is not None)
    paths = {one.pk: tuple(one.region.path) if one.region else () for one in vacancies_}
    regions = network.region_refs(number for path in paths.values() for number in path)
    return [
        VacancyRow(
            id=one.pk,
            organisation=organisations[one.organisation_id],
            kind=VacancyKind(one.kind),
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            count=one.count,
            taken=taken.get(one.pk, 0),
            house=houses.get(one.house_id) if one.house_id is not None else None,
            regions=tuple(regions[number] for number in paths[one.pk] if number in regions),
            remote=one.remote,
            latitude=one.latitude,
            longitude=one.longitude,
            hours=one.hours,
            pay_from=one.pay_from,
            pay_to=one.pay_to,
            pay_currency=one.pay_currency,
            starts_on=one.starts_on,
            closes_on=one.closes_on,
            state=VacancyState(one.state),
            published_at=one.published_at,
            skills=tuple(skills[one.pk]),
            qualifications=tuple(wanted[one.pk]),
        )
        for one in vacancies_
    ]


def open_for(kinds: Iterable[str], skill_codes: Iterable[str], *, limit: int) -> list[VacancyRow]:
    """Open vacancies of some kinds, those that ask for one of the skills first, then the newest. Eight statements."""
    found = Vacancy.objects.filter(state=VacancyState.PUBLISHED.value, kind__in=list(kinds))
    shared = Count("skills", filter=Q(skills__skill__code__in=list(skill_codes)))
    return rows(found.annotate(shared=shared).order_by("-shared", "-published_at", "-pk")[:limit])


def _region_id(code: str) -> int:
    found = [row.id for row in network.regions(below=code) if row.code == code]
    return found[0] if found else 0
