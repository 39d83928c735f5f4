"""Giving: budget lines of agreements, tranches that wait for milestones, what is given at once, and what was wrong taken back."""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.network import queries as network
from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.errors import BudgetShort, MilestoneNotReached, StateRefused
from khaneh.domains.residencies.models import Acknowledgement, Line, Milestone, Residency, Support, Tranche
from khaneh.domains.residencies.rules import drafts
from khaneh.domains.residencies.services import holding, ledger
from khaneh.domains.residencies.types import (
    IN_MONEY,
    UNITS,
    LineDraft,
    MilestoneState,
    ResidencyState,
    SupportKind,
    TrancheState,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def add_line(*, actor: Actor, draft: LineDraft, key: str, now: datetime) -> int:
    """Enter a line of an agreement's budget. Gives its number; the same `key` again gives the same one. Raises NotAllowed, Invalid."""
    wrong = drafts.line_problems(draft)
    house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code)
    if house_id is None:
        raise Invalid(fields={**wrong, "house_code": "unknown"})
    permissions.require_run(actor, house_id=house_id)
    giver_id = None
    try:
        giver_id = network.organisation(draft.giver_code).row.id
    except NotFound:
        wrong["giver_code"] = "unknown" if draft.giver_code else "required"
    if wrong or giver_id is None:
        raise Invalid(fields=wrong)
    with db.transaction():
        holding.hold(ledgers=[house_id])
        made = Line.objects.filter(made_key=key).first()
        if made is None:
            made = Line.objects.create(
                house_id=house_id, giver_id=giver_id, agreement=draft.agreement.strip(), names=draft.names.to_dict(),
                kind=draft.kind.value, unit=UNITS.get(draft.kind, draft.unit), amount=draft.amount, first=draft.first,
                last=draft.last, made_key=key, made_at=now,
            )  # fmt: skip
            journal.record(
                "residencies.line.added", actor=actor, house_id=house_id, line_id=made.pk, amount=draft.amount
            )
    return made.pk


def change_line(*, actor: Actor, line_id: int, amount: int) -> None:
    """Another limit, never below what is promised and given. Raises NotFound, NotAllowed, Invalid, BudgetShort."""
    with db.transaction():
        holding.hold(lines=[line_id])
        line = _line(line_id, actor)
        if not 1 <= amount <= drafts.GREATEST:
            raise Invalid(fields={"amount": "out_of_range"})
        if amount < line.promised + line.given:
            raise BudgetShort(left=amount, wanted=line.promised + line.given, unit=line.unit)
        Line.objects.filter(pk=line_id).update(amount=amount)
        journal.record(
            "residencies.line.changed", actor=actor, house_id=line.house_id, line_id=line_id, before=line.amount,
            after=amount,
        )  # fmt: skip


def promise(
    *,
    actor: Actor,
    residency_id: int,
    line_id: int,
    amount: int,
    key: str,
    now: datetime,
    milestone_id: int | None = None,
) -> int:
    """Promise a team a part of a budget line, due when a milestone is reached. Gives the tranche's number; the same `key` the same one.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid, LineNotInForce, BudgetShort.
    """
    with db.transaction():
        one = holding.held(residency_id, lines=[line_id])
        holding.run_by(actor, one)
        made = Tranche.objects.filter(made_key=key, residency_id=residency_id).first()
        if made is not None:
            return made.pk
        holding.open_one(one)
        line = _line_of_house(line_id, one, amount, holding.today_at(one.house_id, now))
        if milestone_id is not None:
            state = Milestone.objects.filter(pk=milestone_id, residency_id=one.pk).values_list("state", flat=True)
            if state.first() in (None, MilestoneState.DROPPED.value):
                raise Invalid(fields={"milestone": "unknown"})
        made = Tranche.objects.create(
            residency_id=one.pk, line_id=line.pk, milestone_id=milestone_id, amount=amount, made_key=key, made_at=now
        )
        journal.record(
            "residencies.tranche.promised", actor=actor, house_id=one.house_id, tranche_id=made.pk, line_id=line.pk,
            residency_id=one.pk,
        )  # fmt: skip
    return made.pk


def pay(*, actor: Actor, tranche_id: int, now: datetime, note: str = "") -> int:
    """Pay a tranche whose milestone is reached: a line of the ledger with its receipt. Gives the line's number; paid twice it is once.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, MilestoneNotReached, Invalid.
    """
    if len(note) > drafts.LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    with db.transaction():
        one, tranche = _tranche(tranche_id, actor)
        if tranche.state == TrancheState.PAID:
            return Support.objects.get(tranche_id=tranche_id, reverses__isnull=True).pk
        if tranche.state != TrancheState.PROMISED:
            raise StateRefused(what="tranche", state=tranche.state)
        if tranche.milestone_id is not None:
            reached = Milestone.objects.filter(pk=tranche.milestone_id, state=MilestoneState.REACHED.value)
            if not reached.exists():
                raise MilestoneNotReached(milestone_id=tranche.milestone_id)
        elif one.state == ResidencyState.OFFERED:
            raise StateRefused(what="residency", state=one.state)
        line = Line.objects.get(pk=tranche.line_id)
        given = ledger.Given(
            SupportKind(line.kind), line.unit, tranche.amount, holding.today_at(one.house_id, now), note=note.strip(),
            giver_id=line.giver_id, line_id=line.pk, tranche_id=tranche_id,
        )  # fmt: skip
        made = ledger.write(one, given, actor=actor, key=f"residencies.tranche:{tranche_id}", now=now)
    return made.pk


