"""Collecting a request at another house than it was placed for. Spec: CIRC-REQ-6."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import RequestEnded
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.queries.wanting import wanted, wanting
from khaneh.domains.circulation.rules import acts
from khaneh.domains.circulation.services import asking, targeting, witness
from khaneh.domains.circulation.types import Channel, RequestLevel, RequestState, TargetState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import Question
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_MAY_MOVE = (RequestState.PLACED.value, RequestState.SUSPENDED.value, RequestState.TARGETED.value)


def change_pickup(
    *,
    actor: Actor,
    request_id: int,
    pickup_house_id: int,
    for_member_id: int | None,
    now: datetime,
    channel: Channel = Channel.WEB,
) -> None:
    """Collect a request elsewhere, keeping its place in the queue; houses are asked anew, since others are nearer.

    For the member whom the caller has identified, or for the desk of the house where it is collected so far (None). The policies of the
    other house decide, without counting this request. Raises NotFound, NotAllowed, RequestEnded, PolicyRefused.
    """
    house = network.house_facts(pickup_house_id)
    with asking.asked() as ask, db.transaction():
        own = for_member_id is not None
        if for_member_id is None:
            seen = Request.objects.filter(pk=request_id).values_list("member_id", "pickup_house_id").first()
            if seen is None or seen[0] is None:
                raise NotFound(what="request")
            for_member_id = seen[0]
            permissions.require_desk(actor, house_id=seen[1])
        # The member first, as everywhere: their requests are counted below.
        member = people.standing(now=now, member_id=for_member_id, lock=True)
        request = Request.objects.select_for_update(no_key=True).filter(pk=request_id, member_id=for_member_id).first()
        if member is None or request is None:
            raise NotFound(what="request")
        if request.state not in _MAY_MOVE:
            raise RequestEnded(request_id=request_id, state=request.state)
        if request.pickup_house_id == pickup_house_id:
            return
        level = RequestLevel(request.level)
        target_id = {
            RequestLevel.WORK: request.work_id,
            RequestLevel.RECORD: request.record_id,
            RequestLevel.COPY: request.wanted_copy_id,
        }[level]
        thing = wanted(level=level, target_id=target_id or 0)
        standing = wanting(member_id=for_member_id, currency=house.currency, now=now)
        facts = {
            **asking.member_facts(member, house, now),
            "member.requests": max(0, standing.requests - 1),
            "member.overdue": standing.overdue,
            "member.debt": max(standing.debt, 0),
            "copy.type": thing.item_type if thing else None,
            "request.available": thing.available if thing else 0,
            **asking.door(channel),
        }
        answer = ask(Question(acts.REQUEST, pickup_house_id, facts, now), frozenset())
        Target.objects.filter(request_id=request_id, state=TargetState.ASKED.value).update(
            state=TargetState.WITHDRAWN.value, ended_at=now
        )
        waits = request.state == RequestState.SUSPENDED
        Request.objects.filter(pk=request_id).update(
            pickup_house_id=pickup_house_id,
            state=(RequestState.SUSPENDED if waits else RequestState.PLACED).value,
            terms={**request.terms, "shelf_days": answer.terms.get("shelf_days")},
        )
        named = witness.by(actor, own=own)
        journal.record("circulation.request.moved", actor=named, house_id=pickup_house_id, request_id=request_id)
        if not waits:
            targeting.target_waiting(now=now, only=[request_id])
