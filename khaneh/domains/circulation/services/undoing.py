"""Taking back what a desk has just done by mistake. Spec: CIRC-UNDO."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import CopyOnLoan, LoanEnded
from khaneh.domains.circulation.models import Loan, Request, Transfer
from khaneh.domains.circulation.queries.holding import holding
from khaneh.domains.circulation.services import capturing, ledger
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.types import Channel, LoanState, RequestState, Returned, TransferState
from khaneh.domains.discovery import services as discovery
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

UNDO_FOR = timedelta(minutes=10)


def undo_loan(*, actor: Actor, house_id: int, loan_id: int, now: datetime, channel: Channel = Channel.DESK) -> Returned:
    """Take back a loan that this house made in the last ten minutes: a return without a fee.

    Raises NotAllowed, NotFound, LoanEnded for one that is over or too old.
    """
    permissions.require_desk(actor, house_id=house_id)
    with db.transaction():
        loan = Loan.objects.select_related("copy").filter(pk=loan_id, house_id=house_id).first()
        if loan is None or not loan.copy.barcode:
            raise NotFound(what="loan")
        if loan.state != LoanState.OPEN or now - loan.lent_at > UNDO_FOR:
            raise LoanEnded(loan_id=loan_id, state=loan.state)
        return check_in(
            actor=actor,
            house_id=house_id,
            barcode=loan.copy.barcode,
            now=now,
            returned_at=loan.lent_at,
            channel=channel,
        )


def undo_return(
    *, actor: Actor, house_id: int, loan_id: int, member_id: int, now: datetime, charge_id: int | None = None
) -> int:
    """Take back a return of the last ten minutes at this house: the loan again as it was, under a new id, which is given.

    Who had the copy is forgotten on return, and nothing leads to the fee for lateness (`charge_id`), so the caller says both from a signed
    token. The fee is taken back; a reader for whom the copy was kept waits again in the old place; a journey that began is called off. Raises
    NotAllowed, NotFound, LoanEnded where it is too old or the copy was lost before, CopyOnLoan.
    """
    permissions.require_desk(actor, house_id=house_id)
    with db.transaction():
        member = people.standing(now=now, member_id=member_id, lock=True)
        loan = Loan.objects.filter(pk=loan_id, ended_house_id=house_id).first()
        if member is None or loan is None or loan.member_id not in (None, member_id):
            raise NotFound(what="loan")
        copy = catalogue.lending_copy(copy_id=loan.copy_id, lock=True)
        # Read again under the copy's lock: two desks could each bring the same loan back.
        loan.refresh_from_db()
        if copy is None:
            raise NotFound(what="copy")
        if loan.state != LoanState.RETURNED or loan.ended_at is None or now - loan.ended_at > UNDO_FOR:
            raise LoanEnded(loan_id=loan_id, state=loan.state)
        if Loan.objects.filter(copy_id=copy.id, lent_at__gt=loan.lent_at).exists() or _brought_back(loan_id):
            raise LoanEnded(loan_id=loan_id, state=loan.state)
        held = holding(copy_id=copy.id)
        if held.loan_id is not None:
            raise CopyOnLoan(barcode=copy.barcode, loan_id=held.loan_id, to_same_member=held.member_id == member_id)
        _free(held.transfer_id, held.request_id, now)
        # On its shelf for a moment, it may have been asked for.
        capturing.withdraw_copy(copy_id=copy.id, now=now)
        again = Loan.objects.create(
            copy_id=loan.copy_id, member_id=member_id, house_id=loan.house_id, item_type=loan.item_type,
            channel=loan.channel, lent_at=loan.lent_at, due_at=loan.due_at, renewals=loan.renewals,
            renewed_at=loan.renewed_at, claimed_at=loan.claimed_at, request_id=loan.request_id,
            decision_id=loan.decision_id, terms=loan.terms, override=loan.override,
        )  # fmt: skip
        # Whoever keeps a history would find the same loan in it twice.
        Loan.objects.filter(pk=loan_id).update(member_id=None)
        if charge_id is not None:
            ledger.take_back(charge_id=charge_id, house_id=house_id, now=now, member_id=member_id)
        journal.record(
            "circulation.return.undone", actor=actor, house_id=house_id, loan_id=again.pk, earlier_loan_id=loan_id
        )
        discovery.touch("record", [copy.record_id])
    return again.pk


def _brought_back(loan_id: int) -> bool:
    """Whether the same copy has a later life of the same loan: same copy, lent at the same instant."""
    return Loan.objects.filter(
        pk__gt=loan_id,
        copy_id__in=Loan.objects.filter(pk=loan_id).values("copy_id"),
        lent_at__in=Loan.objects.filter(pk=loan_id).values("lent_at"),
    ).exists()


def _free(transfer_id: int | None, request_id: int | None, now: datetime) -> None:
    if transfer_id is not None:
        Transfer.objects.filter(pk=transfer_id).update(state=TransferState.CANCELLED.value, ended_at=now)
    if request_id is not None:
        Request.objects.filter(pk=request_id).update(
            state=RequestState.PLACED.value, captured_copy=None, captured_at=None, shelf_until=None
        )
