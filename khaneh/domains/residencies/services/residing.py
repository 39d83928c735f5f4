"""A residency's life: offered, moved in, graduated, left or ended; and what follows when it is over."""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.residencies import notices, permissions
from khaneh.domains.residencies.errors import AlreadyResident, MilestonesOpen
from khaneh.domains.residencies.models import FollowUp, Mentorship, Milestone, Request, Residency, Session, Tranche
from khaneh.domains.residencies.rules import days, drafts
from khaneh.domains.residencies.services import allotting, holding
from khaneh.domains.residencies.types import (
    ACCEPTED,
    ENDING,
    LEAVING,
    OPEN_STATES,
    MilestoneState,
    OverReason,
    RequestState,
    ResidencyDraft,
    ResidencyState,
    SessionState,
    TrancheState,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_OPEN = [state.value for state in OPEN_STATES]


def offer_residency(*, actor: Actor, house_id: int, draft: ResidencyDraft, key: str, now: datetime) -> int:
    """Offer a team a place in a house. Gives the residency's number; the same `key` again gives the same one.

    Raises NotAllowed, NotFound, Invalid, AlreadyResident.
    """
    permissions.require_run(actor, house_id=house_id)
    wrong = drafts.residency_problems(draft)
    founder = people.account_by_email(draft.founder_email)
    if founder is None and "founder_email" not in wrong:
        wrong["founder_email"] = "unknown"
    organisation_id = _organisation(draft.organisation_code, wrong)
    if draft.application_id is not None:
        _refuse_application(draft.application_id, house_id, wrong)
    if wrong or founder is None:
        raise Invalid(fields=wrong)
    with db.transaction():
        if organisation_id is not None:
            holding.hold_organisation(organisation_id)
            # It may have withdrawn between the form and this moment; from here on its withdrawal waits, and ends this offer.
            if network.organisations_by_ids([organisation_id])[organisation_id].withdrawn:
                raise Invalid(fields={"organisation_code": "unknown"})
        holding.hold(ledgers=[house_id])
        made = Residency.objects.filter(made_key=key).first()
        if made is not None:
            return made.pk
        if draft.application_id is not None:
            taken = Residency.objects.filter(application_id=draft.application_id).values_list("pk", flat=True).first()
            if taken is not None:
                raise AlreadyResident(residency_id=taken)
        if organisation_id is not None:
            there = Residency.objects.filter(house_id=house_id, organisation_id=organisation_id, state__in=_OPEN)
            number = there.values_list("pk", flat=True).first()
            if number is not None:
                raise AlreadyResident(residency_id=number)
        residency = Residency.objects.create(
            house_id=house_id, organisation_id=organisation_id, founder_id=founder.id,
            application_id=draft.application_id, names=draft.names.to_dict(),
            plan=draft.plan.strip(), people=draft.people, starts_on=draft.starts_on, ends_on=draft.ends_on, made_key=key,
            made_at=now, changed_at=now,
        )  # fmt: skip
        journal.record(
            "residencies.residency.offered", actor=actor, house_id=house_id, residency_id=residency.pk,
            organisation_id=organisation_id,
        )  # fmt: skip
        notices.tell_team("residencies.offered", residency, now=now)
    return residency.pk


def move_in(*, actor: Actor, residency_id: int, now: datetime) -> None:
    """The team has come. Raises NotFound, NotAllowed, OwnTeam, StateRefused."""
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        holding.open_one(one, ResidencyState.OFFERED)
        Residency.objects.filter(pk=one.pk).update(
            state=ResidencyState.MOVED_IN.value, moved_in_on=holding.today_at(one.house_id, now), changed_at=now
        )
        allotting.begin(one.pk, actor=actor, now=now)
        journal.record("residencies.residency.moved_in", actor=actor, house_id=one.house_id, residency_id=one.pk)


def prolong(*, actor: Actor, residency_id: int, ends_on: date, now: datetime) -> None:
    """Another last day. What was allotted stays as it was. Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid."""
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        holding.open_one(one)
        if not max(one.starts_on, holding.today_at(one.house_id, now)) < ends_on <= one.starts_on + drafts.LONGEST_STAY:
            raise Invalid(fields={"ends_on": "out_of_range"})
        Residency.objects.filter(pk=one.pk).update(ends_on=ends_on, changed_at=now)
        journal.record(
            "residencies.residency.prolonged", actor=actor, house_id=one.house_id, residency_id=one.pk,
            ends_on=ends_on.isoformat(),
        )  # fmt: skip


def graduate(*, actor: Actor, residency_id: int, now: datetime) -> None:
    """The plan is fulfilled: every milestone is reached or was dropped. It will be asked what became of the team, where it consents.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, MilestonesOpen.
    """
    with db.transaction():
        one = holding.held(residency_id, ledgers=_house_of(residency_id))
        holding.run_by(actor, one)
        holding.open_one(one, ResidencyState.MOVED_IN)
        undecided = [MilestoneState.PLANNED.value, MilestoneState.SUBMITTED.value]
        open_ = Milestone.objects.filter(residency_id=one.pk, state__in=undecided).count()
        if open_:
            raise MilestonesOpen(open=open_)
        today = holding.today_at(one.house_id, now)
        _finish(one, ResidencyState.GRADUATED, None, today, actor=actor, now=now)
        FollowUp.objects.bulk_create(
            FollowUp(residency_id=one.pk, year=year, due_on=days.years_after(today, year))
            for year in days.FOLLOW_UP_YEARS
        )
        notices.tell_team("residencies.graduated", one, now=now)


def leave(*, actor: Actor, residency_id: int, reason: OverReason, now: datetime) -> None:
    """The team goes, or does not take the offer. Raises NotFound, StateRefused, Invalid."""
    with db.transaction():
        one = holding.held(residency_id, ledgers=_house_of(residency_id))
        permissions.require_team(actor, one)
        holding.open_one(one)
        today = holding.today_at(one.house_id, now)
        if one.state == ResidencyState.OFFERED:
            _finish(one, ResidencyState.ENDED, OverReason.DECLINED, today, actor=actor, now=now)
        else:
            if reason not in LEAVING:
                raise Invalid(fields={"reason": "not_in_list"})
            _finish(one, ResidencyState.LEFT, reason, today, actor=actor, now=now)
        notices.tell_house("residencies.gone", one, now=now)


def end_residency(*, actor: Actor, residency_id: int, reason: OverReason, now: datetime) -> None:
    """The house ends it, or takes its offer back. Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid."""
    with db.transaction():
        one = holding.held(residency_id, ledgers=_house_of(residency_id))
        holding.run_by(actor, one)
        holding.open_one(one)
        if one.state == ResidencyState.OFFERED:
            reason = OverReason.WITHDRAWN
        elif reason not in ENDING:
            raise Invalid(fields={"reason": "not_in_list"})
        _finish(one, ResidencyState.ENDED, reason, holding.today_at(one.house_id, now), actor=actor, now=now)
        notices.tell_team("residencies.over", one, now=now)


def withdraw_organisation(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    """A team's organisation withdraws from the network: what it was offered ends. A team that has moved in stays, with what it was promised,
    until its house or the team itself says otherwise; both are told. In the transaction of the withdrawal.
    """
    holding.hold_organisation(organisation_id)
    open_ = Residency.objects.filter(organisation_id=organisation_id, state__in=_OPEN)
    seen = list(open_.values_list("pk", "house_id"))
    holding.hold(residencies=[number for number, _ in seen], ledgers=[house_id for _, house_id in seen])
    for one in open_.filter(pk__in=[number for number, _ in seen]).order_by("pk"):
        if one.state == ResidencyState.OFFERED:
            today = holding.today_at(one.house_id, now)
            _finish(one, ResidencyState.ENDED, OverReason.DECLINED, today, actor=actor, now=now)
        else:
            journal.record(
                "residencies.organisation.withdrawn", actor=actor, house_id=one.house_id, residency_id=one.pk,
                organisation_id=organisation_id,
            )  # fmt: skip
        notices.tell_team("residencies.organisation_gone", one, now=now)
        notices.tell_house("residencies.organisation_gone", one, now=now)


def _finish(
    one: Residency, state: ResidencyState, reason: OverReason | None, today: date, *, actor: Actor, now: datetime
) -> None:
    """Write that it is over: places are free again, sessions to come and what was asked for fall away, and promises too unless it graduated."""
    allotting.give_all_back(one, actor=actor, today=today, now=now)
    Residency.objects.filter(pk=one.pk).update(
        state=state.value, over_on=today, over_reason=reason.value if reason else "", changed_at=now
    )
    one.refresh_from_db()
    Session.objects.filter(residency_id=one.pk, state=SessionState.BOOKED.value, starts__gt=now).update(
        state=SessionState.CANCELLED.value, changed_at=now
    )
    Mentorship.objects.filter(residency_id=one.pk, until__isnull=True, since__gt=today).delete()
    Mentorship.objects.filter(residency_id=one.pk, until__isnull=True).update(until=today)
    waiting = Request.objects.filter(
        residency_id=one.pk, state__in=[RequestState.ASKED.value, RequestState.TAKEN_UP.value]
    )
    waiting.update(state=RequestState.WITHDRAWN.value, changed_at=now)
    if state is not ResidencyState.GRADUATED:
        promised = Tranche.objects.filter(residency_id=one.pk, state=TrancheState.PROMISED.value)
        promised.update(state=TrancheState.CANCELLED.value)
    journal.record(
        f"residencies.residency.{state.value}", actor=actor, house_id=one.house_id, residency_id=one.pk,
        reason=reason.value if reason else "",
    )  # fmt: skip


def _house_of(residency_id: int) -> list[int]:
    """Its house, whose ledger is held too: giving a desk back writes a line."""
    return list(Residency.objects.filter(pk=residency_id).values_list("house_id", flat=True))


def _refuse_application(application_id: int, house_id: int, wrong: dict[str, str]) -> None:
    """Only what was accepted, by a call of this house, becomes a residency of it."""
    try:
        found = programmes.application(application_id)
    except NotFound:
        wrong["application"] = "unknown"
        return
    if found.house_id != house_id or found.state not in ACCEPTED:
        wrong["application"] = "unknown"


def _organisation(code: str, wrong: dict[str, str]) -> int | None:
    if not code:
        return None
    try:
        found = network.organisation(code).row
    except NotFound:
        wrong["organisation_code"] = "unknown"
        return None
    if found.withdrawn:
        wrong["organisation_code"] = "unknown"
    return found.id
