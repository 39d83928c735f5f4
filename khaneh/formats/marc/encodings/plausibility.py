"""How much a decoded text looks like words: the judgement behind every guess of an encoding. Pure functions of text.

Only words that hold a character beyond ASCII say anything about an encoding; the rest is read the same in all of them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from khaneh.formats.marc.encodings import models

_TONES = "\u0301\u0300\u0309\u0303\u0323"
_SHARP_TONES = "\u0301\u0323"
_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", *"bcdđghklmnpqrstvx", "")
# By nucleus: the endings that it takes; "-" is none.
_ENDINGS = {
    "a": "- c ch i m n ng nh o p t u y",
    "e": "- c m n ng o p t",
    "i": "- ch m n ng nh p t u",
    "ia": "-",
    "iê": "c m n ng p t u",
    "o": "- c i m n ng p t",
    "oa": "- c ch i m n ng nh o p t y",
    "oe": "- n o t",
    "oo": "c ng",
    "oă": "c m n ng t",
    "u": "- c i m n ng p t",
    "ua": "-",
    "uy": "- ch n nh p t u",
    "uya": "-",
    "uyê": "n t",
    "uâ": "n ng t y",
    "uê": "- ch n nh",
    "uô": "c i m n ng t",
    "uơ": "-",
    "y": "- ch m n nh t",
    "yê": "m n ng t u",
    "â": "c m n ng p t u y",
    "ê": "- ch m n ng nh p t u",
    "ô": "- c i m n ng p t",
    "ă": "c m n ng p t",
    "ơ": "- c i m n p t",
    "ư": "- c i m n ng t u",
    "ưa": "-",
    "ươ": "c i m n ng p t u",
}
_RHYMES = frozenset(nucleus + ending.strip("-") for nucleus, endings in _ENDINGS.items() for ending in endings.split())
# Letters with marks that European languages and the usual romanisations write often, and those that they write now and then.
_COMMON_LATIN = frozenset("éèêëàâäáãåçñöôóòõøüûúùíìîïæœßıšžčřýěůłąęśćńżźőűășțşţğāīūēōėĭḥṣṭḍẓżʻʼʹʾʿðþđ")
_LATIN_PROPER = frozenset("ďťľĺŕġķļņģțḫṯḏẕǧḡḳŏŭĭẏŷŵĉĝĥĵŝÿũẽḍẉṇṛ")
# ANSEL writes the mark before its letter; seen through windows-1252, é becomes âe, ü becomes èu and ç becomes ðc.
_MARK_BEFORE_LETTER = re.compile("[áâåèäêÁÂÅÈÄÊ][aeiouAEIOU]|ã[aiu]|ð[cC]|ç[eE]|æi|ë[A-Za-z]ì|[êèé]{2}")
_PLAUSIBLE_SIGNS = frozenset(
    "\xa0«»“”‘’„‚–—…©®°·•§£€¡¿№،؛؟ـ\u200c\u200d٪٫٬۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\x98\x9c\x88\x89℗♯♭ºª±²³¹×½¼¾\u0640′″"
)
_INSIDE_WORDS = frozenset("’‘\u200c\u200d·\u0640–—\x98\x9c\x88\x89′…")
_BESIDE_NUMBERS = frozenset("©®£€°℗")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\ufe20-\ufe2f\u064b-\u0652\u0670\u200c'][^\W\d_]*)*")
_ODD = re.compile(r"[^\x00-\x7f\w]|[\x80-\x9f]")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0670\u0640\u200c]")


class Plausibility(NamedTuple):
    """`score` 0 (noise) to 1 (surely words); `evidence` counts the characters beyond ASCII that were judged."""

    score: float
    evidence: int


def plausibility(text: str) -> Plausibility:
    """Judge the words of a text that hold characters beyond ASCII."""
    total = weight = 0.0
    evidence = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        marked = sum(character > "\x7f" for character in word)
        evidence += marked
        # A letter does not grow on a number: ©1995 read as a letter and 1995.
        digits = text[match.start() - 1 : match.start()].isdigit() or text[match.end() : match.end() + 1].isdigit()
        total += _word_score(word) * marked * (0.2 if digits and len(word) < 3 else 1.0)
        weight += marked
    for match in _ODD.finditer(text):
        character = match.group()
        evidence += 1
        if character in _BESIDE_NUMBERS:
            if text[match.start() - 1 : match.start()].isdigit() or text[match.end() : match.end() + 1].isdigit():
                weight += 1.0
                total += 0.9
        elif character in _PLAUSIBLE_SIGNS:
            inside = text[match.start() - 1 : match.start()].isalpha() and text[match.end() : match.end() + 1].isalpha()
            weight += 1.0 if inside and character not in _INSIDE_WORDS else 0.0
        else:
            weight += 1.5 if unicodedata.category(character) in ("Cc", "Co", "Cn", "So", "Sm", "Sk", "Sc") else 0.5
            if unicodedata.combining(character):
                total += 0.25
    return Plausibility(total / weight if weight else 0.5, evidence)


@lru_cache(maxsize=20_000)
def _word_score(word: str) -> float:
    first = next(character for character in word if character > "\x7f")
    if "\u0600" <= first <= "\u06ff":
        return _arabic_score(word)
    if "\u0400" <= first <= "\u04ff":
        return _cyrillic_score(word)
    if (
        first < "\u0250"
        or "\u1e00" <= first <= "\u1eff"
        or "\u02b0" <= first <= "\u02ff"
        or "\u0300" <= first <= "\u036f"
    ):
        return _latin_score(word)
    # Scripts that no 8-bit encoding here yields by accident.
    return 0.8 if not any(character.isascii() for character in word) else 0.3


def is_vietnamese(word: str) -> bool:
    """Whether a word is one well-formed Vietnamese syllable (initial, rhyme, tone that the final consonant allows)."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [character for character in parts if character in _TONES]
    if len(tones) > 1:
        return False
    toneless = unicodedata.normalize("NFC", "".join(character for character in parts if character not in _TONES))
    stopped = toneless.endswith(("c", "ch", "p", "t"))
    if stopped and (not tones or tones[0] not in _SHARP_TONES):
        return False
    return any(toneless.startswith(onset) and toneless[len(onset) :] in _RHYMES for onset in _ONSETS)


