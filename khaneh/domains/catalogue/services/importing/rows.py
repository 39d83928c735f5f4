"""Rows by the thousand: new contributions, their records, keys and merges, and the next versions of those that changed."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.catalogue.rules.intake.reading import unpacked
from khaneh.domains.catalogue.rules.matching import Verdict
from khaneh.domains.catalogue.services.importing.binary import FALSE, columns, long, octets, text, words
from khaneh.domains.catalogue.services.importing.known import Standing
from khaneh.domains.catalogue.services.importing.matching import Decided, array
from khaneh.domains.catalogue.services.importing.state import Context, Incoming
from khaneh.infrastructure import db

_RECORD = ("id", "merged_into_id", "is_stale", "work_is_manual", "document")
_CONTRIBUTION = (
    *("id", "record_id", "own_record_id", "source_id", "batch_id", "occurrence", "version", "position"),
    *(
        "identity",
        "raw",
        "digest",
        "serialisation",
        "dialect",
        "encoding",
        "problems",
        "comparable",
        "keys",
        "work_keys",
    ),
)
_NUMBERS = struct.Struct(">iqiqiqiqiqihihii")  # the first eight columns, each after its length
_INCOMING = {
    "id": "int8",
    "batch_id": "int8",
    "position": "int4",
    "raw": "bytea",
    "digest": "bytea",
    "serialisation": "text",
    "dialect": "text",
    "encoding": "text",
    "problems": "text",
    "comparable": "text",
    "keys": "bytea",
    "work_keys": "bytea",
}
_EIGHT = (8).to_bytes(4, "big")
_TWO_EIGHT = (2).to_bytes(2, "big") + _EIGHT
_KEEP_OLD = """
INSERT INTO catalogue_contribution_version
    (contribution_id, version, batch_id, raw, digest, serialisation, dialect, encoding, problems)
SELECT c.id, c.version, c.batch_id, c.raw, c.digest, c.serialisation, c.dialect, c.encoding, c.problems
FROM catalogue_contribution AS c JOIN catalogue_incoming AS i ON i.id = c.id
"""
_FORGET_KEYS = """
DELETE FROM catalogue_match_key AS k USING catalogue_contribution AS c, catalogue_incoming AS i
WHERE c.id = i.id AND k.contribution_id = c.id AND k.key = ANY(%s::bigint[])
"""
_REPLACE = """
UPDATE catalogue_contribution AS c
SET (batch_id, position, raw, digest, serialisation, dialect, encoding, problems, comparable, keys, work_keys) =
    (i.batch_id, i.position, i.raw, i.digest, i.serialisation, i.dialect, i.encoding, i.problems, i.comparable, i.keys, i.work_keys),
    version = c.version + 1, changed_at = now()
FROM catalogue_incoming AS i WHERE i.id = c.id
"""
_OWN_DOCUMENT = """
UPDATE catalogue_record AS r SET is_stale = true, changed_at = now()
WHERE r.id = ANY(%s::bigint[])
"""
_MERGE = (
    "from_record_id", "into_record_id", "contributions", "copies", "score", "evidence", "reason", "is_automatic", "undo_reason"
)  # fmt: skip
_REVIEW = """
INSERT INTO catalogue_review_pair (left_id, right_id, score, evidence, state, reason)
SELECT %s, %s, %s, %s::jsonb, 'open', '' ON CONFLICT (left_id, right_id) DO NOTHING
"""


def reserve(table: str, count: int) -> list[int]:
    """`count` unused ids of a table, ascending. Taken under the lock MATCHING, so that ids and the order of imports agree."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(named.sequence) FROM generate_series(1, %s),"
            " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS named",
            [count, table],
        )
        return [row[0] for row in cursor.fetchall()]


def evidence_json(verdict: Verdict) -> str:
    """A verdict's evidence as it is stored: [{"feature", "left", "right", "weight"}]."""
    return (
        orjson.dumps(
            [
                {"feature": one.feature, "left": one.left, "right": one.right, "weight": round(one.weight, 3)}
                for one in verdict.evidence
            ]
        )
        .decode()
        .replace("\\u0000", "")
    )


def number(incoming: list[Incoming]) -> None:
    """Give every new contribution its id and the record that it begins with."""
    records = reserve("catalogue_record", len(incoming))
    contributions = reserve("catalogue_contribution", len(incoming))
    for one, record, contribution in zip(incoming, records, contributions, strict=True):
        one.own_record_id = one.record_id = record
        one.id = contribution


