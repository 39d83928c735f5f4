"""Making vague what is over, so that nothing leads from a member to what they read. Spec: CIRC-KEEP-3; why, and what it does not do:
docs/decisions/0011.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from khaneh.domains.circulation.services.undoing import UNDO_FOR
from khaneh.infrastructure import db

# A loan without terms, hours and a lateness of its own tells nobody's fee. The loans of a house exchange among each other by how many days
# they were late, so that paces can still be measured. One that came back a moment ago may still be undone.
_LOANS = """
WITH done AS MATERIALIZED (
    SELECT id, house_id, date_trunc('day', lent_at) AS lent, date_trunc('day', ended_at) AS ended, date_trunc('day', due_at) AS due,
           row_number() OVER (PARTITION BY house_id ORDER BY id) AS place,
           row_number() OVER (PARTITION BY house_id ORDER BY random()) AS other
    FROM circulation_loan WHERE ended_at < %(before)s AND member_id IS NULL AND decision_id IS NOT NULL)
UPDATE circulation_loan l SET lent_at = mine.lent, ended_at = mine.ended,
       due_at = greatest(mine.ended - (another.ended - another.due), mine.lent + interval '1 day'),
       lost_at = date_trunc('day', l.lost_at), renewed_at = NULL, claimed_at = NULL,
       decision_id = NULL, request_id = NULL, terms = '{}', override = NULL
FROM done mine JOIN done another ON another.house_id = mine.house_id AND another.other = mine.place
WHERE l.id = mine.id
"""
# The first house is asked at the instant at which the reader asks: with its hour alone one still measures how long fetching takes.
_REQUESTS = """
WITH done AS (
    UPDATE circulation_request SET placed_at = date_trunc('day', placed_at), ended_at = date_trunc('day', ended_at),
           captured_at = date_trunc('day', captured_at), shelf_until = date_trunc('day', shelf_until),
           expires_at = date_trunc('day', expires_at), suspended_until = NULL, priority_at = NULL, decision_id = NULL, terms = '{}'
    WHERE ended_at < %(before)s AND member_id IS NULL AND decision_id IS NOT NULL
    RETURNING id),
asked AS (UPDATE circulation_target t SET asked_at = date_trunc('hour', t.asked_at) FROM done WHERE t.request_id = done.id)
SELECT id FROM done
"""
# Why somebody lent all the same stays with the loan as long as that has its reader; here it is for the next day's colleagues.
_CONFLICTS = """
UPDATE circulation_conflict SET reason = '', loan_id = NULL, happened_at = date_trunc('day', happened_at),
       recorded_at = date_trunc('day', recorded_at), settled_at = date_trunc('day', settled_at)
WHERE settled_at < %(settled)s AND state <> 'open' AND reason <> ''
"""
# Nothing changes in the lines of the last days but the transaction that wrote them: together, and no longer with a copy.
_LEDGER = """
UPDATE circulation_fee_entry SET note = note
WHERE house_id IS NULL AND at >= %(since)s AND kind IN ('overdue', 'lost', 'processing', 'damaged', 'refund')
"""
_COLLEAGUES = timedelta(days=1)
# A round that did not run for some nights is made up for.
_LINES = timedelta(days=30)


class Blurred(NamedTuple):
    """How many rows were made vague, and how many lines of the ledger written anew."""

    loans: int
    requests: int
    conflicts: int
    lines: int


def blur(*, now: datetime) -> Blurred:
    """Round of the night, safe to run at any time: each of the four in one transaction of its own, so that none tells of another.

    Four statements, through indexes of what is still to do.
    """
    facts = {"before": now - UNDO_FOR, "settled": now - _COLLEAGUES, "since": now - _LINES}
    counts = []
    for statement in (_LOANS, _REQUESTS, _CONFLICTS, _LEDGER):
        with db.transaction(), connection.cursor() as cursor:
            cursor.execute(statement, facts)
            counts.append(int(cursor.rowcount))
    return Blurred(*counts)
