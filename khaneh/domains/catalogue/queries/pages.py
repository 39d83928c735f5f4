"""What everybody may read of the catalogue: a record's page, a work's, an author's, a subject's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from khaneh.domains.catalogue.queries.provenance import contributions
from khaneh.domains.catalogue.queries.union import union_of
from khaneh.domains.catalogue.rules.naming import called, names_of
from khaneh.domains.catalogue.types import CopyRow, CopyState, HeadingPage, Line, RecordPage, WorkPage
from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import SearchRequest
from khaneh.domains.network import queries as network
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.orthography import match_key
from khaneh.kernel.refusal import NotFound

MOST_COPIES = 500  # on one page; `copies_total` tells how many there are
MOST_EDITIONS = 50

_RECORD = "SELECT id, merged_into_id, work_id, added_at, changed_at FROM catalogue_record WHERE id = %s"
_COPIES = """
SELECT id, barcode, house_id, house_given, location, call_number, price_amount, price_currency, state, count(*) OVER ()
FROM catalogue_copy WHERE record_id = %s AND state <> 'withdrawn'
ORDER BY (state = 'available') DESC, id LIMIT %s
"""
_LINES = """
SELECT r.id, r.document, r.work_id, coalesce(c.total, 0), coalesce(c.free, 0)
FROM catalogue_record AS r
LEFT JOIN LATERAL (
    SELECT count(*) AS total, count(*) FILTER (WHERE state = 'available') AS free
    FROM catalogue_copy WHERE record_id = r.id AND state <> 'withdrawn'
) AS c ON true
"""
_BY_IDS = f"{_LINES} WHERE r.id = ANY(%s::bigint[]) AND r.merged_into_id IS NULL"
_OF_WORK = f"""{_LINES} WHERE r.work_id = %s AND r.merged_into_id IS NULL
ORDER BY (r.document::jsonb ->> 'year')::int NULLS LAST, r.id LIMIT %s OFFSET %s"""
_WORK = "SELECT document, count(*) OVER () FROM catalogue_record WHERE work_id = %s AND merged_into_id IS NULL ORDER BY id LIMIT 200"
_SHELVES = """
SELECT r.work_id, c.house_id, count(*), count(*) FILTER (WHERE c.state = 'available')
FROM catalogue_record r JOIN catalogue_copy c ON c.record_id = r.id AND c.state <> 'withdrawn'
WHERE r.work_id = ANY (%s::bigint[]) AND r.merged_into_id IS NULL
GROUP BY r.work_id, c.house_id ORDER BY r.work_id, 4 DESC, 3 DESC, c.house_id
"""
_LATEST = f"{_LINES} WHERE r.merged_into_id IS NULL ORDER BY r.id DESC LIMIT %s"
_FORMS = """
SELECT other.name, other.relation
FROM catalogue_authority_name AS heading
JOIN catalogue_authority_name AS other ON other.authority_id = heading.authority_id
WHERE heading.key = %s AND heading.relation IN ('heading', 'see')
ORDER BY (other.relation = 'heading') DESC, other.id LIMIT 100
"""
_VARIANTS = """
SELECT heading.key, other.name
FROM catalogue_authority_name AS heading
JOIN catalogue_authority_name AS other ON other.authority_id = heading.authority_id AND other.id <> heading.id
WHERE heading.key = ANY(%s) AND heading.relation IN ('heading', 'see') AND other.relation IN ('heading', 'see')
ORDER BY heading.key, other.id LIMIT 200
"""


def standing(record_id: int) -> int:
    """The record that stands for this one: itself, or the one it was merged into. Raises NotFound. A statement for each merge passed."""
    for _ in range(50):  # a chain of merges is short; a longer one would be a fault, and is not followed for ever
        row = _one(_RECORD, [record_id])
        if row is None:
            break
        if row[1] is None:
            return int(row[0])
        record_id = row[1]
    raise NotFound(what="record")


def record_page(record_id: int, *, near: tuple[float, float] | None = None) -> RecordPage:
    """Everything a record's page shows. `near` (latitude, longitude) puts the nearest copies first. At most 14 statements.

    The page of a record that was merged into another one is that other's: compare `id`. Raises NotFound.
    """
    number = standing(record_id)
    row = _one(_RECORD, [number])
    shown = union_of(number)
    if row is None or shown is None:
        raise NotFound(what="record")
    _, _, work_id, added_at, changed_at = row
    copies, total = _copies(number, near)
    editions = _lines(_OF_WORK, [work_id, MOST_EDITIONS, 0]) if work_id is not None else []
    return RecordPage(
        id=number,
        description=shown.description,
        record=shown.record,
        dialect=shown.dialect,
        copies=tuple(copies),
        copies_total=total,
        contributions=contributions(number),
        origins=tuple((field.tag, origin) for field, origin in zip(shown.record.fields, shown.origins, strict=True)),
        work_id=work_id if len(editions) > 1 else None,
        editions=tuple(editions) if len(editions) > 1 else (),
        variant_names=variant_names(agent.name for agent in shown.description.agents),
        added_at=added_at,
        changed_at=changed_at,
    )


def work_page(work_id: int, *, offset: int = 0, limit: int = 50) -> WorkPage:
    """A work and a page of its editions, the oldest first. Two statements. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_WORK, [work_id])
        rows = cursor.fetchall()
    if not rows:
        raise NotFound(what="work")
    own = [orjson.loads(document) for document, _ in rows]
    names = names_of([called(one) for one in own])
    return WorkPage(
        id=work_id,
        title=names.usual.title,
        creators=names.usual.creators,
        by_script=names.by_script,
        languages=tuple(dict.fromkeys(code for one in own for code in one.get("payload", {}).get("languages", ()))),
        editions=tuple(_lines(_OF_WORK, [work_id, limit, offset])),
        total=rows[0][1],
    )


