"""Editions into works: records that share a work's key (a uniform title, an original, a translation link) belong together.

A work is made when the second of its records arrives. What a person has moved stays where the person put it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from khaneh.domains.catalogue.services.importing.matching import array
from khaneh.domains.catalogue.services.importing.rows import reserve

# Most keys have one holder and bring nobody together: that is found out in the index before anything is joined. A few holders of
# each key are enough, because those that hold it already are in one work.
_GROUPED = """
SELECT asked.key, r.id, r.work_id
FROM (
    SELECT key FROM unnest(%s::bigint[]) AS one(key)
    WHERE EXISTS (SELECT FROM catalogue_match_key AS k WHERE k.key = one.key OFFSET 1)
) AS asked
CROSS JOIN LATERAL (
    SELECT c.record_id FROM catalogue_match_key AS k JOIN catalogue_contribution AS c ON c.id = k.contribution_id
    WHERE k.key = asked.key ORDER BY k.contribution_id LIMIT 5
) AS held
JOIN catalogue_record AS r ON r.id = held.record_id AND NOT r.work_is_manual AND r.merged_into_id IS NULL
"""


def group(owned: Iterable[tuple[int, Iterable[int]]]) -> set[int]:
    """Group records (id, work keys) with each other and with those that are there. Returns the works that were touched.

    The caller holds the lock MATCHING and has written the keys. At most five statements.
    """
    parent: dict[int, int] = {}

    def root(record: int) -> int:
        parent.setdefault(record, record)
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    by_key: dict[int, list[int]] = defaultdict(list)
    for record, keys in owned:
        for key in keys:
            by_key[key].append(record)
    if not by_key:
        return set()
    works: dict[int, int | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, [array(sorted(by_key))])
        for key, record, work in cursor.fetchall():
            works[record] = work
            by_key[key].append(record)
        # Most keys have one record, which is in no work and comes into none.
        together = [records for records in by_key.values() if len(set(records)) > 1]
        if unknown := {record for records in together for record in records} - set(works):
            cursor.execute(
                "SELECT id, work_id FROM catalogue_record WHERE id = ANY(%s::bigint[]) AND NOT work_is_manual",
                [array(unknown)],
            )
            works.update(cursor.fetchall())
    for records in together:
        grouped = [record for record in records if record in works]
        for record in grouped[1:]:
            one, other = sorted((root(grouped[0]), root(record)))
            parent[other] = one
    groups: dict[int, list[int]] = defaultdict(list)
    for record in list(parent):
        groups[root(record)].append(record)
    return _write([(members, {works[one] for one in members}) for members in groups.values() if len(members) > 1])


def _write(groups: list[tuple[list[int], set[int | None]]]) -> set[int]:
    """Give every group one work: the oldest that any of its records has, else a new one."""
    moves: list[tuple[int, int]] = []
    joins: list[tuple[int, int]] = []
    without = [members for members, works in groups if works == {None}]
    fresh = iter(reserve("catalogue_work", len(without)))
    made: list[int] = []
    for members, works in groups:
        standing = sorted(work for work in works if work is not None)
        if not standing:
            made.append(next(fresh))
        work = standing[0] if standing else made[-1]
        moves += [(record, work) for record in members] if None in works else []
        joins += [(other, work) for other in standing[1:]]
    touched = {work for _, work in moves} | {work for pair in joins for work in pair}
    with connection.cursor() as cursor:
        if made:
            cursor.execute("INSERT INTO catalogue_work (id) SELECT unnest(%s::bigint[])", [array(made)])
        if moves:
            cursor.execute(
                "UPDATE catalogue_record AS r SET work_id = m.work FROM unnest(%s::bigint[], %s::bigint[]) AS m(record, work)"
                " WHERE r.id = m.record AND r.work_id IS DISTINCT FROM m.work",
                [array(record for record, _ in moves), array(work for _, work in moves)],
            )
        if joins:
            cursor.execute(
                "UPDATE catalogue_record AS r SET work_id = j.work FROM unnest(%s::bigint[], %s::bigint[]) AS j(other, work)"
                " WHERE r.work_id = j.other AND NOT r.work_is_manual",
                [array(other for other, _ in joins), array(work for _, work in joins)],
            )
    return touched
