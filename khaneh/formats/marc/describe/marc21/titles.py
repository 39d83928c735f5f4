"""Titles: the title and who is said to have made it, uniform titles, other titles."""

from __future__ import annotations

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.describe.punctuation import clean, joined, text_of
from khaneh.formats.marc.description import Text
from khaneh.formats.marc.types import Field

READERS = Readers()
_EMPTY = Text("")


@READERS.of("245")
def _title(draft: Draft, field: Field, twin: Field | None) -> None:
    if draft.title.value:
        return
    codes = dict(field.subfields)
    if "h" in codes:
        draft.medium += joined(field, "h")
    if twin is None and len(codes) == len(field.subfields):
        # Nothing to be joined.
        title = Text(clean(codes.get("a", "")))
        subtitle = Text(clean(codes["b"])) if "b" in codes else _EMPTY
        responsibility = Text(clean(codes["c"])) if "c" in codes else _EMPTY
    else:
        title = text_of(field, twin, "a")
        subtitle = text_of(field, twin, "b") if "b" in codes else _EMPTY
        responsibility = text_of(field, twin, "c") if "c" in codes else _EMPTY
    part = text_of(field, twin, "np") if "n" in codes or "p" in codes else _EMPTY
    if not responsibility.value and " / " in title.value:
        title, responsibility = _cut(title, " / ")
    if not subtitle.value and not twin:
        for mark in (" : ", ": ", " = "):
            if mark in title.value:
                title, subtitle = _cut(title, mark)
                if mark == " = ":
                    subtitle = Text("= " + subtitle.value, subtitle.romanised)
                break
    if not title.value:
        # Collections are sometimes named in $k with $f dates only.
        title = text_of(field, twin, "kfgnp") if not part.value else part
    draft.title, draft.subtitle, draft.part, draft.responsibility = title, subtitle, part, responsibility


def _cut(text: Text, mark: str) -> tuple[Text, Text]:
    head, _, tail = text.value.partition(mark)
    roman_head, _, roman_tail = text.romanised.partition(mark)
    return Text(clean(head), clean(roman_head)), Text(clean(tail), clean(roman_tail))


@READERS.of("130", "240")
def _uniform(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "adgkmnoprt")
    if not draft.uniform_title.value:
        draft.uniform_title = title
    elif title.value:
        draft.variants.append(title)


@READERS.of("246", "247", "740", "730", "210", "222", "242")
def _variant(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "abnp")
    if title.value:
        draft.variants.append(title)
