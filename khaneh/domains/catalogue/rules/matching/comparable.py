"""What must be kept beside a contribution to compare it with another, without its MARC. Small, and JSON in and out.

Everything is folded by `kernel.orthography` here, once, so that comparing is only comparing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple

from khaneh.domains.catalogue.rules.matching.numbering import edition_number, numbers_in, part_numbers
from khaneh.domains.catalogue.rules.matching.places import place_key, places_after_first
from khaneh.domains.catalogue.rules.matching.skeleton import ARABIC_SCRIPT_LANGUAGES, has_arabic, skeleton
from khaneh.formats.marc.description import Agent, Description, Text
from khaneh.kernel.orthography import ARTICLES, search_key

_LONGEST = 300  # characters of a title that take part; some 245 fields are a page long
_CM = re.compile(r"([0-9]{1,2})(?:\s*[x×]\s*[0-9]{1,2})?\s*(?:cm|سم|س\.م)")
_MM = re.compile(r"([0-9]{3})\s*mm")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
# Words that publishers' names share; what is left tells them apart.
_PUBLISHER_WORDS = frozenset(
    """
    the and of co company inc ltd limited corp press pub publ publisher publishers publishing publications books
    book house sons son bros brothers verlag editions edition edizioni editorial librairie libreria print printing
    printer printed printers for by off office dar matbaat matbaah matbaa maktabat maktabah intisharat nashr
    nashriyat sharikat tab nha xuat ban nxb sn s n دار مطبعه مکتبه انتشارات نشر شرکت موسسه چاپ چاپخانه کتابخانه
    publication llc gmbh plc lil wa al tibaah tawzi طباعه توزیع للطباعه
    """.split()
)
_NO_PUBLISHER = frozenset(
    (
        "",
        "s n",
        "sn",
        "n p",
        "publisher not identified",
        "بی نا",
        "بینا",
        "د ن",
        "sine nomine",
        "n pub",
        "private publisher",
    )
)


# Houses whose name is written in too many ways for their words to meet.
_HOUSES = (
    (re.compile(r"\b(?:gov(?:ernmen)?t? print(?:ing)? off(?:ice)?|u ?s g p o|u ?s gpo|g p o|usgpo)\b"), "gpo"),
    (re.compile(r"\b(?:h m s o|hmso|(?:h m|h\.m|(?:her|his) majesty ?s) stationer?a?y off(?:ice)?)\b"), "hmso"),
)
# "New York : The Association": the publisher is the body that wrote it, under no name that could be compared.
_ITS_AUTHOR = re.compile(
    r"(?:the |its )?(?:author|firm|association|society|service|department|dept|administration|commission|committee|institute|"
    r"institution|survey|bureau|board|office|council|agency|university|college|company|museum|library|museum)"
)
_SALES = re.compile(r"\b(?:for sale by|sold by|distributed by|available from)\b")


class Comparable(NamedTuple):
    """Folded values of one record. Strings are search keys; `bones` are consonant skeletons, for Arabic-script languages only."""

    title: str = ""
    rest: str = ""
    bones: str = ""
    rest_bones: str = ""
    variants: tuple[str, ...] = ()
    title_numbers: tuple[int, ...] = ()
    part: tuple[int, ...] = ()
    part_name: str = ""
    names: tuple[str, ...] = ()  # "family|given", creators first
    name_bones: tuple[str, ...] = ()
    statement: str = ""
    statement_bones: str = ""
    year: int | None = None
    years: tuple[int, ...] = ()
    year_end: int | None = None
    publisher: tuple[str, ...] = ()
    publisher_bones: tuple[str, ...] = ()
    place: str = ""
    place_bones: str = ""
    places: tuple[str, ...] = ()  # those after the first
    pages: int | None = None
    volumes: int | None = None
    edition: int | None = None
    edition_text: str = ""
    height: int | None = None
    series: str = ""
    series_numbers: tuple[int, ...] = ()
    form: str = ""
    carrier: str = ""
    language: str = ""
    languages: tuple[str, ...] = ()  # those after the first
    originals: tuple[str, ...] = ()  # languages it was translated from
    translators: tuple[str, ...] = ()  # "family|given"
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Only what is set, with tuples as lists."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self.told().items()}

    def told(self) -> dict[str, Any]:
        """What is set, by name."""
        if (
            self.volumes == 0
            or self.pages == 0
            or self.edition == 0
            or self.height == 0
            or self.year == 0
            or self.year_end == 0
        ):
            return {name: value for name, value, empty in zip(_NAMES, self, _EMPTY, strict=True) if value != empty}
        return dict(compress(zip(_NAMES, self, strict=True), self))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Comparable:
        """The reverse; names that are not known (a newer or older row) are left out."""
        values = list(_EMPTY)
        for name, value in data.items():
            place = _PLACES.get(name)
            if place is not None:
                values[place] = tuple(value) if type(value) is list else value
        return cls._make(values)


_NAMES = Comparable._fields
_PLACES = {name: place for place, name in enumerate(_NAMES)}
_EMPTY: tuple[Any, ...] = tuple(Comparable._field_defaults[name] for name in _NAMES)


def comparable(description: Description) -> Comparable:
    """Fold a description once for all later comparisons."""
    own = description
    language = own.languages[0] if own.languages else ""
    title_text, rest_text = own.title.value, own.subtitle.value
    title = _title_key(title_text[:_LONGEST])
    rest = _title_key(rest_text[:_LONGEST]) if rest_text else ""
    statement = search_key(own.responsibility.value[:_LONGEST]) if own.responsibility.value else ""
    arabic = language in ARABIC_SCRIPT_LANGUAGES or has_arabic(title_text)
    people = _people(own.agents, arabic) if own.agents else _NOBODY
    imprint = (
        _imprint(own.publications[0].publisher, own.publications[0].place, arabic) if own.publications else _NO_IMPRINT
    )
    part = own.part.value
    part_given, part_name = part_numbers(part) if part else ((), "")
    edition_text = search_key(own.edition.value) if own.edition.value else ""
    series = own.series[0].value if own.series else ""
    # In the order of the fields: forty names take longer to match than to fill.
    return Comparable(
        title,
        rest,
        skeleton(title) if arabic else "",
        skeleton(rest) if arabic and rest else "",
        tuple(dict.fromkeys(_variants(own)))[:6] if _has_variants(own) else (),
        numbers_in(f"{title} {rest}"),
        part_given,
        part_name,
        people.names,
        people.bones,
        statement,
        skeleton(statement) if arabic and statement else "",
        own.year,
        own.years,
        own.year_end,
        imprint.publisher,
        imprint.publisher_bones,
        imprint.place,
        imprint.place_bones,
        imprint.places,
        own.pages,
        own.volumes,
        edition_number(own.edition.value) if edition_text else None,
        edition_text,
        _height(own.dimensions) if own.dimensions else None,
        search_key(series[:120]) if series else "",
        numbers_in(search_key(series)) if series else (),
        own.form,
        own.carrier,
        language,
        own.languages[1:5],
        own.original_languages[:3],
        people.translators,
        own.isbns,
        own.issns,
        control_numbers(own),
    )


class _People(NamedTuple):
    """The makers of one record, folded."""

    names: tuple[str, ...] = ()
    bones: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()


_NOBODY = _People()


@lru_cache(maxsize=20_000)
def _people(agents: tuple[Agent, ...], arabic: bool) -> _People:
    ranked = _ranked(agents)
    return _People(
        tuple(dict.fromkeys([_name_key(agent.name) for agent in ranked]))[:8],
        tuple(dict.fromkeys([_name_bones(agent.name) for agent in ranked]))[:8] if arabic else (),
        tuple([_name_key(agent.name) for agent in agents if agent.role == "trl"][:2]),
    )


class _Imprint(NamedTuple):
    """A publisher and its places, folded."""

    publisher: tuple[str, ...] = ()
    publisher_bones: tuple[str, ...] = ()
    place: str = ""
    place_bones: str = ""
    places: tuple[str, ...] = ()


_NO_IMPRINT = _Imprint()


@lru_cache(maxsize=20_000)
def _imprint(publisher: str, place: str, arabic: bool) -> _Imprint:
    words = _publisher(publisher)
    key = place_key(place) if place else ""
    return _Imprint(
        words,
        tuple(sorted({word for word in skeleton(" ".join(words)).split() if len(word) > 1})) if arabic else (),
        key,
        skeleton(key) if arabic else "",
        places_after_first(place) if key else (),
    )


def control_numbers(description: Description) -> tuple[str, ...]:
    """The record's own number under its source and the numbers it quotes, all as "(SOURCE)number", OCLC's in one form."""
    found = list(description.other_numbers)
    source, number = description.control_source, description.control_number
    if source and number:
        digits = number.lower().lstrip("ocmn").lstrip("0") if source == "OCoLC" else number
        found.insert(0, f"({source}){digits}")
    return tuple(dict.fromkeys(found))


def _title_key(text: str) -> str:
    key = search_key(text)
    head, _, tail = key.partition(" ")
    if tail and head in ARTICLES:
        key = tail
    # "&" folds to nothing, so its word must too.
    return key.replace(" and ", " ") if " and " in key else key


def _has_variants(own: Description) -> bool:
    """Whether `_variants` would find any: most records have one title and nothing more."""
    return bool(own.variant_titles or own.title.romanised or own.part.value or own.uniform_title.value)


def _variants(own: Description) -> list[str]:
    texts: list[Text] = [own.title, *own.variant_titles[:5]]
    if own.uniform_title.value:
        texts.append(own.uniform_title)
    keys = []
    part = own.part.value
    if part.count(" ") > 1:
        # The part's own name is the title in another library's record.
        keys.append(_title_key(part[:_LONGEST]))
        keys.append(_title_key(f"{own.title.value} {part}"[:_LONGEST]))
    for place, text in enumerate(texts):
        if place and text.value:
            keys.append(_title_key(text.value[:_LONGEST]))
        if text.romanised:
            keys.append(_title_key(text.romanised[:_LONGEST]))
    return keys


def _ranked(agents: tuple[Agent, ...]) -> list[Agent]:
    return sorted(agents, key=lambda agent: agent.role not in ("creator", "aut"))


@lru_cache(maxsize=20_000)
def _name_key(name: str) -> str:
    """Names given in direct order have their last word as family name, which is only used to find "the same word"."""
    family, comma, given = name.replace("،", ",").partition(",")
    given = given.split("(")[0]
    if comma:
        return f"{search_key(family)}|{search_key(given)}"
    return f"{search_key(family)}|"


@lru_cache(maxsize=20_000)
def _name_bones(name: str) -> str:
    return skeleton(_name_key(name).replace("|", " "))


@lru_cache(maxsize=20_000)
def _publisher(text: str) -> tuple[str, ...]:
    key = search_key(text)
    sales = _SALES.search(key)
    if sales and sales.start():
        key = key[: sales.start()].strip()
    for pattern, name in _HOUSES:
        if pattern.search(key):
            return (name,)
    words = [] if key in _NO_PUBLISHER or _ITS_AUTHOR.fullmatch(key) else key.split()
    kept = [word for word in words if word not in _PUBLISHER_WORDS and len(word) > 1]
    return tuple(sorted(set(kept or words)))


@lru_cache(maxsize=5_000)
def _height(text: str) -> int | None:
    text = text.translate(_DIGITS).lower()
    found = _CM.search(text)
    if found:
        return int(found.group(1))
    found = _MM.search(text)
    return -(-int(found.group(1)) // 10) if found else None
