"""What may prove an outcome: a document or a picture by its whole content, an address by its form. Pure."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from khaneh.domains.profiles.rules.documents import runs_something
from khaneh.kernel.documents import NotAccepted, recognised

LARGEST_FILE = 10 * 1024 * 1024  # bytes
_LINK = re.compile(r"https://[^\s<>\"']{4,500}")
_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png")
_NAME = re.compile(r"[^\w. ()\-]+")


def problems(*, words: str, link: str, file: bytes, file_name: str) -> dict[str, str]:
    """Reasons: required, format, too_large, not_a_document (also a PDF that would run or carry something)."""
    found = {}
    if not words:
        found["words"] = "required"
    if link and not _LINK.fullmatch(link):
        found["link"] = "format"
    if len(file) > LARGEST_FILE:
        found["file"] = "too_large"
    elif file and not _is_document(file_name, file):
        found["file"] = "not_a_document"
    return found


def _is_document(name: str, content: bytes) -> bool:
    """A PDF or a picture from its first to its last bytes, called what it is."""
    try:
        media = recognised(name, content)
    except NotAccepted:
        return False
    if PurePosixPath(name).suffix.lower() not in _ENDINGS:
        return False
    return media != "application/pdf" or not runs_something(content)


def plain_name(name: str) -> str:
    """What a file is called, without folders or what a system would not write."""
    told = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return _NAME.sub("_", told).strip(". ")[:120] or "file"
