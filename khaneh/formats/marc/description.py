"""What a record says, in one shape for every MARC dialect. Pure values; `describe.py` reads them from a record.

Values are text for people: as the source had it, with ISBD punctuation at the ends removed and nothing normalised. Where a field has
a linked original-script field (880), the original script comes first and the romanised form beside it.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """A value in its own script and, where the source gives one, romanised."""

    value: str
    romanised: str = ""


class Agent(NamedTuple):
    """A person, body or meeting that made the work or had a part in it."""

    name: str
    romanised: str = ""
    kind: str = "person"  # person | body | meeting
    role: str = "creator"  # creator | contributor, or a MARC relator code such as trl, edt, ill
    dates: str = ""
    authority: str = ""  # an authority number ($0 or $3) where there is one


class Subject(NamedTuple):
    """A heading: topic, person, place, time or form, with its subdivisions joined by ' -- '."""

    heading: str
    romanised: str = ""
    kind: str = "topic"  # topic | person | body | meeting | place | time | title
    scheme: str = ""


class Publication(NamedTuple):
    """Where, by whom and when, as transcribed."""

    place: str = ""
    publisher: str = ""
    date: str = ""
    romanised: str = ""


class NameTitle(NamedTuple):
    """A work named by its author and title: in the record (contains), behind it (original) or made from it (translation)."""

    relation: str  # contains | original | translation
    name: Text
    title: Text


class Link(NamedTuple):
    """A related record or an address: series, original, translation, earlier title, online copy."""

    kind: str  # series | host | original | translation | earlier | later | online | related
    text: str
    target: str = ""  # control number, ISBN, ISSN or URL


class Description(NamedTuple):
    """One bibliographic record, read. Tuples are in the record's order and may be empty."""

    dialect: str  # marc21 | unimarc
    form: str  # book | serial | music | recording | map | visual | manuscript | archive | electronic | object | mixed
    control_number: str = ""
    control_source: str = ""  # 003, or the agency
    other_numbers: tuple[str, ...] = ()  # 035, 019, 010: "(OCoLC)123"
    isbns: tuple[str, ...] = ()  # ISBN-13, valid only
    issns: tuple[str, ...] = ()  # valid only, with the hyphen
    title: Text = Text("")
    subtitle: Text = Text("")
    part: Text = Text("")  # number and name of part
    responsibility: Text = Text("")
    uniform_title: Text = Text("")
    variant_titles: tuple[Text, ...] = ()
    agents: tuple[Agent, ...] = ()
    edition: Text = Text("")
    publications: tuple[Publication, ...] = ()
    year: int | None = None  # Gregorian year of publication
    year_end: int | None = None
    year_as_written: str = ""
    extent: str = ""  # 300 $a as written
    pages: int | None = None
    dimensions: str = ""
    series: tuple[Text, ...] = ()
    languages: tuple[str, ...] = ()  # ISO 639-2/B codes, text first
    original_languages: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()  # ISO 15924 codes found in the title and agents: Arab, Latn, Cyrl …
    country: str = ""  # MARC country code
    subjects: tuple[Subject, ...] = ()
    genres: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()  # "ddc:891.55", "lcc:PK6480", "udc:…"
    summary: str = ""
    contents: str = ""
    notes: tuple[str, ...] = ()
    audience: str = ""
    links: tuple[Link, ...] = ()
    name_titles: tuple[NameTitle, ...] = ()
    carrier: str = ""  # print | online | disc | micro | braille | large-print
    volumes: int | None = None  # 0: a set without a stated end
    years: tuple[int, ...] = ()  # every Gregorian year the record claims: publication, copyright, original of a reprint
