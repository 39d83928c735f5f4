"""What an import cannot take in: records that need a person, and authority records, which are kept and used for names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from django.db import connection

from khaneh.domains.catalogue.rules.intake.reading import ParsedAuthority, Unread
from khaneh.domains.catalogue.services.importing.matching import array
from khaneh.domains.catalogue.services.importing.state import Context, Tally
from khaneh.formats.marc.pieces import RawRecord
from khaneh.infrastructure import db
from khaneh.kernel.orthography import match_key

_QUARANTINE = """
INSERT INTO catalogue_quarantine_item
    (batch_id, source_id, position, "offset", size, raw, digest, serialisation, dialect, encoding, reasons, facts, state, resolution)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, 'open', '{}')
ON CONFLICT (source_id, digest) DO NOTHING
"""
_DECIDED = """
SELECT digest, state FROM catalogue_quarantine_item WHERE source_id = %s AND digest = ANY(%s) AND state <> 'open'
"""
_AUTHORITY = {
    "source_id": "int8",
    "batch_id": "int8",
    "identity": "text",
    "raw": "bytea",
    "digest": "bytea",
    "serialisation": "text",
    "dialect": "text",
    "encoding": "text",
    "kind": "text",
    "heading": "text",
}
_TAKE_OVER = """
INSERT INTO catalogue_authority
    (source_id, batch_id, identity, raw, digest, serialisation, dialect, encoding, kind, heading)
SELECT source_id, batch_id, identity, raw, digest, serialisation, dialect, encoding, kind, heading
FROM catalogue_incoming_authority
ON CONFLICT (source_id, identity) DO UPDATE
SET batch_id = excluded.batch_id, raw = excluded.raw, digest = excluded.digest, serialisation = excluded.serialisation,
    dialect = excluded.dialect, encoding = excluded.encoding, kind = excluded.kind, heading = excluded.heading, changed_at = now()
RETURNING id, identity
"""


class Aside(NamedTuple):
    """One record that could not be taken in."""

    raw: RawRecord
    unread: Unread
    position: int


def quarantine(context: Context, asides: list[Aside], tally: Tally) -> None:
    """Keep each with its bytes and reasons. One that is there already is not added again; one that was decided counts as unchanged."""
    if not asides:
        return
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [context.source_id, [one.unread.digest for one in asides]])
        decided = {bytes(digest): state for digest, state in cursor.fetchall()}
        waiting = [one for one in asides if one.unread.digest not in decided]
        tally.counts["unchanged"] += len(asides) - len(waiting)
        for one in waiting:
            tally.counts["quarantined"] += 1
            tally.reasons.update(reasons(one.unread))
        cursor.executemany(_QUARANTINE, [_row(context, one) for one in waiting])


def reasons(unread: Unread) -> list[str]:
    """The codes of what keeps a record out, most serious first; notes are none."""
    serious = [problem for problem in unread.problems if problem["severity"] != "note"]
    serious.sort(key=lambda problem: problem["severity"] != "fatal")
    return list(dict.fromkeys(problem["code"] for problem in serious or unread.problems)) or ["reading-failed"]


def _row(context: Context, one: Aside) -> tuple[Any, ...]:
    return (
        context.batch_id,
        context.source_id,
        one.position,
        one.raw.offset,
        one.raw.length,
        one.raw.data,
        one.unread.digest,
        context.serialisation,
        one.unread.dialect,
        one.unread.encoding,
        reasons(one.unread),
        facts_json(one.unread),
    )


def facts_json(unread: Unread) -> str:
    """The problems as stored. PostgreSQL's jsonb knows no NUL."""
    return orjson.dumps(unread.problems, default=str).decode().replace("\\u0000", "\\ufffd")


def authorities(context: Context, found: Iterable[tuple[RawRecord, ParsedAuthority]], tally: Tally) -> None:
    """Keep authority records and the forms of their names, the last one of each number. Six statements, whatever their number."""
    latest = {one.identity: (raw, one) for raw, one in found}
    if not latest:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity, digest FROM catalogue_authority WHERE source_id = %s AND identity = ANY(%s)",
            [context.source_id, list(latest)],
        )
        known = {identity: bytes(digest) for identity, digest in cursor.fetchall()}
        fresh = {name: pair for name, pair in latest.items() if known.get(name) != pair[1].digest}
        if not fresh:
            return
        described = ", ".join(f"{name} {kind}" for name, kind in _AUTHORITY.items())
        cursor.execute(f"CREATE TEMPORARY TABLE catalogue_incoming_authority ({described}) ON COMMIT DROP")
        db.copy_rows(
            "catalogue_incoming_authority",
            list(_AUTHORITY),
            (_authority_row(context, raw, one) for raw, one in fresh.values()),
            types=list(_AUTHORITY.values()),
        )
        cursor.execute(_TAKE_OVER)
        numbers = {identity: number for number, identity in cursor.fetchall()}
        cursor.execute("DROP TABLE catalogue_incoming_authority")
        cursor.execute(
            "DELETE FROM catalogue_authority_name WHERE authority_id = ANY(%s::bigint[])", [array(numbers.values())]
        )
    db.copy_rows(
        "catalogue_authority_name",
        ("authority_id", "relation", "name", "key"),
        (
            (numbers[identity], name.relation, name.name, match_key(name.name))
            for identity, (_, one) in fresh.items()
            for name in one.names.names
        ),
    )


def _authority_row(context: Context, raw: RawRecord, one: ParsedAuthority) -> tuple[Any, ...]:
    return (
        context.source_id,
        context.batch_id,
        one.identity,
        raw.data,
        one.digest,
        context.serialisation,
        one.dialect,
        one.encoding,
        one.names.kind,
        one.names.heading,
    )
