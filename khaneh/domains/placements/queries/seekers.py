"""Profiles of those who look for a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.placements.models import Interest, Seeker, SeekerSkill
from khaneh.domains.placements.queries.skills import row_of
from khaneh.domains.placements.types import Level, Offered, Point, SeekerRow, SkillRow, VacancyKind
from khaneh.kernel.actor import Actor


def seeker_of(account_id: int, *, actor: Actor) -> SeekerRow | None:
    """One's own profile, or None; nobody else's. Three statements."""
    if not actor.is_system and actor.account_id != account_id:
        return None
    found = rows(Seeker.objects.filter(account_id=account_id))
    return found[0] if found else None


def interests_of(account_id: int) -> dict[int, str]:
    """The vacancies that somebody has said they are interested in, with their words. One statement."""
    return dict(Interest.objects.filter(seeker__account_id=account_id).values_list("vacancy_id", "note"))


def rows(found: QuerySet[Seeker]) -> list[SeekerRow]:
    """Rows in the order of the query. Three statements."""
    seekers = list(found.select_related("region"))
    skills = _skills(one.pk for one in seekers)
    paths = {one.pk: tuple(one.region.path) if one.region else () for one in seekers}
    regions = network.region_refs(number for path in paths.values() for number in path)
    return [
        SeekerRow(
            id=one.pk,
            account_id=one.account_id,
            regions=tuple(regions[number] for number in paths[one.pk] if number in regions),
            km=one.km,
            kinds=tuple(VacancyKind(kind) for kind in one.kinds),
            remote=one.remote,
            about=one.about,
            consented_at=one.consented_at,
            skills=tuple(skills[one.pk]),
        )
        for one in seekers
    ]


def offered(seekers: Iterable[Seeker], held: dict[int, frozenset[str]]) -> dict[int, Offered]:
    """Seekers (with their regions read) as matching sees them, by id; `held` are codes of qualifications by account. One statement."""
    found = list(seekers)
    skills = _skills(one.pk for one in found)
    return {
        one.pk: Offered(
            kinds=frozenset(one.kinds),
            skills={skill.code: int(level) for skill, level in skills[one.pk]},
            qualifications=held.get(one.account_id, frozenset()),
            regions=tuple(one.region.path) if one.region else (),
            point=Point(one.latitude, one.longitude)
            if one.latitude is not None and one.longitude is not None
            else None,
            km=one.km,
            remote=one.remote,
        )
        for one in found
    }


def _skills(ids: Iterable[int]) -> dict[int, list[tuple[SkillRow, Level]]]:
    skills: dict[int, list[tuple[SkillRow, Level]]] = defaultdict(list)
    found = SeekerSkill.objects.filter(seeker_id__in=list(ids)).select_related("skill")
    for one in found.order_by("-level", "skill__code"):
        skills[one.seeker_id].append((row_of(one.skill), Level(one.level)))
    return skills
