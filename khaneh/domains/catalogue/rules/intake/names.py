"""Authority records: the established form of a name and the others. Pure."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.formats.marc.types import Field, Record

_MARC21 = {
    "100": "person",
    "110": "body",
    "111": "meeting",
    "130": "title",
    "150": "topic",
    "151": "place",
    "155": "form",
}
_UNIMARC = {
    "200": "person",
    "210": "body",
    "215": "place",
    "216": "body",
    "220": "person",
    "230": "title",
    "240": "title",
    "250": "topic",
    "260": "place",
    "280": "form",
}
_MARC21_CODES = "abcdfghjklmnopqrst"
_UNIMARC_CODES = "abcdfghijklmnopqrst"
_SUBDIVISIONS = "vxyz"


_ALLOWED = {
    dialect: frozenset(first + tag[1:] for tag in headings for first in (tag[0], "4", "5", "7"))
    for dialect, headings in (("marc21", _MARC21), ("unimarc", _UNIMARC))
}


class Name(NamedTuple):
    """One form of a heading. `relation` is heading, see (a form that is not used) or see_also (another heading)."""

    relation: str
    name: str


class AuthorityNames(NamedTuple):
    """What an authority record says. `kind` is person, body, meeting, title, topic, place or form."""

    kind: str
    heading: str
    names: tuple[Name, ...]


def authority_names(record: Record, dialect: str) -> AuthorityNames | None:
    """The names of an authority record, the established one first; None where it has none."""
    headings = _UNIMARC if dialect == "unimarc" else _MARC21
    established = next((field for field in record.fields if field.tag in headings and _text(field, dialect)), None)
    if established is None:
        return None
    heading = _text(established, dialect)
    found = [Name("heading", heading)]
    for field in record.fields:
        # 4XX and 5XX repeat the last two digits of the heading's tag in both dialects; 7XX and 880 hold it in other scripts.
        base = field.first("6")[:3] if field.tag == "880" else field.tag
        relation = {"1": "see", "2": "see", "4": "see", "5": "see_also", "7": "see"}.get(base[:1])
        if relation is None or field is established or base not in _ALLOWED[dialect]:
            continue
        name = _text(field, dialect)
        if name and all(name != other.name for other in found):
            found.append(Name(relation, name))
    return AuthorityNames(headings[established.tag], heading, tuple(found[:200]))


def _text(field: Field, dialect: str) -> str:
    codes = _UNIMARC_CODES if dialect == "unimarc" else _MARC21_CODES
    name = " ".join(value.strip() for code, value in field.subfields if code in codes and value.strip())
    name = name.replace("\x00", "")  # PostgreSQL's text has no NUL
    if dialect == "unimarc" and field.tag[1:] in ("00", "20"):
        parts = [
            value.replace("\x00", "").strip().rstrip(",")
            for code, value in field.subfields
            if code in "abcdf" and value.strip()
        ]
        name = ", ".join(parts)
    subdivisions = [value.strip() for code, value in field.subfields if code in _SUBDIVISIONS and value.strip()]
    return " -- ".join([name.rstrip(" .,;"), *subdivisions]) if subdivisions else name.rstrip(" ,;")
