"""A request's place in the queue, explained, and when its reader may honestly expect it. Spec: CIRC-QUEUE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.queries.group import AWAY, RECORD, SEEDS, CopyPlace, Expectation, Group, expectation_of
from khaneh.domains.circulation.queries.paces import paces
from khaneh.domains.circulation.rules import waiting
from khaneh.domains.circulation.rules.targeting import UNKNOWN_KM
from khaneh.domains.circulation.types import Outlook, PaceKind, RequestState
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import Actor

__all__ = [
    "CopyPlace",
    "Expectation",
    "LongQueue",
    "QueueLine",
    "QueuePlace",
    "RecordQueue",
    "longest",
    "place_of_request",
    "places_of_member",
    "queue_of_record",
    "staff_queue",
]

_CAPTURED = """
SELECT q.id, q.state, q.shelf_until, q.pickup_house_id, t.from_house_id, t.sent_at, q.captured_copy_id, q.priority
FROM circulation_request q LEFT JOIN circulation_transfer t ON t.request_id = q.id AND t.state = 'sent'
WHERE q.id = ANY (%(ids)s::bigint[]) AND q.state IN ('in_transit', 'on_shelf')
"""
_LONGEST = with_catalogue(
    """
SELECT g.record_id, r.title, g.waiting, g.since FROM (
    SELECT coalesce(q.record_id, (SELECT min(w.id) FROM {records} w WHERE w.work_id = q.work_id)) AS record_id,
           count(*) AS waiting, min(q.placed_at) AS since
    FROM circulation_request q WHERE q.pickup_house_id = %(house)s AND q.state IN ('placed', 'suspended', 'targeted') GROUP BY 1
) g JOIN {records} r ON r.id = g.record_id ORDER BY g.waiting DESC, g.since, g.record_id LIMIT %(limit)s
"""
)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a request stands and why.

    `place` counts from 1 among those who wait for a copy that could fill this request too; None once it has its copy. `ahead_by_priority`
    of those `ahead` were put there by staff, the others asked earlier; `suspended_ahead` are passed over until they wait again.
    """

    request_id: int
    state: RequestState
    place: int | None
    ahead: int
    ahead_by_priority: int
    suspended_ahead: int
    behind: int
    priority: int
    priority_reason: str
    copies: tuple[CopyPlace, ...]
    expectation: Expectation

    @property
    def copies_able(self) -> int:
        """How many copies could fill it some day; those that are missing, lost or at repair are in `copies` and do not count."""
        return sum(copy.standing not in AWAY for copy in self.copies)


@dataclass(frozen=True, slots=True)
class RecordQueue:
    """How long it would take somebody who asked at this moment: for the page of a record, before the request."""

    waiting: int
    copies_able: int
    expectation: Expectation


class QueueLine(NamedTuple):
    """A waiting request as staff see it, in the order of the queue."""

    request_id: int
    member_id: int
    level: str
    pickup_house_id: int
    state: RequestState
    priority: int
    priority_reason: str
    placed_at: datetime
    suspended_until: datetime | None
    expectation: Expectation


def places_of_member(*, member_id: int, now: datetime) -> dict[int, QueuePlace]:
    """The places of all requests of a member that are under way, by request. Six statements, whatever their number.

    The caller has identified the member (their own account, or a guardian's right to see requests).
    """
    return _places({"ids": [], "member": member_id}, now)


def place_of_request(*, request_id: int, now: datetime) -> QueuePlace | None:
    """The place of one request that is under way, else None. Six statements. The caller has shown it to be theirs to see."""
    return _places({"ids": [request_id], "member": None}, now).get(request_id)


def queue_of_record(*, record_id: int, now: datetime, pickup_house_id: int | None = None) -> RecordQueue:
    """What somebody who asked for a record at this moment may expect, at a house where it is known. Five statements. For everybody."""
    group = Group.read(RECORD, {"record": record_id}, now)
    first = min(group.copies, key=lambda copy: copy.id, default=None)
    house = pickup_house_id or (first.at_house_id if first is not None and first.at_house_id is not None else 0)
    asked = waiting.Wish(0, record_id, None, None, house)
    return RecordQueue(
        waiting=sum(
            one.state != RequestState.SUSPENDED and group.rivals(one.wish(now), asked) for one in group.requests
        ),
        copies_able=sum(copy.standing not in AWAY and waiting.fills(copy.supply(now), asked) for copy in group.copies),
        expectation=group.expect([0], extra=asked)[0],
    )


