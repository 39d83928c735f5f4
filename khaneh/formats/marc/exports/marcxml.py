"""MARCXML that its schema accepts (`MARC21slim.xsd` 1.2), whatever a record is like; to keep a record as it is, see `write.to_marcxml`.

Real records have leaders with an `o` for a zero, control fields of systems that are long gone (`FMT`), fields in no order and fields
without a subfield. What the schema can say in another way is said so; a tag or a code that it has no place for is left out.
"""

from __future__ import annotations

import re

from khaneh.formats.marc import write
from khaneh.formats.marc.types import Field, Record

_CONTROL_TAG = re.compile("00[1-9A-Za-z]")
_DATA_TAG = re.compile("0(?:[1-9A-Z][0-9A-Z]|[1-9a-z][0-9a-z])|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}")
_INDICATOR = re.compile("[0-9a-z ]")
_CODE = re.compile(r"""[0-9A-Za-z!"#$%&'()*+,\-./:;<=>?{}_^`~\[\]\\]""")
# The leader by places: what may stand there, and what is put there otherwise.
_LEADER = (
    *([("0123456789 ", "0")] * 5),  # length
    (None, "n"),
    (None, "a"),
    *([(None, " ")] * 3),
    *([("2 ", "2")] * 2),  # indicators and the code of a subfield take two places each
    *([("0123456789 ", "0")] * 5),  # base address
    *([(None, " ")] * 3),
)


def to_marcxml(record: Record) -> bytes:
    """One `<record>`, valid, with an XML declaration."""
    return write.to_marcxml(valid(record))


def valid(record: Record) -> Record:
    """The record as the schema wants it: leader in form, control fields first, no empty field, no strange tag, indicator or code."""
    control: list[Field] = []
    data: list[Field] = []
    for field in record.fields:
        if _CONTROL_TAG.fullmatch(field.tag):
            value = field.value if write.is_control(field) else " ".join(value for _, value in field.subfields)
            control.append(Field(field.tag, value=value))
        elif (mended := _data_field(field)) is not None:
            data.append(mended)
    return Record(_leader(record.leader), (*control, *data))


def _leader(leader: str) -> str:
    kept = "".join(
        sign
        if (sign in allowed if allowed is not None else sign.isascii() and (sign.isalnum() or sign == " "))
        else mend
        for sign, (allowed, mend) in zip(leader.ljust(len(_LEADER)), _LEADER, strict=False)
    )
    if kept[6] == " ":
        kept = f"{kept[:6]}a{kept[7:]}"
    return f"{kept}4500"


def _data_field(field: Field) -> Field | None:
    tag = field.tag if _DATA_TAG.fullmatch(field.tag) else field.tag.upper()
    if not _DATA_TAG.fullmatch(tag):
        return None
    # A system's own control field becomes an ordinary one.
    subfields = (("a", field.value),) if write.is_control(field) else field.subfields
    known = tuple((code, value) for code, value in subfields if _CODE.fullmatch(code))
    return Field(tag, _indicator(field.ind1), _indicator(field.ind2), known) if known else None


def _indicator(sign: str) -> str:
    sign = sign.lower()
    return sign if _INDICATOR.fullmatch(sign) else " "
