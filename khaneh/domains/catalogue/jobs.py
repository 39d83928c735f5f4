"""Background work of the catalogue. Thin: each calls a service, and may be run twice."""

from __future__ import annotations

from datetime import UTC, datetime

from khaneh.domains.catalogue import services
from khaneh.infrastructure.jobs import PATIENT, task
from khaneh.kernel.actor import SYSTEM


@task(name="catalogue.import_upload", retry=PATIENT, queue="imports", lock="catalogue.import")
def import_upload(*, batch_id: int) -> None:
    """Run an import that a person began. Whoever began it was permitted to; its file and batch say the rest."""
    services.run_import(batch_id=batch_id, actor=SYSTEM)


@task(name="catalogue.refresh_stale", retry=PATIENT, queueing_lock="catalogue.refresh_stale")
def refresh_stale() -> None:
    """Derive again what is stale."""
    services.refresh_stale()


@task(name="catalogue.touch_records_of_houses", retry=PATIENT)
def touch_records_of_houses(*, house_ids: list[int], after: int) -> None:
    """Go on with what the move of a house began."""
    services.touch_records_of_houses(house_ids=house_ids, after=after)


@task(name="catalogue.regroup_works", retry=PATIENT, queueing_lock="catalogue.regroup_works")
def regroup_works() -> None:
    """Group every record into works again."""
    services.regroup_works()


@task(name="catalogue.rematch", retry=PATIENT, queueing_lock="catalogue.rematch")
def rematch() -> None:
    """Compare every contribution with its candidates again."""
    services.rematch(actor=SYSTEM, now=datetime.now(UTC))
