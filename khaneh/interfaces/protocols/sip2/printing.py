"""Lines for a machine's printer, as wide as it says it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

NARROWEST, WIDEST = 16, 200


def lines(texts: Iterable[str], width: int) -> tuple[str, ...]:
    """The texts in lines of at most so many characters; nothing for a machine without a printer (a width of 0)."""
    if width <= 0:
        return ()
    columns = min(max(width, NARROWEST), WIDEST)
    return tuple(line for text in texts if text for line in textwrap.wrap(text, columns))
