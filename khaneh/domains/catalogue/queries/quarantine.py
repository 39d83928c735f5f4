"""What waits in the quarantine: lists, counts, and one record with its bytes and what other encodings would make of them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from khaneh.domains.catalogue import scope
from khaneh.domains.catalogue.models import QuarantineItem
from khaneh.domains.catalogue.types import Decoded, QuarantineRow, QuarantineState, QuarantineView
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.encodings import ENCODINGS
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import alternatives, read
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_WINDOW = 4_096  # bytes shown as hexadecimal
_LINE = 16


def quarantine_items(
    *,
    actor: Actor,
    batch_id: int | None = None,
    reason: str = "",
    state: QuarantineState = QuarantineState.OPEN,
    limit: int = 50,
    before: int | None = None,
) -> list[QuarantineRow]:
    """Items that the actor may decide, the latest first; `before` is the last id of the page before. A bounded number of statements."""
    found = _seen(actor).filter(state=state.value).order_by("-pk")
    if batch_id is not None:
        found = found.filter(batch_id=batch_id)
    if reason:
        found = found.filter(reasons__contains=[reason])
    if before is not None:
        found = found.filter(pk__lt=before)
    return [row_of(item) for item in found.defer("raw")[:limit]]


def quarantine_counts(*, actor: Actor, batch_id: int | None = None) -> dict[str, int]:
    """How many open items each reason has, the most frequent first. A bounded number of statements."""
    houses = scope.house_scope(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, count(*) FROM catalogue_quarantine_item AS i JOIN catalogue_source AS s ON s.id = i.source_id,"
            " unnest(i.reasons) AS reason"
            " WHERE i.state = 'open' AND (%(batch)s::bigint IS NULL OR i.batch_id = %(batch)s)"
            " AND (%(all)s OR s.house_id = ANY(%(houses)s::bigint[]))"
            " GROUP BY reason ORDER BY count(*) DESC, reason",
            {"batch": batch_id, "all": houses is None, "houses": sorted(houses or ())},
        )
        return dict(cursor.fetchall())


def quarantine_item(item_id: int, *, actor: Actor) -> QuarantineRow:
    """One item. Raises NotFound for one that the actor may not decide."""
    return row_of(_one(item_id, actor))


def quarantine_view(item_id: int, *, actor: Actor) -> QuarantineView:
    """One item with its bytes and the likely encodings, likeliest first. Raises NotFound."""
    item = _one(item_id, actor)
    data = bytes(item.raw)
    fmt = FileFormat.from_dict(format_of(item))
    raw = RawRecord(item.offset, len(data), data)
    tries = [
        Decoded(one.encoding, _encoding_label(one.encoding), one.sample, None, one.score)
        for one in alternatives(raw, fmt)
    ]
    record = read(raw, fmt).record
    title = describe(record, fmt.dialect).title.value if record is not None else ""
    return QuarantineView(row_of(item), tuple(_hex(data[:_WINDOW])), tuple(tries), title)


def quarantine_original(item_id: int, *, actor: Actor) -> tuple[bytes, dict[str, Any]]:
    """The bytes as they were kept, and the format of their file. Raises NotFound."""
    item = _one(item_id, actor)
    return bytes(item.raw), format_of(item)


def format_of(item: QuarantineItem) -> dict[str, Any]:
    """The format of the file an item came from, as `FileFormat.to_dict` writes it."""
    return dict(item.batch.format or FileFormat(item.serialisation, item.dialect, item.encoding).to_dict())


def row_of(item: QuarantineItem) -> QuarantineRow:
    """The row of an item whose batch and source are at hand."""
    return QuarantineRow(
        id=item.pk,
        batch_id=item.batch_id,
        source_code=item.source.code,
        source_names=Label.from_dict(item.source.names or {}),
        file=item.batch.name,
        position=item.position,
        offset=item.offset,
        size=item.size,
        reasons=tuple(item.reasons),
        facts=tuple(item.facts),
        state=QuarantineState(item.state),
        resolution=item.resolution,
        added_at=item.added_at,
    )


def _seen(actor: Actor) -> QuerySet[QuarantineItem]:
    found = QuarantineItem.objects.select_related("batch", "source")
    houses = scope.house_scope(actor)
    return found if houses is None else found.filter(source__house_id__in=houses)


def _one(item_id: int, actor: Actor) -> QuarantineItem:
    item = _seen(actor).filter(pk=item_id).first()
    if item is None:
        raise NotFound(what="quarantine")
    return item


def _encoding_label(name: str) -> Label:
    outer, _, inner = name.partition("/")
    known = ENCODINGS.get(inner or outer)
    return known.label if known is not None else Label(name, name, name)


def _hex(data: bytes) -> list[tuple[int, str, str]]:
    lines = []
    for start in range(0, len(data), _LINE):
        some = data[start : start + _LINE]
        lines.append((start, some.hex(" "), "".join(chr(byte) if 32 <= byte < 127 else "." for byte in some)))
    return lines
