"""Which file, of whom, read how: the rows that say so before anything is read."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError

from khaneh.domains.catalogue import permissions
from khaneh.domains.catalogue.errors import EncodingUnknown, FileTooLarge, FileUnreadable, ImportRunning, UnknownSource
from khaneh.domains.catalogue.models import ImportBatch, Source
from khaneh.domains.catalogue.queries.sources import profile_rules
from khaneh.domains.catalogue.types import ImportState
from khaneh.domains.network import queries as network
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.encodings import canonical
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor

_BLOCK = 1 << 20
_PACKED = (".gz", ".bz2", ".xz")


def houses_by_word(words: Mapping[str, str]) -> dict[str, int]:
    """Houses by code, and by the words that a profile gives for them. A word for a house that is not there is left out."""
    ids = [number for numbers in network.public_house_ids() for number in numbers]
    by_code = {ref.code: number for number, ref in network.house_refs(ids).items()}
    return by_code | {word: by_code[code] for word, code in words.items() if code in by_code}


def begin(
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
    """The batch of a file, ready to run: a fresh one, or the one that was begun with the same bytes and not finished.

    `source` names whose control numbers these are; without it the house does, and without a house the file's own name. Raises
    NotAllowed, UnknownSource, FileUnreadable, EncodingUnknown.
    """
    name = name or path.name
    if encoding and canonical(encoding) is None:
        raise EncodingUnknown(encoding=encoding)
    if dialect not in ("", "marc21", "unimarc"):
        raise UnknownSource(what="dialect", code=dialect)
    owner = source_for(actor=actor, house=house, source=source or _stem(name))
    permissions.require_import(actor, house_id=owner.house_id)
    profile = profile or owner.profile
    rules = profile_rules(profile)
    try:
        with path.open("rb") as stream:
            digest, size = _digest(stream)
    except OSError as error:
        raise FileUnreadable(file=name, why=error.strerror or "unreadable") from error
    fmt = _format(path, name, columns) if columns is not None else None
    with db.transaction():
        # Two doors may bring the same file at the same moment.
        db.lock(("catalogue.source", owner.pk))
        open_states = [ImportState.WAITING.value, ImportState.RUNNING.value, ImportState.FAILED.value]
        standing = (
            ImportBatch.objects.filter(source=owner, sha256=digest, state__in=open_states).order_by("-pk").first()
        )
        if standing is not None and (standing.forced_encoding, standing.forced_dialect) == (encoding, dialect):
            if standing.path != str(path):
                ImportBatch.objects.filter(pk=standing.pk).update(path=str(path))
            return standing.pk
        if standing is not None and standing.state != ImportState.FAILED:
            raise ImportRunning(batch=standing.pk)
        batch = ImportBatch.objects.create(
            source=owner,
            profile=profile,
            rules=rules,
            name=name,
            path=str(path),
            sha256=digest,
            size=size,
            format=fmt,
            forced_encoding=encoding,
            forced_dialect=dialect,
            account_id=actor.account_id,
        )
        journal.record(
            "catalogue.import.begun",
            actor=actor,
            house_id=owner.house_id,
            batch_id=batch.pk,
            source=owner.code,
            file=name,
            sha256=digest,
        )
        return batch.pk


def source_for(*, actor: Actor, house: str, source: str) -> Source:
    """The source of this code, made when it is not there yet. With a house, the house's own code names it.

    Raises UnknownSource for a house that is not there; NotAllowed before anything is made.
    """
    house_id: int | None = None
    names: dict[str, str] = {}
    if house:
        source = house
        known = houses_by_word({})
        if house not in known:
            raise UnknownSource(what="house", code=house)
        house_id = known[house]
        names = network.house_refs([house_id])[house_id].names.to_dict()
    standing = Source.objects.filter(code=source).first()
    if standing is not None:
        return standing
    permissions.require_import(actor, house_id=house_id)
    try:
        with db.transaction():
            return Source.objects.create(code=source, house_id=house_id, names=names or {"en": source})
    except IntegrityError:  # somebody else made it just now
        return Source.objects.get(code=source)


def keep_upload(stream: IO[bytes], *, name: str) -> Path:
    """Write an upload to the import folder under the name of its bytes. Raises FileTooLarge before more than the limit is kept."""
    folder = Path(settings.KHANEH_HOME) / "files" / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:
        try:
            digest = _copied(stream, draft)
        except BaseException:
            Path(draft.name).unlink()
            raise
    kept = folder / f"{digest[:24]}-{_safe(name)}"
    Path(draft.name).replace(kept)
    return kept


def _copied(stream: IO[bytes], draft: IO[bytes]) -> str:
    digest = hashlib.sha256()
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > settings.UPLOAD_LIMIT:
            raise FileTooLarge(size=size, limit=settings.UPLOAD_LIMIT)
        digest.update(block)
        draft.write(block)
    draft.flush()
    os.fsync(draft.fileno())
    return digest.hexdigest()


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", Path(name).name)[-80:] or "upload"


def _stem(name: str) -> str:
    stem = Path(name).name
    for ending in _PACKED:
        stem = stem.removesuffix(ending)
    return (Path(stem).stem or stem)[:120]


def _digest(stream: IO[bytes]) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _format(path: Path, name: str, columns: Iterable[tuple[str, str]]) -> dict[str, Any]:
    with path.open("rb") as stream:
        found = detect_stream(stream, name=name).to_dict()
    found["mapping"] = [list(pair) for pair in columns]
    return found
