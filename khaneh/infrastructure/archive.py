"""A backup in one file, and back: the database, the files, the secret key, with a checksum of each.

A tar with `manifest.json` (what is inside, rows of each table), `database.dump` (pg_dump's custom format), `files/…`, `secret-key`, and at
the end `checksums.sha256`, as sha256sum writes it. The search index is not in it: it is made again from the database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from django.db import connection, transaction

from khaneh.infrastructure import pg_tools

FORMAT = 1
_CHUNK = 1024 * 1024

Told = Callable[[int], None]  # called with the bytes done so far


class ArchiveWrong(ValueError):
    """The file is no backup, or not whole; the message says what."""


def _nothing(_done: int) -> None:
    """Nobody waits."""


def write(target: Path, *, home: Path, with_secret_key: bool = True, told: Told = _nothing) -> dict[str, Any]:
    """Back up to `target` while everything is in use, and return the manifest. Only the owner may read the file.

    Database and row counts are of one moment. Files are only ever added, so those copied afterwards include all that it names.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / "database.dump"
            tables = _dump_database(dump)
            manifest = _manifest(tables)
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = _Writer(tar, told)
                writer.add_bytes("manifest.json", json.dumps(manifest, indent=2).encode())
                writer.add_file("database.dump", dump)
                if with_secret_key and (home / "secret-key").exists():
                    writer.add_file("secret-key", home / "secret-key")
                for path in _files(home / "files"):
                    writer.add_file(f"files/{path.relative_to(home / 'files').as_posix()}", path)
                writer.add_checksums()
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return manifest


def check(source: Path, *, told: Told = _nothing) -> dict[str, Any]:
    """Read the archive whole, compare every checksum, and return the manifest. Raises ArchiveWrong."""
    with _reading(source) as tar:
        return _read(tar, put=None, told=told)


def restore(source: Path, *, home: Path, told: Told = _nothing) -> dict[str, Any]:
    """Put the archive's database and files in place of what is there, and return the manifest. Raises ArchiveWrong.

    Every checksum is compared before anything is replaced, and the database is replaced in one transaction: a restore that fails leaves
    the old one.
    """
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home) as name:
        folder = Path(name)
        with _reading(source) as tar:
            manifest = _read(tar, put=folder, told=told)
        connection.close()
        pg_tools.replace_database(folder / "database.dump")
        _compare_rows(manifest)
        if (folder / "files").exists():
            shutil.rmtree(home / "files", ignore_errors=True)
            (folder / "files").replace(home / "files")
        if (folder / "secret-key").exists():
            (folder / "secret-key").chmod(0o600)
            (folder / "secret-key").replace(home / "secret-key")
    return manifest


def is_empty(home: Path) -> bool:
    """Whether a restore would replace nothing: no tables, no files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        (tables,) = cursor.fetchone()
    return tables == 0 and not any(_files(home / "files"))


def _dump_database(target: Path) -> dict[str, int]:
    """Dump to `target`; the number of rows of every table at the moment of the dump."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        tables = _count_rows(cursor)
        pg_tools.dump_database(target, snapshot=snapshot)
    return tables


def _count_rows(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT count(*) FROM public.{table}")  # noqa: S608  (quoted by the server itself)
        (counts[table],) = cursor.fetchone()
    return counts


def _compare_rows(manifest: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        found = _count_rows(cursor)
    if found != manifest["tables"]:
        wrong = sorted(
            name for name in found.keys() | manifest["tables"].keys() if found.get(name) != manifest["tables"].get(name)
        )
        raise ArchiveWrong(f"restored, but these tables have other numbers of rows: {', '.join(wrong)}")


def _manifest(tables: Mapping[str, int]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [name for (name,) in cursor.fetchall()]
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "postgresql": pg_tools.server_version(),
        "migrations": migrations,
        "tables": dict(tables),
    }


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("draft-"):
            yield path


class _Writer:
    def __init__(self, tar: tarfile.TarFile, told: Told) -> None:
        self._tar, self._told = tar, told
        self._sums: list[tuple[str, str]] = []
        self._done = 0

    def add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self._add(name, content, os.fstat(content.fileno()).st_size)

    def add_checksums(self) -> None:
        lines = "".join(f"{digest}  {name}\n" for name, digest in self._sums)
        self.add_bytes("checksums.sha256", lines.encode())

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
        hashing = _Hashing(content)
        self._tar.addfile(entry, cast("IO[bytes]", hashing))
        self._sums.append((name, hashing.digest.hexdigest()))
        self._done += size
        self._told(self._done)


class _Hashing:
    """A stream that sums what passes through it."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        self.digest.update(data)
        return data


@contextmanager
def _reading(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:") as tar:
            yield tar
    except tarfile.TarError as error:
        raise ArchiveWrong(f"{source} is no backup, or it is cut off: {error}") from error


def _read(tar: tarfile.TarFile, *, put: Path | None, told: Told) -> dict[str, Any]:
    """Sum every member, writing it below `put`; compare with the archive's own list."""
    sums: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    done = 0
    for entry in tar:
        name = PurePosixPath(entry.name)
        if not entry.isfile() or name.is_absolute() or ".." in name.parts or entry.name in sums:
            raise ArchiveWrong(f"{entry.name!r} does not belong in a backup")
        content = tar.extractfile(entry)
        if content is None:
            raise ArchiveWrong(f"{entry.name} cannot be read")
        hashing = _Hashing(content)
        if entry.name in {"manifest.json", "checksums.sha256"}:
            kept[entry.name] = hashing.read()
        elif put is None:
            while hashing.read(_CHUNK):
                pass
        else:
            target = put / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                while chunk := hashing.read(_CHUNK):
                    out.write(chunk)
        sums[entry.name] = hashing.digest.hexdigest()
        done += entry.size
        told(done)
    _compare_sums(sums, kept)
    manifest = cast("dict[str, Any]", json.loads(kept["manifest.json"]))
    if manifest.get("format") != FORMAT:
        raise ArchiveWrong(f"the backup has format {manifest.get('format')}; this version reads {FORMAT}")
    return manifest


def _compare_sums(sums: dict[str, str], kept: Mapping[str, bytes]) -> None:
    listed = kept.get("checksums.sha256")
    if listed is None or "manifest.json" not in kept or "database.dump" not in sums:
        raise ArchiveWrong("this is no backup, or its end is missing")
    sums.pop("checksums.sha256")
    said = {name: digest for digest, _space, name in (line.partition("  ") for line in listed.decode().splitlines())}
    wrong = sorted(name for name in said.keys() | sums.keys() if said.get(name) != sums.get(name))
    if wrong:
        raise ArchiveWrong(f"damaged or missing: {', '.join(wrong[:10])}")
