"""What must never be true of lending, whatever is done (CIRC-INV): asked of the whole database in one statement."""

from __future__ import annotations

from typing import Any

from django.db import connection

# Each gives rows only where something impossible is true.
IMPOSSIBLE = {
    "a copy held by what does not hold it": """
        SELECT o.copy_id FROM circulation_occupancy o
        LEFT JOIN circulation_loan l ON l.id = o.loan_id LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
        LEFT JOIN circulation_request q ON q.id = o.request_id
        WHERE num_nonnulls(o.loan_id, o.transfer_id, o.request_id) <> 1
           OR (o.loan_id IS NOT NULL AND (l.copy_id, true) IS DISTINCT FROM (o.copy_id, l.state IN ('open', 'lost')))
           OR (o.transfer_id IS NOT NULL AND (t.copy_id, t.state) IS DISTINCT FROM (o.copy_id, 'sent'))
           OR (o.request_id IS NOT NULL AND (q.captured_copy_id, q.state) IS DISTINCT FROM (o.copy_id, 'on_shelf'))""",
    "what holds a copy without being noted": """
        SELECT id FROM circulation_loan WHERE state IN ('open', 'lost')
            AND NOT EXISTS (SELECT FROM circulation_occupancy WHERE loan_id = circulation_loan.id)
        UNION ALL SELECT id FROM circulation_transfer WHERE state = 'sent'
            AND NOT EXISTS (SELECT FROM circulation_occupancy WHERE transfer_id = circulation_transfer.id)
        UNION ALL SELECT id FROM circulation_request WHERE state = 'on_shelf'
            AND NOT EXISTS (SELECT FROM circulation_occupancy WHERE request_id = circulation_request.id)""",
    "a copy in a state that nothing gives it": """
        SELECT c.id FROM catalogue_copy c LEFT JOIN circulation_occupancy o ON o.copy_id = c.id
        LEFT JOIN circulation_loan l ON l.id = o.loan_id
        WHERE c.state IN ('on_loan', 'in_transit', 'on_hold_shelf') <> (o.copy_id IS NOT NULL AND l.state IS DISTINCT FROM 'lost')
           OR (l.state = 'lost' AND c.state <> 'lost')""",
    "a request on its way without its copy travelling": """
        SELECT q.id FROM circulation_request q WHERE q.state = 'in_transit' AND NOT EXISTS (
            SELECT FROM circulation_transfer t WHERE t.request_id = q.id AND t.copy_id = q.captured_copy_id AND t.state = 'sent')""",
    "a copy that travels for a request which another copy has": """
        SELECT t.id FROM circulation_transfer t JOIN circulation_request q ON q.id = t.request_id
        WHERE t.state = 'sent' AND q.ended_at IS NULL AND (q.state, q.captured_copy_id) IS DISTINCT FROM ('in_transit', t.copy_id)""",
    "a house asked for a request that does not wait, or a waiting one that nobody is asked for": """
        SELECT q.id FROM circulation_request q
        WHERE (q.state = 'targeted') <> EXISTS (SELECT FROM circulation_target g WHERE g.request_id = q.id AND g.state = 'asked')""",
    "a house asked for a copy that stands on no shelf": """
        SELECT g.id FROM circulation_target g JOIN catalogue_copy c ON c.id = g.copy_id
        WHERE g.state = 'asked' AND c.state <> 'available'""",
    "a place in the queue kept by what has a copy or is over": """
        SELECT id FROM circulation_request WHERE (captured_copy_id IS NOT NULL) <> (state IN ('in_transit', 'on_shelf')) AND ended_at IS NULL
        UNION ALL SELECT id FROM circulation_request WHERE (suspended_until IS NOT NULL) AND state = 'placed'""",
    "somebody named by what is over": """
        SELECT l.id FROM circulation_loan l JOIN people_member m ON m.id = l.member_id WHERE l.ended_at IS NOT NULL AND NOT m.keep_history
        UNION ALL SELECT q.id FROM circulation_request q JOIN people_member m ON m.id = q.member_id
        WHERE q.ended_at IS NOT NULL AND NOT m.keep_history""",
    "more paid or forgiven than was owed": """
        SELECT member_id FROM circulation_fee_entry GROUP BY member_id, currency
        HAVING sum(amount) FILTER (WHERE kind IN ('payment', 'waiver') OR amount > 0) < 0""",
}
# The names of all of them, each with the number of a row or NULL.
ALL = " UNION ALL ".join(
    f"SELECT '{name}', (SELECT min(x.n) FROM ({query}) AS x(n))" for name, query in IMPOSSIBLE.items()
)


def plan_once() -> str:
    """A statement that asks the same and is planned once for the connection, for whoever asks thousands of times.

    Planning takes PostgreSQL several times as long as looking at a small library.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.impossible() RETURNS TABLE (name text, n bigint) LANGUAGE plpgsql AS"
            f" $$ BEGIN RETURN QUERY {ALL}; END $$"
        )
    return "SELECT name, n FROM pg_temp.impossible()"


def impossible(statement: str = ALL) -> list[tuple[Any, ...]]:
    """What is impossible and true all the same: (its name, the number of a row). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row for row in cursor.fetchall() if row[1] is not None]
