"""Control fields, numbers that name a record or what it describes, codes of languages, classifications."""

from __future__ import annotations

import re
from functools import lru_cache

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.identifiers import isbn13, issn, lccn, system_number
from khaneh.formats.marc.describe.marc21.reading import Readers
from khaneh.formats.marc.types import Field

READERS = Readers()
_DDC = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_LANGUAGE_CODE = re.compile(r"[a-z]{3}")
NO_LANGUAGE = frozenset(("und", "zxx", "mul", "mis", "xxx", "   "))


@READERS.of("001")
def _control_number(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.control_number = draft.control_number or field.value.strip()


@READERS.of("003")
def _control_source(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.control_source = draft.control_source or field.value.strip()


@READERS.of("006")
def _additional(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.additional += field.value[:1] + (field.value[6:7] if field.value[:1] in "at" else "")


@READERS.of("007")
def _physical(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.physical.append(field.value[:2])


@READERS.of("008")
def _coded(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.coded = draft.coded or field.value


@READERS.of("010")
def _lccn(draft: Draft, field: Field, twin: Field | None) -> None:
    number = lccn(field.first("a"))
    if number:
        draft.other_numbers.append(number)


@READERS.of("019")
def _merged_numbers(draft: Draft, field: Field, twin: Field | None) -> None:
    # OCLC lists the numbers of records it has merged; other agencies keep notes here.
    draft.other_numbers.extend(f"(OCoLC){n.strip().lstrip('0')}" for n in field.all("a") if n.strip().isdigit())


@READERS.of("035")
def _system_number(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        number = system_number(value)
        if number:
            draft.other_numbers.append(number)


@READERS.of("020")
def _isbn(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        number = isbn13(value)
        if number:
            draft.isbns.append(number)


@READERS.of("022")
def _issn(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("al"):
        number = issn(value)
        if number:
            draft.issns.append(number)


@READERS.of("041")
def _languages(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.ind2 == "7":
        return  # another list of codes, named in $2
    for code, value in field.subfields:
        if code in "adeh":
            (draft.original_languages if code == "h" else draft.languages).extend(_codes_in(value))


@lru_cache(maxsize=4096)
def _codes_in(value: str) -> tuple[str, ...]:
    return tuple([code for code in _LANGUAGE_CODE.findall(value.lower()) if code not in NO_LANGUAGE])


@READERS.of("050", "090", "060")
def _lcc(draft: Draft, field: Field, twin: Field | None) -> None:
    value = field.first("a").strip()
    if value:
        draft.classifications.append(("nlm:" if field.tag == "060" else "lcc:") + value)


@READERS.of("082", "083", "092")
def _ddc(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        found = _DDC.match(value.replace("/", "").strip())
        if found:
            draft.classifications.append("ddc:" + found.group())


@READERS.of("080", "084")
def _other_class(draft: Draft, field: Field, twin: Field | None) -> None:
    scheme = "udc" if field.tag == "080" else (field.first("2") or "other")
    draft.classifications.extend(f"{scheme}:{value.strip()}" for value in field.all("a") if value.strip())
