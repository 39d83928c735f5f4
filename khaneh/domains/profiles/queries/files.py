"""Where documents and pictures lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from khaneh.infrastructure.blobs import BlobStore


def documents() -> BlobStore:
    """What was handed in to prove something: only who handed it in and who verifies it sees it."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "signups")


def pictures() -> BlobStore:
    """Pictures of the showcase."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "showcase")


def tables() -> BlobStore:
    """Tables of companies while they are taken in."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "tables")
