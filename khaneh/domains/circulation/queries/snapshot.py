"""What a desk without a line must know of members and copies: no history, nothing of who has which copy. Two statements, however many rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.people.queries.within import with_people
from khaneh.domains.people.types import full_name

LONGEST_TITLE = 90
_MEMBERS = with_people(
    """
SELECT m.id, coalesce(k.barcode, ''), m.given_name, m.family_name, m.language, m.category, m.home_house_id, m.expires_on,
       ARRAY(SELECT b.reason FROM {blocks} b
             WHERE b.member_id = m.id AND (b.until IS NULL OR b.until > %(now)s) ORDER BY b.id),
       coalesce(l.loans, 0), coalesce(l.overdue, 0), coalesce(f.debt, 0)::bigint
FROM {members} m LEFT JOIN {cards} k ON k.member_id = m.id
LEFT JOIN (SELECT a.member_id, count(*) AS loans, count(*) FILTER (WHERE a.state = 'open' AND a.due_at < %(now)s) AS overdue
           FROM circulation_loan a JOIN {members} o ON o.id = a.member_id
           WHERE a.state IN ('open', 'lost') AND o.home_house_id = ANY (%(houses)s) GROUP BY a.member_id) l ON l.member_id = m.id
LEFT JOIN (SELECT e.member_id, sum(e.amount) AS debt FROM circulation_fee_entry e JOIN {members} o ON o.id = e.member_id
           WHERE e.currency = %(currency)s AND o.home_house_id = ANY (%(houses)s) GROUP BY e.member_id) f ON f.member_id = m.id
WHERE m.home_house_id = ANY (%(houses)s) AND m.state = 'active'
ORDER BY m.home_house_id <> %(house)s, m.id LIMIT %(limit)s
"""
)
_COPIES = with_catalogue(
    """
SELECT c.id, c.barcode, left(c.title, %(title)s), c.item_type, c.state, c.location,
       coalesce(q.member_id, g.member_id)
FROM {copies} c
LEFT JOIN circulation_occupancy o ON o.copy_id = c.id
LEFT JOIN circulation_request q ON q.id = o.request_id
LEFT JOIN circulation_target t ON t.copy_id = c.id AND t.state = 'asked'
LEFT JOIN circulation_request g ON g.id = t.request_id
WHERE (c.house_id = %(house)s OR c.current_house_id = %(house)s) AND c.barcode IS NOT NULL AND c.state <> 'withdrawn'
ORDER BY c.id LIMIT %(limit)s
"""
)


def members(
    *, house_id: int, house_ids: list[int], currency: str, now: datetime, limit: int
) -> Iterator[tuple[list[Any], int]]:
    """Active members of these houses, those of `house_id` first, each with the house they belong to: [id, card, name, category, last day,
    reasons of blocks, loans, overdue loans, debt in minor units]."""
    facts: dict[str, Any] = {
        "house": house_id,
        "houses": house_ids,
        "currency": currency,
        "now": now,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, facts)
        for number, card, given, family, language, category, home, expires, blocks, loans, overdue, debt in cursor:
            name = full_name(given, family, language)
            last = expires.isoformat() if expires is not None else ""
            yield [number, card, name, category, last, list(blocks), loans, overdue, max(debt, 0)], home


def copies(*, house_id: int, limit: int) -> Iterator[list[Any]]:
    """Copies that a house owns or keeps: [id, barcode, title, kind, state, location, the member for whom it is kept or 0]."""
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, {"house": house_id, "title": LONGEST_TITLE, "limit": limit})
        for number, barcode, title, item_type, state, location, kept_for in cursor:
            yield [number, barcode, title, item_type, state, location, kept_for or 0]
