"""Numbers that tell editions, volumes and titles apart: digits, Roman numerals and ordinals in the languages of the catalogues."""

from __future__ import annotations

import re
from functools import lru_cache

from khaneh.kernel.orthography import search_key

_ROMAN = re.compile(r"^(?=[ivxlc])(?:x{0,3}|xl|lx{0,3}|xc|c{1,3})(?:ix|iv|v?i{0,3})$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ORDINAL = re.compile(r"^([0-9]{1,4})(?:st|nd|rd|th|d|e|eme|er|ere|te|ed|a|o)?$")

# Ordinals as `search_key` folds them (no marks; Arabic without its article).
_WORDS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "first 1re premiere erste prima primera اول اولی یکم ula nhat",
        "second deuxieme seconde zweite seconda segunda دوم ثانیه ثانی thaniyah duvvum hai",
        "third troisieme dritte terza tercera سوم ثالثه ثالث thalithah sivvum ba",
        "fourth quatrieme vierte quarta cuarta چهارم رابعه رابع rabiah chaharum tu bon",
        "fifth cinquieme funfte quinta پنجم خامسه خامس khamisah panjum nam",
        "sixth sixieme sechste sesta sexta ششم سادسه سادس sadisah shishum sau",
        "seventh septieme siebte settima septima هفتم سابعه سابع sabiah haftum bay",
        "eighth huitieme achte ottava octava هشتم ثامنه ثامن thaminah hashtum tam",
        "ninth neuvieme neunte nona novena نهم تاسعه تاسع tasiah nuhum chin",
        "tenth dixieme zehnte decima دهم عاشره عاشر ashirah dahum muoi",
        "eleventh onzieme elfte یازدهم",
        "twelfth douzieme zwolfte دوازدهم",
    ),
    start=1,
):
    for _name in _names.split():
        _WORDS[_name] = _number
# Vietnamese ordinals are ordinary words; they count only after "lần (thứ)".
_ONLY_AFTER_LAN = frozenset(["hai", "ba", "tu", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "nhat"])
_REMEMBERED = 50_000  # words; cleared when full
_FIRST_BY_NATURE = frozenset(("original",))


def roman(word: str) -> int | None:
    """The value of a Roman numeral up to 399 in lower case, or None. Single letters other than i, v, x are letters."""
    if not word or (len(word) == 1 and word not in "ivx") or not _ROMAN.match(word):
        return None
    total = 0
    for letter, following in zip(word, word[1:] + " ", strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if _ROMAN_VALUES.get(following, 0) > value else value
    return total


def numbers_in(key: str) -> tuple[int, ...]:
    """The numbers in a folded text, sorted: digits anywhere in a word, and Roman numerals that are a word of their own."""
    found = [number for numbers in filter(None, map(_numbers_of, key.split())) for number in numbers]
    return tuple(sorted(found)) if found else ()


class _Numbers(dict[str, tuple[int, ...]]):
    """The numbers in a word, remembered: asked for by the dozen, which a plain table answers fastest."""

    def __missing__(self, word: str) -> tuple[int, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        numbers = self[word] = _in_word(word)
        return numbers


_numbers_of = _Numbers().__getitem__


def _in_word(word: str) -> tuple[int, ...]:
    if word.isdecimal():
        return (int(word[:9]),)
    if any(map(str.isdigit, word)):
        return tuple([int(digits[:9]) for digits in re.findall(r"[0-9]+", word)])
    value = roman(word) if len(word) > 1 else None
    return () if value is None or word in ("mix", "dim", "mi", "di", "li", "vi", "xi", "ci") else (value,)


@lru_cache(maxsize=20_000)
def part_numbers(text: str) -> tuple[tuple[int, ...], str]:
    """Number and name of a part: "Vol. II, Drilling" -> ((2,), "drilling")."""
    numbers: list[int] = []
    name: list[str] = []
    for word in search_key(text).split():
        digits = re.findall(r"[0-9]+", word)
        value = roman(word)
        if digits:
            numbers.extend(int(number[:9]) for number in digits)
        elif value is not None:
            numbers.append(value)
        elif word in _WORDS and word not in _ONLY_AFTER_LAN:
            numbers.append(_WORDS[word])
        elif word not in _PART_WORDS:
            name.append(word)
    return tuple(numbers), " ".join(name)


_PART_WORDS = frozenset(
    [
        "v",
        "vol",
        "vols",
        "volume",
        "volumes",
        "t",
        "tome",
        "tap",
        "p",
        "pt",
        "part",
        "phan",
        "quyen",
        "q",
        "bd",
        "band",
        "teil",
        "no",
        "nr",
        "number",
        "so",
        "book",
        "ج",
        "جزء",
        "جزو",
        "جلد",
        "ج",
        "مج",
        "مجلد",
        "قسم",
        "بخش",
        "juz",
        "juz",
        "qism",
        "jild",
        "kitab",
        "کتاب",
        "دفتر",
        "c",
    ]
)


@lru_cache(maxsize=20_000)
def edition_number(text: str) -> int | None:
    """The number of an edition: "2nd ed.", "الطبعة الثانية", "ویرایش ۲", "چاپ دوم", "Tái bản lần thứ 3", "New edition" (None)."""
    words = search_key(text).split()
    for place, word in enumerate(words):
        found = _ORDINAL.match(word)
        if found:
            number = int(found.group(1))
            # "1964 edition" names a year, not a number.
            return number if number < 100 else None
        if word in _WORDS:
            if word in _ONLY_AFTER_LAN and not {"lan", "thu"} & set(words[:place]):
                continue
            return _WORDS[word]
        if word in _FIRST_BY_NATURE:
            return 1
    return None
