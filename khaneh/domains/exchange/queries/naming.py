"""What is proposed, by name and page, as it is at this moment; and what speaks for it, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from khaneh.domains.exchange.queries.postings import postings_by_ids
from khaneh.domains.exchange.rules.matching import Side
from khaneh.domains.exchange.types import PARTNERSHIPS, Evidence, EvidenceKind, Partnership, PostingKind, ProposedKind
from khaneh.domains.learning import queries as learning
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_within, sector_name
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.labels import Label

_QUOTED = 140  # letters of what something says of itself


class Named(NamedTuple):
    """What something is called, the code of its page where that is no number, and what it says of itself."""

    title: Label
    code: str
    says: Label


def named(kind: ProposedKind, keys: Sequence[int]) -> dict[int, Named]:
    """Those that everybody can find at this moment. At most nine statements, none for no keys."""
    if not keys:
        return {}
    if kind is ProposedKind.ORGANISATION:
        return {
            key: Named(row.organisation.names, row.organisation.code, row.draft.makes)
            for key, row in profiles.profiles_by_ids(keys).items()
        }
    if kind is ProposedKind.MENTOR:
        return {
            key: Named(Label(row.name, row.name, row.name), str(key), row.draft.headlines)
            for key, row in profiles.mentors_by_ids(keys).items()
            if row.published
        }
    if kind is ProposedKind.OFFER:
        return {
            key: Named(_same(row.title), str(key), _same(row.technology or row.problem))
            for key, row in postings_by_ids(keys).items()
            if row.is_open and row.kind is PostingKind.OFFER
        }
    if kind is ProposedKind.MACHINE:
        return {
            key: Named(row.names, row.code, row.descriptions)
            for key, row in spaces.spaces_by_ids(keys).items()
            if row.state.value != "retired"
        }
    return {
        key: Named(row.names, row.code, row.descriptions)
        for key, row in learning.courses_by_ids(keys).items()
        if row.state.value == "published"
    }


def evidence(
    parts: Mapping[str, float], wanted: Side, there: Side, shared: Sequence[str], name: Named
) -> tuple[Evidence, ...]:
    """What each part of the score was, in words of three languages, what counts most first."""
    found = []
    for part, weight in parts.items():
        said = _said(part, wanted, there, shared, name)
        if said is not None:
            found.append(Evidence(EvidenceKind(part), said, round(weight, 3)))
    return tuple(found)


def of_record(said: Sequence[str], about: str, parts: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Of a book: the words that it shares with the need, and what it says of its matter."""
    found = []
    if said:
        found.append(Evidence(EvidenceKind.WORDS, _same(" · ".join(said)), round(parts.get("words", 0.0), 3)))
    if about and parts.get("meaning"):
        found.append(Evidence(EvidenceKind.MEANING, _same(about), round(parts["meaning"], 3)))
    return tuple(sorted(found, key=lambda one: -one.weight))


def _said(part: str, wanted: Side, there: Side, shared: Sequence[str], name: Named) -> Label | None:
    if part == "words":
        return _same(" · ".join(shared)) if shared else None
    if part == "meaning":
        return Label(*(_cut(text) for text in name.says)) if any(name.says) else None
    if part == "sector":
        return next(
            (sector_name(one) for one in there.sectors if any(_kin(one, other) for other in wanted.sectors)), None
        )
    if part == "region":
        shared_places = [
            left for left, right in zip(wanted.region_path, there.region_path, strict=False) if left == right
        ]
        place = network.region_refs(shared_places[-1:]).get(shared_places[-1]) if shared_places else None
        return place.names if place else None
    if part == "readiness":
        level = there.readiness
        return Label(f"TRL {level}", f"سطح آمادگی {level}", f"TRL {level}")
    return next((PARTNERSHIPS[Partnership(one)] for one in there.partnerships if one in wanted.partnerships), None)


def _kin(left: str, right: str) -> bool:
    return is_within(left, right) or is_within(right, left) or left[:2] == right[:2]


def _same(text: str) -> Label:
    return Label(text, text, text)


def _cut(text: str) -> str:
    """The beginning of a text, at a word's end."""
    line = text.strip().split("\n", 1)[0]
    if len(line) <= _QUOTED:
        return line
    return line[:_QUOTED].rsplit(" ", 1)[0] + "…"
