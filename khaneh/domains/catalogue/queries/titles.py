"""What records are called, for a line in a letter or a list."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue.models import Record
from khaneh.domains.catalogue.rules.naming import called, names_of
from khaneh.domains.catalogue.types import Called


def titles(record_ids: Iterable[int]) -> dict[int, str]:
    """The titles of records as their document has them, empty where it has none. One statement."""
    rows = Record.objects.filter(pk__in=set(record_ids)).values_list("pk", "document")
    return {pk: str(json.loads(document or "{}").get("title", "")) for pk, document in rows}


def work_titles(work_ids: Iterable[int]) -> dict[int, str]:
    """The titles of works, as most of their editions have them. One statement."""
    return {number: thing.title for (_, number), thing in things(work_ids=work_ids).items()}


_THINGS = """
SELECT 'copy', c.id, r.id, r.work_id, r.document, coalesce(c.barcode, '')
FROM catalogue_copy c JOIN catalogue_record r ON r.id = c.record_id WHERE c.id = ANY (%(copies)s)
UNION ALL
SELECT 'record', r.id, r.id, r.work_id, r.document, '' FROM catalogue_record r WHERE r.id = ANY (%(records)s)
UNION ALL
(SELECT 'work', w.work_id, w.id, w.work_id, w.document, '' FROM (
    SELECT r.work_id, r.id, r.document, row_number() OVER (PARTITION BY r.work_id ORDER BY r.id) AS place FROM catalogue_record r
    WHERE r.work_id = ANY (%(works)s) AND r.merged_into_id IS NULL) w
 WHERE w.place <= 50 ORDER BY w.work_id, w.id)
"""


class Thing(NamedTuple):
    """A copy, record or work as a reader's list names it; a work is called as most of its editions are,
    its oldest record tells the rest. Texts are empty where nothing is known."""

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
        rows = cursor.fetchall()
    found: dict[tuple[str, int], Thing] = {}
    editions: dict[int, list[Called]] = defaultdict(list)
    for row in rows:
        kind, number, document = row[0], row[1], row[4]
        if kind == "work" and document:
            editions[number].append(called(json.loads(document)))
        if (kind, number) not in found:
            found[kind, number] = _thing(*row)
    for number, forms in editions.items():
        usual = names_of(forms).usual
        creator = next(iter(usual.creators), "")
        found["work", number] = found["work", number]._replace(title=usual.title, creator=creator)
    return found


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
