"""What a file is by its content, whatever it calls itself. Pure."""

from __future__ import annotations

LARGEST_DOCUMENT = 10 * 1024 * 1024  # bytes
MOST_DOCUMENTS = 6

PDF = "application/pdf"
PICTURE = "image/webp"  # pictures are drawn anew before they are kept
# Names that a PDF gives to what runs or carries something when it is opened.
_ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


def is_pdf(content: bytes) -> bool:
    """A whole PDF: its sign at the front, its end at the back."""
    return content[:5] == b"%PDF-" and b"%%EOF" in content[-2048:]


def runs_something(content: bytes) -> bool:
    """A PDF that would run a script, start a program or carry another file."""
    return any(sign in content for sign in _ACTIVE)
