"""Names that every page asks for, kept in the process for some seconds: a renamed region may be seen under its old name that long."""

from __future__ import annotations

import time
from collections.abc import Callable

from khaneh.kernel.labels import Label

SECONDS = 10.0
_kept: dict[str, tuple[float, dict[str, Label]]] = {}


def kept(name: str, read: Callable[[], dict[str, Label]]) -> dict[str, Label]:
    """What was read last, or what `read` gives once that is too old."""
    known = _kept.get(name)
    if known is None or time.monotonic() - known[0] > SECONDS:
        known = (time.monotonic(), read())
        _kept[name] = known
    return known[1]


def forget() -> None:
    """Read afresh the next time; for tests, whose databases come and go."""
    _kept.clear()
