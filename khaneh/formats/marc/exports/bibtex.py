"""BibTeX entries (the classic types and fields; text in UTF-8, as biber and current BibTeX styles read it)."""

from __future__ import annotations

import re
import unicodedata

from khaneh.formats.marc.description import Description
from khaneh.formats.marc.exports import names

_TYPES = {"book": "book", "manuscript": "unpublished", "electronic": "misc", "serial": "periodical"}
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {letter: f"\\{letter}" for letter in "&%$#_{}"}


def escape(text: str) -> str:
    """Text in which nothing is a command: controls dropped, special letters escaped, braces balanced."""
    clean = "".join(
        " " if letter in "\r\n\t" else letter for letter in text if letter in "\r\n\t" or letter.isprintable()
    )
    return "".join(_SPECIAL.get(letter, letter) for letter in clean)


def _person(name: names.Name) -> str:
    # A second pair of braces keeps a name in one order (Nguyễn Du, a body) from being taken apart at its spaces or at an "and".
    return f"{escape(name.family)}, {escape(name.given)}" if name.given else f"{{{escape(name.family)}}}"


def citation_key(description: Description, record_id: int) -> str:
    """A key of plain letters that stays the same: family name or `record`, year, the record's number."""
    makers = names.makers(description)
    plain = unicodedata.normalize("NFKD", makers[0].family if makers else "").encode("ascii", "ignore").decode()
    word = re.sub(r"[^A-Za-z]", "", plain).lower() or "record"
    return f"{word}{description.year or ''}-{record_id}"


def to_bibtex(description: Description, *, record_id: int, url: str = "") -> str:
    """One entry, with a line feed at its end."""
    publication = description.publications[0] if description.publications else None
    fields: list[tuple[str, str]] = []

    def add(name: str, value: str) -> None:
        if value:
            fields.append((name, value))

    add("author", " and ".join(_person(name) for name in names.makers(description)))
    add("editor", " and ".join(_person(name) for name in names.with_role(description, names.EDITOR)))
    add("translator", " and ".join(_person(name) for name in names.with_role(description, names.TRANSLATOR)))
    add("title", f"{{{escape(names.full_title(description))}}}")
    add("edition", escape(description.edition.value))
    add("publisher", escape(publication.publisher) if publication else "")
    add("address", escape(publication.place) if publication else "")
    add("year", str(description.year or "") or escape(description.year_as_written))
    add("series", escape(description.series[0].value) if description.series else "")
    add("isbn", ", ".join(description.isbns))
    add("issn", ", ".join(description.issns))
    add("language", ", ".join(description.languages))
    add("keywords", "; ".join(escape(subject.heading) for subject in description.subjects))
    add("url", escape(url))
    kind = _TYPES.get(description.form, "misc")
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@{kind}{{{citation_key(description, record_id)},\n{body}\n}}\n"
