"""What in a text tells who wrote it: telephones, addresses, names. Pure.

Finds what is written in the usual ways and warns of it; a person judges. A name of one word alone is looked for only after a title, since
many names are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from khaneh.domains.exchange.types import Finding
from khaneh.kernel.orthography import Word, latin_digits, search_key, words

_EMAIL = re.compile(r"[\w.+-]+\s*(?:@|\[at\]|\(at\))\s*[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b(?:t\.me|wa\.me|zalo\.me|eitaa\.com|instagram\.com|facebook\.com)/\S+|(?<!\S)@[A-Za-z]\w{3,}",
    re.IGNORECASE,
)
# With a country's code, or with the nought that stands before a number within the country; 9 to 13 digits.
_PHONE = re.compile(r"(?<![\d.,])(?:\+|00)?\(?\d(?:[\s().-]{0,2}\d){7,13}(?![\d.,]?\d)")
_STREET = re.compile(
    r"(?:خیابان|کوچه|کوچهٔ|بلوار|پلاک|میدان|کد\s?پستی)\s+[^\s،.؛:]+(?:\s+[^\s،.؛:]+)?"
    r"|\b(?:số nhà|số|ngõ|ngách|hẻm|đường|phố|thôn|xóm|khối)\s+(?:[A-ZĐÁÀÂẤÊÔƠƯ0-9][\w/]*)(?:\s+[A-ZĐÁÀÂẤÊÔƠƯ][\w]*)*"
    r"|\b\d{1,5}\s+(?:[A-Z][\w'-]*\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Square)\b"
    r"|\b(?:P\.?\s?O\.?\s?Box|postcode|postal code)\s+\w+"
)
_TITLED = re.compile(
    r"(?:آقای|خانم|مهندس|دکتر|استاد)\s+(?:دکتر\s+|مهندس\s+)?[^\s،.؛:]+(?:\s+[^\s،.؛:]+)?"
    r"|\b(?:ông|Ông|bà|Bà|anh|Anh|chị|Chị|cô|Cô|TS\.?|ThS\.?|KS\.?)\s+(?:[A-ZĐÁÀÂẤÊÔƠƯ]\w*)(?:\s+[A-ZĐÁÀÂẤÊÔƠƯ]\w*)*"
    r"|\b(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+[A-Z]\w+(?:\s+[A-Z]\w+)?"
)
# Words that many organisations have in their names; what is left of a name tells which one it is.
_COMMON = frozenset(
    search_key(
        "شرکت سازمان اداره کل کتابخانه کتابخانه‌های مرکزی عمومی شهرستان بخش مرکز فنی نوآوری خانه خلاق پارک علم و فناوری بنیاد "
        "دانشگاه شبکه صنایع صنعتی شهرک های گروه نهاد "
        "công ty thư viện huyện xã tỉnh sở ban quản lý trung tâm quỹ trường đại học khu cục cơ quan và nhà công cộng "
        "the company library libraries district commune public central city office board authority directorate centre center "
        "house university park foundation of and for industries industrial estates technical creative innovation"
    ).split()
)
_LEAST_LETTERS = 4
_PIECES = re.compile(r"[,،()]")


def findings(
    parts: Mapping[str, str], *, people: Iterable[str], organisations: Iterable[str], places: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """What tells who is behind a text, by part and place in it, each once.

    `people` are names of those who work there, `organisations` its names, codes and domains, `places` those it is in. Kinds: email, link,
    phone, address, person, organisation, place.
    """
    known = [
        *(("person", phrase) for name in people for phrase in _person(name)),
        *(
            ("organisation", phrase)
            for name in organisations
            for piece in (name, *_PIECES.split(name))
            for phrase in _organisation(piece)
        ),
        *(("place", phrase) for name in places if len(phrase := tuple(search_key(name).split())) > 0),
    ]
    found: list[Finding] = []
    for part, text in parts.items():
        for _at, kind, told in sorted({*_written(text), *_named(text, known)}):
            one = Finding(part, kind, told)
            if one not in found and not any(told in other.text and other.part == part for other in found):
                found.append(one)
    return tuple(found)


def _written(text: str) -> Iterator[tuple[int, str, str]]:
    """What shows by its form."""
    digits = latin_digits(text)
    plain = digits if len(digits) == len(text) else text
    for kind, pattern in (("email", _EMAIL), ("link", _LINK), ("address", _STREET), ("person", _TITLED)):
        for hit in pattern.finditer(plain):
            yield hit.start(), kind, text[hit.start() : hit.end()].strip()
    for hit in _PHONE.finditer(plain):
        number = re.sub(r"\D", "", hit[0])
        if 9 <= len(number) <= 14 and (hit[0].startswith(("+", "00", "0", "(0"))):
            yield hit.start(), "phone", text[hit.start() : hit.end()].strip()


def _named(text: str, known: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[int, str, str]]:
    """Names that are known, wherever they stand and however they are typed."""
    there = words(text)
    folded = [one.chunk.folded for one in there]
    for kind, phrase in known:
        for at in range(len(folded) - len(phrase) + 1):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                yield there[at].start, kind, _between(text, there[at], there[at + len(phrase) - 1])


def _between(text: str, first: Word, last: Word) -> str:
    return text[first.start : last.end]


def _person(name: str) -> Iterator[tuple[str, ...]]:
    """The whole name, and its two last words: given names of four are left out as often as not."""
    told = tuple(search_key(name).split())
    if len(told) > 1:
        yield told
    if len(told) > 2:
        yield told[-2:]


def _organisation(name: str) -> Iterator[tuple[str, ...]]:
    """The whole name, and what is left of it without what others are called too."""
    told = tuple(search_key(name).split())
    rest = tuple(word for word in told if word not in _COMMON)
    if len(told) > 1 or (told and len(told[0]) >= _LEAST_LETTERS):
        yield told
    if rest != told and (len(rest) > 1 or (rest and len(rest[0]) >= _LEAST_LETTERS)):
        yield rest
