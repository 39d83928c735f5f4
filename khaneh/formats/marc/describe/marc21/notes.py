"""Notes, contents, links to other records, addresses."""

from __future__ import annotations

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.identifiers import isbn13, issn, system_number
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.describe.punctuation import clean, joined, text_of
from khaneh.formats.marc.description import Link, NameTitle
from khaneh.formats.marc.types import Field

READERS = Readers()
_LINKS = {
    "765": "original", "767": "translation", "770": "related", "772": "host", "773": "host", "774": "related", "775": "related",
    "776": "related", "777": "related", "780": "earlier", "785": "later", "786": "related", "787": "related",
}  # fmt: skip


@READERS.of(
    "500", "501", "502", "504", "508", "511", "515", "518", "521", "525", "530", "534", "538", "545", "546", "547", "550", "555",
    "580", "581", "585", "586", "590",
)  # fmt: skip
def note(draft: Draft, field: Field, twin: Field | None) -> None:
    """A note, in its own script where there is a twin."""
    value = _note_text(field if twin is None else twin)
    if value:
        draft.notes.append(value)


def _note_text(field: Field) -> str:
    return clean(" ".join([value for code, value in field.subfields if code.isalpha() and code not in "uw"]))


@READERS.of("520")
def _summary(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _note_text(field if twin is None else twin)
    draft.summary = f"{draft.summary}\n{value}" if draft.summary else value


@READERS.of("505")
def _contents(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _note_text(field if twin is None else twin)
    draft.contents = f"{draft.contents} -- {value}" if draft.contents else value


@READERS.of(*_LINKS)
def _link(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "ts")
    name = text_of(field, twin, "a")
    text = ". ".join(part for part in (name.value, title.value) if part)
    if field.tag == "773":
        text = " ".join(part for part in (text, clean(joined(field, "g"))) if part)
    target = ""
    for value in field.all("zxw"):
        target = isbn13(value) or issn(value) or system_number(value) or value.strip()
        if target:
            break
    if text or target:
        draft.links.append(Link(_LINKS[field.tag], text, target))
        if field.tag in ("765", "767"):
            draft.name_titles.append(NameTitle(_LINKS[field.tag], name, title))


@READERS.of("856")
def _address(draft: Draft, field: Field, twin: Field | None) -> None:
    for url in field.all("u"):
        # ind2 2: a related resource (a table of contents, a cover), not the thing itself.
        kind = "related" if field.ind2 == "2" else "online"
        draft.links.append(Link(kind, clean(joined(field, "3z") or joined(field, "y")), url.strip()))
