"""Which library of the demonstration holds which edition, and its copies. Seeded by the edition's number: nothing is left to chance."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from demo.editions import Edition

HOUSES = Path(__file__).parent / "network" / "houses.csv"
LENDING = frozenset({"central_library", "district_library", "commune_library", "bookmobile"})


@dataclass(frozen=True, slots=True)
class Source:
    """A catalogue that is poured in: whose, which share of each language it holds, and how many copies its branches share."""

    name: str
    house: str
    shares: dict[str, float]
    branches: bool  # copies also in the houses below, or only in the one
    currency: str
    prices: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy. The price is text with its currency, as libraries write it."""

    barcode: str
    house: str
    location: str
    call_number: str
    price: str
    acquired: str


RIALS, DONG = (900_000, 6_500_000), (28_000, 260_000)
SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("nghe-an", "NA-LIB", {"vie": 1.0, "eng": 0.5, "fre": 1.0, "per": 0.04}, True, "VND", DONG),
        Source(
            "khorasan", "KR-LIB", {"per": 0.9, "aze": 1.0, "ara": 0.25, "eng": 0.5, "vie": 0.06}, True, "IRR", RIALS
        ),
        Source("yazd", "YZ-LIB", {"per": 0.75, "ara": 0.15, "eng": 0.25}, True, "IRR", RIALS),
        Source("qom", "QM-LIB", {"ara": 1.0, "per": 0.45, "eng": 0.15}, True, "IRR", RIALS),
        Source("nam-dan", "NA-NAMDAN", {"vie": 0.45}, False, "VND", DONG),
        Source("thanh-chuong", "NA-THANHCHUONG", {"vie": 0.4}, False, "VND", DONG),
        Source("sabzevar", "KR-SABZ", {"per": 0.35}, False, "IRR", RIALS),
    )
}
# Whoever takes in what nobody chose, so that every edition is held somewhere.
LAST_RESORT = {
    "per": "khorasan",
    "aze": "khorasan",
    "ara": "qom",
    "eng": "khorasan",
    "vie": "nghe-an",
    "fre": "nghe-an",
}


def lending_houses() -> list[tuple[str, str]]:
    """Code and kind of every house that lends books and is open, in the order of the file."""
    with HOUSES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [(row["code"], row["kind"]) for row in rows if row["kind"] in LENDING and row["state"] == "open"]


def held_by(edition: Edition) -> list[str]:
    """The names of the sources that hold an edition; never empty.

    Two catalogues' records of an edition without a year give no program enough to be sure that they are one. A few such pairs show what
    the queue for people is for; the rest is held by one source.
    """
    names = [
        name
        for name, source in SOURCES.items()
        if random.Random(f"holds:{name}:{edition.number}").random() < source.shares.get(edition.language, 0.0)
    ]
    names = names or [LAST_RESORT[edition.language]]
    return names if edition.year or edition.number % 12 == 0 else names[:1]


def call_number(edition: Edition) -> str:
    """Dewey number, and the first letters of whom or what the book is filed under."""
    creators = edition.work.creators
    filed = creators[0].name_latin if creators else edition.romanised or edition.title
    letters = "".join(letter for letter in filed if letter.isalpha())[:3].upper()
    return f"{edition.work.ddc} {letters}"


def location(edition: Edition, source: Source) -> str:
    """The name of a shelf, in the library's own language."""
    iranian = source.currency == "IRR"
    genre = edition.work.genre.key
    if genre == "children":
        return "بخش کودک" if iranian else "Phòng thiếu nhi"
    if genre == "reference":
        return "مرجع" if iranian else "Kho tra cứu"
    if edition.language == "eng":
        return "کتاب‌های خارجی" if iranian else "Kho ngoại văn"
    return "مخزن اصلی" if iranian else "Kho mượn"


def copies(edition: Edition, source: Source, houses: list[tuple[str, str]]) -> list[Copy]:
    """The copies of an edition in a source: one or two in its own house, and some in the branches below."""
    chance = random.Random(f"copies:{source.name}:{edition.number}")
    prefix = source.house.split("-")[0]
    places = [source.house] * chance.choice((1, 1, 1, 2))
    if source.branches:
        below = [code for code, _ in houses if code.startswith(f"{prefix}-") and code != source.house]
        places += sorted(chance.sample(below, k=chance.choice((0, 0, 1, 1, 2, 3))), key=below.index)
    shelf, number = location(edition, source), call_number(edition)
    serial = list(SOURCES).index(source.name) + 1
    price = round(chance.randint(*source.prices), -3)
    return [
        Copy(
            barcode=f"{prefix}{serial}{edition.number:05d}{index:02d}",
            house=house,
            location=shelf,
            call_number=number,
            price=f"{price} {source.currency}",
            acquired=f"{chance.randint(2008, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        )
        for index, house in enumerate(places, start=1)
    ]
