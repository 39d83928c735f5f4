"""The demonstration's works and editions, read from `demo/works/*.csv`. Values only: how they become MARC is in `records`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

WORKS = Path(__file__).parent / "works"
EDITION_FILES = ("persian", "vietnamese", "arabic", "english")
ARABIC_SCRIPT = frozenset({"per", "ara", "aze"})
JALALI_UNTIL = (
    1500  # a smaller year of publication is a Jalali one; nothing here was printed before 1501 by the other count
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as headings write the name: in Persian, in Arabic, romanised by the ALA-LC tables, and as English prints it."""

    key: str
    name_fa: str
    name_ar: str
    romanised: str
    name_latin: str
    dates: str

    def heading(self, language: str) -> str:
        """The heading in a record of this language."""
        if language == "ara":
            return self.name_ar or self.name_fa or self.name_latin
        if language in ARABIC_SCRIPT:
            return self.name_fa or self.name_latin
        return self.name_latin


@dataclass(frozen=True, slots=True)
class Publisher:
    key: str
    name: str
    romanised: str
    place: str
    place_romanised: str
    country: str  # a MARC country code


@dataclass(frozen=True, slots=True)
class Term:
    """A subject or a genre with its heading in four languages."""

    key: str
    fa: str
    vi: str
    en: str
    ar: str

    def heading(self, language: str) -> str:
        return {"per": self.fa, "aze": self.fa, "vie": self.vi, "ara": self.ar}.get(language, self.en)


@dataclass(frozen=True, slots=True)
class Work:
    """A text as its author made it. `first_published` is a Gregorian year as text, empty where nobody knows it well."""

    key: str
    language: str
    uniform_title: str
    romanised: str
    creators: tuple[Person, ...]
    first_published: str
    topics: tuple[Term, ...]
    genre: Term
    ddc: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A publication of a work. `number` is its place among all editions, from 1: the same on every machine."""

    number: int
    work: Work
    language: str
    title: str
    subtitle: str
    romanised: str
    contributors: tuple[tuple[str, Person], ...]  # MARC relator code, person
    publisher: Publisher | None
    year: str
    pages: str
    isbn: str
    series: str
    summary: str

    @property
    def gregorian_year(self) -> int | None:
        """The year for machines. A Jalali year begins in March; the Gregorian year that holds most of it is given."""
        if not self.year:
            return None
        year = int(self.year)
        return year + 621 if year < JALALI_UNTIL else year

    @property
    def is_translation(self) -> bool:
        return self.language != self.work.language


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one data file, by column name."""
    with (WORKS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def load() -> list[Edition]:
    """Every edition, in the order of the files. Raises KeyError where a key leads nowhere."""
    people = {row["key"]: Person(**row) for row in rows("people")}
    publishers = {row["key"]: Publisher(**row) for row in rows("publishers")}
    topics = {row["key"]: Term(**row) for row in rows("topics")}
    genres = {row["key"]: Term(**row) for row in rows("genres")}
    works = {
        row["key"]: Work(
            key=row["key"],
            language=row["language"],
            uniform_title=row["uniform_title"],
            romanised=row["romanised"],
            creators=tuple(people[key] for key in row["creators"].split(";") if key),
            first_published=row["first_published"],
            topics=tuple(topics[key] for key in row["topics"].split(";") if key),
            genre=genres[row["genre"]],
            ddc=row["ddc"],
        )
        for row in rows("works")
    }
    editions: list[Edition] = []
    for name in EDITION_FILES:
        for row in rows(f"editions_{name}"):
            pairs = [pair.split(":") for pair in row["contributors"].split(";") if pair]
            editions.append(
                Edition(
                    number=len(editions) + 1,
                    work=works[row["work"]],
                    language=row["language"],
                    title=row["title"],
                    subtitle=row["subtitle"],
                    romanised=row["romanised"],
                    contributors=tuple((role, people[key]) for role, key in pairs),
                    publisher=publishers[row["publisher"]] if row["publisher"] else None,
                    year=row["year"],
                    pages=row["pages"],
                    isbn=row["isbn"],
                    series=row["series"],
                    summary=row["summary"],
                )
            )
    return editions
