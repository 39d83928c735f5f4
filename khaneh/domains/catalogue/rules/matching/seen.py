"""One feature of a pair, as it was seen."""

from __future__ import annotations

from typing import NamedTuple


class Seen(NamedTuple):
    """The word for one feature, and the two values it came from, as short text for people."""

    feature: str
    word: str
    left: str = ""
    right: str = ""
