"""What a record says: MARC21 or UNIMARC fields into one `Description`. Pure; no matching, no search folding, no I/O.

`describe` never fails on odd content: what it cannot read is left empty. One module a dialect; what both need is in `identifiers`,
`punctuation`, `years`, `extent` and `roles`.
"""

from __future__ import annotations

from khaneh.formats.marc.describe import marc21, unimarc
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.types import Record

__all__ = ["describe"]


def describe(record: Record, dialect: str) -> Description:
    """Read one bibliographic record. `dialect` is "marc21" or "unimarc"; anything else is a ValueError."""
    if dialect == "marc21":
        return marc21.describe(record)
    if dialect == "unimarc":
        return unimarc.describe(record)
    raise ValueError(f"unknown MARC dialect {dialect!r}")
