"""Bringing a file in: begun by a door, run at once or in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from khaneh.domains.catalogue.services.importing import batches
from khaneh.domains.catalogue.services.importing.run import Progress, run
from khaneh.domains.catalogue.types import ImportReport, Measured
from khaneh.infrastructure import db, jobs
from khaneh.kernel.actor import Actor


def _utc_now() -> datetime:
    return datetime.now(UTC)


def begin_import(
    *,
    actor: Actor,
    path: Path,
    name: str = "",
    house: str = "",
    source: str = "",
    profile: str = "",
    encoding: str = "",
    dialect: str = "",
    columns: Iterable[tuple[str, str]] | None = None,
) -> int:
    """Make a file ready to be imported and give its batch: a fresh one, or the unfinished one of the same bytes.

    `house` is a house's code; `source` names whose control numbers these are where it is no house (default: the file's name);
    `columns` maps a table's columns to MARC. Raises NotAllowed, UnknownSource, FileUnreadable, EncodingUnknown, ImportRunning.
    """
    return batches.begin(
        actor=actor,
        path=path,
        name=name,
        house=house,
        source=source,
        profile=profile,
        encoding=encoding,
        dialect=dialect,
        columns=columns,
    )


def begin_upload(
    *,
    actor: Actor,
    upload: IO[bytes],
    name: str,
    house: str = "",
    source: str = "",
    profile: str = "",
    encoding: str = "",
    dialect: str = "",
    columns: Iterable[tuple[str, str]] | None = None,
) -> int:
    """Keep an uploaded file and import it in the background. As `begin_import`, and FileTooLarge."""
    # Before a byte is kept: an upload by somebody who may not import leaves nothing behind.
    batches.source_for(actor=actor, house=house, source=source or name)
    path = batches.keep_upload(upload, name=name)
    with db.transaction():
        batch_id = begin_import(
            actor=actor,
            path=path,
            name=name,
            house=house,
            source=source,
            profile=profile,
            encoding=encoding,
            dialect=dialect,
            columns=columns,
        )
        jobs.defer("catalogue.import_upload", queue="imports", batch_id=batch_id)
    return batch_id


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
    house: str = "",
    source: str = "",
    profile: str = "",
    encoding: str = "",
    dialect: str = "",
    columns: Iterable[tuple[str, str]] | None = None,
    now: Callable[[], datetime] = _utc_now,
    progress: Progress | None = None,
    workers: int | None = None,
    measured: Measured | None = None,
) -> ImportReport:
    """Import one file from beginning to end: `begin_import` and `run_import`."""
    batch_id = begin_import(
        actor=actor,
        path=path,
        house=house,
        source=source,
        profile=profile,
        encoding=encoding,
        dialect=dialect,
        columns=columns,
    )
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