def staff_queue(
    actor: Actor, *, house_id: int, record_id: int, now: datetime
) -> tuple[list[QueueLine], list[CopyPlace]]:
    """Who waits for a record or its work, in order, and where the copies are. For the desk of a house. Five statements. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    group = Group.read(RECORD, {"record": record_id}, now)
    expected = group.expect([one.id for one in group.requests])
    lines = [
        QueueLine(
            one.id, one.member_id, one.level, one.pickup_house_id, RequestState(one.state), one.priority, one.priority_reason,
            one.placed_at, one.suspended_until, expected[one.id],
        )
        for one in group.requests
    ]  # fmt: skip
    return lines, [copy.place() for copy in group.copies]


class LongQueue(NamedTuple):
    """A record for which readers of a house wait, how many of them, and since when the first."""

    record_id: int
    title: str
    waiting: int
    since: datetime


def longest(actor: Actor, *, house_id: int, limit: int = 100) -> list[LongQueue]:
    """For what most readers wait who will collect it at a house; a work stands under its oldest record. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    with connection.cursor() as cursor:
        cursor.execute(_LONGEST, {"house": house_id, "limit": limit})
        return [LongQueue(*row) for row in cursor.fetchall()]


def _places(facts: dict[str, Any], now: datetime) -> dict[int, QueuePlace]:
    group = Group.read(SEEDS, facts, now)
    ids = [row[0] for row in group.seeds if row[0] is not None]
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CAPTURED, {"ids": ids})
        captured = cursor.fetchall()
    waiting_ids = {one.id for one in group.requests} & set(ids)
    expected = group.expect(waiting_ids)
    found = {}
    wishes = [one.wish(now) for one in group.requests]
    for position, one in enumerate(group.requests):
        if one.id not in waiting_ids:
            continue
        wish = wishes[position]
        rivals = [
            (n, other) for n, other in enumerate(group.requests) if n != position and group.rivals(wishes[n], wish)
        ]
        ahead = [other for n, other in rivals if n < position]
        asleep = [other for other in ahead if other.state == RequestState.SUSPENDED]
        first = len(ahead) - len(asleep)
        raised = sum(other.priority > one.priority and other.state != RequestState.SUSPENDED for other in ahead)
        found[one.id] = QueuePlace(
            request_id=one.id,
            state=RequestState(one.state),
            place=first + 1,
            ahead=first,
            ahead_by_priority=raised,
            suspended_ahead=len(asleep),
            behind=len(rivals) - len(ahead),
            priority=one.priority,
            priority_reason=one.priority_reason,
            copies=tuple(copy.place() for copy in group.copies if waiting.fills(copy.supply(now), wish)),
            expectation=expected[one.id],
        )
    for number, state, until, pickup, start, sent_at, copy_id, priority in captured:
        if state == RequestState.ON_SHELF:
            expectation = Expectation(Outlook.READY, latest=until)
        else:
            expectation = _on_its_way(start, pickup, sent_at, now)
        own = tuple(copy.place() for copy in group.copies if copy.id == copy_id)
        found[number] = QueuePlace(
            number, RequestState(state), None, 0, 0, 0, 0, priority, "", own, expectation
        )  # fmt: skip
    return found


def _on_its_way(start: int | None, pickup: int, sent_at: datetime | None, now: datetime) -> Expectation:
    if start is None or sent_at is None:
        return Expectation(Outlook.NONE, reason="no_copy")
    km = network.distances()(start, pickup)
    way = waiting.travel(paces({pickup})(PaceKind.TRANSFER, pickup), UNKNOWN_KM if km is None else km)
    gone = (now - sent_at).total_seconds() / 86_400
    low, middle, high = (way.draw(share, after=gone) - gone for share in (waiting.EARLY, 0.5, waiting.LATE))
    days = waiting.Range(low, middle, high, 1.0)
    return expectation_of(days, waiting.Wish(0, None, None, None, pickup), True, now)
