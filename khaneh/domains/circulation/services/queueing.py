"""A place in the queue changed by right, with a reason that is kept. Spec: CIRC-QUEUE-5."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import RequestEnded
from khaneh.domains.circulation.models import Request
from khaneh.domains.circulation.types import RequestState
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_REASON = 500
_HIGHEST = 1_000
_IN_QUEUE = (RequestState.PLACED, RequestState.SUSPENDED, RequestState.TARGETED)

# The highest and the lowest priority among those that a copy could fill as well as this request.
_RIVALS = with_catalogue(
    """
SELECT coalesce(max(q.priority), 0), coalesce(min(q.priority), 0) FROM circulation_request q
LEFT JOIN {records} r ON r.id = q.record_id
WHERE q.id <> %(request)s AND q.state IN ('placed', 'suspended', 'targeted')
  AND ((q.record_id = %(record)s AND q.record_id IS NOT NULL) OR (q.work_id = %(work)s AND q.work_id IS NOT NULL)
       OR (r.work_id = %(work)s AND q.record_id IN (SELECT w.id FROM {records} w WHERE w.work_id = %(work)s)))
"""
)
_WORK = with_catalogue("SELECT coalesce(%(work)s::bigint, (SELECT r.work_id FROM {records} r WHERE r.id = %(record)s))")


class Move(StrEnum):
    """Where a request is put."""

    FIRST = "first"
    USUAL = "usual"  # by the time at which it was placed
    LAST = "last"


def move_request(*, actor: Actor, request_id: int, to: Move, reason: str, now: datetime) -> int:
    """Put a waiting request first, last or back to its usual place; gives its priority. Who comes next is decided when a copy is scanned.

    For who has the right `reorder_queue` at the request's pickup house. Raises NotFound, NotAllowed, RequestEnded, Invalid.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason.strip() else "required"})
    with db.transaction():
        request = Request.objects.select_for_update(of=("self",), no_key=True).filter(pk=request_id).first()
        if request is None:
            raise NotFound(what="request")
        place = network.house_facts(request.pickup_house_id).place
        permissions.require_rights(actor, place, {"reorder_queue"})
        if request.state not in _IN_QUEUE:
            raise RequestEnded(request_id=request_id, state=request.state)
        highest, lowest = _around(request)
        wanted = {Move.FIRST: max(highest, 0) + 1, Move.USUAL: 0, Move.LAST: min(lowest, 0) - 1}[to]
        request.priority = max(-_HIGHEST, min(wanted, _HIGHEST))
        request.priority_reason = reason.strip() if to is not Move.USUAL else ""
        request.priority_by_id, request.priority_at = actor.account_id, now
        request.save(update_fields=["priority", "priority_reason", "priority_by", "priority_at"])
        journal.record(
            "circulation.request.moved", actor=actor, house_id=request.pickup_house_id, request_id=request_id, to=to.value,
        )  # fmt: skip
    return request.priority


def _around(request: Request) -> tuple[int, int]:
    facts = {"request": request.pk, "record": request.record_id, "work": request.work_id}
    with connection.cursor() as cursor:
        cursor.execute(_WORK, facts)
        facts["work"] = cursor.fetchone()[0]
        cursor.execute(_RIVALS, facts)
        highest, lowest = cursor.fetchone()
    return highest, lowest
