"""Copies that came in damaged: what stands at repair, and what a damage costs by the terms of a loan."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import Loan
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

MOST = 200
_REPAIRS = with_catalogue(
    """
SELECT c.id, c.barcode, c.record_id, c.title, coalesce(d.note, ''), d.noted_on
FROM {copies} c LEFT JOIN LATERAL (
    SELECT note, noted_on FROM circulation_damage WHERE copy_id = c.id ORDER BY id DESC LIMIT 1) d ON true
WHERE c.state = 'at_repair' AND coalesce(c.current_house_id, c.house_id) = %(house)s
ORDER BY d.noted_on NULLS FIRST, c.id LIMIT %(limit)s
"""
)


class RepairLine(NamedTuple):
    """A copy at repair, and what was noted of it last."""

    copy_id: int
    barcode: str | None
    record_id: int
    title: str
    note: str
    since: date | None


def repairs(actor: Actor, *, house_id: int, limit: int = MOST) -> list[RepairLine]:
    """What stands at repair in a house, the longest first. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    with connection.cursor() as cursor:
        cursor.execute(_REPAIRS, {"house": house_id, "limit": limit})
        return [RepairLine(*row) for row in cursor.fetchall()]


def damage_fee(loan_id: int) -> Money | None:
    """What a damage costs by the terms on which a loan was made; None where they say nothing. One statement."""
    terms = Loan.objects.filter(pk=loan_id).values_list("terms", flat=True).first() or {}
    fee = terms.get("damage_fee")
    return Money(fee[0], fee[1]) if fee and fee[0] > 0 else None
