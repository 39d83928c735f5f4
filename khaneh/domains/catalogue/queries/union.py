"""What the union shows of a record, derived from the stored bytes of its contributions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.catalogue.rules.intake import union
from khaneh.domains.catalogue.rules.intake.union import Stored, Union

_STORED = """
SELECT c.record_id, c.id, s.code, extract(epoch FROM c.changed_at)::float8, c.identity, c.raw, b.format, c.encoding, c.dialect,
       c.problems <> '[]'
FROM catalogue_contribution AS c
JOIN catalogue_source AS s ON s.id = c.source_id
JOIN catalogue_import_batch AS b ON b.id = c.batch_id
WHERE c.record_id = ANY(%s::bigint[])
ORDER BY c.record_id, c.id
"""
MOST = 200  # contributions that take part in the choice of one record


def stored(records: Iterable[int]) -> dict[int, list[Stored]]:
    """The contributions of records with their bytes. One statement."""
    found: dict[int, list[Stored]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [list(records)])
        formats: dict[str, dict[str, Any]] = {}
        for record, number, source, changed, identity, raw, fmt, encoding, dialect, doubted in cursor.fetchall():
            if len(found[record]) < MOST:
                if fmt not in formats:
                    formats[fmt] = orjson.loads(fmt)
                found[record].append(
                    Stored(number, source, changed, identity, bytes(raw), formats[fmt], encoding, dialect, doubted)
                )
    return found


def union_of(record_id: int) -> Union | None:
    """What the union shows of one record, or None where it has no contribution that can be read. One statement."""
    return union.unite(stored([record_id])[record_id])


def union_documents(records: list[int]) -> dict[int, str]:
    """Documents derived anew, for records whose stored one is stale. One statement."""
    return dict(union.documents(list(stored(records).items())))
