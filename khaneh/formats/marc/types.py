"""MARC records as immutable values. Pure: no I/O, no Django, nothing about a particular serialisation.

A record is a leader and a sequence of fields in the order in which the source had them. Field values are Unicode text exactly as
the source had it after decoding: no normalisation, no trimming.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One field. A control field (00X, or a source's own such as FMT) has `value` and no subfields; a data field the reverse."""

    tag: str
    ind1: str = " "
    ind2: str = " "
    subfields: tuple[tuple[str, str], ...] = ()
    value: str = ""

    def first(self, codes: str) -> str:
        """The value of the first subfield whose code is in `codes`, or an empty string."""
        for code, value in self.subfields:
            if code in codes:
                return value
        return ""

    def all(self, codes: str) -> list[str]:
        """The values of every subfield whose code is in `codes`, in the record's order."""
        return [value for code, value in self.subfields if code in codes]


@dataclass(frozen=True, slots=True)
class Record:
    """A MARC21 or UNIMARC record."""

    leader: str
    fields: tuple[Field, ...]

    def control(self, tag: str) -> str:
        """The first control field's value with this tag, or an empty string."""
        for field in self.fields:
            if field.tag == tag:
                return field.value
        return ""

    def get(self, *tags: str) -> Iterator[Field]:
        """Every field with one of these tags, in the record's order."""
        return (field for field in self.fields if field.tag in tags)

    def to_dict(self) -> dict[str, Any]:
        """MARC-in-JSON (Ross Singer's form): `{"leader": …, "fields": [{"001": …}, {"245": {"ind1", "ind2", "subfields"}}]}`."""
        fields: list[dict[str, Any]] = []
        for field in self.fields:
            if field.subfields or not field.value:
                data = {"ind1": field.ind1, "ind2": field.ind2, "subfields": [{c: v} for c, v in field.subfields]}
                fields.append({field.tag: data})
            else:
                fields.append({field.tag: field.value})
        return {"leader": self.leader, "fields": fields}
