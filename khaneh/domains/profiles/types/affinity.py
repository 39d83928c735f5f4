"""What competence is compared by: texts in languages, and how near a person is to a text."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Told(NamedTuple):
    """A text that tells of competence, or asks for it. `language` is fa, vi or en, empty where it is written in several."""

    text: str
    language: str = ""

    @property
    def digest(self) -> str:
        """By what the vector of a text is found again: 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Fit(NamedTuple):
    """How near somebody is to a text, from 0 to 100; the words that both use, what tells most first; whether they mean the same."""

    score: int
    words: tuple[str, ...] = ()
    near: bool = False


NO_FIT = Fit(0)
