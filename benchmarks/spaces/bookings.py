"""Accounts of the members, and their bookings: a year that is over, and thirty days to come.

A booking lies in one of five cells of a day, a unit's cells never meet, and what is in a workshop has other cells than the workshop as a
whole: so nothing overlaps. Bookings are inserted with all triggers and keys on: PostgreSQL writes what they hold, and would refuse what meets.
"""

from __future__ import annotations

from datetime import datetime

from benchmarks.lending.filling import fill, literal, pick, run
from benchmarks.spaces.sizes import Sizes

PAST, FUTURE = 365, 30
# How full a cell of the days to come is: things of which there is one are wanted most.
SINGLE, COUNTED = 0.55, 0.08
_CELLS = "(VALUES (1, time '08:00'), (2, time '10:00'), (3, time '13:00'), (4, time '15:00'), (5, time '17:00')) AS cell (n, at)"
_PAST_STATES = {"done": 0.85, "no_show": 0.05, "cancelled": 0.1}
_FUTURE_STATES = {"confirmed": 0.92, "requested": 0.03, "cancelled": 0.05}
_TERMS = """'{"cancel_hours": 2, "come_minutes": 15, "approval": false}'::jsonb"""


def make_accounts() -> None:
    """An account for every member, with the member's number."""
    from khaneh.domains.people.models import Account

    fill(
        Account,
        {"id": "id", "email": "'member' || id || '@example.org'", "name": "given_name || ' ' || family_name",
         "language": "language", "password": "'!'"},
        "people_member",
    )  # fmt: skip
    run("UPDATE people_member SET account_id = id", said="people_member.account_id")


def make_bookings(wanted: Sizes, now: datetime) -> None:
    """So many bookings as are wanted: first those to come, then the past to fill up."""
    run(
        """
        CREATE UNLOGGED TABLE made.unit AS
        SELECT row_number() OVER (ORDER BY s.id, u) AS n, s.id AS space_id, s.house_id, s.kind, u AS unit, s.quantity, h.time_zone AS zone,
               CASE h.calendar WHEN 'jalali' THEN 5 ELSE 7 END AS closed, s.cleanup_minutes AS cleanup,
               CASE WHEN s.kind = 'workshop' THEN 5 ELSE 1 END AS first, CASE WHEN s.parent_id IS NOT NULL THEN 4 ELSE 5 END AS last
        FROM spaces_space s JOIN network_house h ON h.id = s.house_id, generate_series(1, s.quantity) AS u;
        ANALYZE made.unit;
        """,
        said="made.unit",
    )
    run("SET session_replication_role = origin")
    coming = _insert(now, 0, FUTURE, f"CASE WHEN u.quantity = 1 THEN {SINGLE} ELSE {COUNTED} END", 0, wanted.bookings)
    left = wanted.bookings - coming
    cells = f"(SELECT sum((last - first + 1) * {PAST} * 6 / 7) FROM made.unit)"
    # A little more than is needed, of which the rest is left out. Today is in neither: some of it is over, and some to come.
    _insert(now, -PAST, -1, f"1.05 * {left} / {cells}", coming, left)
    run("SET session_replication_role = replica")


def _insert(now: datetime, first: int, last: int, share: str, after: int, most: int) -> int:
    from khaneh.domains.spaces.models import Booking

    at = literal(now)
    held = "c.state NOT IN ('requested')"
    over = "c.state IN ('done', 'no_show', 'cancelled')"
    states = pick("made.draw(c.key, 92)", _FUTURE_STATES if first >= 0 else _PAST_STATES)
    cells = f"""
        SELECT u.*, (u.n * 1000 + d + {PAST}) * 8 + cell.n AS key, ((({at} AT TIME ZONE u.zone)::date + d) + cell.at) AT TIME ZONE u.zone AS starts
        FROM made.unit u, generate_series({first + 1}, {last}) AS d, {_CELLS}
        WHERE cell.n BETWEEN u.first AND u.last AND extract(isodow FROM ({at} AT TIME ZONE u.zone)::date + d) <> u.closed
          AND made.draw((u.n * 1000 + d + {PAST}) * 8 + cell.n, 90) < {share}"""
    return fill(
        Booking,
        {
            "space_id": "c.space_id", "house_id": "c.house_id", "kind": "c.kind", "unit": f"CASE WHEN {held} THEN c.unit END",
            "account_id": "c.who", "people": "1", "starts": "c.starts", "ends": "c.ends",
            "blocks": "tstzrange(c.starts, c.ends + make_interval(mins => c.cleanup))", "state": "c.state", "channel": "'web'",
            "terms": _TERMS, "booked_at": "c.booked", "booked_by_id": "c.who", "changed_at": "c.booked",
            "checked_in_at": "CASE WHEN c.state = 'done' THEN c.starts END", "ended_at": f"CASE WHEN {over} THEN c.booked + interval '1 hour' END",
            "end_reason": "CASE WHEN c.state = 'cancelled' THEN 'booker' ELSE '' END",
        },
        f"""(SELECT c.*, {states} AS state, 1 + floor((SELECT count(*) FROM people_account) * made.draw(c.key, 91))::bigint AS who,
                    c.starts + make_interval(mins => 120 - c.cleanup) AS ends,
                    least(c.starts, {at}) - interval '20 days' * made.draw(c.key, 93) AS booked
             FROM ({cells}) AS c ORDER BY made.draw(c.key, 94) LIMIT {most}) AS c ORDER BY c.booked""",
    )  # fmt: skip
