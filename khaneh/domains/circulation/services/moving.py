"""Copies sent from house to house by hand, lost on the way, and not collected from the hold shelf. Spec: CIRC-MOVE, CIRC-SHELF."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import CopyOnLoan, CopyUnknown, TransferEnded
from khaneh.domains.circulation.models import Request, Transfer
from khaneh.domains.circulation.queries.holding import holding
from khaneh.domains.circulation.rules import due
from khaneh.domains.circulation.services import capturing, ending, targeting
from khaneh.domains.circulation.services.counting import count
from khaneh.domains.circulation.services.losing import wait_again
from khaneh.domains.circulation.types import (
    Act,
    Channel,
    RequestState,
    TransferReason,
    TransferState,
)
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound


def send_transfer(
    *,
    actor: Actor,
    house_id: int,
    barcode: str,
    to_house_id: int,
    now: datetime,
    reason: TransferReason = TransferReason.MANUAL,
) -> int:
    """Send a copy that stands here to another house; gives the transfer's id. It is received by scanning it there (`check_in`).

    Raises NotAllowed, NotFound, Invalid, CopyUnknown, CopyOnLoan, TransferEnded (it is on its way already).
    """
    permissions.require_desk(actor, house_id=house_id)
    house = network.house_facts(house_id)
    network.house_facts(to_house_id)
    if to_house_id == house_id or reason is TransferReason.REQUEST:
        raise Invalid(fields={"to_house_id": "out_of_range"} if to_house_id == house_id else {"reason": "not_in_list"})
    with db.transaction():
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        held = holding(copy_id=copy.id)
        if held.loan_id is not None:
            raise CopyOnLoan(barcode=barcode, loan_id=held.loan_id, to_same_member=False)
        if held.transfer_id is not None:
            raise TransferEnded(transfer_id=held.transfer_id, state=TransferState.SENT.value)
        if held.request_id is not None:
            raise Invalid(fields={"barcode": "on_hold_shelf"})
        catalogue_services.keep_copy_at(copy_id=copy.id, house_id=house_id)
        transfer = Transfer.objects.create(
            copy_id=copy.id, from_house_id=house_id, to_house_id=to_house_id, reason=reason.value, sent_at=now
        )
        capturing.withdraw_copy(copy_id=copy.id, now=now)
        count(Act.TRANSFER, house=house, member=None, item_type=copy.item_type.value, channel=Channel.DESK, now=now)
        journal.record("circulation.transfer.sent", actor=actor, house_id=house_id, transfer_id=transfer.pk)
        discovery.touch("record", [copy.record_id])
    return transfer.pk


def lose_transfer(*, actor: Actor, transfer_id: int, now: datetime) -> None:
    """A copy did not arrive: it is missing, and a reader for whom it travelled waits for another. For either house's desk.

    Raises NotFound, NotAllowed, TransferEnded.
    """
    with db.transaction():
        transfer, copy = _held_transfer(actor, transfer_id)
        Transfer.objects.filter(pk=transfer_id).update(state=TransferState.LOST.value, ended_at=now)
        catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.MISSING)
        journal.record("circulation.transfer.lost", actor=actor, house_id=transfer.to_house_id, transfer_id=transfer_id)
        discovery.touch("record", [copy.record_id])
        _seek_another(transfer, now)


def cancel_transfer(*, actor: Actor, transfer_id: int, now: datetime) -> None:
    """A copy that was to be sent stays where it stood. Raises NotFound, NotAllowed, TransferEnded."""
    with db.transaction():
        transfer, copy = _held_transfer(actor, transfer_id)
        Transfer.objects.filter(pk=transfer_id).update(state=TransferState.CANCELLED.value, ended_at=now)
        journal.record(
            "circulation.transfer.cancelled", actor=actor, house_id=transfer.from_house_id, transfer_id=transfer_id
        )
        discovery.touch("record", [copy.record_id])
        _seek_another(transfer, now)


def expire_shelf(*, now: datetime, limit: int = 1_000) -> int:
    """End the requests whose readers did not come in time; gives their number. One transaction a request.

    A copy for which another reader of the same house waits is theirs at once; any other is free, and goes where it is wanted when it is
    scanned.
    """
    overdue = Request.objects.filter(state=RequestState.ON_SHELF.value, shelf_until__lt=now)
    seen = list(overdue.order_by("shelf_until", "pk").values_list("pk", "captured_copy_id")[:limit])
    return sum(_expire(number, copy_id, now) for number, copy_id in seen if copy_id is not None)


def _expire(request_id: int, copy_id: int, now: datetime) -> bool:
    with db.transaction():
        copy = catalogue.lending_copy(copy_id=copy_id, lock=True)
        request = Request.objects.select_for_update(no_key=True).filter(pk=request_id).first()
        still = request is not None and (request.state, request.captured_copy_id) == ("on_shelf", copy_id)
        if request is None or copy is None or not still or request.shelf_until is None or request.shelf_until >= now:
            return False
        member = people.standing(now=now, member_id=request.member_id) if request.member_id is not None else None
        Request.objects.filter(pk=request_id).update(
            state=RequestState.EXPIRED.value, ended_at=now, end_reason="not_collected",
            **ending.forgotten(keeps=member is not None and member.keep_history),
        )  # fmt: skip
        if member is not None:
            notices.tell_not_collected(
                request_id=request_id, member_id=member.member_id, house_id=request.pickup_house_id, now=now
            )
        house = network.house_facts(request.pickup_house_id)
        following = capturing.next_reader(copy_id=copy.id, record_id=copy.record_id, work_id=copy.work_id, now=now)
        if following is not None and following.pickup_house_id == house.id:
            capturing.end_targets(request_id=following.request_id, copy_id=copy.id, now=now)
            until = due.due_at(house.calendar, now=now, days=following.shelf_days)
            Request.objects.filter(pk=following.request_id).update(
                state=RequestState.ON_SHELF.value, captured_copy_id=copy.id, captured_at=now, shelf_until=until
            )
            notices.tell_ready(request_id=following.request_id, house_id=house.id, until=until, now=now)
        journal.record("circulation.request.not_collected", actor=SYSTEM, house_id=house.id, request_id=request_id)
        discovery.touch("record", [copy.record_id])
    return True


def _held_transfer(actor: Actor, transfer_id: int) -> tuple[Transfer, LendingCopy]:
    seen = Transfer.objects.filter(pk=transfer_id).first()
    if seen is None:
        raise NotFound(what="transfer")
    if not permissions.works_at_desk(actor, house_id=seen.from_house_id):
        permissions.require_desk(actor, house_id=seen.to_house_id)
    copy = catalogue.lending_copy(copy_id=seen.copy_id, lock=True)
    transfer = Transfer.objects.get(pk=transfer_id)
    if transfer.state != TransferState.SENT or copy is None:
        raise TransferEnded(transfer_id=transfer_id, state=transfer.state)
    return transfer, copy


def _seek_another(transfer: Transfer, now: datetime) -> None:
    if transfer.request_id is not None:
        wait_again(transfer.request_id)
        targeting.target_waiting(now=now, only=[transfer.request_id])
