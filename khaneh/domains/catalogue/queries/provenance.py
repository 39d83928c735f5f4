"""Where a record comes from: its contributions, why each of them is here, and the numbers their sources know them by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.catalogue.types import ContributionRow, EvidenceRow
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.labels import Label

_CONTRIBUTIONS = """
SELECT c.id, c.record_id, s.code, s.names, s.house_id, c.identity, c.dialect, c.encoding, c.serialisation,
       encode(c.digest, 'hex'), octet_length(c.raw), c.version, c.added_at, c.problems,
       (SELECT count(*) FROM catalogue_contribution_version AS v WHERE v.contribution_id = c.id),
       d.id, d.is_automatic, d.account_id, d.score, d.reason, d.evidence
FROM catalogue_contribution AS c
JOIN catalogue_source AS s ON s.id = c.source_id
LEFT JOIN LATERAL (
    SELECT * FROM catalogue_merge_decision AS m
    WHERE m.into_record_id = c.record_id AND m.undone_at IS NULL AND c.id = ANY(m.contributions)
    ORDER BY m.id DESC LIMIT 1
) AS d ON true
WHERE c.record_id = %s ORDER BY c.id LIMIT 500
"""
_NUMBERS = """
SELECT record_id, identity FROM catalogue_contribution
WHERE record_id = ANY(%s::bigint[]) AND identity NOT LIKE '#%%' ORDER BY record_id, id
"""


def contributions(record_id: int) -> tuple[ContributionRow, ...]:
    """Who gave what to a record, the first one first. Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTRIBUTIONS, [record_id])
        rows = cursor.fetchall()
    houses = network.house_refs(row[4] for row in rows if row[4] is not None)
    names = people.account_names(row[17] for row in rows)
    return tuple(_row(row, houses[row[4]].code if row[4] in houses else "", names) for row in rows)


def control_numbers(record_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The control numbers (001) under which sources know each record, without repetition. One statement."""
    found: dict[int, dict[str, None]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [list(record_ids)])
        for record, identity in cursor.fetchall():
            found.setdefault(record, {})[number_of(identity)] = None
    return {record: tuple(numbers) for record, numbers in found.items()}


def number_of(identity: str) -> str:
    """The control number within a contribution's identity ("003|001"), or '' where it has none."""
    return "" if identity.startswith("#") else identity.partition("|")[2] or identity


def evidence_rows(evidence: object) -> tuple[EvidenceRow, ...]:
    """Stored evidence, as rows."""
    found = orjson.loads(evidence) if isinstance(evidence, (str, bytes)) else evidence
    if not isinstance(found, Iterable):
        return ()
    return tuple(
        EvidenceRow(one["feature"], str(one["left"]), str(one["right"]), float(one["weight"])) for one in found
    )


def _row(row: tuple[Any, ...], house_code: str, people_names: Mapping[int, str]) -> ContributionRow:
    problems = orjson.loads(row[13]) if isinstance(row[13], str) else row[13]
    names = orjson.loads(row[3]) if isinstance(row[3], str) else row[3]
    return ContributionRow(
        id=row[0],
        record_id=row[1],
        source_code=row[2],
        source_names=Label.from_dict(names or {}),
        house_code=house_code,
        control_number=number_of(row[5]),
        dialect=row[6],
        encoding=row[7],
        serialisation=row[8],
        digest=row[9],
        size=row[10],
        version=row[11],
        versions=row[14] + 1,
        added_at=row[12],
        problems=tuple(problems),
        decision_id=row[15],
        is_automatic=bool(row[16]),
        decided_by=people_names.get(row[17], ""),
        score=row[18],
        reason=row[19] or "",
        evidence=evidence_rows(row[20] or []),
    )
