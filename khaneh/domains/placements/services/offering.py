"""Offers: made by the employer, answered by the trainee. The first to accept has the place."""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.placements import notices, permissions
from khaneh.domains.placements.errors import (
    NoConsent,
    OfferedAlready,
    OfferLapsed,
    PlacementStateRefused,
    PlacesTaken,
    VacancyNotOpen,
)
from khaneh.domains.placements.models import Placement, Seeker, Vacancy
from khaneh.domains.placements.queries.matching import match_with
from khaneh.domains.placements.queries.vacancies import rows
from khaneh.domains.placements.rules import days
from khaneh.domains.placements.rules.drafts import LONGEST_NOTE
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import OPEN_PLACEMENTS, EndReason, PlacementState, VacancyState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_OPEN = [state.value for state in OPEN_PLACEMENTS]


def offer(
    *,
    actor: Actor,
    vacancy_id: int,
    seeker_id: int,
    now: datetime,
    note: str = "",
    starts_on: date | None = None,
) -> int:
    """Offer a vacancy to somebody who looks for a place; they have a fortnight to answer. Gives the placement's number.

    Raises NotFound, VacancyNotOpen, NoConsent, OfferedAlready, PlacesTaken, Invalid.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    with db.transaction():
        account_id = Seeker.objects.filter(pk=seeker_id).values_list("account_id", flat=True).first()
        vacancy = holding.held_vacancy(vacancy_id, accounts=[account_id] if account_id is not None else [])
        if not permissions.represents(actor, vacancy.organisation_id):
            raise NotFound(what="vacancy")
        if vacancy.state == VacancyState.FILLED:
            raise PlacesTaken(vacancy_id=vacancy_id, count=vacancy.count)
        if vacancy.state != VacancyState.PUBLISHED:
            raise VacancyNotOpen(vacancy_id=vacancy_id, state=vacancy.state)
        seeker = Seeker.objects.filter(pk=seeker_id, consented_at__isnull=False).select_related("region").first()
        if seeker is None:
            raise NoConsent
        made = Placement.objects.filter(vacancy_id=vacancy_id, account_id=seeker.account_id, state__in=_OPEN).first()
        if made is not None:
            raise OfferedAlready(placement_id=made.pk)
        (wanted,) = rows(Vacancy.objects.filter(pk=vacancy_id))
        placement = Placement.objects.create(
            vacancy_id=vacancy_id,
            organisation_id=vacancy.organisation_id,
            account_id=seeker.account_id,
            note=note,
            match=match_with(wanted, seeker, now).to_dict(),
            offered_at=now,
            answer_by=now + days.ANSWER_WITHIN,
            starts_on=starts_on or vacancy.starts_on,
            changed_at=now,
        )
        journal.record(
            "placements.placement.offered", actor=actor, house_id=vacancy.house_id, placement_id=placement.pk,
            vacancy_id=vacancy_id,
        )  # fmt: skip
        notices.tell_trainee("placements.offered", placement, now=now, until=placement.answer_by)
    return placement.pk


def accept(*, actor: Actor, placement_id: int, now: datetime) -> None:
    """Take the place: from here on the employer knows the name and address. Raises NotFound, PlacementStateRefused, OfferLapsed, PlacesTaken."""
    with db.transaction():
        one = _mine(placement_id, actor)
        if one.state != PlacementState.OFFERED:
            raise PlacementStateRefused(placement_id=placement_id, state=one.state)
        if one.answer_by is not None and one.answer_by <= now:
            raise OfferLapsed(placement_id=placement_id, until=one.answer_by.isoformat())
        vacancy = Vacancy.objects.get(pk=one.vacancy_id)
        if holding.taken(one.vacancy_id) >= vacancy.count:
            raise PlacesTaken(vacancy_id=one.vacancy_id, count=vacancy.count)
        Placement.objects.filter(pk=placement_id).update(
            state=PlacementState.ACCEPTED.value, accepted_at=now, answer_by=None, changed_at=now
        )
        journal.record(
            "placements.placement.accepted", actor=actor, placement_id=placement_id, vacancy_id=one.vacancy_id
        )
        notices.tell_employer("placements.accepted", one, now=now)
        holding.settle(vacancy, actor=actor, now=now)


def decline(*, actor: Actor, placement_id: int, now: datetime) -> None:
    """Not take an offer, or not come although one had accepted. Raises NotFound, PlacementStateRefused."""
    with db.transaction():
        one = _mine(placement_id, actor)
        _give_up(one, EndReason.TRAINEE, actor=actor, now=now)
        notices.tell_employer("placements.declined", one, now=now)


def withdraw_offer(*, actor: Actor, placement_id: int, now: datetime) -> None:
    """The employer takes an offer back, or the place before it was begun. Raises NotFound, PlacementStateRefused."""
    with db.transaction():
        one = held_placement(placement_id)
        if not permissions.represents(actor, one.organisation_id):
            raise NotFound(what="placement")
        _give_up(one, EndReason.EMPLOYER, actor=actor, now=now)
        notices.tell_trainee("placements.gone", one, now=now)


def held_placement(placement_id: int) -> Placement:
    """A placement with the locks of its vacancy and its trainee. Raises NotFound."""
    seen = Placement.objects.filter(pk=placement_id).values_list("vacancy_id", "account_id").first()
    if seen is None:
        raise NotFound(what="placement")
    vacancy_id, account_id = seen
    holding.hold(vacancies=[vacancy_id], accounts=[account_id] if account_id is not None else [])
    return Placement.objects.get(pk=placement_id)


def _mine(placement_id: int, actor: Actor) -> Placement:
    one = held_placement(placement_id)
    if actor.account_id is None or one.account_id != actor.account_id:
        raise NotFound(what="placement")
    return one


def _give_up(one: Placement, reason: EndReason, *, actor: Actor, now: datetime) -> None:
    if one.state not in (PlacementState.OFFERED, PlacementState.ACCEPTED):
        raise PlacementStateRefused(placement_id=one.pk, state=one.state)
    holding.decline_one(one, reason, actor=actor, now=now)
    if one.state == PlacementState.ACCEPTED:
        holding.settle(Vacancy.objects.get(pk=one.vacancy_id), actor=actor, now=now)
