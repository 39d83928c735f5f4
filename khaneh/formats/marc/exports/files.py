"""A record as a file to take along: which forms there are, their media types, and the one function that makes any of them."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.formats.marc import unimarc, write
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.exports import bibtex, dublin_core, marcxml, mods, ris
from khaneh.formats.marc.types import Record


class Form(NamedTuple):
    """One form: its name for people, its media type, the ending of a file's name."""

    name: str
    media_type: str
    suffix: str


FORMS = {
    "marc": Form("MARC21 (ISO 2709)", "application/marc", "mrc"),
    "marcxml": Form("MARCXML", "application/marcxml+xml; charset=utf-8", "xml"),
    "mods": Form("MODS", "application/mods+xml; charset=utf-8", "xml"),
    "dc": Form("Dublin Core", "application/xml; charset=utf-8", "xml"),
    "bibtex": Form("BibTeX", "application/x-bibtex; charset=utf-8", "bib"),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", "ris"),
}


def as_file(form: str, *, record: Record, dialect: str, description: Description, record_id: int, url: str) -> bytes:
    """The record in one of `FORMS`, in UTF-8; a UNIMARC record is turned into MARC21. Raises KeyError for an unknown form.

    Raises UnwritableError (`formats.marc.write`) for a record that the form cannot hold, such as 100,000 bytes in ISO 2709.
    """
    match form:
        case "marc":
            return write.to_iso2709(_marc21(record, dialect))
        case "marcxml":
            return marcxml.to_marcxml(_marc21(record, dialect))
        case "mods":
            return mods.to_mods(description, record_id=record_id, url=url)
        case "dc":
            return dublin_core.to_dublin_core(description, url=url)
        case "bibtex":
            return bibtex.to_bibtex(description, record_id=record_id, url=url).encode()
        case "ris":
            return ris.to_ris(description, record_id=record_id, url=url).encode()
    raise KeyError(form)


def _marc21(record: Record, dialect: str) -> Record:
    return unimarc.to_marc21(record) if dialect == "unimarc" else record
