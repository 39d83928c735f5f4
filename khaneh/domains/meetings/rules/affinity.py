"""How well two participants suit each other: what one looks for and the other offers, and sectors that both have. Pure."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.profiles.rules.words import Rarity, is_syllable, said_by_both, telling_words
from khaneh.kernel.orthography import search_key

__all__ = ["Fit", "Rarity", "Says", "fit", "words_of"]

_MOST_WORDS = 4
_BY_OFFER, _BY_SEEK, _BY_SECTOR = 50, 30, 20
# So many of the rarest words are everything that words can say.
_ENOUGH = 4
words_of = telling_words


class Says(NamedTuple):
    """What a participant offers and looks for, and their sectors."""

    offers: str
    seeks: str
    sectors: tuple[str, ...]


class Fit(NamedTuple):
    """From 0 to 100, and why: what they offer that one looks for, what they look for that one offers, sectors of both."""

    score: int
    they_offer: tuple[str, ...]
    they_seek: tuple[str, ...]
    sectors: tuple[str, ...]


def fit(me: Says, them: Says, rarity: Rarity) -> Fit:
    """How well they suit me. What I look for counts most, what they look for less, a sector of both (or one within the other) 20."""
    they_offer, they_seek = _said(me.seeks, them.offers, rarity), _said(me.offers, them.seeks, rarity)
    shared = tuple(
        sorted({one for one in me.sectors for other in them.sectors if one.startswith(other) or other.startswith(one)})
    )
    score = _BY_OFFER * _share(they_offer, rarity) + _BY_SEEK * _share(they_seek, rarity) + _BY_SECTOR * bool(shared)
    return Fit(round(score), tuple(they_offer), tuple(they_seek), shared)


def _said(wanted: str, there: str, rarity: Rarity) -> list[str]:
    """What both say, without lone syllables of Vietnamese: among some dozens of participants all of them are rare, and none tells anything."""
    found = said_by_both(wanted, there, rarity, most=2 * _MOST_WORDS)
    return [words for words in found if " " in words or not is_syllable(search_key(words))][:_MOST_WORDS]


def _share(said: list[str], rarity: Rarity) -> float:
    words = {word for stretch in said for word in telling_words(stretch)}
    if not words:
        return 0.0
    most = max(rarity(["\N{NULL}"]).values()) * _ENOUGH
    return min(1.0, sum(rarity(words).values()) / most)
