"""Some thousand records into their rows, in one transaction that also moves the checkpoint. Killed before its end, it never was."""

from __future__ import annotations

from typing import NamedTuple

import orjson
from django.db import connection

from khaneh.domains.catalogue.errors import ImportRunning
from khaneh.domains.catalogue.rules.intake.reading import Parsed, ParsedAuthority, Result, Unread, unpacked
from khaneh.domains.catalogue.services import regrouping
from khaneh.domains.catalogue.services.importing import copies, known, matching, rows, set_aside, works
from khaneh.domains.catalogue.services.importing.known import Sorted
from khaneh.domains.catalogue.services.importing.matching import Ahead, Decided
from khaneh.domains.catalogue.services.importing.set_aside import Aside
from khaneh.domains.catalogue.services.importing.state import MATCHING, WRITING, Context, Incoming, Tally
from khaneh.domains.discovery import services as discovery
from khaneh.formats.marc.pieces import RawRecord
from khaneh.infrastructure import db


class Piece(NamedTuple):
    """A stretch of the file: raw records, what was read from them, and where it begins and ends."""

    start: int
    end: int
    position: int  # of its first record, from 1
    progress: int  # bytes of the file as it lies there, when the stretch had been read
    raws: list[RawRecord]
    results: list[Result]


class Prepared(NamedTuple):
    """A stretch of which everything is decided and nothing written."""

    piece: Piece
    sorted: Sorted
    decided: Decided
    asides: list[Aside]
    authorities: list[tuple[RawRecord, ParsedAuthority]]


def write(context: Context, piece: Piece, seconds: float) -> Tally:
    """Commit one stretch. Raises ImportRunning when another process has moved the checkpoint."""
    with db.transaction():
        db.lock(MATCHING)
        return _store(context, prepare(context, piece, incoming_of(piece)), seconds)


def write_prepared(context: Context, prepared: Prepared, seconds: float) -> Tally:
    """Commit a stretch that was decided before, by a caller that has held the lock MATCHING since. Raises as `write` does."""
    with db.transaction():
        db.lock(WRITING)
        return _store(context, prepared, seconds)


def incoming_of(piece: Piece) -> list[Incoming]:
    """The bibliographic records of a stretch."""
    return [
        Incoming(raw, result, piece.position + place)
        for place, (raw, result) in enumerate(zip(piece.raws, piece.results, strict=True))
        if isinstance(result, Parsed)
    ]


def prepare(context: Context, piece: Piece, incoming: list[Incoming], ahead: Ahead | None = None) -> Prepared:
    """Decide what becomes of a stretch. Reads only, and takes numbers. `ahead` is of the stretch before, while that is being written."""
    asides: list[Aside] = []
    authorities: list[tuple[RawRecord, ParsedAuthority]] = []
    for place, (raw, result) in enumerate(zip(piece.raws, piece.results, strict=True)):
        if isinstance(result, Unread):
            asides.append(Aside(raw, result, piece.position + place))
        elif isinstance(result, ParsedAuthority):
            authorities.append((raw, result))
    return Prepared(piece, *_decide(context, incoming, ahead), asides, authorities)


def _store(context: Context, prepared: Prepared, seconds: float) -> Tally:
    tally = Tally()
    with connection.cursor() as cursor:
        # A chunk that a power cut takes back takes its checkpoint with it: the next run writes it again.
        cursor.execute("SET LOCAL synchronous_commit = off")
    _at_checkpoint(context, prepared.piece.start)
    tally.counts["read"] = len(prepared.piece.raws)
    tally.counts["authorities"] = len(prepared.authorities)
    _keep(context, prepared.sorted, prepared.decided, tally)
    set_aside.authorities(context, prepared.authorities, tally)
    set_aside.quarantine(context, prepared.asides, tally)
    _move_checkpoint(context, prepared.piece, tally, seconds)
    return tally


def take_in(context: Context, incoming: list[Incoming], tally: Tally) -> None:
    """Write bibliographic records: new ones, new versions, their copies, merges, works, and the news for the index.

    In the caller's transaction, under the lock MATCHING. The number of statements does not depend on the number of records, except
    for those that changed in their copies.
    """
    _keep(context, *_decide(context, incoming), tally)


def _decide(context: Context, incoming: list[Incoming], ahead: Ahead | None = None) -> tuple[Sorted, Decided]:
    if not incoming:
        return Sorted([], [], 0, []), Decided()
    sorted_ = known.sort(context, incoming)
    rows.number(sorted_.new)
    return sorted_, matching.decide(sorted_.new, ahead)


def _keep(context: Context, sorted_: Sorted, decided: Decided, tally: Tally) -> None:
    new, changed = sorted_.new, sorted_.changed
    known.remember(context, sorted_.again)
    rows.insert(context, new)
    rows.replace(context, changed)
    rows.decisions(decided)
    tally.counts["copies"] = copies.insert(context, new, tally.notes) + copies.replace(context, changed, tally.notes)
    touched_works = works.group(
        [(one.record_id, unpacked(one.parsed.work_keys)) for one in new]
        + [(standing.record_id, unpacked(one.parsed.work_keys)) for one, standing in changed]
    )
    # A record that says something else of itself may have left its work.
    touched_works |= regrouping.of_changed([standing.record_id for _, standing in changed])
    tally.counts["matched"] = len(decided.matches)
    tally.counts["new"] = len(new) - len(decided.matches)
    tally.counts["changed"] = len(changed)
    tally.counts["unchanged"] += sorted_.unchanged
    tally.notes["to_review"] += len(decided.doubts)
    tally.notes["compared"] += decided.compared
    discovery.touch("record", [one.record_id for one in new] + [standing.record_id for _, standing in changed])
    discovery.touch("work", touched_works)


def _at_checkpoint(context: Context, start: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT checkpoint FROM catalogue_import_batch WHERE id = %s FOR UPDATE", [context.batch_id])
        if cursor.fetchone() != (start,):
            raise ImportRunning(batch=context.batch_id)


def _move_checkpoint(context: Context, piece: Piece, tally: Tally, seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT counts FROM catalogue_import_batch WHERE id = %s", [context.batch_id])
        (stored,) = cursor.fetchone()
        total = Tally.from_json(orjson.loads(stored))
        total.add(tally)
        cursor.execute(
            "UPDATE catalogue_import_batch SET checkpoint = %s, progress = %s, position = %s, counts = %s::jsonb,"
            " seconds = seconds + %s WHERE id = %s",
            [
                piece.end,
                piece.progress,
                piece.position + len(piece.raws) - 1,
                orjson.dumps(total.to_json()).decode(),
                seconds,
                context.batch_id,
            ],
        )
