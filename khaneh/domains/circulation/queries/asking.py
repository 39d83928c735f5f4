"""What a reader sees before they ask for something: what there is of it, and how many wait already."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries.copies import KEPT_IN_HOUSE
from khaneh.domains.circulation.types import RequestLevel

_WAITING = """
SELECT count(*) FROM circulation_request q
WHERE q.state IN ('placed', 'targeted', 'suspended')
  AND ((q.level = 'record' AND q.record_id = ANY (%(records)s))
       OR (q.level = 'work' AND q.work_id = %(work)s)
       OR (q.level = 'copy' AND q.wanted_copy_id = ANY (%(copies)s)))
"""


class Prospect(NamedTuple):
    """What asking would meet: copies that could ever fill it, how many of these stand on a shelf, how many readers wait already."""

    level: RequestLevel
    target_id: int
    record_id: int
    work_id: int | None
    copies: int
    available: int
    waiting: int


def prospect(*, level: RequestLevel, target_id: int) -> Prospect | None:
    """What asking for a work, a record or a copy would meet; None for nothing. Two statements."""
    found = catalogue.requestable(**{f"{level.value}_id": target_id})
    if found is None:
        return None
    lendable = [copy for copy in found.copies if copy.item_type not in KEPT_IN_HOUSE]
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING,
            {
                "records": list({copy.record_id for copy in found.copies} | {found.record_id}),
                "work": found.work_id,
                "copies": [copy.id for copy in found.copies],
            },
        )
        waiting: int = cursor.fetchone()[0]
    return Prospect(
        level=level,
        target_id=target_id,
        record_id=found.record_id,
        work_id=found.work_id,
        copies=len(lendable),
        available=sum(copy.is_available for copy in lendable),
        waiting=waiting,
    )
