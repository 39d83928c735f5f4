"""Copies that do not come back as they went: lost, said to be returned, damaged. Spec: CIRC-LOST."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import CopyOnLoan, CopyUnknown, LoanEnded
from khaneh.domains.circulation.models import Damage, Loan, Request, Transfer
from khaneh.domains.circulation.queries.holding import holding
from khaneh.domains.circulation.services import capturing, targeting, witness
from khaneh.domains.circulation.services.ledger import charge_for_loan
from khaneh.domains.circulation.types import FeeKind, LoanState, RequestState, TransferState
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NOTE = 500

_LONG_OVERDUE = """
SELECT id FROM circulation_loan
WHERE state = 'open' AND claimed_at IS NULL AND due_at < %(now)s AND terms ->> 'lost_after_days' IS NOT NULL
  AND due_at + make_interval(days => (terms ->> 'lost_after_days')::int) < %(now)s
ORDER BY due_at, id LIMIT %(limit)s
"""


class ClaimOutcome(StrEnum):
    """What came of "I returned it": the house believes it, or the copy is still owed."""

    BELIEVED = "believed"
    NOT_BELIEVED = "not_believed"


def declare_lost(*, actor: Actor, loan_id: int, now: datetime) -> int:
    """A lent copy is lost: the member is charged its price and the processing of the loss; gives the sum in minor units.

    The loan still holds the copy; when it is scanned anywhere it is found, and the price is taken off again. Raises NotFound, NotAllowed,
    LoanEnded.
    """
    with db.transaction():
        loan, copy = _held_loan(actor, loan_id, now)
        return _lose(actor, loan, copy, now)


def lose_long_overdue(*, now: datetime, limit: int = 1_000) -> int:
    """Count as lost what is overdue for longer than its loan's terms allow; gives the number. One transaction a loan."""
    with connection.cursor() as cursor:
        cursor.execute(_LONG_OVERDUE, {"now": now, "limit": limit})
        numbers = [row[0] for row in cursor.fetchall()]
    count = 0
    for number in numbers:
        try:
            with db.transaction():
                loan, copy = _held_loan(SYSTEM, number, now)
                # It may have been renewed, or said to be returned, since it was found.
                if loan.claimed_at is None and loan.due_at + timedelta(days=loan.terms["lost_after_days"]) < now:
                    _lose(SYSTEM, loan, copy, now)
                    count += 1
        except LoanEnded:
            continue
    return count


def claim_returned(*, actor: Actor, loan_id: int, now: datetime, for_member_id: int | None = None) -> None:
    """The member says that it was returned: no reminders and no loss until the claim is settled.

    The member's own (`for_member_id`, whom the caller identified) or staff of the house that lent it. Raises NotFound, NotAllowed, LoanEnded.
    """
    with db.transaction():
        loan, _ = _held_loan(actor, loan_id, now, for_member_id=for_member_id)
        if loan.claimed_at is None:
            Loan.objects.filter(pk=loan_id).update(claimed_at=now)
            own = for_member_id is not None and for_member_id == loan.member_id
            journal.record("circulation.loan.claimed", actor=witness.by(actor, own=own), house_id=loan.house_id)


def settle_claim(*, actor: Actor, loan_id: int, outcome: ClaimOutcome, now: datetime) -> None:
    """Decide a claim for which the copy did not turn up: the loan ends and the copy is missing, or the loan goes on as it was.

    For who leads the house that lent it. Raises NotFound, NotAllowed, LoanEnded, Invalid.
    """
    with db.transaction():
        loan, copy = _held_loan(actor, loan_id, now)
        permissions.require_lead(actor, house_id=loan.house_id)
        if loan.claimed_at is None:
            raise Invalid(fields={"loan_id": "not_claimed"})
        if outcome is ClaimOutcome.BELIEVED:
            member = people.standing(now=now, member_id=loan.member_id)
            Loan.objects.filter(pk=loan_id).update(
                state=LoanState.RETURNED.value, ended_at=max(now, loan.lent_at), ended_house_id=loan.house_id,
                **({} if member is not None and member.keep_history else {"member_id": None, "override": None}),
            )  # fmt: skip
            catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.MISSING)
            discovery.touch("record", [copy.record_id])
        else:
            Loan.objects.filter(pk=loan_id).update(claimed_at=None)
        journal.record(
            "circulation.loan.claim_settled",
            actor=actor,
            house_id=loan.house_id,
            outcome=outcome.value,
        )


