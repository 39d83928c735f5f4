"""Asking for a work, an edition or a copy, and changing one's mind. Spec: CIRC-REQ."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError
from psycopg import errors as postgres

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import AlreadyRequested, NothingToLend, RequestEnded
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.queries.wanting import wanted, wanting
from khaneh.domains.circulation.rules import acts
from khaneh.domains.circulation.services import asking, ending, targeting, witness
from khaneh.domains.circulation.services.counting import count
from khaneh.domains.circulation.types import (
    ACTIVE_REQUESTS,
    Act,
    Channel,
    Override,
    Placed,
    RequestLevel,
    RequestState,
    TargetState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import Question
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

FARTHEST_SUSPENSION = timedelta(days=366)
LONGEST_NOTE = 500
_ONCE = ("circulation_request_record_once", "circulation_request_work_once", "circulation_request_copy_once")


def place_request(
    *,
    actor: Actor,
    member_id: int,
    level: RequestLevel,
    target_id: int,
    pickup_house_id: int,
    now: datetime,
    channel: Channel = Channel.WEB,
    for_member_id: int | None = None,
    note: str = "",
    override: Override | None = None,
    asked_at: datetime | None = None,
) -> Placed:
    """Put a member into the queue for a work, a record or a copy, and ask a house for it at once where a copy stands on a shelf.

    `for_member_id` is the member whom the caller has identified (their own account, or a guardian's right to request); staff of the pickup
    house need none. `asked_at` is when it was asked for without a line: it gives the place in the queue. Raises NotAllowed, NotFound, Invalid, AlreadyRequested, NothingToLend, PolicyRefused.
    """
    house = network.house_facts(pickup_house_id)
    if for_member_id != member_id:
        permissions.require_desk(actor, house_id=pickup_house_id)
    rights = override.rights if override else frozenset()
    permissions.require_rights(actor, house.place, rights)
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    with asking.asked() as ask, db.transaction():
        member = people.standing(now=now, member_id=member_id, lock=True)
        if member is None:
            raise NotFound(what="member")
        thing = wanted(level=level, target_id=target_id)
        if thing is None:
            raise NotFound(what=level.value)
        if not thing.copies:
            raise NothingToLend(level=level.value)
        standing = wanting(member_id=member_id, currency=house.currency, now=now)
        facts = {
            **asking.member_facts(member, house, now),
            "member.requests": standing.requests,
            "member.overdue": standing.overdue,
            "member.debt": max(standing.debt, 0),
            "copy.type": thing.item_type,
            "request.available": thing.available,
            **asking.door(channel),
        }
        answer = ask(Question(acts.REQUEST, pickup_house_id, facts, now), rights)
        wait_days = answer.terms.get("wait_days")
        try:
            with db.transaction():
                request = Request.objects.create(
                    member_id=member_id,
                    level=level.value,
                    work_id=thing.work_id if level == RequestLevel.WORK else None,
                    record_id=thing.record_id if level != RequestLevel.WORK else None,
                    wanted_copy_id=target_id if level == RequestLevel.COPY else None,
                    # Should its last record leave the work, the request goes where this one is.
                    asked_record_id=thing.record_id if level == RequestLevel.WORK else None,
                    pickup_house_id=pickup_house_id,
                    channel=channel.value,
                    placed_at=min(asked_at or now, now),
                    expires_at=now + timedelta(days=int(wait_days)) if wait_days is not None else None,  # type: ignore[arg-type]
                    decision_id=answer.decision_id,
                    terms={"shelf_days": answer.terms.get("shelf_days"), "wait_days": wait_days},
                    override=override.to_facts() if override and answer.refusals else None,
                    note=note.strip(),
                )
        except IntegrityError as error:
            cause = error.__cause__
            if not isinstance(cause, postgres.UniqueViolation) or cause.diag.constraint_name not in _ONCE:
                raise
            raise AlreadyRequested(level=level.value) from error
        count(Act.REQUEST, house=house, member=member, item_type=thing.item_type or "", channel=channel, now=now)
        named = witness.by(actor, own=for_member_id == member_id)
        journal.record("circulation.request.placed", actor=named, house_id=pickup_house_id, request_id=request.pk)
        targeting.target_waiting(now=now, only=[request.pk])
    return Placed(request_id=request.pk, expires_at=request.expires_at)


def cancel_request(
    *, actor: Actor, request_id: int, now: datetime, for_member_id: int | None = None, reason: str = "cancelled"
) -> None:
    """End a request; a copy that is on its way or on the shelf for it serves the next reader when it is next scanned.

    Raises NotFound, NotAllowed, RequestEnded.
    """
    with db.transaction():
        request = _own(actor, request_id, for_member_id)
        member = people.standing(now=now, member_id=request.member_id) if request.member_id is not None else None
        _stop_asking(request_id, now)
        Request.objects.filter(pk=request_id).update(
            state=RequestState.CANCELLED.value,
            ended_at=now,
            end_reason=reason[:20],
            **ending.forgotten(keeps=member is not None and member.keep_history),
        )
        # Who cancels their own request knows it.
        if request.member_id is not None and request.member_id != for_member_id:
            notices.tell_cancelled(
                request_id=request_id, member_id=request.member_id, house_id=request.pickup_house_id, now=now
            )
        named = witness.by(actor, own=for_member_id == request.member_id)
        journal.record(
            "circulation.request.cancelled", actor=named, house_id=request.pickup_house_id, request_id=request_id
        )


def suspend_request(
    *, actor: Actor, request_id: int, until: datetime, now: datetime, for_member_id: int | None = None
) -> None:
    """Let others go first until a day, keeping one's place in the queue. Raises NotFound, NotAllowed, Invalid, RequestEnded."""
    if not now < until <= now + FARTHEST_SUSPENSION:
        raise Invalid(fields={"until": "out_of_range"})
    with db.transaction():
        request = _own(actor, request_id, for_member_id)
        if request.state not in (RequestState.PLACED, RequestState.TARGETED, RequestState.SUSPENDED):
            raise RequestEnded(request_id=request_id, state=request.state)
        _stop_asking(request_id, now)
        Request.objects.filter(pk=request_id).update(state=RequestState.SUSPENDED.value, suspended_until=until)
        named = witness.by(actor, own=for_member_id == request.member_id)
        journal.record(
            "circulation.request.suspended", actor=named, house_id=request.pickup_house_id, request_id=request_id
        )


def resume_request(*, actor: Actor, request_id: int, now: datetime, for_member_id: int | None = None) -> None:
    """Wait again, in the old place of the queue. Raises NotFound, NotAllowed, RequestEnded."""
    with db.transaction():
        request = _own(actor, request_id, for_member_id)
        if request.state != RequestState.SUSPENDED:
            raise RequestEnded(request_id=request_id, state=request.state)
        Request.objects.filter(pk=request_id).update(state=RequestState.PLACED.value, suspended_until=None)
        named = witness.by(actor, own=for_member_id == request.member_id)
        journal.record(
            "circulation.request.resumed", actor=named, house_id=request.pickup_house_id, request_id=request_id
        )
        targeting.target_waiting(now=now, only=[request_id])


def _own(actor: Actor, request_id: int, for_member_id: int | None) -> Request:
    """The request, held, if it is still active and the member's own or of a house whose desk the actor staffs.

    A copy that it has captured is held first, in the order of everybody who has that copy in hand.
    """
    request = _held(request_id)
    own = request is not None and request.member_id is not None and request.member_id == for_member_id
    if request is None or not (own or permissions.works_at_desk(actor, house_id=request.pickup_house_id)):
        if request is not None and for_member_id is None:
            raise NotAllowed(act="circulation.request")
        raise NotFound(what="request")
    if request.state not in ACTIVE_REQUESTS:
        raise RequestEnded(request_id=request_id, state=request.state)
    return request


def _held(request_id: int) -> Request | None:
    while True:
        copy_id = Request.objects.filter(pk=request_id).values_list("captured_copy_id", flat=True).first()
        if copy_id is not None:
            catalogue.lending_copy(copy_id=copy_id, lock=True)
        request = Request.objects.select_for_update(no_key=True).filter(pk=request_id, captured_copy_id=copy_id).first()
        # Captured, or given up by its copy, while this waited: held again in the right order.
        if request is not None or not Request.objects.filter(pk=request_id).exists():
            return request


def _stop_asking(request_id: int, now: datetime) -> None:
    Target.objects.filter(request_id=request_id, state=TargetState.ASKED.value).update(
        state=TargetState.WITHDRAWN.value, ended_at=now
    )
