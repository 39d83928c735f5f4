"""Bringing a file in that lies on this machine: one file or several, from the beginning to the end. Uploads are in `uploads`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from khaneh.domains.catalogue.services.importing import batches
from khaneh.domains.catalogue.services.importing.run import Progress, run
from khaneh.domains.catalogue.types import HowToImport, ImportReport, Measured
from khaneh.kernel.actor import Actor


def _utc_now() -> datetime:
    return datetime.now(UTC)


def run_import(
    *,
    batch_id: int,
    actor: Actor,
    now: Callable[[], datetime] = _utc_now,
    progress: Progress | None = None,
    workers: int | None = None,
    measured: Measured | None = None,
) -> ImportReport:
    """Run a batch that was begun, from where it stands to its end. `now` is the clock: an import lasts.

    Raises ImportRunning, FileUnreadable.
    """
    return run(batch_id, actor=actor, now=now, progress=progress, workers=workers, measured=measured)


def import_file(
    *,
    actor: Actor,
    path: Path,
    now: Callable[[], datetime] = _utc_now,
    progress: Progress | None = None,
    workers: int | None = None,
    measured: Measured | None = None,
    **how: Unpack[HowToImport],
) -> ImportReport:
    """Import one file from beginning to end: `begin_import` and `run_import`."""
    batch_id = batches.begin(actor=actor, path=path, **how)
    return run_import(batch_id=batch_id, actor=actor, now=now, progress=progress, workers=workers, measured=measured)


def import_files(
    paths: Sequence[Path],
    *,
    actor: Actor,
    house: str | None = None,
    profile: str | None = None,
    now: Callable[[], datetime] = _utc_now,
    progress: Callable[[int, int | None], None] | None = None,
) -> list[ImportReport]:
    """Import files one after another. `progress` hears the bytes done and in all. A refusal about one file stops before the next."""
    total = sum(path.stat().st_size for path in paths)
    reports: list[ImportReport] = []
    before = 0
    for path in paths:
        base = before

        def told(report: ImportReport, base: int = base) -> None:
            if progress is not None:
                progress(base + report.bytes_done, total)

        reports.append(
            import_file(actor=actor, path=path, house=house or "", profile=profile or "", now=now, progress=told)
        )
        before += path.stat().st_size
    return reports
