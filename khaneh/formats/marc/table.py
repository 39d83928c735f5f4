"""One row of a library's own table into a MARC21 record, by the meaning of its columns."""

from __future__ import annotations

import csv
import re

import orjson

from khaneh.formats.marc.columns import PLACE, TARGETS, suggest
from khaneh.formats.marc.pieces import FileFormat
from khaneh.formats.marc.problems import Problem, doubt, fatal
from khaneh.formats.marc.types import Field, Record

# New record, text, single item, Unicode, minimal level.
_LEADER = "00000nam a2200000 u 4500"
_SEVERAL = frozenset(("isbn", "subject", "contributor", "translator"))
_SEPARATORS = re.compile(r"\s*[;؛|\n]\s*")
_LANGUAGES = {
    "fa": "per", "fas": "per", "per": "per", "فارسی": "per", "persian": "per", "farsi": "per", "tiếng ba tư": "per",
    "ar": "ara", "ara": "ara", "عربی": "ara", "arabic": "ara", "tiếng ả rập": "ara",
    "vi": "vie", "vie": "vie", "ویتنامی": "vie", "vietnamese": "vie", "tiếng việt": "vie", "việt": "vie", "việt nam": "vie",
    "en": "eng", "eng": "eng", "انگلیسی": "eng", "english": "eng", "tiếng anh": "eng", "anh": "eng",
    "fr": "fre", "fra": "fre", "fre": "fre", "فرانسه": "fre", "french": "fre", "tiếng pháp": "fre", "pháp": "fre",
    "de": "ger", "ger": "ger", "deu": "ger", "آلمانی": "ger", "german": "ger", "tiếng đức": "ger", "đức": "ger",
    "ru": "rus", "rus": "rus", "روسی": "rus", "russian": "rus", "tiếng nga": "rus", "nga": "rus",
    "tr": "tur", "tur": "tur", "ترکی": "tur", "turkish": "tur", "zh": "chi", "chi": "chi", "chinese": "chi", "tiếng trung": "chi",
}  # fmt: skip
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_EARLIEST_GREGORIAN = 1450  # below it a bare year in these tables is a solar or lunar Hijri one


def cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row."""
    if delimiter == "xlsx":
        loaded = orjson.loads(text)
        return [str(cell) for cell in loaded] if isinstance(loaded, list) else []
    try:
        rows = list(csv.reader([line + "\n" for line in text.rstrip("\r\n").split("\n")], delimiter=delimiter or ","))
    except csv.Error:
        return text.rstrip("\r\n").split(delimiter or ",")
    return [cell for row in rows for cell in row]


def parse(text: str, fmt: FileFormat, problems: list[Problem]) -> Record | None:
    """The record of a row. Without a column that is the title there is none."""
    mapping = dict(fmt.mapping or suggest(fmt.columns))
    if not mapping or not any(_place(target).startswith(("245", "245$a")) for target in mapping.values()):
        problems.append(fatal("columns-unknown", columns=list(fmt.columns)[:40]))
        return None
    try:
        values = cells(text, fmt.delimiter)
    except orjson.JSONDecodeError:
        problems.append(fatal("json-broken", begins=text[:60]))
        return None
    if len(values) > len(fmt.columns) and any(value.strip() for value in values[len(fmt.columns) :]):
        problems.append(doubt("row-cells", cells=len(values), columns=len(fmt.columns)))
    row = [
        (mapping[column], value.strip())
        for column, value in zip(fmt.columns, values, strict=False)
        if column in mapping and value.strip()
    ]
    if not row:
        problems.append(fatal("no-fields"))
        return None
    record = build(row)
    if not any(field.tag == "245" and field.first("a") for field in record.fields):
        problems.append(doubt("row-without-title"))
    return record


def _place(target: str) -> str:
    return TARGETS[target].place if target in TARGETS else target


def build(row: list[tuple[str, str]]) -> Record:
    """A brief MARC21 record from (target, value) pairs. Targets of one field share it; values that repeat make fields of their own."""
    fields: dict[str, list[tuple[str, str]]] = {}
    repeated: list[Field] = []
    control: dict[str, str] = {}
    language = ""
    for target, value in row:
        place = PLACE.match(_place(target))
        if place is None:
            continue
        tag, code = place["tag"], place["code"] or "a"
        if tag < "010":
            control.setdefault(tag, value)
            continue
        if target == "language":
            language = _LANGUAGES.get(value.casefold(), "")
            value = language or value
        several = [part for part in _SEPARATORS.split(value) if part] if target in _SEVERAL else [value]
        for part in several:
            subfields = [(code, part)] + ([("4", "trl")] if target == "translator" else [])
            taken = any(existing == code for existing, _ in fields.get(tag, ()))
            if target in _SEVERAL or taken:
                repeated.append(_field(tag, subfields))
            else:
                fields.setdefault(tag, []).extend(subfields)
    year = _gregorian(dict(row).get("year", ""))
    date = f"s{year}" if year else "n    "
    control.setdefault("008", f"      {date}    xx {'|' * 17}{language or '|||'}||")
    found = [Field(tag, value=value) for tag, value in control.items()]
    found += [_field(tag, sorted(subfields)) for tag, subfields in fields.items()] + repeated
    return Record(_LEADER, tuple(sorted(found, key=lambda field: field.tag)))


def _gregorian(value: str) -> str:
    match = _YEAR.search(value.translate(_DIGITS))
    return match.group() if match and int(match.group()) >= _EARLIEST_GREGORIAN else ""


def _field(tag: str, subfields: list[tuple[str, str]]) -> Field:
    indicators = {"100": "1 ", "700": "1 ", "245": "10", "264": " 1", "490": "0 ", "650": " 4", "856": "40"}.get(
        tag, "  "
    )
    return Field(tag, indicators[0], indicators[1], tuple(subfields))
