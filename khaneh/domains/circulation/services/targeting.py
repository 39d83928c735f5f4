"""Asking houses to fetch copies for readers who wait, and noting what they answer. Spec: CIRC-TARGET."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import FetchableCopy
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import notices, permissions
from khaneh.domains.circulation.errors import RequestEnded
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.rules import targeting
from khaneh.domains.circulation.rules.targeting import UNKNOWN_KM, Candidate, Choice, Load, Wish
from khaneh.domains.circulation.services import ending
from khaneh.domains.circulation.types import RequestState, TargetState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

# A house that has not fetched a copy in this time is asked no more, and the request goes to the next.
PATIENCE = timedelta(days=3)
# What a house was asked for in this time counts as its load.
LOAD = timedelta(days=30)

# How many copies may be taken from under one who asks before it is left to the next round.
_MOST_LOST = 5

# A round waits for nobody: a request that a reader or a desk holds at this moment is left to them and to the next round. Requests are
# held before what was asked for them.
_WAKE = """
UPDATE circulation_request SET state = 'placed', suspended_until = NULL WHERE id IN (
    SELECT id FROM circulation_request WHERE state = 'suspended' AND suspended_until <= %(now)s FOR NO KEY UPDATE SKIP LOCKED)
"""
_EXPIRED = """
SELECT id, member_id FROM circulation_request WHERE state IN ('placed', 'suspended', 'targeted') AND expires_at <= %(now)s
FOR NO KEY UPDATE SKIP LOCKED
"""
_GIVE_UP = """
WITH held AS MATERIALIZED (
    SELECT q.id, q.state FROM circulation_request q WHERE q.id IN (
        SELECT g.request_id FROM circulation_target g JOIN circulation_request r ON r.id = g.request_id
        WHERE g.state = 'asked' AND (g.asked_at < %(before)s OR r.state <> 'targeted'))
    FOR NO KEY UPDATE OF q SKIP LOCKED)
UPDATE circulation_target SET state = CASE WHEN asked_at < %(before)s THEN 'silent' ELSE 'withdrawn' END, ended_at = %(now)s
WHERE id IN (SELECT g.id FROM circulation_target g JOIN held ON held.id = g.request_id
             WHERE g.state = 'asked' AND (g.asked_at < %(before)s OR held.state <> 'targeted') ORDER BY g.id FOR NO KEY UPDATE OF g)
"""
_UNTARGET = """
UPDATE circulation_request SET state = 'placed' WHERE id IN (
    SELECT q.id FROM circulation_request q
    WHERE q.state = 'targeted' AND NOT EXISTS (SELECT FROM circulation_target g WHERE g.request_id = q.id AND g.state = 'asked')
    FOR NO KEY UPDATE SKIP LOCKED)
