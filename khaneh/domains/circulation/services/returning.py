"""Taking a copy back, whatever it was doing, and sending it where it is wanted. Spec: CIRC-IN."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import CopyUnknown
from khaneh.domains.circulation.models import Loan, Request, StrayReturn, Transfer
from khaneh.domains.circulation.queries.holding import Holding
from khaneh.domains.circulation.rules import due, fees
from khaneh.domains.circulation.services import capturing, floating, ledger
from khaneh.domains.circulation.services.capturing import Borrower, NextReader
from khaneh.domains.circulation.services.counting import counted
from khaneh.domains.circulation.types import (
    Act,
    Channel,
    FeeKind,
    LoanState,
    RequestState,
    Returned,
    ReturnedTo,
    TransferReason,
    TransferState,
)
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

# A clock that was set back never ends a loan before it began.
_END = """
UPDATE circulation_loan SET state = %(state)s, ended_at = greatest(%(now)s::timestamptz, lent_at), ended_house_id = %(house)s
WHERE id = %(loan)s
"""
_END_AND_FORGET = """
UPDATE circulation_loan
SET state = %(state)s, ended_at = greatest(%(now)s::timestamptz, lent_at), ended_house_id = %(house)s, member_id = NULL, override = NULL
WHERE id = %(loan)s
"""

# What is sent for these reasons is meant to stand where it arrives.
_TO_STAY = (TransferReason.MANUAL.value, TransferReason.REBALANCE.value)


def check_in(
    *,
    actor: Actor,
    house_id: int,
    barcode: str,
    now: datetime,
    returned_at: datetime | None = None,
    channel: Channel = Channel.DESK,
) -> Returned:
    """Take a copy in at a house: end its loan or its journey, charge what is due, and say where it goes. About ten statements.

    `returned_at` is when the reader put it in the box, if that was earlier: lateness counts up to then. What was read is forgotten here,
    unless the member keeps a history. Raises NotAllowed, CopyUnknown.
    """
    permissions.require_desk(actor, house_id=house_id)
    house = network.house_facts(house_id)
    with db.refusing_first():
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        held, borrower, following = capturing.incoming(
            copy_id=copy.id, record_id=copy.record_id, work_id=copy.work_id, now=now
        )
        ended = _end_loan(copy, held, borrower, house, channel, now, min(returned_at or now, now))
        for_whom = held.request_id if following is None else following.request_id
        entry = journal.entry(
            "circulation.copy.returned",
            actor=actor,
            house_id=house_id,
            **({"request_id": for_whom} if for_whom is not None else {}),
        )
        db.write(**ended.writes, entry=entry, document=discovery.touching("record", [copy.record_id]))
        charge_id, refunded = _settle(held, ended, house, now)
        goes_to, to_house_id, request_id, transfer_id = _send_on(copy, held, following, house, now)
    return Returned(
        copy_id=copy.id,
        record_id=copy.record_id,
        loan_id=held.loan_id,
        member_id=held.member_id,
        was_late_days=ended.late_days,
        fee=ended.fee.amount if ended.fee else 0,
        currency=ended.fee.currency if ended.fee else house.currency,
        goes_to=goes_to,
        to_house_id=to_house_id,
        request_id=request_id,
        transfer_id=transfer_id,
        was_lost=held.loan_state == LoanState.LOST,
        refunded=refunded,
        charge_id=charge_id,
    )


class _Ended(NamedTuple):
    """A loan that ends with a return: days late, the fee for them, whether its member keeps a history, and what is written of it."""

    late_days: int = 0
    fee: Money | None = None
    keeps: bool = False
    writes: Mapping[str, db.Write] = MappingProxyType({})


def _end_loan(
    copy: LendingCopy,
    held: Holding,
    borrower: Borrower | None,
    house: HouseFacts,
    channel: Channel,
    now: datetime,
    returned_at: datetime,
) -> _Ended:
    if held.loan_id is None or held.member_id is None or held.due_at is None:
        # A loan that was made without a line, and is not known here yet, may have ended with this (CIRC-OFF-5).
        StrayReturn.objects.create(copy_id=copy.id, house_id=house.id, at=returned_at)
        if copy.state in (CopyState.MISSING, CopyState.LOST, CopyState.AT_REPAIR):
            catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.AVAILABLE)
        return _Ended()
    lost = held.loan_state == LoanState.LOST
    late = 0 if lost else due.late_days(house.calendar, due=held.due_at, returned=returned_at)
    fee = fees.overdue_fee(late_days=late, grace_days=held.grace_days, per_day=held.fee_per_day, cap=held.fee_cap)
    keeps = borrower is not None and borrower.keep_history
    state = LoanState.FOUND if lost else LoanState.RETURNED
    loan = db.Write(
        _END if keeps else _END_AND_FORGET,
        {"state": state.value, "now": now, "house": house.id, "loan": held.loan_id},
    )
    statistic = counted(
        Act.RETURN, house=house, member=borrower, item_type=copy.item_type.value, channel=channel, now=now
    )
    return _Ended(late, fee, keeps, {"loan": loan, "statistic": statistic})


def _settle(held: Holding, ended: _Ended, house: HouseFacts, now: datetime) -> tuple[int | None, int]:
    """The money of a loan that has ended: the fee's entry, and what a found loss gives back (minor units)."""
    charge_id = None
    if ended.fee is not None and held.member_id is not None:
        charge_id = ledger.charge_for_loan(
            member_id=held.member_id, house_id=house.id, kind=FeeKind.OVERDUE, amount=ended.fee, now=now,
            loan_id=held.loan_id if ended.keeps else None,
        )  # fmt: skip
    lost = held.loan_state == LoanState.LOST
    return charge_id, _refund_loss(held.loan_id, house, now) if lost and held.loan_id is not None else 0


