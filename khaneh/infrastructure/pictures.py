"""Pictures that people send: recognised, turned upright, made small, stripped of everything but what is seen. Knows no settings.

A telephone writes into a picture where it was taken and by whom; what is kept here is drawn anew and holds none of it. Only the decoders
of three formats ever see what came in, and none before its size is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# What is read: the format by its first bytes, and libvips's decoder of it.
_SIGNS = ((b"\xff\xd8\xff", "jpegload_buffer"), (b"\x89PNG\r\n\x1a\n", "pngload_buffer"))
_RIFF, _WEBP = slice(0, 4), slice(8, 12)
# A picture of so many pixels is no photograph, and would take gigabytes to decode.
MOST_PIXELS = 80_000_000
QUALITY = 80
ENCODED = "image/webp"


class NotAPicture(ValueError):
    """The content is no JPEG, PNG or WebP picture, or it is broken."""


class PictureTooLarge(ValueError):
    """It has more pixels than anybody looks at."""


class Drawn(NamedTuple):
    """A picture as WebP, with its size in pixels."""

    content: bytes
    width: int
    height: int


def drawn(content: bytes, *, widths: Iterable[int]) -> list[Drawn]:
    """The picture upright, once for each width, never larger than it came. Raises NotAPicture, PictureTooLarge."""
    decoder = _decoder(content)
    # Here and not above: it takes eleven megabytes of every process, and few of them ever see a picture.
    import pyvips

    try:
        head = getattr(pyvips.Image, decoder)(content)
        if head.width * head.height > MOST_PIXELS:
            raise PictureTooLarge(f"{head.width} × {head.height}")
        return [_at(content, width) for width in widths]
    except pyvips.Error as error:
        raise NotAPicture(str(error)) from error


def _at(content: bytes, width: int) -> Drawn:
    import pyvips

    # Height is free: a tall picture is as wide as a broad one. Decoders shrink while they read.
    small = pyvips.Image.thumbnail_buffer(content, width, height=4 * width, size="down", fail_on="truncated")
    if small.hasalpha():
        small = small.flatten(background=255)
    return Drawn(small.webpsave_buffer(Q=QUALITY, keep="none"), small.width, small.height)


def _decoder(content: bytes) -> str:
    for sign, decoder in _SIGNS:
        if content.startswith(sign):
            return decoder
    if content[_RIFF] == b"RIFF" and content[_WEBP] == b"WEBP":
        return "webpload_buffer"
    raise NotAPicture("neither JPEG, PNG nor WebP")
