"""What a file is by its first bytes. Pure."""

from __future__ import annotations

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 12

# The media types that are evidence, by the ends of names that say so.
_BY_NAME = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
}


def media_of(name: str, data: bytes) -> str | None:
    """The media type that the name says and the content bears out; None where they differ or it is none of those that are taken."""
    said = _BY_NAME.get(name.rpartition(".")[2].lower())
    return said if said is not None and _bears_out(said, data) else None


def _bears_out(media: str, data: bytes) -> bool:
    if media == "application/pdf":
        return data.startswith(b"%PDF-")
    if media == "image/png":
        return data.startswith(b"\x89PNG\r\n\x1a\n")
    if media == "image/jpeg":
        return data.startswith(b"\xff\xd8\xff")
    if media == "image/webp":
        return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if media == "text/plain":
        return _is_text(data)
    part = b"word/" if media.endswith("document") else b"xl/"
    return data.startswith(b"PK\x03\x04") and part in data


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text