def cancel_tranche(*, actor: Actor, tranche_id: int) -> None:
    """What was promised is not given; the budget line has it again. Raises NotFound, NotAllowed, OwnTeam, StateRefused."""
    with db.transaction():
        one, tranche = _tranche(tranche_id, actor)
        if tranche.state != TrancheState.PROMISED:
            raise StateRefused(what="tranche", state=tranche.state)
        Tranche.objects.filter(pk=tranche_id).update(state=TrancheState.CANCELLED.value)
        journal.record("residencies.tranche.cancelled", actor=actor, house_id=one.house_id, tranche_id=tranche_id)


def give(
    *,
    actor: Actor,
    residency_id: int,
    kind: SupportKind,
    amount: int,
    key: str,
    now: datetime,
    line_id: int | None = None,
    unit: str = "",
    note: str = "",
    given_on: date | None = None,
) -> int:
    """Write down what a team was given at once: from a budget line, or by the house itself where it is no money. Gives the line's number.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid, LineNotInForce, BudgetShort.
    """
    wrong = drafts.amount_problem(amount, kind)
    if kind in IN_MONEY and line_id is None:
        wrong["line"] = "required"
    if len(note) > drafts.LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        house = Residency.objects.filter(pk=residency_id).values_list("house_id", flat=True)
        one = holding.held(residency_id, lines=[line_id] if line_id else [], ledgers=list(house))
        holding.run_by(actor, one)
        made = Support.objects.filter(key=key, residency_id=residency_id).first()
        if made is not None:
            return made.pk
        holding.open_one(one, ResidencyState.MOVED_IN, ResidencyState.GRADUATED)
        today = holding.today_at(one.house_id, now)
        day = given_on or today
        if not (one.moved_in_on or today) <= day <= today:
            raise Invalid(fields={"given_on": "out_of_range"})
        giver_id = None
        unit = UNITS.get(kind, unit)
        if line_id is not None:
            line = _line_of_house(line_id, one, amount, day)
            if line.kind != kind:
                raise Invalid(fields={"line": "not_of_kind"})
            giver_id, unit = line.giver_id, line.unit
        given = ledger.Given(kind, unit, amount, day, note=note.strip(), giver_id=giver_id, line_id=line_id)
        made = ledger.write(one, given, actor=actor, key=key, now=now)
    return made.pk


def take_back(*, actor: Actor, support_id: int, reason: str, now: datetime) -> int:
    """A line was wrong: another takes all of it back, and its budget line has it again. Gives that line's number; twice it is once.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused (what is itself such a line), Invalid.
    """
    wrong = drafts.text_problem("reason", reason)
    if wrong:
        raise Invalid(fields=wrong)
    seen = Support.objects.filter(pk=support_id).first()
    if seen is None or seen.residency_id is None:
        raise NotFound(what="support")
    with db.transaction():
        one = holding.held(seen.residency_id, lines=[seen.line_id] if seen.line_id else [], ledgers=[seen.house_id])
        holding.run_by(actor, one)
        if seen.reverses_id is not None:
            raise StateRefused(what="support", state="reversal")
        given = ledger.Given(
            SupportKind(seen.kind), seen.unit, -seen.amount, holding.today_at(one.house_id, now), note=reason.strip(),
            giver_id=seen.giver_id, line_id=seen.line_id, tranche_id=seen.tranche_id, reverses_id=seen.pk,
        )  # fmt: skip
        made = ledger.write(one, given, actor=actor, key=f"residencies.reversal:{support_id}", now=now)
    return made.pk


def acknowledge(*, actor: Actor, support_id: int, now: datetime) -> None:
    """The team says that it has it; twice it is once. Raises NotFound."""
    with db.transaction():
        found = Support.objects.select_related("residency").filter(pk=support_id, reverses__isnull=True).first()
        if found is None or found.residency is None or not permissions.is_of_team(actor, found.residency):
            raise NotFound(what="support")
        _, new = Acknowledgement.objects.get_or_create(
            support_id=support_id, defaults={"by_id": actor.account_id, "at": now}
        )
        if new:
            journal.record(
                "residencies.support.acknowledged", actor=actor, house_id=found.house_id, support_id=support_id
            )


def _tranche(tranche_id: int, actor: Actor) -> tuple[Residency, Tranche]:
    """A tranche with its residency, for who runs it, everything held that paying changes."""
    seen = Tranche.objects.filter(pk=tranche_id).values_list("residency_id", "line_id", "residency__house_id").first()
    if seen is None:
        raise NotFound(what="tranche")
    one = holding.held(seen[0], lines=[seen[1]], ledgers=[seen[2]])
    holding.run_by(actor, one)
    return one, Tranche.objects.get(pk=tranche_id)


def _line(line_id: int, actor: Actor) -> Line:
    found = Line.objects.filter(pk=line_id).first()
    if found is None or not permissions.may_run(actor, house_id=found.house_id):
        raise NotFound(what="line")
    return found


def _line_of_house(line_id: int, one: Residency, amount: int, on: date) -> Line:
    if amount < 1:
        raise Invalid(fields={"amount": "out_of_range"})
    if not Line.objects.filter(pk=line_id, house_id=one.house_id).exists():
        raise Invalid(fields={"line": "unknown"})
    return ledger.line_for(line_id, house_id=one.house_id, amount=amount, on=on)