def _regular_case(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle() or (word[:1].isupper() and word[1:].islower())


def _latin_score(word: str) -> float:
    plain = unicodedata.normalize("NFC", word)
    if any(
        "\u0370" <= character <= "\u1dff" or (character >= "\u2c80" and not unicodedata.combining(character))
        for character in plain
    ):
        return 0.0
    regular = _regular_case(plain)
    if regular and is_vietnamese(plain):
        return 1.0
    marked = [character for character in plain.lower() if character > "\x7f"]
    if not marked:
        return 0.7
    known = sum(
        1.0 if c in _COMMON_LATIN else 0.8 if unicodedata.combining(c) else 0.6 if c in _LATIN_PROPER else 0.1
        for c in marked
    ) / len(marked)
    share = len(marked) / len(plain)
    # European words carry few marks; a word made of marked letters is another script seen through a Latin table.
    density = 1.0 if share <= 0.4 or len(plain) <= 2 else max(0.0, 1.0 - (share - 0.4) * 2.5)
    if _MARK_BEFORE_LETTER.search(plain):
        known *= 0.4
    return 0.85 * known * density * (1.0 if regular else 0.45)


def _table(rows: tuple[str, ...], letters: str) -> dict[str, dict[str, int]]:
    """Costs by letter and next letter; an empty string stands for the edge of a word."""
    names = [*letters, ""]
    return {
        name: {following: int(digit) for following, digit in zip(names, row, strict=True)}
        for name, row in zip(names, rows, strict=True)
    }


_PERSIAN = _table(models.PERSIAN, models.LETTERS_ARABIC)
_ARABIC = _table(models.ARABIC, models.LETTERS_ARABIC)
_RUSSIAN = _table(models.RUSSIAN, models.LETTERS_CYRILLIC)


def _cost(word: str, table: dict[str, dict[str, int]]) -> float:
    """Mean bits a letter; a letter outside the table costs as much as the least likely pair."""
    previous, bits = "", 0
    for letter in word:
        bits += table.get(previous, table[""]).get(letter, 10)
        previous = letter if letter in table else ""
    bits += table[previous][""] if previous else 9
    return bits / (len(word) + 1)


def _arabic_score(word: str) -> float:
    parts = [part for part in word.split("\u200c") if part]
    bare = _VOWEL_SIGNS.sub("", word)
    if not bare or any(not "\u0600" <= character <= "\u06ff" for character in bare):
        return 0.0
    # A joined letter after a word-final one inside a word happens where a word was wrongly cut.
    if any(len(part) == 0 for part in parts):
        return 0.2
    cost = min(_cost(bare, _PERSIAN), _cost(bare, _ARABIC))
    return max(0.0, min(1.0, (7.2 - cost) / 2.6))


def _cyrillic_score(word: str) -> float:
    if any(not "\u0400" <= character <= "\u04ff" and character not in "'\u0301\u0306\u0308" for character in word):
        return 0.0
    cost = _cost(word.lower(), _RUSSIAN)
    return max(0.0, min(1.0, (7.0 - cost) / 2.6)) * (1.0 if _regular_case(word) else 0.3)
