"""Which generated cover a book wears: decided by the book itself, so that it looks the same everywhere and for ever. Pure."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

DESIGNS = 8
INKS = 12
_LONG = 40  # letters; a longer title is set smaller
_LONG_WORD = 11  # letters; a longer word would be broken in the width of a cover
# Languages whose usual script is written from right to left (ISO 639-2/B), with the tag that a page needs.
_RIGHT_TO_LEFT = {"per": "fa", "fas": "fa", "ara": "ar", "urd": "ar", "kur": "ar", "ota": "ar", "pus": "ar"}
_LATIN = {"vie": "vi", "eng": "en"}
_VIETNAMESE_DESIGNS = (4, 5, 7, 3, 4, 6, 5)
_PERSIAN_DESIGNS = (0, 1, 2, 7, 1, 6, 3)


class Cover(NamedTuple):
    """What the template needs. `lang` is the BCP 47 tag of the words; `letter` the initial, for the design made of it."""

    title: str
    author: str
    design: int
    ink: int
    lang: str
    direction: str
    letter: str
    long: bool


def _language(title: str, language: str) -> str:
    right = sum("\u0600" <= letter <= "\u06ff" for letter in title)
    if right > len(title) / 3:
        return _RIGHT_TO_LEFT.get(language, "fa")
    return _LATIN.get(language, "en" if language in {"", *_RIGHT_TO_LEFT} else language[:2])


def cover(title: str, author: str = "", language: str = "") -> Cover:
    """The cover for a title, its first author and its language (ISO 639-2/B, may be empty)."""
    seed = hashlib.blake2b(f"{title}\0{author}".encode(), digest_size=4).digest()
    lang = _language(title, language)
    if lang in {"fa", "ar"}:
        design = _PERSIAN_DESIGNS[seed[0] % len(_PERSIAN_DESIGNS)]
    elif lang == "vi":
        design = _VIETNAMESE_DESIGNS[seed[0] % len(_VIETNAMESE_DESIGNS)]
    else:
        design = seed[0] % DESIGNS
    words = title.removeprefix("ال") if lang in {"fa", "ar"} else title
    letter = next((letter for letter in words if letter.isalpha()), "")
    return Cover(
        title=title,
        author=author,
        design=design,
        ink=seed[1] % INKS,
        lang=lang,
        direction="rtl" if lang in {"fa", "ar"} else "ltr",
        letter=letter.upper(),
        long=len(title) > _LONG or max(map(len, title.split()), default=0) > _LONG_WORD,
    )
