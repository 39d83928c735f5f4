"""One form for Arabic-script text and its romanisations, so that "المنارة التاريخية" and "al-Manārah al-tārīkhīyah" compare as equal.

Both become their consonants: vowels, weak letters, ʻayn and hamza go, emphatic letters join their plain ones, doubled ones become one,
and the end of a word that can be written h or t (tāʼ marbūṭah) goes. Works for ALA-LC, DIN and careless romanisation alike, at the
price that different words can meet: a skeleton finds and compares, it never decides alone. Input is `orthography.search_key`.
"""

from __future__ import annotations

import re

# From the folded Persian key (ک, ی, ه for their Arabic forms; no hamza, no harakat).
_FROM_ARABIC = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "c", "ح": "h", "ه": "h", "خ": "x",
    "د": "d", "ض": "d", "ذ": "z", "ز": "z", "ظ": "z", "ر": "r", "ژ": "j", "ش": "C", "غ": "g", "گ": "g", "ف": "f", "ڤ": "f", "ق": "q",
    "ک": "k", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
_WEAK_ARABIC = "اویءعئؤأإآىٰ"
_TABLE = {ord(letter): consonant for letter, consonant in _FROM_ARABIC.items()} | {ord(c): "" for c in _WEAK_ARABIC}
_DIGRAPHS = re.compile("kh|sh|ch|gh|th|dh|zh")
_CONSONANT = {"kh": "x", "sh": "C", "ch": "c", "gh": "g", "th": "s", "dh": "z", "zh": "j"}
_TABLE |= {ord(c): "" for c in "aeiouwvy"}
# Attached in Arabic script and taken off there with the article, written apart in romanisation.
_PARTICLES = frozenset(("wa", "bi", "fa", "ka", "va", "l"))
_ARTICLES = frozenset(("al", "el", "lil", "ul"))
_APART = _PARTICLES | _ARTICLES
_REMEMBERED = 50_000  # words; cleared when full
# `search_key` leaves the article on short words (الحج); its romanisation has it apart.
_ARTICLE = re.compile("^[وبفک]?ال(?=..)")
_ARABIC_LETTER = re.compile("[\u0620-\u06d3]")
ARABIC_SCRIPT_LANGUAGES = frozenset(
    [
        "ara",
        "arc",
        "per",
        "fas",
        "prs",
        "ota",
        "urd",
        "pus",
        "kur",
        "ckb",
        "uig",
        "snd",
        "kas",
        "bal",
        "chg",
        "jrb",
        "lrc",
        "mzn",
        "glk",
    ]
)


def _word(word: str) -> str:
    if _ARABIC_LETTER.search(word):
        word = _ARTICLE.sub("", word)
    else:
        word = _DIGRAPHS.sub(lambda found: _CONSONANT[found.group()], word)
    consonants = word.translate(_TABLE)
    if len(consonants) > 1 and consonants[-1] in "ht":
        consonants = consonants[:-1]
    kept: list[str] = []
    for letter in consonants:
        if not kept or kept[-1] != letter:
            kept.append(letter)
    return "".join(kept)


class _Bones(dict[str, str]):
    """The consonants of a word, remembered: asked for by the dozen, which a plain table answers fastest."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        bones = self[word] = _word(word)
        return bones


_bones_of = _Bones().__getitem__


def skeleton(key: str) -> str:
    """The consonants of a folded text, words separated by spaces; empty words left out."""
    words = key.split()
    if _APART.isdisjoint(words):
        return " ".join(filter(None, map(_bones_of, words)))
    kept: list[str] = []
    last = len(words) - 1
    for place, word in enumerate(words):
        if word in _ARTICLES:
            continue
        if word in _PARTICLES and place < last and (words[place + 1] == "al" or word in ("wa", "va")):
            continue
        bones = _bones_of(word)
        if bones:
            kept.append(bones)
    return " ".join(kept)


def has_arabic(text: str) -> bool:
    """Whether a text has a letter of the Arabic script."""
    return not text.isascii() and _ARABIC_LETTER.search(text) is not None
