"""Subjects and genres."""

from __future__ import annotations

from functools import lru_cache

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.describe.punctuation import both, clean
from khaneh.formats.marc.description import Subject, Text
from khaneh.formats.marc.types import Field

READERS = Readers()
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}
_SUBJECT_KINDS = {
    "600": "person", "610": "body", "611": "meeting", "630": "title", "647": "topic", "648": "time", "650": "topic", "651": "place",
    "653": "topic", "654": "topic", "662": "place", "690": "topic", "691": "place", "696": "person", "697": "topic",
}  # fmt: skip


@READERS.of(*_SUBJECT_KINDS)
def _subject(draft: Draft, field: Field, twin: Field | None) -> None:
    if twin is None:
        draft.subjects.extend(_subjects(field))
    else:
        draft.subjects.extend(_subjects_of(field, twin))


@lru_cache(maxsize=8192)
def _subjects(field: Field) -> tuple[Subject, ...]:
    return _subjects_of(field, None)


def _subjects_of(field: Field, twin: Field | None) -> tuple[Subject, ...]:
    heading = _heading(field)
    if not heading:
        return ()
    text = Text(heading) if twin is None else both(heading, _heading(twin))
    scheme = _SCHEMES.get(field.ind2, "") or (field.first("2") if field.ind2 == "7" else "")
    if field.tag == "653":
        return tuple([Subject(clean(value), "", "topic", "") for value in field.all("a")])
    return (Subject(text.value, text.romanised, _SUBJECT_KINDS[field.tag], scheme.strip()),)


def _heading(field: Field) -> str:
    return _heading_text(field.subfields)


@lru_cache(maxsize=8192)
def _heading_text(subfields: tuple[tuple[str, str], ...]) -> str:
    """Catalogues repeat the same headings all the time, hence the cache."""
    head: list[str] = []
    divisions: list[str] = []
    for code, value in subfields:
        if code in "vxyz":
            divisions.append(clean(value))
        elif code.isalpha() and code not in "eiuw":
            head.append(value)
    return " -- ".join([part for part in (clean(" ".join(head)), *divisions) if part])


@READERS.of("655")
def _genre(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _heading(field if twin is None else twin)
    if value:
        draft.genres.append(value)
