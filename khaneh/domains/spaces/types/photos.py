"""A photograph of a space."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from khaneh.kernel.labels import Label


class PhotoSize(StrEnum):
    """For a list of spaces, and for a page of one."""

    SMALL = "small"
    LARGE = "large"


# The greatest width in pixels; what came in smaller stays as it is.
PHOTO_WIDTHS = {PhotoSize.SMALL: 480, PhotoSize.LARGE: 1600}
MOST_PHOTOS = 12
LARGEST_UPLOAD = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photograph, in the order in which a space's are shown. `alts` say what is to be seen; `width` and `height` are those of the large one.

    `version` changes with the picture and stands in its address, so that browsers may keep it for ever.
    """

    id: int
    space_id: int
    position: int
    alts: Label
    width: int
    height: int
    version: str
