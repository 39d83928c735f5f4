"""What the scanner hands over and the reader takes: the bytes of one record and where they stood. Values only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

# A record beyond this is not held in memory: it is reported with its place and length, and with its first bytes.
RECORD_LIMIT = 8 * 1024 * 1024
OVERSIZE_KEEP = 64 * 1024


class RawRecord(NamedTuple):
    """One piece of a file. `offset` and `length` count bytes of the unpacked stream (rows, for a workbook).

    `kind` is `record`, `junk` (bytes that are no record: reported, never dropped) or `framing` (what stands between records by the
    format itself). With `oversize`, `data` holds only the beginning.
    """

    offset: int
    length: int
    data: bytes
    oversize: bool = False
    kind: str = "record"

    @property
    def end(self) -> int:
        """Where a scan can go on."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What a file is. `confidence` runs from 0 (unknown) to 1."""

    serialisation: str  # iso2709 | marcxml | json | table | mrk | aleph | unknown
    dialect: str = "marc21"  # marc21 | unimarc
    encoding: str = "utf-8"
    confidence: float = 1.0
    compression: str = ""  # "" | gzip
    delimiter: str = ""  # of a table: "," ";" tab "|", or "xlsx"
    columns: tuple[str, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()  # column name -> target; empty means by the names of the columns

    def to_dict(self) -> dict[str, Any]:
        """A form that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FileFormat:
        """From `to_dict`, also after a trip through JSON."""
        values = dict(data)
        values["columns"] = tuple(values.get("columns", ()))
        values["mapping"] = tuple((column, target) for column, target in values.get("mapping", ()))
        return cls(**values)
