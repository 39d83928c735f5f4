"""Records for the tests of matching, works and the union record."""

from __future__ import annotations

from khaneh.domains.catalogue.rules.matching import Comparable, comparable
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.types import Field, Record


def data(tag: str, indicators: str = "  ", **subfields: str) -> Field:
    """A data field; a subfield whose code is a digit is written with an underscore before it."""
    return Field(
        tag, indicators[0], indicators[1], tuple((code.strip("_"), value) for code, value in subfields.items())
    )


def book(
    title: str,
    author: str = "",
    *,
    rest: str = "",
    part: str = "",
    place: str = "",
    publisher: str = "",
    date: str = "",
    extent: str = "",
    edition: str = "",
    isbn: str = "",
    language: str = "eng",
    item: str = " ",
    more: tuple[Field, ...] = (),
) -> Record:
    """A MARC21 book with the fields that matching looks at."""
    fields = [Field("008", value=f"990101s{'':<8}xx      {item}{'':<11}{language} d")]
    if isbn:
        fields.append(data("020", a=isbn))
    if author:
        fields.append(data("100", "1 ", a=author))
    subfields = {"a": title} | ({"b": rest} if rest else {}) | ({"n": part} if part else {})
    fields.append(data("245", "10", **subfields))
    if edition:
        fields.append(data("250", a=edition))
    if place or publisher or date:
        fields.append(data("260", a=place, b=publisher, c=date))
    if extent:
        fields.append(data("300", a=extent))
    return Record("00000nam a2200000 i 4500", (*fields, *more))


def folded(record: Record) -> Comparable:
    """The record as matching keeps it."""
    return comparable(describe(record, "marc21"))
