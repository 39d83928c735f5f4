"""What discovery asks of the catalogue: documents of records and works, from stored JSON and a few joins, no MARC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.catalogue.queries.union import union_documents
from khaneh.domains.catalogue.rules.naming import called, names_of
from khaneh.domains.discovery.types import Document
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.orthography import match_key

_RECORDS = """
SELECT id, document, is_stale, work_id, extract(epoch FROM added_at)::float8 FROM catalogue_record
WHERE id = ANY(%s::bigint[]) AND merged_into_id IS NULL
"""
_COPIES = """
SELECT record_id, house_id, count(*), count(*) FILTER (WHERE state = 'available')
FROM catalogue_copy WHERE record_id = ANY(%s::bigint[]) AND state <> 'withdrawn' GROUP BY record_id, house_id
"""
_VARIANTS = """
SELECT heading.key, other.name
FROM catalogue_authority_name AS heading
JOIN catalogue_authority_name AS other ON other.authority_id = heading.authority_id AND other.id <> heading.id
WHERE heading.key = ANY(%s) AND heading.relation IN ('heading', 'see') AND other.relation IN ('heading', 'see')
ORDER BY heading.key, other.id LIMIT 20000
"""
_KEYS = "SELECT id FROM catalogue_record WHERE id > %s AND merged_into_id IS NULL ORDER BY id LIMIT 1000"
_WORKS = """
SELECT r.work_id, r.id, r.document FROM catalogue_record AS r
WHERE r.work_id = ANY(%s::bigint[]) AND r.merged_into_id IS NULL ORDER BY r.work_id, r.id
"""
_WORKS_OF = """
SELECT DISTINCT work_id FROM catalogue_record
WHERE id = ANY(%s::bigint[]) AND merged_into_id IS NULL AND work_id IS NOT NULL
"""
_WORK_KEYS = """
SELECT w.id FROM catalogue_work AS w
WHERE w.id > %s AND (SELECT count(*) FROM (
    SELECT FROM catalogue_record AS r WHERE r.work_id = w.id AND r.merged_into_id IS NULL LIMIT 2) AS two) = 2
ORDER BY w.id LIMIT 1000
"""


def record_keys() -> Iterator[list[int]]:
    """Every record that stands for itself, in lists of at most 1,000. One statement a list."""
    yield from _in_lists(_KEYS)


def work_keys() -> Iterator[list[int]]:
    """Every work with two records at least, in lists of at most 1,000. One statement a list."""
    yield from _in_lists(_WORK_KEYS)


def works_around(keys: list[int]) -> list[tuple[str, int]]:
    """The works that show what these records are and where their copies stand. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKS_OF, [keys])
        return [("work", work) for (work,) in cursor.fetchall()]


def _in_lists(statement: str) -> Iterator[list[int]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [last])
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        yield ids
        last = ids[-1]


def record_documents(keys: list[int]) -> list[Document]:
    """Documents of records. Six statements, and two more where some of them have to be derived again."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [keys])
        rows = cursor.fetchall()
    stale = [row[0] for row in rows if row[2]]
    fresh = union_documents(stale) if stale else {}
    stored = [(row, orjson.loads(fresh.get(row[0], row[1]))) for row in rows]
    houses = _house_facets([row[0] for row in rows])
    variants = _variants(data for _, data in stored)
    return [_record_document(row, data, houses.get(row[0]), variants) for row, data in stored]


def _record_document(
    row: tuple[Any, ...], data: dict[str, Any], shelf: _Shelf | None, variants: dict[str, list[str]]
) -> Document:
    number, _, _, work_id, added_at = row
    facets = {name: tuple(values) for name, values in data.get("facets", {}).items()}
    payload = data.get("payload", {})
    if work_id is not None:
        payload["work"] = work_id
    if shelf is not None:
        facets |= shelf.facets
        payload["copies"], payload["available"] = shelf.copies, shelf.available
        payload["houses"] = shelf.codes
    names = data.get("names", [])
    if variants:
        names = [*names, *(other for name in data.get("creators", []) for other in variants.get(name, ()))]
    return Document(
        kind="record",
        key=number,
        title=data["title"],
        subtitle=data.get("subtitle", ""),
        titles=tuple(data.get("titles", ())),
        creators=tuple(data.get("creators", ())),
        names=tuple(names),
        subjects=tuple(data.get("subjects", ())),
        publishers=tuple(data.get("publishers", ())),
        text=tuple(data.get("text", ())),
        identifiers=tuple(data.get("identifiers", ())),
        facets=facets,
        year=data.get("year"),
        added=datetime.fromtimestamp(added_at, UTC),
        payload=payload,
    )


class _Shelf:
    """Where a record's copies are, as facets."""

    __slots__ = ("available", "codes", "copies", "facets")

    def __init__(self) -> None:
        self.copies = 0
        self.available = 0
        self.codes: list[str] = []
        self.facets: dict[str, tuple[str, ...]] = {}


