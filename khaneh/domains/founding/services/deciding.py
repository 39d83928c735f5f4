"""The decision on a proposal, and how much money there is."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.founding import notices, permissions, queries
from khaneh.domains.founding.errors import BudgetExceeded, NotImpartial
from khaneh.domains.founding.models import Assessment, Proposal
from khaneh.domains.founding.rules import drafts
from khaneh.domains.founding.services import holding
from khaneh.domains.founding.services.money import planned, spent
from khaneh.domains.founding.types import AssessmentState, ProposalRow, ProposalState
from khaneh.domains.network.types import HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import is_currency
from khaneh.kernel.refusal import Invalid


def approve(
    *, actor: Actor, proposal_id: int, reason: str, budget: int, currency: str = "", now: datetime
) -> ProposalRow:
    """Let it be founded, with a budget in minor units; `currency` where none was asked for. What was weighed is kept as it is at this moment.

    One that falls short of its standard can be approved, where need is greater, and is marked so. Raises NotFound, NotAllowed,
    NotImpartial, ProposalStateRefused, Invalid.
    """
    with db.transaction():
        found = _judged(actor, proposal_id)
        wrong = _reason(reason)
        money = found.currency or currency
        if not 0 <= budget < drafts.MOST_MONEY:
            wrong["budget"] = "out_of_range"
        if not is_currency(money):
            wrong["currency"] = "required"
        if wrong:
            raise Invalid(fields=wrong)
        row = queries.proposal(proposal_id, actor=holding.founder(actor), now=now)
        _decide(found, ProposalState.APPROVED, reason, actor, now, budget=budget, currency=money, despite=not row.meets)
        holding.take_house_to(found.house_id, HouseState.APPROVED, actor=actor, now=now, reason=reason)
        notices.tell_proposer(found, now=now)
    return queries.proposal(proposal_id, actor=actor, now=now)


def refuse(*, actor: Actor, proposal_id: int, reason: str, now: datetime) -> ProposalRow:
    """Do not found it. The house stays a plan, which may be proposed again. Raises as `approve`."""
    with db.transaction():
        found = _judged(actor, proposal_id)
        wrong = _reason(reason)
        if wrong:
            raise Invalid(fields=wrong)
        _decide(found, ProposalState.REFUSED, reason, actor, now)
        notices.tell_proposer(found, now=now)
    return queries.proposal(proposal_id, actor=actor, now=now)


def change_budget(*, actor: Actor, proposal_id: int, budget: int, reason: str, now: datetime) -> ProposalRow:
    """Give more money or less, never less than is spent or planned. Raises NotFound, NotAllowed, NotImpartial, ProposalStateRefused,
    BudgetExceeded, Invalid."""
    with db.transaction():
        found, place = holding.held_proposal(proposal_id, actor=actor)
        permissions.require(permissions.may_decide(actor, place), "decide")
        _require_impartial(found, actor)
        holding.require_state(found, ProposalState.APPROVED, ProposalState.FITTING_OUT, act="change_budget")
        wrong = _reason(reason)
        if not 0 <= budget < drafts.MOST_MONEY:
            wrong["budget"] = "out_of_range"
        if wrong:
            raise Invalid(fields=wrong)
        least = max(spent(proposal_id), planned(proposal_id))
        if budget < least:
            raise BudgetExceeded(budget=budget, left=0, asked=least, currency=found.currency)
        Proposal.objects.filter(pk=proposal_id).update(budget=budget, changed_at=now)
        journal.record(
            "founding.proposal.budget_changed", actor=actor, house_id=found.house_id, proposal_id=proposal_id,
            before=found.budget, after=budget, reason=reason.strip(),
        )  # fmt: skip
    return queries.proposal(proposal_id, actor=actor, now=now)


def _judged(actor: Actor, proposal_id: int) -> Proposal:
    found, place = holding.held_proposal(proposal_id, actor=actor)
    permissions.require(permissions.may_decide(actor, place), "decide")
    holding.require_state(found, ProposalState.ASSESSED, act="decide")
    _require_impartial(found, actor)
    return found


def _require_impartial(found: Proposal, actor: Actor) -> None:
    if actor.account_id is None:
        return
    if found.made_by_id == actor.account_id:
        raise NotImpartial(role="proposer")
    mine = Assessment.objects.filter(
        proposal=found, assessor_id=actor.account_id, state=AssessmentState.SUBMITTED.value
    )
    if mine.exists():
        raise NotImpartial(role="assessor")


def _decide(found: Proposal, state: ProposalState, reason: str, actor: Actor, now: datetime, **values: object) -> None:
    spot = queries.spot_of(found.house_id, now=now)
    weighed = queries.weighed(spot, found.standard.kind, now=now)
    holding.move(
        found, state, actor=actor, now=now, decided_by_id=actor.account_id, decided_at=now, reason=reason.strip(),
        weighed=weighed.to_dict(), **values,
    )  # fmt: skip


def _reason(reason: str) -> dict[str, str]:
    problem = drafts.text_problem(reason)
    return {"reason": problem} if problem else {}
