"""Imports: how far they are and what they did."""

from __future__ import annotations

from khaneh.domains.catalogue import scope
from khaneh.domains.catalogue.models import ImportBatch
from khaneh.domains.catalogue.types import ImportReport, ImportState
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def import_report(batch_id: int) -> ImportReport:
    """The report of one import up to its checkpoint, for whoever runs it. One statement. Raises NotFound."""
    batch = ImportBatch.objects.select_related("source").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(what="import")
    return _report(batch)


def import_batch(batch_id: int, *, actor: Actor) -> ImportReport:
    """The same for a page: an import that the actor may not see is not found."""
    batch = ImportBatch.objects.select_related("source").filter(pk=batch_id).first()
    houses = scope.house_scope(actor)
    if batch is None or (houses is not None and batch.source.house_id not in houses):
        raise NotFound(what="import")
    return _report(batch)


def import_batches(*, actor: Actor, limit: int = 50, before: int | None = None) -> list[ImportReport]:
    """Imports that the actor may see, the latest first; `before` is the last id of the page before. A bounded number of statements."""
    found = ImportBatch.objects.select_related("source").order_by("-pk")
    houses = scope.house_scope(actor)
    if houses is not None:
        found = found.filter(source__house_id__in=houses)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_report(batch) for batch in found[:limit]]


def _report(batch: ImportBatch) -> ImportReport:
    stored = batch.counts or {}
    counts = stored.get("counts", {})
    fmt = batch.format or {}
    return ImportReport(
        batch_id=batch.pk,
        source=batch.source.code,
        source_names=Label.from_dict(batch.source.names or {}),
        file=batch.name,
        state=ImportState(batch.state),
        bytes_total=batch.size,
        bytes_done=batch.progress,
        read=counts.get("read", 0),
        new=counts.get("new", 0),
        matched=counts.get("matched", 0),
        changed=counts.get("changed", 0),
        unchanged=counts.get("unchanged", 0),
        quarantined=counts.get("quarantined", 0),
        authorities=counts.get("authorities", 0),
        copies=counts.get("copies", 0),
        reasons=stored.get("reasons", {}),
        notes=stored.get("notes", {}),
        seconds=batch.seconds,
        failure=batch.failure,
        encoding=batch.forced_encoding or fmt.get("encoding", ""),
        dialect=batch.forced_dialect or fmt.get("dialect", ""),
        serialisation=fmt.get("serialisation", ""),
        started_at=batch.started_at,
        finished_at=batch.finished_at,
    )