def _house_facets(records: list[int]) -> dict[int, _Shelf]:
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [records])
        rows = cursor.fetchall()
    if not rows:
        return {}
    paths = _house_paths({row[1] for row in rows if row[1] is not None})
    found: dict[int, _Shelf] = defaultdict(_Shelf)
    values: dict[int, dict[str, dict[str, None]]] = defaultdict(lambda: {"house": {}, "region": {}})
    for record, house, copies, available in rows:
        shelf = found[record]
        shelf.copies += copies
        shelf.available += available
        if house in paths:
            of_house, of_region = paths[house]
            values[record]["house"][of_house] = None
            values[record]["region"][of_region] = None
            shelf.codes.append(of_house.rsplit("/", 1)[-1])
    for record, shelf in found.items():
        shelf.facets = {name: tuple(own) for name, own in values[record].items() if own}
        if shelf.available:
            shelf.facets["available"] = ("yes",)
    return found


def _house_paths(house_ids: set[int]) -> dict[int, tuple[str, str]]:
    """The facet values of each house: the houses it is in and itself, and its regions, as paths of codes from the top."""
    rows = network.houses_by_ids(house_ids, actor=SYSTEM, now=datetime.now(UTC))
    return {
        number: (
            "/".join([*(ref.code for ref in row.ancestors), row.code]),
            "/".join(ref.code for ref in row.regions),
        )
        for number, row in rows.items()
    }


def _variants(documents: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Other forms that authority records give for the creators' names. One statement; none where there are no authorities."""
    if not _authorities_exist():
        return {}
    by_key: dict[str, set[str]] = defaultdict(set)
    for data in documents:
        for name in data.get("creators", ()):
            by_key[_key(name)].add(name)
    found: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_VARIANTS, [list(by_key)])
        for key, other in cursor.fetchall():
            for name in by_key[key]:
                if len(found[name]) < 20:
                    found[name].append(other)
    return found


# Authors recur from record to record; folding a name costs as much as all the rest of a document.
_key = lru_cache(maxsize=50_000)(match_key)


def _authorities_exist() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM catalogue_authority)")
        (exists,) = cursor.fetchone()
        return bool(exists)


def work_documents(keys: list[int]) -> list[Document]:
    """Documents of works: what their records say, together, and where their copies are. A work with fewer than two records is none.

    At most six statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, [keys])
        rows = cursor.fetchall()
    editions: dict[int, list[dict[str, Any]]] = defaultdict(list)
    records: dict[int, list[int]] = defaultdict(list)
    for work, record, document in rows:
        records[work].append(record)
        if len(editions[work]) < 200:
            editions[work].append(orjson.loads(document))
    shelves = _house_facets([row[1] for row in rows if len(records[row[0]]) > 1])
    return [
        _work_document(work, own, [shelves[record].facets for record in records[work] if record in shelves])
        for work, own in editions.items()
        if len(own) > 1
    ]


def _work_document(work: int, editions: list[dict[str, Any]], shelves: list[dict[str, tuple[str, ...]]]) -> Document:
    years = [own["year"] for own in editions if own.get("year")]
    names = names_of([called(own) for own in editions])
    title, subtitle, creators = names.usual
    titles = _together(editions, "titles", first="title")
    facets: dict[str, tuple[str, ...]] = {}
    for name in ("language", "script", "author", "subject", "genre", "form"):
        values = dict.fromkeys(value for own in editions for value in own.get("facets", {}).get(name, ()))
        if values:
            facets[name] = tuple(values)[:40]
    for name in ("house", "region", "available"):
        values = dict.fromkeys(value for own in shelves for value in own.get(name, ()))
        if values:
            facets[name] = tuple(values)
    payload: dict[str, Any] = {"editions": len(editions), "languages": facets.get("language", ())}
    if names.by_script:
        payload["called"] = {script: tuple(one) for script, one in names.by_script.items()}
    return Document(
        kind="work",
        key=work,
        title=title,
        subtitle=subtitle,
        titles=tuple(other for other in titles if other != title),
        creators=creators,
        names=_together(editions, "names", first=None, also="creators"),
        subjects=_together(editions, "subjects", first=None),
        facets=facets,
        year=min(years, default=None),
        payload=payload,
    )


def _together(editions: list[dict[str, Any]], name: str, *, first: str | None, also: str = "") -> tuple[str, ...]:
    found: dict[str, None] = {}
    for own in editions:
        if first is not None:
            found[own[first]] = None
        found.update(dict.fromkeys(own.get(name, ())))
        if also:
            found.update(dict.fromkeys(own.get(also, ())))
    return tuple(found)[:60]
