"""Uploads in two steps: kept and looked at, then started. What was chosen in between is written to the batch before it runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from khaneh.domains.catalogue import permissions
from khaneh.domains.catalogue.errors import AlreadyDecided, EncodingUnknown, UnknownSource
from khaneh.domains.catalogue.models import ImportBatch
from khaneh.domains.catalogue.queries.sources import profile_rules
from khaneh.domains.catalogue.services.importing import batches
from khaneh.domains.catalogue.types import ImportState
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.encodings import canonical
from khaneh.infrastructure import db, jobs
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def keep_file(
    *, actor: Actor, upload: IO[bytes], name: str, house: str = "", source: str = "", profile: str = ""
) -> int:
    """Keep an uploaded file beside its batch, which waits until `start_import`. Gives the batch.

    Raises NotAllowed, UnknownSource, FileTooLarge, FileUnreadable.
    """
    # Before a byte is kept: an upload by somebody who may not import leaves nothing behind.
    owner = batches.source_for(actor=actor, house=house, source=source or Path(name).stem[:120] or name)
    permissions.require_import(actor, house_id=owner.house_id)
    path = batches.keep_upload(upload, name=name)
    return batches.begin(actor=actor, path=path, name=name, house=house, source=owner.code, profile=profile)


def start_import(
    *,
    actor: Actor,
    batch_id: int,
    profile: str = "",
    encoding: str = "",
    dialect: str = "",
    columns: Iterable[tuple[str, str]] | None = None,
) -> None:
    """Run a batch in the background: one that waits as it is chosen here, one that was interrupted or failed from where it stands.

    The choices count only before the first record is read: half a file in one encoding and half in another is nobody's wish. Raises
    NotFound, NotAllowed, AlreadyDecided for one that is done, UnknownSource, EncodingUnknown.
    """
    if encoding and canonical(encoding) is None:
        raise EncodingUnknown(encoding=encoding)
    if dialect not in ("", "marc21", "unimarc"):
        raise UnknownSource(what="dialect", code=dialect)
    with db.transaction():
        batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("source").filter(pk=batch_id).first()
        if batch is None:
            raise NotFound(what="import")
        permissions.require_import(actor, house_id=batch.source.house_id)
        if batch.state == ImportState.DONE:
            raise AlreadyDecided(state=batch.state)
        if batch.state == ImportState.WAITING and not batch.checkpoint:
            if profile:
                batch.profile, batch.rules = profile, profile_rules(profile)
            batch.forced_encoding, batch.forced_dialect = encoding, dialect
            if columns is not None:
                with open(batch.path, "rb") as stream:
                    found = detect_stream(stream, name=batch.name).to_dict()
                batch.format = {**found, "mapping": [list(pair) for pair in columns]}
            # Running from here on, so that the page shows it as under way and a second click changes nothing.
            batch.state = ImportState.RUNNING.value
            batch.save(update_fields=["profile", "rules", "forced_encoding", "forced_dialect", "format", "state"])
        jobs.defer("catalogue.import_upload", queue="imports", batch_id=batch_id)
