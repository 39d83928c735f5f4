"""Lines of a checklist in a table: cells turned into items, with a reason for each cell that is none; and items turned into lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khaneh.domains.founding.rules import drafts
from khaneh.domains.founding.types import ItemDraft, ItemRow
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.labels import LANGUAGES, Label

REQUIRED = ("code", "weight")
COLUMNS = (
    "code",
    *(f"section_{one}" for one in LANGUAGES),
    *(f"name_{one}" for one in LANGUAGES),
    *(f"evidence_{one}" for one in LANGUAGES),
    "weight",
    "scale",
    "least",
    "photo",
)
_YES, _NO = frozenset({"1", "yes", "true"}), frozenset({"", "0", "no", "false"})
# What an item's field is called in the table.
_PLACES = {"names": "name_en", "sections": "section_en", "evidence": "evidence_en"}


def item_of(cells: Mapping[str, str]) -> tuple[ItemDraft, list[tuple[str, str]]]:
    """The item that a line says, and (column, reason) of what is wrong with it. An empty scale is 4, an empty least 0."""
    problems: list[tuple[str, str]] = []

    def whole(column: str, otherwise: int) -> int:
        text = latin_digits(cells.get(column, "")).strip()
        if not text:
            return otherwise
        if not (text.isdecimal() and len(text) < 6):
            problems.append((column, "whole_number"))
            return otherwise
        return int(text)

    photo = cells.get("photo", "").lower()
    if photo not in _YES | _NO:
        problems.append(("photo", "flag"))
    if not cells.get("weight", ""):
        problems.append(("weight", "required"))
    draft = ItemDraft(
        code=cells.get("code", ""),
        names=_label(cells, "name"),
        sections=_label(cells, "section"),
        evidence=_label(cells, "evidence"),
        weight=whole("weight", 1),
        scale=whole("scale", 4),
        least=whole("least", 0),
        photo=photo in _YES,
    )
    told = {column for column, _ in problems}
    wrong = {_PLACES.get(field, field): reason for field, reason in drafts.item_problems(draft).items()}
    problems += [(column, reason) for column, reason in wrong.items() if column not in told]
    return draft, problems


def cells_of(items: Iterable[ItemRow]) -> list[list[str]]:
    """The lines of a table in the order of COLUMNS, as they are taken in again."""
    return [
        [
            one.code,
            *(getattr(one.sections, language) for language in LANGUAGES),
            *(getattr(one.names, language) for language in LANGUAGES),
            *(getattr(one.evidence, language) for language in LANGUAGES),
            str(one.weight),
            str(one.scale),
            str(one.least),
            "1" if one.photo else "0",
        ]
        for one in items
    ]


def draft_of(one: ItemRow) -> ItemDraft:
    """What a stored item would be asked for as."""
    return ItemDraft(one.code, one.names, one.sections, one.evidence, one.weight, one.scale, one.least, one.photo)


def _label(cells: Mapping[str, str], prefix: str) -> Label:
    return Label(**{language: cells.get(f"{prefix}_{language}", "") for language in LANGUAGES})
