"""Edition, publication, extent, carrier and series."""

from __future__ import annotations

from functools import lru_cache

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21.notes import note
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.describe.punctuation import both, clean, joined, text_of, unbracketed
from khaneh.formats.marc.description import Link, Publication, Text
from khaneh.formats.marc.types import Field

READERS = Readers()


@READERS.of("250")
def _edition(draft: Draft, field: Field, twin: Field | None) -> None:
    edition = text_of(field, twin, "ab")
    if not draft.edition.value:
        draft.edition = edition
    elif edition.value:
        draft.edition = Text(f"{draft.edition.value} ; {edition.value}", draft.edition.romanised)


@READERS.of("260", "264")
def _publication(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.tag == "264" and field.ind2 == "4":
        draft.date_texts.append(joined(field, "c"))
        return
    own = _three(field.subfields)
    if field.tag == "260" and not own[1]:
        own = (own[0], unbracketed(joined(field, "f")), own[2] or unbracketed(joined(field, "g")))
    if field.tag == "264" and field.ind2 in "23" and draft.publications:
        return  # distributor or manufacturer beside a publisher
    draft.date_texts.append(joined(field, "c") or joined(field, "g"))
    if twin is None:
        draft.publications.append(Publication(*own))
        return
    other = _three(twin.subfields)
    draft.date_texts.append(joined(twin, "c"))
    pairs = [both(mine, theirs) for mine, theirs in zip(own, other, strict=True)]
    romanised = " : ".join(pair.romanised for pair in pairs[:2] if pair.romanised)
    draft.publications.append(Publication(pairs[0].value, pairs[1].value, own[2] or other[2], romanised))


@lru_cache(maxsize=8192)
def _three(subfields: tuple[tuple[str, str], ...]) -> tuple[str, str, str]:
    place, name, date = [], [], []
    for code, value in subfields:
        if code == "a":
            place.append(value)
        elif code == "b":
            name.append(value)
        elif code == "c":
            date.append(value)
    return unbracketed(" ".join(place)), unbracketed(" ".join(name)), unbracketed(" ".join(date))


@READERS.of("300")
def _extent(draft: Draft, field: Field, twin: Field | None) -> None:
    if not draft.extent:
        draft.extent, draft.dimensions = _extent_and_size(field)
    if "online" in draft.extent:
        draft.medium += " online"


@lru_cache(maxsize=8192)
def _extent_and_size(field: Field) -> tuple[str, str]:
    return clean(joined(field, "af")), clean(joined(field, "c"))


@READERS.of("338")
def _carrier(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.carriers.append(field.first("b") or field.first("a").lower())


@READERS.of("533")
def _reproduction(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.medium += " " + joined(field, "a")
    note(draft, field, twin)


@READERS.of("490", "440", "800", "810", "811", "830")
def _series(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.tag in ("490", "440"):
        if not field.first("a"):
            # A brief list's volume number in a field of its own.
            volume = clean(joined(field, "v"))
            if volume and not draft.part.value:
                draft.part = Text(volume)
            return
        draft.series.append(text_of(field, twin, "anpxv"))
        draft.has_transcribed_series = True
    elif not draft.has_transcribed_series:
        draft.series.append(text_of(field, twin, "abcdqtnpv"))
    if field.first("w") or field.first("x"):
        draft.links.append(
            Link("series", clean(joined(field, "atnpv")), (field.first("w") or field.first("x")).strip())
        )
