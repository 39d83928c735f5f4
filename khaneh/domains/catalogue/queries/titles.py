"""What records are called, for a line in a letter or a list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue.models import Record


def titles(record_ids: Iterable[int]) -> dict[int, str]:
    """The titles of records as their document has them, empty where it has none. One statement."""
    rows = Record.objects.filter(pk__in=set(record_ids)).values_list("pk", "document")
    return {pk: str(json.loads(document or "{}").get("title", "")) for pk, document in rows}


def work_titles(work_ids: Iterable[int]) -> dict[int, str]:
    """The titles of works: that of the oldest record of each. One statement."""
    rows = (
        Record.objects.filter(work_id__in=set(work_ids), merged_into__isnull=True)
        .order_by("work_id", "pk")
        .distinct("work_id")
        .values_list("work_id", "document")
    )
    return {pk: str(json.loads(document or "{}").get("title", "")) for pk, document in rows if pk is not None}


_THINGS = """
SELECT 'copy', c.id, r.id, r.work_id, r.document, coalesce(c.barcode, '')
FROM catalogue_copy c JOIN catalogue_record r ON r.id = c.record_id WHERE c.id = ANY (%(copies)s)
UNION ALL
SELECT 'record', r.id, r.id, r.work_id, r.document, '' FROM catalogue_record r WHERE r.id = ANY (%(records)s)
UNION ALL
(SELECT DISTINCT ON (r.work_id) 'work', r.work_id, r.id, r.work_id, r.document, '' FROM catalogue_record r
 WHERE r.work_id = ANY (%(works)s) AND r.merged_into_id IS NULL ORDER BY r.work_id, r.id)
"""


class Thing(NamedTuple):
    """A copy, record or work as a reader's list names it; for a work the oldest record speaks. Texts are empty where nothing is known."""

    kind: str
    id: int
    record_id: int
    work_id: int | None
    title: str
    creator: str
    language: str
    form: str
    year: int | None
    barcode: str


def things(
    *, copy_ids: Iterable[int] = (), record_ids: Iterable[int] = (), work_ids: Iterable[int] = ()
) -> dict[tuple[str, int], Thing]:
    """What copies, records and works are called, by kind (copy, record, work) and id. One statement."""
    asked = {"copies": list(set(copy_ids)), "records": list(set(record_ids)), "works": list(set(work_ids))}
    if not any(asked.values()):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_THINGS, asked)
        return {(row[0], row[1]): _thing(*row) for row in cursor.fetchall()}


def _thing(kind: str, number: int, record_id: int, work_id: int | None, document: str, barcode: str) -> Thing:
    own = json.loads(document or "{}")
    payload = own.get("payload", {})
    return Thing(
        kind=kind,
        id=number,
        record_id=record_id,
        work_id=work_id,
        title=str(own.get("title", "")),
        creator=next(iter(own.get("creators", ())), ""),
        language=next(iter(payload.get("languages", ())), ""),
        form=payload.get("form", ""),
        year=own.get("year"),
        barcode=barcode,
    )
