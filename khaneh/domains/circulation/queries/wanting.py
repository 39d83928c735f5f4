"""What a request asks for, and how the member who asks stands: one statement each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries.copies import KEPT_IN_HOUSE
from khaneh.domains.circulation.types import RequestLevel

_WANTING = """
SELECT (SELECT count(*) FROM circulation_request
        WHERE member_id = %(member)s AND state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf')),
       (SELECT count(*) FROM circulation_loan WHERE member_id = %(member)s AND state = 'open' AND due_at < %(now)s),
       (SELECT coalesce(sum(amount), 0)::bigint FROM circulation_fee_entry
        WHERE member_id = %(member)s AND currency = %(currency)s)
"""


class Wanting(NamedTuple):
    """How many requests the member has, loans overdue, and what they owe in minor units."""

    requests: int
    overdue: int
    debt: int


class Wanted(NamedTuple):
    """What is asked for: its record or work, how many copies could ever fill it, how many stand on a shelf, and their one item type.

    `item_type` is None where the copies are of several types: a rule about a type cannot be asked then.
    """

    record_id: int | None
    work_id: int | None
    copies: int
    available: int
    item_type: str | None


def wanting(*, member_id: int, currency: str, now: datetime) -> Wanting:
    """How a member who asks stands. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTING, {"member": member_id, "currency": currency, "now": now})
        return Wanting(*cursor.fetchone())


def wanted(*, level: RequestLevel, target_id: int) -> Wanted | None:
    """The thing that is asked for, or None where there is none. Two statements at most."""
    copies = catalogue.requestable(**{f"{level.value}_id": target_id})
    if copies is None:
        return None
    lendable = [copy for copy in copies.copies if copy.item_type not in KEPT_IN_HOUSE] or list(copies.copies)
    types = {copy.item_type.value for copy in lendable}
    return Wanted(
        record_id=copies.record_id,
        work_id=copies.work_id,
        copies=len(lendable),
        available=sum(copy.is_available for copy in lendable),
        item_type=types.pop() if len(types) == 1 else None,
    )
