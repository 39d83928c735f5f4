"""Fitting out: what has to be done until when, what it may cost and has cost, and the opening."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from khaneh.domains.founding import notices, permissions, queries
from khaneh.domains.founding.errors import BudgetExceeded, TakenBackAlready, TasksOpen
from khaneh.domains.founding.models import Proposal, Spend, Task
from khaneh.domains.founding.rules import drafts
from khaneh.domains.founding.services import holding, passports
from khaneh.domains.founding.services.money import planned, spent
from khaneh.domains.founding.types import (
    LONGEST_NAME,
    PassportRow,
    ProposalRow,
    ProposalState,
    TaskDraft,
    TaskState,
)
from khaneh.domains.network.types import HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_RUNNING = (ProposalState.APPROVED, ProposalState.FITTING_OUT)


def begin_fitting_out(*, actor: Actor, proposal_id: int, now: datetime) -> ProposalRow:
    """Begin; from then on everybody sees the house. Raises NotFound, NotAllowed, ProposalStateRefused."""
    with db.transaction():
        found = _held(actor, proposal_id, ProposalState.APPROVED, act="fit_out")
        holding.move(found, ProposalState.FITTING_OUT, actor=actor, now=now)
        holding.take_house_to(found.house_id, HouseState.FITTING_OUT, actor=actor, now=now)
    return queries.proposal(proposal_id, actor=actor, now=now)


def add_task(*, actor: Actor, proposal_id: int, draft: TaskDraft, now: datetime, key: str = "") -> int:
    """Enter something to be done; gives its number. Raises NotFound, NotAllowed, ProposalStateRefused, Invalid, BudgetExceeded."""
    _require(drafts.task_problems(draft))
    with db.transaction():
        found = _held(actor, proposal_id, *_RUNNING, act="task")
        made_key = f"{proposal_id}:{key}" if key else secrets.token_hex(8)
        again = Task.objects.filter(made_key=made_key).first()
        if again is not None:
            return again.pk
        _require_planned(found, draft.planned)
        made = Task.objects.create(
            proposal=found, title=draft.title.strip(), due_on=draft.due_on, planned=draft.planned, made_at=now,
            made_key=made_key,
        )  # fmt: skip
        _note("task_added", actor, found, task_id=made.pk)
    return made.pk


def change_task(*, actor: Actor, task_id: int, draft: TaskDraft) -> None:
    """Make title, day and money as the draft says. Raises as `add_task`."""
    _require(drafts.task_problems(draft))
    with db.transaction():
        found, task = _held_task(actor, task_id)
        _require_planned(found, draft.planned, but=task_id)
        later = draft.due_on > task.due_on
        Task.objects.filter(pk=task_id).update(
            title=draft.title.strip(), due_on=draft.due_on, planned=draft.planned,
            reminded=task.reminded and not later,
        )  # fmt: skip
        _note("task_changed", actor, found, task_id=task_id)


def set_task_state(*, actor: Actor, task_id: int, state: TaskState, now: datetime) -> None:
    """Done, dropped (its money is free again), or open again. Raises NotFound, NotAllowed, ProposalStateRefused, BudgetExceeded."""
    with db.transaction():
        found, task = _held_task(actor, task_id)
        if task.state == state:
            return
        if task.state == TaskState.DROPPED:
            _require_planned(found, task.planned, but=task_id)
        done = holding.today_at(found.house_id, now) if state is TaskState.DONE else None
        Task.objects.filter(pk=task_id).update(state=state.value, done_on=done)
        _note("task_state_changed", actor, found, task_id=task_id, before=task.state, after=state.value)


def spend(
    *,
    actor: Actor,
    proposal_id: int,
    amount: int,
    receipt: str,
    spent_on: date,
    task_id: int | None = None,
    now: datetime,
    key: str = "",
) -> int:
    """Note money that went out, in minor units, with the receipt's number; gives the line's number.

    Raises NotFound, NotAllowed, ProposalStateRefused, Invalid, BudgetExceeded.
    """
    wrong = {} if 1 <= amount < drafts.MOST_MONEY else {"amount": "out_of_range"}
    problem = drafts.text_problem(receipt) or ("too_long" if len(receipt) > LONGEST_NAME else "")
    if problem:
        wrong["receipt"] = problem
    _require(wrong)
    with db.transaction():
        found = _held(actor, proposal_id, ProposalState.FITTING_OUT, act="spend")
        if spent_on > holding.today_at(found.house_id, now):
            raise Invalid(fields={"spent_on": "future"})
        if task_id is not None and not Task.objects.filter(pk=task_id, proposal=found).exists():
            raise Invalid(fields={"task": "not_in_list"})
        made_key = f"{proposal_id}:{key}" if key else secrets.token_hex(8)
        again = Spend.objects.filter(made_key=made_key).first()
        if again is not None:
            return again.pk
        left = (found.budget or 0) - spent(proposal_id)
        if amount > left:
            raise BudgetExceeded(budget=found.budget, left=left, asked=amount, currency=found.currency)
        made = Spend.objects.create(
            proposal=found, task_id=task_id, amount=amount, spent_on=spent_on, receipt=receipt.strip(),
            noted_by_id=actor.account_id, noted_at=now, made_key=made_key,
        )  # fmt: skip
        _note("spent", actor, found, spend_id=made.pk, amount=amount, currency=found.currency)
    return made.pk


def take_back(*, actor: Actor, spend_id: int, now: datetime) -> int:
    """Take back a line that was wrong, by another; gives its number. Raises NotFound, NotAllowed, ProposalStateRefused, TakenBackAlready."""
    known = Spend.objects.filter(pk=spend_id).first()
    if known is None:
        raise NotFound(what="spend")
    with db.transaction():
        found = _held(actor, known.proposal_id, ProposalState.FITTING_OUT, act="spend")
        if known.reverses_id is not None or Spend.objects.filter(reverses=known).exists():
            raise TakenBackAlready(spend_id=spend_id)
        made = Spend.objects.create(
            proposal=found, task_id=known.task_id, amount=-known.amount, spent_on=holding.today_at(found.house_id, now),
            receipt=known.receipt, reverses=known, noted_by_id=actor.account_id, noted_at=now,
            made_key=f"back:{spend_id}",
        )  # fmt: skip
        _note("spent", actor, found, spend_id=made.pk, amount=made.amount, currency=found.currency)
    return made.pk


def open_house(*, actor: Actor, proposal_id: int, now: datetime) -> PassportRow:
    """Open the house; its passport begins with what its proposal was assessed as. Raises NotFound, NotAllowed, ProposalStateRefused,
    TasksOpen."""
    with db.transaction():
        found = _held(actor, proposal_id, ProposalState.FITTING_OUT, act="open")
        waiting = Task.objects.filter(proposal=found, state=TaskState.OPEN.value).count()
        if waiting:
            raise TasksOpen(number=waiting)
        today = holding.today_at(found.house_id, now)
        holding.move(found, ProposalState.OPEN, actor=actor, now=now, opened_on=today)
        holding.take_house_to(found.house_id, HouseState.OPEN, actor=actor, now=now)
        row = passports.open_passport(found, actor=actor, today=today)
        notices.tell_proposer(found, event="founding.opened", now=now)
    return row


def _held(actor: Actor, proposal_id: int, *states: ProposalState, act: str) -> Proposal:
    found, place = holding.held_proposal(proposal_id, actor=actor)
    permissions.require(permissions.may_fit(actor, place), "fit_out")
    holding.require_state(found, *states, act=act)
    return found


def _held_task(actor: Actor, task_id: int) -> tuple[Proposal, Task]:
    known = Task.objects.filter(pk=task_id).first()
    if known is None:
        raise NotFound(what="task")
    found = _held(actor, known.proposal_id, *_RUNNING, act="task")
    return found, Task.objects.get(pk=task_id)


def _require_planned(found: Proposal, amount: int, *, but: int = 0) -> None:
    left = (found.budget or 0) - planned(found.pk, but=but)
    if amount > left:
        raise BudgetExceeded(budget=found.budget, left=left, asked=amount, currency=found.currency)


def _require(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(fields=wrong)


def _note(what: str, actor: Actor, found: Proposal, **facts: object) -> None:
    journal.record(f"founding.fitting.{what}", actor=actor, house_id=found.house_id, proposal_id=found.pk, **facts)