class WorkShelf(NamedTuple):
    """The copies of a work, whatever the edition; `houses` keep some, those with copies on their shelves first."""

    copies: int
    available: int
    houses: tuple[str, ...]


def work_shelves(work_ids: Collection[int]) -> dict[int, WorkShelf]:
    """Whether one can have a work and where, by work; those without copies are left out. One statement, and houses once; none for no works."""
    if not work_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES, [list(work_ids)])
        rows = cursor.fetchall()
    codes = {number: ref.code for number, ref in network.house_refs({row[1] for row in rows if row[1]}).items()}
    found: dict[int, list[Any]] = {}
    for work, house, copies, available in rows:
        shelf = found.setdefault(work, [0, 0, []])
        shelf[0] += copies
        shelf[1] += available
        if house in codes:
            shelf[2].append(codes[house])
    return {work: WorkShelf(copies, available, tuple(houses)) for work, (copies, available, houses) in found.items()}


def author_page(heading: str, *, offset: int = 0, limit: int = 50) -> HeadingPage:
    """The records of an author, under any form that an authority record gives of the name. Two statements and the index."""
    return _heading("author", heading, offset, limit)


def subject_page(heading: str, *, offset: int = 0, limit: int = 50) -> HeadingPage:
    """The records about a subject, under any form that an authority record gives of it. Two statements and the index."""
    return _heading("subject", heading, offset, limit)


def latest(*, limit: int = 12) -> list[Line]:
    """What came last, the newest first. One statement."""
    return _lines(_LATEST, [limit])


def lines(record_ids: Sequence[int]) -> list[Line]:
    """Records as lines of a list, in the order asked for; those merged away are left out. One statement."""
    found = {line.id: line for line in _lines(_BY_IDS, [list(record_ids)])}
    return [found[number] for number in record_ids if number in found]


def variant_names(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The other forms that authority records give, by the name asked for. One statement, none without names."""
    by_key = {match_key(name): name for name in names if name}
    if not by_key:
        return {}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VARIANTS, [list(by_key)])
        for key, other in cursor.fetchall():
            if other not in found.setdefault(by_key[key], []):
                found[by_key[key]].append(other)
    return {name: tuple(others) for name, others in found.items()}


def _heading(kind: str, heading: str, offset: int, limit: int) -> HeadingPage:
    with connection.cursor() as cursor:
        cursor.execute(_FORMS, [match_key(heading)])
        forms = cursor.fetchall()
    same = dict.fromkeys([heading, *(name for name, relation in forms if relation != "see_also")])
    page = discovery.search(
        SearchRequest(
            filters={"kind": ("record",), kind: tuple(same)},
            sort="newest",
            offset=offset,
            limit=limit,
            highlights=False,
        )
    )
    if not page.total:
        raise NotFound(what=kind)
    return HeadingPage(
        kind=kind,
        heading=heading,
        variants=tuple(name for name in same if name != heading),
        see_also=tuple(dict.fromkeys(name for name, relation in forms if relation == "see_also")),
        records=tuple(lines([hit.key for hit in page.hits])),
        total=page.total,
    )


def _copies(record_id: int, near: tuple[float, float] | None) -> tuple[list[CopyRow], int]:
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [record_id, MOST_COPIES])
        rows = cursor.fetchall()
    houses = network.house_refs(row[2] for row in rows if row[2] is not None)
    distances = network.kilometres_from(*near) if near and rows else {}
    copies = [
        CopyRow(
            id=number,
            barcode=barcode or "",
            house_id=house_id,
            house_code=houses[house_id].code if house_id in houses else "",
            house_names=houses[house_id].names if house_id in houses else Label("", "", ""),
            house_given=house_given,
            location=location,
            call_number=call_number,
            price=None if amount is None else Money(amount, currency),
            state=CopyState(state),
            kilometres=distances.get(house_id),
        )
        for number, barcode, house_id, house_given, location, call_number, amount, currency, state, _ in rows
    ]
    if near:
        far = float("inf")
        copies.sort(key=lambda copy: far if copy.kilometres is None else copy.kilometres)
    return copies, rows[0][-1] if rows else 0


def _lines(statement: str, values: list[Any]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [_line(*row) for row in rows]


def _line(number: int, document: str, work_id: int | None, copies: int, available: int) -> Line:
    own = orjson.loads(document)
    payload = own.get("payload", {})
    return Line(
        id=number,
        title=own["title"],
        subtitle=own.get("subtitle", ""),
        creators=tuple(own.get("creators", ())),
        year=own.get("year"),
        form=payload.get("form", ""),
        languages=tuple(payload.get("languages", ())),
        edition=payload.get("edition", ""),
        publisher=payload.get("publisher", ""),
        work_id=work_id,
        copies=copies,
        available=available,
    )


def _one(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
