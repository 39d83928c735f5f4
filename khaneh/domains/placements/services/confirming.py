"""What the employer says of who has come: begun, there still after 3 and 12 months, gone."""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.placements import notices, permissions
from khaneh.domains.placements.errors import NotDueYet, PlacementStateRefused
from khaneh.domains.placements.models import Confirmation, Placement, Vacancy
from khaneh.domains.placements.rules import days
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.services.offering import held_placement
from khaneh.domains.placements.types import AT_WORK, CONFIRMED_AT, LEAVING, MILESTONES, EndReason, PlacementState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def start(*, actor: Actor, placement_id: int, started_on: date, now: datetime) -> None:
    """They have begun to work, on a day that has come and is not long before they accepted. Raises NotFound, PlacementStateRefused, Invalid."""
    with db.transaction():
        one, today = _of_employer(placement_id, actor, now)
        if one.state != PlacementState.ACCEPTED:
            raise PlacementStateRefused(placement_id=placement_id, state=one.state)
        first = days.day_in("", one.offered_at).toordinal() - 31
        if started_on > today or started_on.toordinal() < first:
            raise Invalid(fields={"started_on": "out_of_range"})
        Placement.objects.filter(pk=placement_id).update(
            state=PlacementState.STARTED.value, started_on=started_on, changed_at=now
        )
        Confirmation.objects.bulk_create(
            Confirmation(placement_id=placement_id, months=months, due_on=days.months_after(started_on, months))
            for months in MILESTONES
        )
        journal.record(
            "placements.placement.started", actor=actor, placement_id=placement_id, started_on=started_on.isoformat()
        )
        notices.tell_trainee("placements.started", one, now=now)


def confirm(*, actor: Actor, placement_id: int, months: int, now: datetime) -> None:
    """They have worked there for so many months without a break. Twelve say three as well, where that was not answered.

    Said again it changes nothing. Raises NotFound, PlacementStateRefused, NotDueYet, Invalid.
    """
    if months not in MILESTONES:
        raise Invalid(fields={"months": "not_in_list"})
    with db.transaction():
        one, today = _of_employer(placement_id, actor, now)
        asked = list(Confirmation.objects.filter(placement_id=placement_id).order_by("months"))
        if any(row.months == months and row.still for row in asked):
            return
        if PlacementState(one.state) not in AT_WORK:
            raise PlacementStateRefused(placement_id=placement_id, state=one.state)
        due_on = next(row.due_on for row in asked if row.months == months)
        if due_on > today:
            raise NotDueYet(months=months, due_on=due_on.isoformat())
        _answer(placement_id, [m for m in MILESTONES if m <= months], still=True, actor=actor, now=now)
        Placement.objects.filter(pk=placement_id).update(state=CONFIRMED_AT[months].value, changed_at=now)
        journal.record(
            "placements.placement.confirmed", actor=actor, placement_id=placement_id, months=months,
            organisation_id=one.organisation_id,
        )  # fmt: skip


def end_placement(*, actor: Actor, placement_id: int, ended_on: date, reason: EndReason, now: datetime) -> None:
    """They work there no more, since a day. The milestones that they had reached by then are confirmed by it.

    Raises NotFound, PlacementStateRefused, Invalid.
    """
    with db.transaction():
        one, today = _of_employer(placement_id, actor, now)
        if PlacementState(one.state) not in AT_WORK or one.started_on is None:
            raise PlacementStateRefused(placement_id=placement_id, state=one.state)
        wrong = {}
        if not one.started_on <= ended_on <= today:
            wrong["ended_on"] = "out_of_range"
        if reason not in LEAVING:
            wrong["reason"] = "not_in_list"
        if wrong:
            raise Invalid(fields=wrong)
        reached = days.reached(one.started_on, ended_on)
        _answer(placement_id, reached, still=True, actor=actor, now=now)
        _answer(placement_id, [m for m in MILESTONES if m not in reached], still=False, actor=actor, now=now)
        Placement.objects.filter(pk=placement_id).update(
            state=PlacementState.ENDED.value, ended_on=ended_on, end_reason=reason.value, changed_at=now
        )
        journal.record(
            "placements.placement.ended", actor=actor, placement_id=placement_id, reason=reason.value,
            ended_on=ended_on.isoformat(),
        )  # fmt: skip


def _of_employer(placement_id: int, actor: Actor, now: datetime) -> tuple[Placement, date]:
    """The placement with its locks, for who speaks for the employer, and the day that it is there. Raises NotFound."""
    one = held_placement(placement_id)
    if not permissions.represents(actor, one.organisation_id):
        raise NotFound(what="placement")
    return one, days.day_in(holding.country_of(Vacancy.objects.get(pk=one.vacancy_id)), now)


def _answer(placement_id: int, months: list[int], *, still: bool, actor: Actor, now: datetime) -> None:
    Confirmation.objects.filter(placement_id=placement_id, months__in=months, answered_at__isnull=True).update(
        answered_at=now, answered_by_id=actor.account_id, still=still
    )
