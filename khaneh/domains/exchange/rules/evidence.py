"""What may prove an outcome: a document or a picture by its content, an address by its form. Pure."""

from __future__ import annotations

import re
import unicodedata

LARGEST_FILE = 10 * 1024 * 1024  # bytes
_LINK = re.compile(r"https://[^\s<>\"']{4,500}")
_KINDS = (("pdf", b"%PDF-"), ("jpg", b"\xff\xd8\xff"), ("png", b"\x89PNG\r\n\x1a\n"))
_NAME = re.compile(r"[^\w. ()\-]+")


def kind_of(content: bytes) -> str:
    """`pdf`, `jpg` or `png` by how it begins; nothing for anything else, whatever it is called."""
    return next((kind for kind, begins in _KINDS if content.startswith(begins)), "")


def problems(*, words: str, link: str, file: bytes) -> dict[str, str]:
    """Reasons: required, format, too_large, not_a_document."""
    found = {}
    if not words:
        found["words"] = "required"
    if link and not _LINK.fullmatch(link):
        found["link"] = "format"
    if len(file) > LARGEST_FILE:
        found["file"] = "too_large"
    elif file and not kind_of(file):
        found["file"] = "not_a_document"
    return found


def plain_name(name: str) -> str:
    """What a file is called, without folders or what a system would not write."""
    told = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return _NAME.sub("_", told).strip(". ")[:120] or "file"