def _refund_loss(loan_id: int, house: HouseFacts, now: datetime) -> int:
    """A lost copy came back: its price is taken off again, as far as it was not forgiven; the processing fee stays (CIRC-FEE-5).

    The loan names the charge while it is lost, never the charge the loan: the ledger is kept for ever, and nobody shall read from it what
    somebody read.
    """
    terms = Loan.objects.values_list("terms", flat=True).get(pk=loan_id)
    charge_id = terms.pop("lost_entry", None)
    if charge_id is None:
        return 0
    Loan.objects.filter(pk=loan_id).update(terms=terms)
    return ledger.take_back(charge_id=charge_id, house_id=house.id, now=now)


def _send_on(
    copy: LendingCopy, held: Holding, following: NextReader | None, house: HouseFacts, now: datetime
) -> tuple[ReturnedTo, int | None, int | None, int | None]:
    """Where the copy goes: (what happens, the house, the request, the transfer). A copy that nobody waits for goes home or stays."""
    meant_for = None
    if held.transfer_id is not None:
        sent = Transfer.objects.filter(pk=held.transfer_id)
        meant_for = sent.filter(reason__in=_TO_STAY).values_list("to_house_id", flat=True).first()
        sent.update(state=TransferState.RECEIVED.value, ended_at=now)
    if held.request_id is not None:
        return _bring(copy, held.request_id, held.pickup_house_id or house.id, held.shelf_days, house, now)
    if following is not None:
        capturing.end_targets(request_id=following.request_id, copy_id=copy.id, now=now)
        return _bring(copy, following.request_id, following.pickup_house_id, following.shelf_days, house, now)
    # What somebody sent here stays here; it goes home when it comes back the next time.
    stays = copy.house_id is None or meant_for == house.id
    if copy.floating and not stays:
        even_out = floating.surplus_goes_to(copy, house_id=house.id)
        if even_out is not None:
            catalogue_services.keep_copy_at(copy_id=copy.id, house_id=house.id)
            transfer = _send(copy, house, even_out, TransferReason.REBALANCE, None, now)
            return ReturnedTo.TRANSIT_TO_EVEN_OUT, even_out, None, transfer
    if stays or copy.house_id is None or copy.house_id == house.id or copy.floating:
        if copy.at_house_id != house.id:
            catalogue_services.keep_copy_at(copy_id=copy.id, house_id=house.id)
        return ReturnedTo.SHELF, None, None, None
    transfer = _send(copy, house, copy.house_id, TransferReason.RETURN, None, now)
    return ReturnedTo.TRANSIT_HOME, copy.house_id, None, transfer


def _bring(
    copy: LendingCopy, request_id: int, pickup_house_id: int, shelf_days: int, house: HouseFacts, now: datetime
) -> tuple[ReturnedTo, int | None, int | None, int | None]:
    """The copy is for a request: onto the hold shelf here, or on its way to the house where its reader comes."""
    catalogue_services.keep_copy_at(copy_id=copy.id, house_id=house.id)
    if pickup_house_id == house.id:
        until = due.due_at(house.calendar, now=now, days=shelf_days)
        Request.objects.filter(pk=request_id).update(
            state=RequestState.ON_SHELF.value, captured_copy_id=copy.id, captured_at=now, shelf_until=until
        )
        notices.tell_ready(request_id=request_id, house_id=house.id, until=until, now=now)
        return ReturnedTo.HOLD_SHELF, None, request_id, None
    Request.objects.filter(pk=request_id).update(
        state=RequestState.IN_TRANSIT.value, captured_copy_id=copy.id, captured_at=now, shelf_until=None
    )
    transfer = _send(copy, house, pickup_house_id, TransferReason.REQUEST, request_id, now)
    return ReturnedTo.TRANSIT_TO_READER, pickup_house_id, request_id, transfer


def _send(
    copy: LendingCopy,
    house: HouseFacts,
    to_house_id: int,
    reason: TransferReason,
    request_id: int | None,
    now: datetime,
) -> int:
    return Transfer.objects.create(
        copy_id=copy.id,
        from_house_id=house.id,
        to_house_id=to_house_id,
        reason=reason.value,
        request_id=request_id,
        sent_at=now,
    ).pk
