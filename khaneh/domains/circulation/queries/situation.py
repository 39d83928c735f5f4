"""What holds a copy and how a member stands with the desk, at the moment of an act: one statement each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from khaneh.infrastructure import db

_SITUATION = """
SELECT o.loan_id, l.member_id, o.transfer_id, t.to_house_id, r.id, r.member_id,
       (SELECT count(*) FROM circulation_loan a WHERE a.member_id = %(member)s AND a.state IN ('open', 'lost')),
       (SELECT count(*) FROM circulation_loan a
        WHERE a.member_id = %(member)s AND a.state IN ('open', 'lost') AND a.item_type = %(item_type)s),
       (SELECT count(*) FROM circulation_loan a WHERE a.member_id = %(member)s AND a.state = 'open' AND a.due_at < %(now)s),
       (SELECT coalesce(sum(f.amount), 0)::bigint FROM circulation_fee_entry f
        WHERE f.member_id = %(member)s AND f.currency = %(currency)s),
       EXISTS (SELECT FROM circulation_target g JOIN circulation_request q ON q.id = g.request_id
               WHERE g.copy_id = %(copy)s AND g.state = 'asked' AND q.member_id <> %(member)s),
       (SELECT q.id FROM circulation_request q
        WHERE q.member_id = %(member)s AND q.state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf')
          AND (q.wanted_copy_id = %(copy)s OR (q.level = 'record' AND q.record_id = %(record)s)
               OR (q.level = 'work' AND q.work_id = %(work)s))
        ORDER BY q.captured_copy_id IS NOT DISTINCT FROM %(copy)s DESC, q.level = 'copy' DESC, q.placed_at, q.id LIMIT 1)
FROM (VALUES (1)) AS one
LEFT JOIN circulation_occupancy o ON o.copy_id = %(copy)s
LEFT JOIN circulation_loan l ON l.id = o.loan_id
LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
LEFT JOIN circulation_request r ON r.id = coalesce(o.request_id, t.request_id)
"""


class Situation(NamedTuple):
    """What holds the copy, and what the member has already. `held_for` is the member for whom it travels or stands on the hold shelf.

    `own_request_id` is the member's own request that this copy would fill, first the one that it was captured for; `asked_for_another`
    says that a house was asked to fetch the copy for somebody else. `debt` is in the currency asked for, in minor units.
    """

    loan_id: int | None
    lent_to: int | None
    transfer_id: int | None
    travels_to: int | None
    held_request_id: int | None
    held_for: int | None
    loans: int
    loans_of_type: int
    overdue: int
    debt: int
    asked_for_another: bool
    own_request_id: int | None


def situation(
    *, copy_id: int, record_id: int, work_id: int | None, item_type: str, member_id: int, currency: str, now: datetime
) -> Situation:
    """Everything that lending this copy to this member depends on in this domain. One statement."""
    facts = {
        "copy": copy_id, "record": record_id, "work": work_id, "item_type": item_type, "member": member_id, "currency": currency,
        "now": now,
    }  # fmt: skip
    return Situation(*(db.fetch_one(_SITUATION, facts) or ()))


_WAITING = """
SELECT count(*) FROM circulation_request q
WHERE q.state IN ('placed', 'targeted')
  AND ((q.record_id = %(record)s AND q.level = 'record') OR (q.work_id = %(work)s AND q.level = 'work')
       OR q.wanted_copy_id = %(copy)s)
"""


def waiting(*, copy_id: int, record_id: int, work_id: int | None) -> int:
    """How many readers wait for something that this copy would fill. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"copy": copy_id, "record": record_id, "work": work_id})
        number: int = cursor.fetchone()[0]
    return number
