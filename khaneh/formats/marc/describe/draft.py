"""A description while it is being read: lists that grow, then one frozen `Description`. Shared by the dialects."""

from __future__ import annotations

import re
from typing import TypeVar

from khaneh.formats.marc.describe import extent
from khaneh.formats.marc.describe.punctuation import scripts_of
from khaneh.formats.marc.description import Agent, Description, Link, NameTitle, Publication, Subject, Text
from khaneh.formats.marc.types import Field

_T = TypeVar("_T")
_EMPTY = Text("")
# Letters that only Vietnamese writes (base letters with horn or breve under a tone, and đ beside any tone mark).
_VIETNAMESE = re.compile("[ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_VIETNAMESE_DECOMPOSED = re.compile("[\u0309\u0323\u031b]")
_PERSIAN = re.compile("[پچژگ]")
# ی and ک are written ي and ك by old systems and the reverse by bad conversions, so either form says the same: not Arabic, unless
# something else in the title is (its own letters, the article, its commonest words).
_EITHER = re.compile("[یيکك]")
_ARABIC = re.compile(r"[ةأإ]|(?:^|\s)و?(?:ال\w{2}|(?:في|فی|من|على|علی|إلى|الی|عن)(?=\s|$))")


class Draft:
    """Mutable counterpart of `Description`, with what is needed only while reading."""

    # More attributes than Python keeps in place otherwise.
    __slots__ = (
        "additional", "agents", "audience", "carrier", "carriers", "classifications", "coded", "contents", "control_number",
        "control_source", "country", "date_texts", "dialect", "dimensions", "edition", "extent", "form", "genres",
        "has_transcribed_series", "isbns", "issns", "languages", "links", "loose", "medium", "name_titles", "notes",
        "original_languages", "other_numbers", "part", "physical", "publications", "responsibility", "series", "subjects",
        "subtitle", "summary", "title", "uniform_title", "variants", "year", "year_as_written", "year_end", "years",
    )  # fmt: skip

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.form = "book"
        self.carrier = ""
        self.control_number = self.control_source = self.coded = self.additional = self.medium = ""
        self.physical: list[str] = []
        self.carriers: list[str] = []
        self.loose: list[Field] = []
        self.other_numbers: list[str] = []
        self.isbns: list[str] = []
        self.issns: list[str] = []
        self.title = self.subtitle = self.part = self.responsibility = self.uniform_title = self.edition = _EMPTY
        self.variants: list[Text] = []
        self.agents: list[Agent] = []
        self.publications: list[Publication] = []
        self.date_texts: list[str] = []
        self.year: int | None = None
        self.year_end: int | None = None
        self.years: list[int] = []
        self.year_as_written = self.extent = self.dimensions = self.country = self.summary = self.contents = (
            self.audience
        ) = ""
        self.series: list[Text] = []
        self.has_transcribed_series = False
        self.languages: list[str] = []
        self.original_languages: list[str] = []
        self.subjects: list[Subject] = []
        self.genres: list[str] = []
        self.classifications: list[str] = []
        self.notes: list[str] = []
        self.links: list[Link] = []
        self.name_titles: list[NameTitle] = []

    def guessed_language(self) -> str:
        """The language its letters give away, where nothing is coded: only Vietnamese and Persian have letters of their own."""
        text = self.title.value + self.subtitle.value
        if text.isascii():
            return ""
        if _VIETNAMESE.search(text) or _VIETNAMESE_DECOMPOSED.search(text):
            return "vie"
        if _PERSIAN.search(text) or (_EITHER.search(text) and not _ARABIC.search(text)):
            return "per"
        return ""

    def finish(self) -> Description:
        """The frozen description; repeated values once."""
        if not self.languages:
            guessed = self.guessed_language()
            if guessed:
                self.languages.append(guessed)
        size = extent.read(self.extent)
        names = "".join([agent.name for agent in self.agents]) if self.agents else ""
        # In the order of Description's fields: forty names take longer to match than to fill.
        return Description(
            self.dialect,
            self.form,
            self.control_number,
            self.control_source,
            _once(self.other_numbers) if self.other_numbers else (),
            _once(self.isbns) if self.isbns else (),
            _once(self.issns) if self.issns else (),
            self.title,
            self.subtitle,
            self.part,
            self.responsibility,
            self.uniform_title,
            _once(self.variants) if self.variants else (),
            _once(self.agents) if self.agents else (),
            self.edition,
            tuple(self.publications),
            self.year,
            self.year_end,
            self.year_as_written,
            self.extent,
            size.pages,
            self.dimensions,
            _once(self.series) if self.series else (),
            _once(self.languages) if self.languages else (),
            _once(self.original_languages) if self.original_languages else (),
            scripts_of(self.title.value + self.title.romanised + names),
            self.country,
            _headings(self.subjects) if self.subjects else (),
            _once(self.genres) if self.genres else (),
            _once(self.classifications) if self.classifications else (),
            self.summary,
            self.contents,
            tuple(self.notes),
            self.audience,
            _once(self.links) if self.links else (),
            _once(self.name_titles) if self.name_titles else (),
            self.carrier,
            size.volumes,
            _once(self.years) if self.years else (),
        )


def _headings(subjects: list[Subject]) -> tuple[Subject, ...]:
    """Each heading once: the same from two lists of headings is one to a reader."""
    if len(subjects) < 2:
        return tuple(subjects)
    return tuple({subject.heading: subject for subject in reversed(subjects)}.values())[::-1]


def _once(values: list[_T]) -> tuple[_T, ...]:
    if len(values) < 2:
        return tuple(values)
    return tuple(dict.fromkeys(values))