"""
_NOT_THERE = """
UPDATE circulation_target SET state = 'not_found', ended_at = %(now)s WHERE state = 'asked' AND copy_id = ANY (%(copies)s::bigint[])
RETURNING request_id
"""
_WISHES = """
SELECT id, pickup_house_id, placed_at, level, work_id, record_id, wanted_copy_id FROM circulation_request
WHERE state = 'placed' AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s::bigint[]))
ORDER BY priority DESC, placed_at, id
"""
# Copies that are asked for, and those that a house was asked for in vain for the same reader.
_TAKEN = """
SELECT copy_id, NULL::bigint FROM circulation_target
WHERE state = 'asked' AND (%(copies)s::bigint[] IS NULL OR copy_id = ANY (%(copies)s::bigint[]))
UNION ALL
SELECT g.copy_id, g.request_id FROM circulation_target g JOIN circulation_request q ON q.id = g.request_id
WHERE g.state IN ('not_found', 'silent') AND q.state = 'placed' AND (%(only)s::bigint[] IS NULL OR q.id = ANY (%(only)s::bigint[]))
"""
_ASKED_FOR = "SELECT copy_id FROM circulation_target WHERE state = 'asked' AND copy_id = ANY (%s::bigint[])"
_ASKED = "SELECT house_id, count(*) FROM circulation_target WHERE asked_at >= %(since)s GROUP BY house_id"
_TARGETED = """
UPDATE circulation_request SET state = 'targeted' WHERE id IN (
    SELECT id FROM circulation_request WHERE id = ANY (%s::bigint[]) AND state = 'placed' FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id
"""


class Targeted(NamedTuple):
    """What a round of targeting did."""

    waiting: int
    asked: int
    without_copy: int


def target_waiting(
    *, now: datetime, only: Iterable[int] | None = None, without: frozenset[int] = frozenset()
) -> Targeted:
    """Ask a house for each reader who waits for a copy that stands on a shelf somewhere; with `only`, for these requests alone.

    Suspended requests whose day has come wait again, those that waited too long expire, and a house that did not answer is asked no more.
    `without` are copies that another has just taken. A bounded number of statements, whatever waits. One round of all at a time; who places a request waits for nobody, since a copy is
    given away by whoever holds its row (CIRC-TARGET-3).
    """
    facts: dict[str, Any] = {
        "now": now, "before": now - PATIENCE, "since": now - LOAD, "only": None if only is None else list(only),
    }  # fmt: skip
    with db.transaction():
        if only is None:
            db.lock(("circulation.targeting", 0))
        with connection.cursor() as cursor:
            if only is None:
                notices.tell_expiring(now=now)
                cursor.execute(_WAKE, facts)
                cursor.execute(_EXPIRED, facts)
                _expire(cursor.fetchall(), now)
                for statement in (_GIVE_UP, _UNTARGET):
                    cursor.execute(statement, facts)
            cursor.execute(_WISHES, facts)
            rows = cursor.fetchall()
            if not rows:
                return Targeted(0, 0, 0)
            copies = catalogue.fetchable_copies(
                record_ids={row[5] for row in rows if row[3] != "work"},
                work_ids={row[4] for row in rows if row[3] == "work"},
            )
            cursor.execute(_TAKEN, {**facts, "copies": None if only is None else [copy.id for copy in copies]})
            taken = [*cursor.fetchall(), *((copy, None) for copy in without)]
            cursor.execute(_ASKED, facts)
            asked = dict(cursor.fetchall())
        sizes = catalogue.copies_by_house() if only is None else dict.fromkeys(asked, 1)
        between = network.distances()
        chosen = targeting.choose(
            [Wish(*row[:3]) for row in rows],
            _candidates(rows, copies, taken),
            loads={house: Load(asked.get(house, 0), sizes.get(house, 1)) for house in {*asked, *sizes}},
            kilometres=lambda start, end: UNKNOWN_KM if (km := between(start, end)) is None else km,
            now=now,
        )
        still = _write(chosen, now)
        if still:
            journal.record("circulation.requests.targeted", actor=SYSTEM, asked=len(still), waiting=len(rows))
        done = {one.request_id for one in still}
        lost = [one for one in chosen if one.request_id not in done]
        more = 0
        if only is not None and lost and len(without) < _MOST_LOST:
            # Another asked for the same copy at this moment: the next best, at once.
            again = without | {one.copy_id for one in lost}
            more = target_waiting(now=now, only=[one.request_id for one in lost], without=again).asked
    asked_for = len(still) + more
    return Targeted(len(rows), asked_for, len(rows) - asked_for)


def not_on_shelf(*, actor: Actor, target_id: int, now: datetime) -> None:
    """A house looked for a copy and did not find it: the copy is missing, and another is asked for at once.

    Raises NotFound, NotAllowed, RequestEnded.
    """
    with db.transaction():
        target = Target.objects.filter(pk=target_id).first()
        if target is None:
            raise NotFound(what="target")
        permissions.require_desk(actor, house_id=target.house_id)
        # The copy first, as for a return that may be capturing it at this moment; then the request, before what is asked for it.
        copy = catalogue.lending_copy(copy_id=target.copy_id, lock=True)
        Request.objects.select_for_update(no_key=True).filter(pk=target.request_id).first()
        still = Target.objects.filter(pk=target_id, state=TargetState.ASKED.value)
        if not still.update(state=TargetState.NOT_FOUND.value, ended_at=now):
            target.refresh_from_db()
            raise RequestEnded(request_id=target.request_id, state=target.state)
        if copy is not None and copy.state == CopyState.AVAILABLE:
            catalogue_services.set_copy_state(copy_id=target.copy_id, state=CopyState.MISSING)
        Request.objects.filter(pk=target.request_id, state=RequestState.TARGETED.value).update(
            state=RequestState.PLACED.value
        )
        journal.record("circulation.copy.not_on_shelf", actor=actor, house_id=target.house_id, copy_id=target.copy_id)
        target_waiting(now=now, only=[target.request_id])


def seek_other_copies(*, copy_ids: list[int], now: datetime) -> None:
    """These copies were looked for and are not there: whoever they were asked for waits for others, which are asked for at once.

    Two statements and a round of targeting where there are such readers; one otherwise. In the transaction that holds the copies.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOT_THERE, {"copies": copy_ids, "now": now})
        waiting = [request for (request,) in cursor.fetchall()]
        if not waiting:
            return
        cursor.execute(_UNTARGET)
    target_waiting(now=now, only=waiting)


