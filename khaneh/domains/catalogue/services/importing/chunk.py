"""Some thousand records into their rows, in one transaction that also moves the checkpoint. Killed before its end, it never was."""

from __future__ import annotations

from typing import NamedTuple

import orjson
from django.db import connection

from khaneh.domains.catalogue.errors import ImportRunning
from khaneh.domains.catalogue.rules.intake.reading import Parsed, ParsedAuthority, Result, Unread, unpacked
from khaneh.domains.catalogue.services import regrouping
from khaneh.domains.catalogue.services.importing import copies, known, matching, rows, set_aside, works
from khaneh.domains.catalogue.services.importing.set_aside import Aside
from khaneh.domains.catalogue.services.importing.state import MATCHING, Context, Incoming, Tally
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


def write(context: Context, piece: Piece, seconds: float) -> Tally:
    """Commit one stretch. Raises ImportRunning when another process has moved the checkpoint."""
    tally = Tally()
    with db.transaction():
        with connection.cursor() as cursor:
            # A chunk that a power cut takes back takes its checkpoint with it: the next run writes it again.
            cursor.execute("SET LOCAL synchronous_commit = off")
        db.lock(MATCHING)
        _at_checkpoint(context, piece.start)
        incoming: list[Incoming] = []
        asides: list[Aside] = []
        authorities: list[tuple[RawRecord, ParsedAuthority]] = []
        for place, (raw, result) in enumerate(zip(piece.raws, piece.results, strict=True)):
            position = piece.position + place
            if isinstance(result, Parsed):
                incoming.append(Incoming(raw, result, position))
            elif isinstance(result, Unread):
                asides.append(Aside(raw, result, position))
            else:
                authorities.append((raw, result))
        tally.counts["read"] = len(piece.raws)
        tally.counts["authorities"] = len(authorities)
        take_in(context, incoming, tally)
        set_aside.authorities(context, authorities, tally)
        set_aside.quarantine(context, asides, tally)
        _move_checkpoint(context, piece, tally, seconds)
    return tally


def take_in(context: Context, incoming: list[Incoming], tally: Tally) -> None:
    """Write bibliographic records: new ones, new versions, their copies, merges, works, and the news for the index.

    In the caller's transaction, under the lock MATCHING. The number of statements does not depend on the number of records, except
    for those that changed in their copies.
    """
    if not incoming:
        return
    sorted_ = known.sort(context, incoming)
    new, changed = sorted_.new, sorted_.changed
    known.remember(context, sorted_.again)
    rows.number(new)
    decided = matching.decide(new)
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
