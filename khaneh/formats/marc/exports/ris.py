"""RIS, as reference managers import it: a tag of two letters, two spaces, a hyphen and a space; CRLF between lines."""

from __future__ import annotations

from khaneh.formats.marc.description import Description
from khaneh.formats.marc.exports import names

_TYPES = {
    "book": "BOOK",
    "serial": "JFULL",
    "music": "MUSIC",
    "recording": "SOUND",
    "map": "MAP",
    "visual": "VIDEO",
    "manuscript": "UNPB",
    "archive": "UNPB",
    "electronic": "EBOOK",
}


def to_ris(description: Description, *, record_id: int, url: str = "") -> str:
    """One reference, from TY to ER."""
    publication = description.publications[0] if description.publications else None
    lines: list[tuple[str, str]] = [("TY", _TYPES.get(description.form, "GEN")), ("ID", str(record_id))]
    lines += [("AU", name.inverted) for name in names.makers(description)]
    lines += [("A2", name.inverted) for name in names.with_role(description, names.EDITOR)]
    lines += [("A4", name.inverted) for name in names.with_role(description, names.TRANSLATOR)]
    lines.append(("TI", names.full_title(description)))
    lines += [("T2", series.value) for series in description.series[:1]]
    lines.append(("ET", description.edition.value))
    if publication:
        lines += [("PB", publication.publisher), ("CY", publication.place)]
    lines.append(("PY", str(description.year) if description.year else ""))
    lines += [("SN", number) for number in (*description.isbns, *description.issns)]
    lines.append(("LA", ", ".join(description.languages)))
    lines += [("KW", subject.heading) for subject in description.subjects]
    lines += [("AB", description.summary), ("UR", url)]
    # A line feed inside a value would begin a tag of its own.
    written = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value.strip()]
    return "\r\n".join([*written, "ER  - ", ""])