def insert(context: Context, incoming: list[Incoming]) -> None:
    """Write the records, contributions and keys. Three COPYs."""
    head = columns(len(_RECORD))
    db.copy_binary(
        "catalogue_record",
        _RECORD,
        [
            b"".join(
                (
                    head,
                    long(one.own_record_id),
                    long(None if one.record_id == one.own_record_id else one.record_id),
                    FALSE,
                    FALSE,
                    octets(one.parsed.document),
                )
            )
            for one in incoming
        ],
    )
    head = columns(len(_CONTRIBUTION))
    db.copy_binary(
        "catalogue_contribution",
        _CONTRIBUTION,
        [
            b"".join(
                (
                    head,
                    _NUMBERS.pack(
                        *(8, one.id, 8, one.record_id, 8, one.own_record_id, 8, context.source_id, 8, context.batch_id),
                        *(2, one.occurrence, 2, 1, 4, one.position),
                    ),
                    text(one.parsed.identity),
                    octets(one.raw.data),
                    octets(one.parsed.digest),
                    words(context.serialisation, one.parsed.dialect, one.parsed.encoding, one.parsed.problems),
                    octets(one.parsed.comparable),
                    octets(one.parsed.keys),
                    octets(one.parsed.work_keys),
                )
            )
            for one in incoming
        ],
    )
    insert_keys((one.id, one) for one in incoming)


def insert_keys(owned: Iterable[tuple[int, Incoming]]) -> None:
    """Write the keys of contributions. Sorted: an index takes neighbours faster than strangers."""
    rows: set[bytes] = set()
    for owner, one in owned:
        # A tuple of two bigints as PostgreSQL's COPY has it: their number, then each with its length before it.
        tail = _EIGHT + owner.to_bytes(8, "big")
        packed = one.parsed.keys + one.parsed.work_keys
        rows.update([_TWO_EIGHT + packed[at : at + 8] + tail for at in range(0, len(packed), 8)])
    if rows:
        db.copy_binary("catalogue_match_key", ["key", "contribution_id"], sorted(rows))


def decisions(decided: Decided) -> None:
    """Write the merges and the pairs to review, and mark the records that have to be derived again."""
    db.copy_rows(
        "catalogue_merge_decision",
        _MERGE,
        (
            (
                one.own_record_id,
                one.record_id,
                f"{{{one.contribution_id}}}",
                "{}",
                one.verdict.score,
                evidence_json(one.verdict),
                "",
                True,
                "",
            )
            for one in decided.matches
        ),
    )
    if decided.doubts:
        with connection.cursor() as cursor:
            cursor.executemany(
                _REVIEW,
                [
                    (one.left, one.right, one.verdict.score, evidence_json(one.verdict))
                    for _, one in sorted(decided.doubts.items())
                ],
            )
    mark_stale({one.record_id for one in decided.matches})


def mark_stale(records: Iterable[int]) -> None:
    """Say that what these records' contributions tell has changed."""
    numbers = sorted(set(records))
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_OWN_DOCUMENT, [array(numbers)])


def replace(context: Context, changed: Sequence[tuple[Incoming, Standing]]) -> None:
    """Put the next version of each contribution in its place, keeping the bytes of the one before."""
    if not changed:
        return
    described = ", ".join(f"{name} {kind}" for name, kind in _INCOMING.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE catalogue_incoming ({described}) ON COMMIT DROP")
        db.copy_rows(
            "catalogue_incoming",
            list(_INCOMING),
            (_replacement(context, one, standing) for one, standing in changed),
            types=list(_INCOMING.values()),
        )
        cursor.execute(
            "SELECT c.keys, c.work_keys FROM catalogue_contribution AS c JOIN catalogue_incoming AS i ON i.id = c.id"
        )
        old = {key for row in cursor.fetchall() for packed in row for key in unpacked(bytes(packed))}
        cursor.execute(_KEEP_OLD)
        cursor.execute(_FORGET_KEYS, [array(old)])
        cursor.execute(_REPLACE)
        cursor.execute("DROP TABLE catalogue_incoming")
    insert_keys((standing.id, one) for one, standing in changed)
    mark_stale(standing.record_id for _, standing in changed)


def _replacement(context: Context, one: Incoming, standing: Standing) -> tuple[Any, ...]:
    parsed = one.parsed
    return (
        standing.id,
        context.batch_id,
        one.position,
        one.raw.data,
        parsed.digest,
        context.serialisation,
        parsed.dialect,
        parsed.encoding,
        parsed.problems,
        parsed.comparable.decode(),
        parsed.keys,
        parsed.work_keys,
    )