def _expire(held: list[tuple[int, int]], now: datetime) -> None:
    """End requests that waited too long, as everybody's that are over: with their reader only where a history is kept. Three statements."""
    keepers = people.history_keepers(member for _, member in held)
    for keeps in (True, False):
        Request.objects.filter(pk__in=[number for number, member in held if (member in keepers) is keeps]).update(
            state=RequestState.EXPIRED.value,
            ended_at=now,
            end_reason="waited_too_long",
            **ending.forgotten(keeps=keeps),
        )


def _candidates(
    rows: list[tuple[Any, ...]], copies: list[FetchableCopy], taken: list[tuple[int, int | None]]
) -> dict[int, list[Candidate]]:
    """The copies that would fill each request, without those that are asked for or were looked for in vain."""
    by_record: dict[int, list[Candidate]] = defaultdict(list)
    by_work: dict[int | None, list[Candidate]] = defaultdict(list)
    asked = {copy for copy, request in taken if request is None}
    in_vain = {(copy, request) for copy, request in taken if request is not None}
    for copy in copies:
        if copy.id not in asked:
            candidate = Candidate(copy.id, copy.at_house_id)
            by_record[copy.record_id].append(candidate)
            by_work[copy.work_id].append(candidate)
    found = {}
    for number, _, _, level, work, record, wanted in rows:
        fitting = by_work[work] if level == "work" else by_record[record]
        found[number] = [
            one for one in fitting if (wanted is None or one.copy_id == wanted) and (one.copy_id, number) not in in_vain
        ]
    return found


def _write(chosen: list[Choice], now: datetime) -> list[Choice]:
    """Note who is asked for what; gives the choices that still hold: a reader may have been served, and a copy lent, since they were read."""
    if not chosen:
        return []
    standing = catalogue.hold_on_shelf(one.copy_id for one in chosen)
    with connection.cursor() as cursor:
        # Whoever held a copy before may have given it away.
        cursor.execute(_ASKED_FOR, [list(standing)])
        standing -= {row[0] for row in cursor.fetchall()}
        chosen = [one for one in chosen if one.copy_id in standing]
        cursor.execute(_TARGETED, [[one.request_id for one in chosen]])
        waiting = {row[0] for row in cursor.fetchall()}
    chosen = [one for one in chosen if one.request_id in waiting]
    db.copy_rows(
        "circulation_target",
        ("request_id", "copy_id", "house_id", "state", "asked_at", "score"),
        (
            (
                one.request_id, one.copy_id, one.house_id, TargetState.ASKED.value, now,
                orjson.dumps({"km": one.kilometres, "load": one.load, "days": one.days, "cost": one.cost, "among": one.among}).decode(),
            )
            for one in chosen
        ),
    )  # fmt: skip
    return chosen
