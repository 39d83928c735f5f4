"""Deciding what an import set aside: read it in another encoding, correct it, take it as it is, or discard it. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from khaneh.domains.catalogue import permissions
from khaneh.domains.catalogue.errors import AlreadyDecided, EncodingUnknown, ReasonMissing, StillUnreadable
from khaneh.domains.catalogue.models import ImportBatch, QuarantineItem
from khaneh.domains.catalogue.queries.quarantine import format_of, row_of
from khaneh.domains.catalogue.rules.intake import reading
from khaneh.domains.catalogue.rules.intake.reading import Parsed, ParsedAuthority, Result, Task, Unread
from khaneh.domains.catalogue.services import refreshing
from khaneh.domains.catalogue.services.importing import chunk, set_aside
from khaneh.domains.catalogue.services.importing.batches import houses_by_word
from khaneh.domains.catalogue.services.importing.state import MATCHING, Context, Incoming, Tally
from khaneh.domains.catalogue.types import QuarantineRow, QuarantineState
from khaneh.formats.marc.encodings import ENCODINGS
from khaneh.formats.marc.pieces import RawRecord
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_SOME = 200  # items of a batch that are retried in one transaction


def retry_quarantined(
    *,
    actor: Actor,
    item_id: int,
    now: datetime,
    encoding: str = "",
    dialect: str = "",
    corrected: bytes | None = None,
    accept: bool = False,
) -> QuarantineRow:
    """Read one record again and take it in.

    `encoding` and `dialect` overrule detection (`utf-8/NAME` undoes a wrong conversion of the source's); `corrected` are bytes in the
    file's own format that replace the record's, which are kept in the item; `accept` takes a record in spite of its doubts. Raises
    NotFound, NotAllowed, AlreadyDecided, EncodingUnknown, StillUnreadable (then nothing has changed).
    """
    check_encoding(encoding)
    with db.transaction():
        db.lock(MATCHING)
        item = _locked(item_id)
        _permitted(actor, item)
        if item.state != QuarantineState.OPEN:
            raise AlreadyDecided(state=item.state)
        result = _read(item, encoding, dialect, corrected, accept=accept)
        if isinstance(result, Unread):
            raise StillUnreadable(reasons=set_aside.reasons(result))
        chosen = {"act": "corrected" if corrected is not None else "retried", "encoding": encoding, "dialect": dialect}
        _take(actor, item, result, now, corrected, {**chosen, "accepted": accept})
        return row_of(item)


def retry_batch(
    *,
    actor: Actor,
    batch_id: int,
    now: datetime,
    reason: str = "",
    encoding: str = "",
    dialect: str = "",
    accept: bool = False,
) -> tuple[int, int]:
    """Read every open record of an import again (those with `reason`, where one is given); says how many were taken in and how many not.

    Some hundred records are a transaction; what cannot be read stays open. Raises NotFound, NotAllowed, EncodingUnknown.
    """
    check_encoding(encoding)
    batch = ImportBatch.objects.select_related("source").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(what="import")
    permissions.require_quarantine(actor, house_id=batch.source.house_id)
    resolved = still = last = 0
    while True:
        with db.transaction():
            db.lock(MATCHING)
            found = QuarantineItem.objects.select_for_update(of=("self",)).select_related("batch", "source")
            found = found.filter(batch_id=batch_id, state=QuarantineState.OPEN.value, pk__gt=last).order_by("pk")
            if reason:
                found = found.filter(reasons__contains=[reason])
            items = list(found[:_SOME])
            if not items:
                return resolved, still
            for item in items:
                result = _read(item, encoding, dialect, None, accept=accept)
                if isinstance(result, Unread):
                    still += 1
                    continue
                how = {"act": "retried", "encoding": encoding, "dialect": dialect, "accepted": accept, "batch": True}
                _take(actor, item, result, now, None, how)
                resolved += 1
            last = items[-1].pk


def discard_quarantined(*, actor: Actor, item_id: int, reason: str, now: datetime) -> QuarantineRow:
    """Decide that a record is not taken in. It stays, with the reason. Raises ReasonMissing, NotFound, NotAllowed, AlreadyDecided."""
    if not reason.strip():
        raise ReasonMissing(act="discard")
    with db.transaction():
        item = _locked(item_id)
        _permitted(actor, item)
        if item.state != QuarantineState.OPEN:
            raise AlreadyDecided(state=item.state)
        _decided(actor, item, QuarantineState.DISCARDED, now, {"act": "discarded", "reason": reason.strip()})
        return row_of(item)


def check_encoding(name: str) -> None:
    """Raises EncodingUnknown unless the name is empty, that of an encoding, or of the repair of a wrong conversion."""
    if name and any(part not in ENCODINGS for part in name.split("/")):
        raise EncodingUnknown(encoding=name)


def _locked(item_id: int) -> QuarantineItem:
    item = (
        QuarantineItem.objects.select_for_update(of=("self",))
        .select_related("batch", "source")
        .filter(pk=item_id)
        .first()
    )
    if item is None:
        raise NotFound(what="quarantine")
    return item


def _permitted(actor: Actor, item: QuarantineItem) -> None:
    permissions.require_quarantine(actor, house_id=item.source.house_id)


def _read(item: QuarantineItem, encoding: str, dialect: str, corrected: bytes | None, *, accept: bool) -> Result:
    data = corrected if corrected is not None else bytes(item.raw)
    # What was too large to be held cannot be read from its beginning; corrected bytes are whole.
    whole = corrected is not None or len(data) == item.size
    raw = RawRecord(item.offset, len(data) if whole else item.size, data, oversize=not whole)
    rules = orjson.dumps(item.batch.rules).decode()
    (result,) = reading.parse(Task(format_of(item), encoding, dialect, rules, [raw], accept))
    return result


def _take(
    actor: Actor,
    item: QuarantineItem,
    result: Parsed | ParsedAuthority,
    now: datetime,
    corrected: bytes | None,
    how: dict[str, Any],
) -> None:
    data = corrected if corrected is not None else bytes(item.raw)
    raw = RawRecord(item.offset, len(data), data)
    context = Context(
        batch_id=item.batch_id,
        source_id=item.source_id,
        house_id=item.source.house_id,
        houses=houses_by_word(item.batch.rules.get("houses", {})),
        currency=item.batch.rules.get("currency", ""),
        serialisation=item.serialisation,
    )
    tally = Tally()
    if isinstance(result, ParsedAuthority):
        set_aside.authorities(context, [(raw, result)], tally)
    else:
        one = Incoming(raw, result, item.position)
        chunk.take_in(context, [one], tally)
        if one.record_id:
            refreshing.refresh([one.record_id])
            item.contribution_id = one.id
    _decided(actor, item, QuarantineState.RESOLVED, now, how)


def _decided(actor: Actor, item: QuarantineItem, state: QuarantineState, now: datetime, how: dict[str, Any]) -> None:
    item.state = state.value
    item.resolution = {name: value for name, value in how.items() if value}
    item.decided_by = actor.account_id
    item.decided_at = now
    item.save(update_fields=["state", "resolution", "decided_by", "decided_at", "contribution_id"])
    journal.record(
        f"catalogue.quarantine.{state.value}",
        actor=actor,
        house_id=item.source.house_id,
        item_id=item.pk,
        how=item.resolution,
    )
