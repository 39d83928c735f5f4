"""Who fits a vacancy and which vacancies fit somebody, each with its evidence. Whoever has not consented is in no answer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Interest, Placement, Seeker
from khaneh.domains.placements.queries import vacancies
from khaneh.domains.placements.queries.seekers import interests_of, offered
from khaneh.domains.placements.rules import matching
from khaneh.domains.placements.types import (
    OPEN_PLACEMENTS,
    Candidate,
    Match,
    Opening,
    PlacementState,
    Point,
    VacancyRow,
    Wanted,
)
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.actor import Actor

# So many are looked at, those with most of the wanted skills first; a vacancy of a region has rarely more.
LOOKED_AT = 1_000


def candidates(vacancy_id: int, *, actor: Actor, now: datetime, limit: int = 50) -> list[Candidate]:
    """Who fits a vacancy: the interested first, then by what is essential, then by score. Nobody for who does not speak for the employer.

    At most sixteen statements, whatever the number of seekers. Raises NotFound.
    """
    wanted = vacancies.vacancy(vacancy_id, actor=actor)
    if not permissions.represents(actor, wanted.organisation.id):
        return []
    codes = [one.skill.code for one in wanted.skills]
    found = (
        Seeker.objects.filter(consented_at__isnull=False, kinds__contains=[wanted.kind.value])
        .annotate(shared=Count("skills", filter=Q(skills__skill__code__in=codes)))
        .select_related("region")
        .order_by("-shared", "pk")
    )
    interests = {
        one.seeker_id: one for one in Interest.objects.filter(vacancy_id=vacancy_id, seeker__consented_at__isnull=False)
    }
    seekers: list[Seeker] = [*found[:LOOKED_AT]]
    missed = set(interests) - {one.pk for one in seekers}
    if missed:
        seekers += list(Seeker.objects.filter(pk__in=missed).select_related("region"))
    matches = _matches(wanted, seekers, now)
    made = _offers(vacancy_id, [one.account_id for one in seekers])
    chosen = sorted(
        seekers, key=lambda one: (one.pk not in interests, not matches[one.pk].fits, -matches[one.pk].score, one.pk)
    )
    # Who has nothing of what is asked for is no candidate, unless they say so themselves.
    chosen = [one for one in chosen if one.pk in interests or matches[one.pk].score >= _LEAST][:limit]
    named = people.account_names(one.account_id for one in chosen if one.pk in interests)
    regions = network.region_refs(number for one in chosen if one.region for number in one.region.path)
    return [
        Candidate(
            seeker_id=one.pk,
            match=matches[one.pk],
            regions=tuple(regions[number] for number in (one.region.path if one.region else ()) if number in regions),
            about=one.about,
            name=named.get(one.account_id, ""),
            note=interests[one.pk].note if one.pk in interests else "",
            interested_at=interests[one.pk].made_at if one.pk in interests else None,
            placement_id=made[one.account_id][0] if one.account_id in made else None,
            placement_state=made[one.account_id][1] if one.account_id in made else None,
        )
        for one in chosen
    ]


_LEAST = 40


def openings(account_id: int, *, actor: Actor, now: datetime, limit: int = 20) -> list[Opening]:
    """The open vacancies that fit somebody best, for themself. At most thirteen statements."""
    seeker = _own(account_id, actor)
    if seeker is None:
        return []
    profile = offered([seeker], _held([account_id], now))[seeker.pk]
    rows = vacancies.open_for(profile.kinds, profile.skills, limit=LOOKED_AT // 5)
    interests = interests_of(account_id)
    found = [Opening(row, matching.match(wanted_of(row), profile), row.id in interests) for row in rows]
    found.sort(key=lambda one: (not one.match.fits, -one.match.score, -one.vacancy.id))
    return [one for one in found if one.match.score >= _LEAST][:limit]


def match_of(vacancy: VacancyRow, account_id: int, *, actor: Actor, now: datetime) -> Match | None:
    """How somebody fits one vacancy, for themself; None without a profile. Three statements."""
    seeker = _own(account_id, actor)
    return _matches(vacancy, [seeker], now)[seeker.pk] if seeker is not None else None


def match_with(vacancy: VacancyRow, seeker: Seeker, now: datetime) -> Match:
    """How a seeker (with their region read) fits a vacancy, to be kept with an offer. Two statements."""
    return _matches(vacancy, [seeker], now)[seeker.pk]


def wanted_of(row: VacancyRow) -> Wanted:
    """A vacancy as matching sees it."""
    return Wanted(
        kind=row.kind.value,
        skills=tuple((one.skill.code, int(one.level), one.essential) for one in row.skills),
        qualifications=tuple((one.qualification.code, one.essential) for one in row.qualifications),
        regions=tuple(ref.id for ref in row.regions),
        point=Point(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None,
        remote=row.remote,
    )


def _matches(vacancy: VacancyRow, seekers: list[Seeker], now: datetime) -> dict[int, Match]:
    wanted = wanted_of(vacancy)
    profiles = offered(seekers, _held([one.account_id for one in seekers], now))
    return {number: matching.match(wanted, profile) for number, profile in profiles.items()}


def _held(account_ids: list[int], now: datetime) -> dict[int, frozenset[str]]:
    return {number: frozenset(codes) for number, codes in qualifications.trained(account_ids, at=now).items()}


def _offers(vacancy_id: int, account_ids: list[int]) -> dict[int, tuple[int, PlacementState]]:
    made = Placement.objects.filter(
        vacancy_id=vacancy_id, account_id__in=account_ids, state__in=[state.value for state in OPEN_PLACEMENTS]
    )
    return {
        account_id: (number, PlacementState(state))
        for account_id, number, state in made.values_list("account_id", "pk", "state")
        if account_id is not None
    }


def _own(account_id: int, actor: Actor) -> Seeker | None:
    if not actor.is_system and actor.account_id != account_id:
        return None
    return Seeker.objects.filter(account_id=account_id).select_related("region").first()
