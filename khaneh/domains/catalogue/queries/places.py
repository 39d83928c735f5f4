"""Where records and works have gone: for whoever keeps a record's or a work's number while merges and regroupings go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

_STANDING = """
WITH RECURSIVE chain(asked, id, merged) AS (
    SELECT r.id, r.id, r.merged_into_id FROM catalogue_record r WHERE r.id = ANY (%s::bigint[])
    UNION SELECT c.asked, r.id, r.merged_into_id FROM chain c JOIN catalogue_record r ON r.id = c.merged)
SELECT c.asked, r.id, r.work_id FROM chain c JOIN catalogue_record r ON r.id = c.id WHERE c.merged IS NULL
"""
_INHABITED = (
    "SELECT DISTINCT work_id FROM catalogue_record WHERE work_id = ANY (%s::bigint[]) AND merged_into_id IS NULL"
)
_LEFT = """
SELECT DISTINCT (pair ->> 1)::bigint FROM catalogue_merge_decision d
CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(d.works) WHEN 'array' THEN d.works ELSE '[]' END) AS pair
WHERE d.id = %s AND pair ->> 1 IS NOT NULL
"""


class Standing(NamedTuple):
    """The record that stands for another (itself, or the one it was merged into), and its work."""

    record_id: int
    work_id: int | None


def standing_for(record_ids: Iterable[int]) -> dict[int, Standing]:
    """What stands for each of these records. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(record_ids)])
        return {asked: Standing(record, work) for asked, record, work in cursor.fetchall()}


def works_left(decision_id: int) -> set[int]:
    """The works that records left when a merge was decided, and to which they go back when it is undone. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [decision_id])
        return {row[0] for row in cursor.fetchall()}


def inhabited(work_ids: Iterable[int]) -> set[int]:
    """Those of the works that have a record. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_INHABITED, [list(work_ids)])
        return {row[0] for row in cursor.fetchall()}
