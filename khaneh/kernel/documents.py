"""What an uploaded document is by its content, whatever it is called. Pure.

Accepted are documents that people can open without running anything: PDF, pictures, text, and the office formats that hold no macros. The name's
ending must say what the content is; a program, a page or an archive by another name is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
ENDINGS = tuple(_TYPES)
_OFFICE = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_OPEN = {".odt", ".ods", ".odp"}
# Unpacked, a document is so many times larger at most, and holds so many parts.
_MOST_RATIO, _MOST_PARTS, _LARGEST_UNPACKED = 200, 5_000, 500 * 1024 * 1024
_MACROS = re.compile(r"(vbaproject\.bin|^basic/|^scripts/|\.class$|activex)", re.IGNORECASE)
_LONGEST_NAME = 150
_ODD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


class NotAccepted(ValueError):
    """The content is not what its name says, or is nothing that is taken. The argument is a stable reason:
    empty, ending (not a kind that is taken), content (not what the name says), macros, packed (unpacks to too much)."""


def named(name: str) -> str:
    """The name by which a document is kept: without folders, control and direction characters (`exe.fdp` turned round), and not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = _ODD.sub(" ", last).strip(" .") or "document"
    path = PurePosixPath(clean)
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix[:10]


def called(title: str, media_type: str) -> str:
    """The name by which a document of this type is saved: its title, with the ending that programs know it by."""
    ending = next((end for end, kind in _TYPES.items() if kind == media_type), "")
    return named(f"{title.replace('.', ' ').strip() or 'document'}{ending}")


def recognised(name: str, content: bytes) -> str:
    """The media type, by the content. Raises NotAccepted."""
    if not content:
        raise NotAccepted("empty")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _TYPES:
        raise NotAccepted("ending")
    if ending in _OFFICE or ending in _OPEN:
        _check_packed(ending, content)
    elif not _looks(ending, content):
        raise NotAccepted("content")
    return _TYPES[ending]


def _looks(ending: str, content: bytes) -> bool:
    if ending == ".pdf":
        return content.startswith(b"%PDF-") and b"startxref" in content[-2048:] and b"%%EOF" in content[-2048:]
    if ending in (".jpg", ".jpeg"):
        return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-4096:]
    if ending == ".png":
        return content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in content[-64:]
    if ending == ".webp":
        return content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if b"\x00" in content:
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # A browser that is handed one of these might run it.
    head = text.lstrip("\ufeff \t\r\n")[:512].lower()
    return not head.startswith(("<!doctype", "<html", "<script", "<svg", "<?xml", "#!", "mz\x90"))


def _check_packed(ending: str, content: bytes) -> None:
    if not content.startswith(b"PK\x03\x04"):
        raise NotAccepted("content")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS:
                raise NotAccepted("packed")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > min(_LARGEST_UNPACKED, max(len(content), 1) * _MOST_RATIO):
                raise NotAccepted("packed")
            names = [part.filename for part in parts]
            if any(_MACROS.search(name) for name in names):
                raise NotAccepted("macros")
            if ending in _OFFICE:
                fits = "[Content_Types].xml" in names and any(name.startswith(_OFFICE[ending]) for name in names)
                declared = packed.read("[Content_Types].xml") if fits else b""
                if b"macroEnabled" in declared:
                    raise NotAccepted("macros")
            else:
                kind = packed.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
                fits = kind.strip() == _TYPES[ending]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise NotAccepted("content") from error
    if not fits:
        raise NotAccepted("content")
