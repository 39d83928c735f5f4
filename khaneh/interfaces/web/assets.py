"""Styles, scripts, fonts and pictures under one address that changes when any of them does, so that browsers keep them for ever.

The stylesheet is the layers' files one after another: a page asks for one file and no build step makes it. Relative addresses (a
module's imports, a style's fonts) stay valid because the whole folder moves together.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import brotli
from django.conf import settings

ROOT = Path(__file__).parent / "static/khaneh"
STYLESHEET = "css/khaneh.css"
# In the order of the layers; what paper asks for comes last.
LAYERS = ("fonts", "tokens", "base", "layout", "components/*", "pages/*", "paper")
_PACKED = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}


class Asset(NamedTuple):
    """A file ready to be sent: its bytes as they are and, where that is smaller, packed in two ways."""

    content_type: str
    plain: bytes
    gzip: bytes | None
    brotli: bytes | None


def stylesheet() -> str:
    """The one stylesheet."""
    files = [path for layer in LAYERS for path in sorted((ROOT / "css").glob(f"{layer}.css"))]
    return "\n".join(path.read_text() for path in files)


@lru_cache(maxsize=1)
def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in ROOT.rglob("*") if path.is_file()):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def version() -> str:
    """A name for everything in the folder; computed once, except while developing."""
    if settings.DEBUG:
        _version.cache_clear()
        load.cache_clear()
    return _version()


@lru_cache(maxsize=512)
def load(name: str) -> Asset | None:
    """The file with this path below the folder, or None."""
    if name == STYLESHEET:
        content = stylesheet().encode()
    else:
        path = (ROOT / name).resolve()
        if not path.is_relative_to(ROOT) or not path.is_file():
            return None
        content = path.read_bytes()
    suffix = Path(name).suffix
    kind = {".woff2": "font/woff2", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}.get(suffix)
    kind = kind or mimetypes.types_map.get(suffix, "application/octet-stream")
    if kind.startswith("text/") or suffix == ".svg":
        kind += "; charset=utf-8"
    if suffix not in _PACKED:
        return Asset(kind, content, None, None)
    return Asset(kind, content, gzip.compress(content, 9, mtime=0), brotli.compress(content, quality=11))


def url(name: str) -> str:
    """The address of a file: `/assets/<version>/<name>`."""
    return f"/assets/{version()}/{name}"
