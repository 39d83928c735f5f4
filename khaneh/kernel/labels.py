"""A word for people in the three languages that every page speaks. Nothing here translates sentences: those are in catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Self

LANGUAGES = ("fa", "vi", "en")


class Label(NamedTuple):
    """One name in English, Persian and Vietnamese."""

    en: str
    fa: str
    vi: str

    def pick(self, language: str) -> str:
        """The name in `language` (`fa`, `vi`, `en`, also with a region such as `fa-IR`), or the first one that is not empty."""
        wanted: str = getattr(self, language[:2], "") if language[:2] in LANGUAGES else ""
        return wanted or self.en or self.fa or self.vi

    def to_dict(self) -> dict[str, str]:
        """The stored form: `{"fa": …, "vi": …, "en": …}`."""
        return {"fa": self.fa, "vi": self.vi, "en": self.en}

    @classmethod
    def from_dict(cls, names: Mapping[str, str]) -> Self:
        """From the stored form; a missing language is an empty string."""
        return cls(en=names.get("en", ""), fa=names.get("fa", ""), vi=names.get("vi", ""))
