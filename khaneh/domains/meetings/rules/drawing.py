"""The order of pitches by lot, so that anybody who knows the seed can draw it again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def drawn(pitches: Iterable[int], *, seed: str) -> list[int]:
    """The pitches by the SHA-256 of the seed and their number."""
    return sorted(pitches, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
