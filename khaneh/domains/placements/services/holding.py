"""The locks of every act on placements, and what follows when a place is taken or becomes free.

One statement at the beginning of an act, in one order (`db.lock` sorts): the vacancies, then the seekers. A vacancy's places are what is
scarce; a seeker is held so that consent is not withdrawn while an offer is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.placements import notices
from khaneh.domains.placements.models import Placement, Vacancy
from khaneh.domains.placements.rules import days
from khaneh.domains.placements.types import HOLDING, EndReason, PlacementState, VacancyState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

_HOLDING = [state.value for state in HOLDING]


def hold(*, vacancies: Iterable[int] = (), accounts: Iterable[int] = ()) -> None:
    """Hold these until the transaction ends. One statement, none for nothing."""
    things = [("placements.vacancy", number) for number in vacancies]
    things += [("placements.seeker", number) for number in accounts]
    if things:
        db.lock(*things)


def held_vacancy(vacancy_id: int, *, accounts: Iterable[int] = ()) -> Vacancy:
    """A vacancy with its lock, and those of these seekers. Raises NotFound."""
    hold(vacancies=[vacancy_id], accounts=accounts)
    found = Vacancy.objects.filter(pk=vacancy_id).first()
    if found is None:
        raise NotFound(what="vacancy")
    return found


def taken(vacancy_id: int) -> int:
    """How many of its places are taken. One statement."""
    return Placement.objects.filter(vacancy_id=vacancy_id, state__in=_HOLDING).count()


def country_of(vacancy: Vacancy) -> str:
    """The country on whose clocks its days are."""
    found = network.organisations_by_ids([vacancy.organisation_id]).get(vacancy.organisation_id)
    return found.country if found else ""


def settle(vacancy: Vacancy, *, actor: Actor, now: datetime) -> None:
    """After a place was taken or given back: filled, or open again while there is time. Offers to others end when nothing is left."""
    full = taken(vacancy.pk) >= vacancy.count
    state = VacancyState(vacancy.state)
    if full and state is VacancyState.PUBLISHED:
        move(vacancy, VacancyState.FILLED, actor=actor, now=now)
        end_offers(vacancy.pk, EndReason.FILLED, now=now)
    elif not full and state is VacancyState.FILLED:
        over = vacancy.closes_on is not None and vacancy.closes_on < days.day_in(country_of(vacancy), now)
        move(vacancy, VacancyState.EXPIRED if over else VacancyState.PUBLISHED, actor=actor, now=now)


def move(vacancy: Vacancy, state: VacancyState, *, actor: Actor, now: datetime) -> None:
    """Write another state, and have it found or not found any more."""
    before, vacancy.state = vacancy.state, state.value
    Vacancy.objects.filter(pk=vacancy.pk).update(state=state.value, changed_at=now)
    discovery.touch("vacancy", [vacancy.pk])
    journal.record(
        "placements.vacancy.state_changed", actor=actor, house_id=vacancy.house_id, vacancy_id=vacancy.pk,
        organisation_id=vacancy.organisation_id, before=before, after=state.value,
    )  # fmt: skip


def end_offers(vacancy_id: int, reason: EndReason, *, now: datetime) -> int:
    """Nothing comes of the offers that are still open; whoever was offered is told. Gives how many."""
    open_ = list(Placement.objects.filter(vacancy_id=vacancy_id, state=PlacementState.OFFERED.value).order_by("pk"))
    for one in open_:
        decline_one(one, reason, actor=SYSTEM, now=now)
        notices.tell_trainee("placements.gone", one, now=now)
    return len(open_)


def decline_one(one: Placement, reason: EndReason, *, actor: Actor, now: datetime) -> None:
    """Nothing comes of an offer, or of what was accepted."""
    Placement.objects.filter(pk=one.pk).update(
        state=PlacementState.DECLINED.value, end_reason=reason.value, answer_by=None, changed_at=now
    )
    journal.record(
        "placements.placement.declined",
        actor=actor,
        placement_id=one.pk,
        vacancy_id=one.vacancy_id,
        reason=reason.value,
    )