def mark_damaged(
    *,
    actor: Actor,
    house_id: int,
    barcode: str,
    now: datetime,
    member_id: int | None = None,
    amount: Money | None = None,
    note: str = "",
) -> int | None:
    """A copy that came in is damaged: it goes to repair, and whoever waits for it waits for another; gives the charge's id, if any.

    `note` says what is to be seen of the copy, and stands with it alone: the same words with a charge would tell who had it. `member_id` and
    `amount` charge who brought it back (`check_in` names them). Raises NotAllowed, NotFound, Invalid, CopyUnknown, CopyOnLoan.
    """
    permissions.require_desk(actor, house_id=house_id)
    _require_sound(member_id, amount, note)
    with db.transaction():
        if member_id is not None and people.standing(now=now, member_id=member_id, lock=True) is None:
            raise NotFound(what="member")
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        held = holding(copy_id=copy.id)
        if held.loan_id is not None:
            raise CopyOnLoan(barcode=barcode, loan_id=held.loan_id, to_same_member=held.member_id == member_id)
        if held.transfer_id is not None:
            Transfer.objects.filter(pk=held.transfer_id).update(state=TransferState.CANCELLED.value, ended_at=now)
        if held.request_id is not None:
            wait_again(held.request_id)
        catalogue_services.keep_copy_at(copy_id=copy.id, house_id=house_id)
        catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.AT_REPAIR)
        capturing.withdraw_copy(copy_id=copy.id, now=now)
        Damage.objects.create(
            copy_id=copy.id, house_id=house_id, note=note.strip(),
            noted_on=network.house_facts(house_id).calendar.today(now),
        )  # fmt: skip
        entry = None
        if member_id is not None and amount is not None:
            entry = charge_for_loan(
                member_id=member_id, house_id=house_id, kind=FeeKind.DAMAGED, amount=amount, now=now
            )
        journal.record("circulation.copy.damaged", actor=actor, house_id=house_id, copy_id=copy.id)
        discovery.touch("record", [copy.record_id])
        if held.request_id is not None:
            targeting.target_waiting(now=now, only=[held.request_id])
    return entry


def wait_again(request_id: int) -> None:
    """A captured request lost its copy: its reader waits again, in the old place of the queue. One statement."""
    Request.objects.filter(pk=request_id, ended_at=None).update(
        state=RequestState.PLACED.value, captured_copy=None, captured_at=None, shelf_until=None
    )


def _held_loan(actor: Actor, loan_id: int, now: datetime, for_member_id: int | None = None) -> tuple[Loan, LendingCopy]:
    """An open loan with its member and copy held, in the order of locks."""
    seen = Loan.objects.filter(pk=loan_id).values_list("member_id", "house_id", "copy_id", "state").first()
    if seen is None:
        raise NotFound(what="loan")
    member_id, house_id, copy_id, state = seen
    own = member_id is not None and member_id == for_member_id
    if not own and not permissions.works_at_desk(actor, house_id=house_id):
        raise NotFound(what="loan") if for_member_id is not None else NotAllowed(act="circulation.desk")
    if member_id is not None:
        people.standing(now=now, member_id=member_id, lock=True)
    copy = catalogue.lending_copy(copy_id=copy_id, lock=True)
    loan = Loan.objects.filter(pk=loan_id, state=LoanState.OPEN.value).first()
    if loan is None or copy is None:
        raise LoanEnded(loan_id=loan_id, state=state)
    return loan, copy


def _lose(actor: Actor, loan: Loan, copy: LendingCopy, now: datetime) -> int:
    if loan.member_id is None:
        raise LoanEnded(loan_id=loan.pk, state=loan.state)
    terms, charged = dict(loan.terms), 0
    if copy.price is not None and copy.price.amount > 0:
        terms["lost_entry"] = charge_for_loan(
            member_id=loan.member_id, house_id=loan.house_id, kind=FeeKind.LOST, amount=copy.price, now=now
        )
        charged += copy.price.amount
    processing = terms.get("lost_fee")
    if processing and processing[0] > 0:
        fee = Money(processing[0], processing[1])
        charge_for_loan(member_id=loan.member_id, house_id=loan.house_id, kind=FeeKind.PROCESSING, amount=fee, now=now)
        charged += fee.amount
    Loan.objects.filter(pk=loan.pk).update(state=LoanState.LOST.value, lost_at=now, terms=terms)
    journal.record("circulation.loan.lost", actor=actor, house_id=loan.house_id)
    discovery.touch("record", [copy.record_id])
    return charged


def _require_sound(member_id: int | None, amount: Money | None, note: str) -> None:
    problems = {}
    if (member_id is None) != (amount is None):
        problems["amount"] = "required"
    elif amount is not None and amount.amount <= 0:
        problems["amount"] = "out_of_range"
    if len(note) > LONGEST_NOTE:
        problems["note"] = "too_long"
    if problems:
        raise Invalid(fields=problems)
