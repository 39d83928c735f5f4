"""A tried file, kept for a while so that what is applied is what was tried. The ticket is signed and belongs to one account."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.core import signing

from khaneh.infrastructure.blobs import BlobMissing, BlobStore

_SALT = "khaneh.desk.kept_file"
_SECONDS = 24 * 3600


def keep(data: bytes, *, name: str, owner: int) -> str:
    """Keep a file; gives the ticket. Files that nobody came back for are swept out on the way."""
    store = BlobStore(_folder())
    _sweep()
    blob = store.put([data])
    return signing.dumps({"digest": blob.digest, "name": name[:200], "owner": owner}, salt=_SALT)


def fetch(ticket: str, *, owner: int) -> tuple[bytes | None, str]:
    """The file of a ticket and its name; None for its bytes when it is gone. Raises BadSignature for another's or a forged ticket."""
    held = signing.loads(ticket, salt=_SALT, max_age=_SECONDS)
    if held["owner"] != owner:
        raise signing.BadSignature
    try:
        with BlobStore(_folder()).open(held["digest"]) as content:
            return content.read(), held["name"]
    except BlobMissing:
        return None, held["name"]


def _folder() -> Path:
    return Path(settings.KHANEH_HOME) / "files" / "tried"


def _sweep() -> None:
    """Delete what is older than a ticket can be."""
    limit = time.time() - _SECONDS
    for path in _folder().glob("??/??/*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
