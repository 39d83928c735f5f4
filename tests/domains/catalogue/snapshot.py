"""The catalogue's tables as values that two moments, or two runs, can be compared by."""

from __future__ import annotations

from typing import Any

from django.db import connection

# The time of the last change is news, not content; so is what discovery has yet to learn.
_LEFT_OUT = {"catalogue_record": {"changed_at"}}
_TABLES = (
    "record",
    "contribution",
    "contribution_version",
    "match_key",
    "copy",
    "work",
    "quarantine_item",
    "authority",
)
_BY_CONTENT = {
    "contributions": """
        SELECT s.code, c.identity, c.occurrence, c.version, encode(c.digest, 'hex'), c.position, c.comparable, c.problems,
               (SELECT array_agg(o.identity || o.occurrence ORDER BY o.identity, o.occurrence)
                FROM catalogue_contribution AS o WHERE o.record_id = c.record_id),
               r.is_stale, r.document, r.work_id IS NOT NULL
        FROM catalogue_contribution AS c JOIN catalogue_source AS s ON s.id = c.source_id
        JOIN catalogue_record AS r ON r.id = c.record_id ORDER BY 1, 2, 3""",
    "keys": "SELECT k.key, c.identity, c.occurrence FROM catalogue_match_key AS k JOIN catalogue_contribution AS c"
    " ON c.id = k.contribution_id ORDER BY 1, 2, 3",
    "copies": "SELECT p.barcode, p.barcode_given, p.house_given, p.state, p.price_amount, c.identity FROM catalogue_copy AS p"
    " JOIN catalogue_contribution AS c ON c.id = p.contribution_id ORDER BY 1, 2, 6",
    "merges": "SELECT c.identity, c.occurrence, round(d.score::numeric, 6), d.evidence::text FROM catalogue_merge_decision AS d"
    " JOIN catalogue_contribution AS c ON c.id = ANY(d.contributions) ORDER BY 1, 2",
    "pairs": "SELECT round(score::numeric, 6), evidence::text, state FROM catalogue_review_pair ORDER BY 1, 2",
    "quarantine": "SELECT encode(digest, 'hex'), position, \"offset\", reasons, state FROM catalogue_quarantine_item ORDER BY 1",
    "batches": "SELECT name, counts, checkpoint, position, state FROM catalogue_import_batch ORDER BY id",
    "records": "SELECT count(*), count(*) FILTER (WHERE merged_into_id IS NULL) FROM catalogue_record",
    "works": "SELECT count(DISTINCT work_id) FROM catalogue_record WHERE work_id IS NOT NULL",
}


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that a merge touches, byte for byte."""
    found = {}
    with connection.cursor() as cursor:
        for name in _TABLES:
            table = f"catalogue_{name}"
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            columns = [column.name for column in cursor.description if column.name not in _LEFT_OUT.get(table, ())]
            listed = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f"SELECT {listed} FROM {table} ORDER BY 1, 2")
            found[name] = [tuple(map(_plain, row)) for row in cursor.fetchall()]
    return found


def content() -> dict[str, list[tuple[Any, ...]]]:
    """What the tables say, without the numbers that the database gave out."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in _BY_CONTENT.items():
            cursor.execute(statement)
            found[name] = cursor.fetchall()
    return found


def empty() -> None:
    """Empty every table of the catalogue and what discovery has yet to learn."""
    names = (
        *_TABLES,
        "merge_decision",
        "review_pair",
        "authority_name",
        "import_batch",
        "source",
        "profile",
        "seen_again",
    )
    with connection.cursor() as cursor:
        listed = ", ".join(f"catalogue_{name}" for name in names)
        cursor.execute(f"TRUNCATE {listed}, discovery_pending RESTART IDENTITY CASCADE")


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
