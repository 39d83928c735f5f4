"""ESCO's published list of skills, `skills_en.csv`: what its lines say, and what each means for the list. Pure.

The layout is that of ESCO 1.0.5 to 1.2 (https://esco.ec.europa.eu/en/use-esco/download): one line a concept with the columns conceptType,
conceptUri, skillType, reuseLevel, preferredLabel, altLabels (one a line within the cell), hiddenLabels, status and others. ESCO has neither
Persian nor Vietnamese: the words of our own stay, and where there is none English is shown.
"""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from khaneh.domains.placements.rules.drafts import ESCO_ADDRESS, LONGEST_NAME
from khaneh.domains.placements.types import EscoLine, EscoOutcome

REQUIRED = frozenset({"conceptType", "conceptUri", "preferredLabel"})
_CONCEPT = "KnowledgeSkillCompetence"
_MOST_WORDS = 60


class Kept(NamedTuple):
    """A skill as it stands: `words` are ESCO's of the last time, `name` the English one."""

    id: int
    code: str
    esco: str
    words: tuple[str, ...]
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A line with what is to be written: to the skill `id`, or a further one where it is None. `name` is the English word it gets."""

    line: EscoLine
    id: int | None = None
    words: tuple[str, ...] = ()
    name: str = ""


def missing_columns(heads: Iterable[str] | None) -> list[str]:
    """Columns that a file of ESCO has and this one has not."""
    return sorted(REQUIRED - set(heads or ()))


def code_of(uri: str) -> str:
    """The code of a skill that comes from ESCO: the end of its address."""
    return f"esco-{uri.rsplit('/', 1)[-1].lower()}"[:64]


def steps(lines: csv.DictReader[str], kept: Iterable[Kept], codes: Container[str]) -> Iterator[Step]:
    """Each line of the file in turn with what becomes of it. A skill of ours with the same English name gets the address of the concept.

    `codes` are all that are given already, to what was merged as well.
    """
    known = list(kept)
    by_uri = {one.esco: one for one in known if one.esco}
    own = {_folded(one.name): one for one in reversed(known) if not one.esco and one.active}
    seen: set[str] = set()
    for number, cells in enumerate(lines, start=2):
        uri, label = _cell(cells, "conceptUri"), _cell(cells, "preferredLabel")
        reason = _wrong(cells, uri, label) or ("twice" if uri in seen else "")
        if not reason and uri not in by_uri and code_of(uri) in codes:
            reason = "code_taken"
        if reason:
            yield Step(EscoLine(number, uri, label, EscoOutcome.REFUSED, reason=reason))
            continue
        seen.add(uri)
        others = [text.strip() for text in _cell(cells, "altLabels").splitlines() if text.strip()]
        words = tuple(dict.fromkeys([label, *others]))[:_MOST_WORDS]
        yield _step(number, uri, words, by_uri.get(uri), own)


def _step(number: int, uri: str, words: tuple[str, ...], found: Kept | None, own: dict[str, Kept]) -> Step:
    label = words[0]
    if found is not None:
        # A name that somebody chose stays; one that was ESCO's own follows it.
        name = label if found.name in (found.words[:1] or ("",)) else found.name
        same = found.words == words and found.name == name
        outcome = EscoOutcome.SAME if same else EscoOutcome.CHANGED
        return Step(EscoLine(number, uri, label, outcome, found.code), found.id, words, name)
    ours = own.pop(_folded(label), None)
    if ours is not None:
        return Step(EscoLine(number, uri, label, EscoOutcome.LINKED, ours.code), ours.id, words, ours.name)
    like = next((own[_folded(word)].code for word in words[1:] if _folded(word) in own), "")
    told = EscoLine(number, uri, label, EscoOutcome.ENTERED, code_of(uri), "resembles" if like else "", like)
    return Step(told, None, words, label)


def _wrong(cells: dict[str, str], uri: str, label: str) -> str:
    if _cell(cells, "conceptType") != _CONCEPT:
        return "not_a_skill"
    if not ESCO_ADDRESS.fullmatch(uri):
        return "format"
    if not label:
        return "required"
    if len(label) > LONGEST_NAME:
        return "too_long"
    return "" if _cell(cells, "status") in ("", "released") else "not_released"


def _cell(cells: dict[str, str], name: str) -> str:
    return (cells.get(name) or "").strip()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
