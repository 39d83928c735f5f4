"""Files kept under the name of their content: uploads, originals, pictures.

One folder, `ab/cd/abcd…` by SHA-256, so that equal files are one file and a damaged one shows. Knows no settings: callers name the
folder. Another kind of storage is another class with these seven methods.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1024 * 1024  # bytes read at a time
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file: the SHA-256 of its content in hexadecimal, and its size in bytes."""

    digest: str
    size: int


class BlobMissing(LookupError):
    """No file has this digest."""


class BlobTooLarge(ValueError):
    """The content is longer than the caller allows; nothing was kept of it."""


class BlobStore:
    """A folder of files by content. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: BinaryIO | Iterable[bytes], *, limit: int | None = None) -> Blob:
        """Keep what a stream (or an iterable of bytes) holds, reading it once in constant memory.

        `limit` is the greatest size in bytes. Raises BlobTooLarge. The file is on the disk, whole, when this returns.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        # In the same folder, so that the rename at the end is atomic.
        descriptor, draft = tempfile.mkstemp(prefix="draft-", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as out:
                for chunk in _chunks(content, limit):
                    size += len(chunk)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            blob = Blob(digest.hexdigest(), size)
            target = self.path(blob.digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        return blob

    def open(self, digest: str) -> BufferedReader:
        """The content, to be read and closed. Raises BlobMissing."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest) from None

    def path(self, digest: str) -> Path:
        """Where the file is, or would be. Raises ValueError for what is no digest (so no name can lead out of the folder)."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self._folder / digest[:2] / digest[2:4] / digest

    def holds_intact(self, digest: str) -> bool:
        """Whether the file is there and its content still has this digest. Reads it whole."""
        try:
            with self.open(digest) as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == digest
        except BlobMissing:
            return False

    def digests(self) -> Iterator[str]:
        """Every file's digest, in order."""
        for path in sorted(self._folder.glob("??/??/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def remove(self, digest: str) -> bool:
        """Forget a file; false where there is none. That nothing names it any more is the caller's to know, under a lock that `put` shares."""
        try:
            self.path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

    def remove_drafts(self, *, older_than: timedelta) -> int:
        """Forget what was being written by processes that ended in the middle of it. Gives how many."""
        count = 0
        for path in self._folder.glob("draft-*"):
            try:
                if time.time() - path.stat().st_mtime > older_than.total_seconds():
                    path.unlink()
                    count += 1
            except FileNotFoundError:
                continue  # it was finished at this moment
        return count


def _chunks(content: BinaryIO | Iterable[bytes], limit: int | None) -> Iterator[bytes]:
    read = getattr(content, "read", None)
    pieces = content if read is None else iter(lambda: read(_CHUNK), b"")
    size = 0
    for piece in pieces:
        size += len(piece)
        if limit is not None and size > limit:
            raise BlobTooLarge(f"more than {limit} bytes")
        yield piece
