"""What the union record shows, field by field, from its contributions. Pure, deterministic, blind to the order of arrival.

The rule anyone can read is the table `RULES`: the first line whose tags fit decides how a field is chosen.

- best: the whole block from the best contribution, so that a description is never patched together from two title pages;
- first: the block from the best contribution that has it at all;
- richest: each tag from the contribution that says most under it;
- union: from all, each thing once, the best contribution's wording;
- never: stays with the contribution (its own numbers, copies and local notes).

The best contribution is one read without doubts about its encoding, then the fullest by its cataloguer's own word (leader/17), then
the one that says most in the fields above, then the one with an original script, then the
newest. Ties fall to the content itself, not to chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Literal, NamedTuple

from khaneh.domains.catalogue.rules.matching.skeleton import has_arabic, skeleton
from khaneh.formats.marc.describe.identifiers import isbn13, issn, system_number
from khaneh.formats.marc.types import Field, Record
from khaneh.kernel.orthography import search_key

How = Literal["best", "first", "richest", "union", "never"]


class Rule(NamedTuple):
    """A block of fields that are chosen together, the tags in it (a regular expression) and how."""

    block: str
    tags: re.Pattern[str]
    how: How


def _rule(block: str, tags: str, how: How) -> Rule:
    return Rule(block, re.compile(tags), how)


RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "marc21": (
        _rule("own numbers", "00[135]|036|037|038|040|042|066", "never"),
        _rule("identifiers", "01.|02.|03.|074|086", "union"),
        _rule("languages and places", "04.", "first"),
        _rule("classification", "05.|06.|07.|08.", "union"),
        _rule("coded data", "00[678]", "best"),
        _rule("uniform title", "130|240", "first"),
        _rule("title and responsibility", "1..|245", "best"),
        _rule("variant titles", "210|222|24[2367]|740", "union"),
        _rule("edition and publication", "25[0-9]|26[0-9]", "best"),
        _rule("physical description", "3..", "best"),
        _rule("series", "4..|8[0-3].", "first"),
        _rule("local notes", "541|561|562|583|584|59.", "never"),
        _rule("notes", "5..", "richest"),
        _rule("subjects and genres", "6..", "union"),
        _rule("people and bodies", "7[0-5].", "union"),
        _rule("related records", "7[6-8].", "union"),
        _rule("addresses", "856", "union"),
        _rule("copies and local fields", ".*", "never"),
    ),
    "unimarc": (
        _rule("own numbers", "00[135]", "never"),
        _rule("identifiers", "0..", "union"),
        _rule("coded data", "1..", "best"),
        _rule("title and responsibility", "200", "best"),
        _rule("edition and publication", "20[5-8]|21.", "best"),
        _rule("series", "225|410", "first"),
        _rule("physical description", "215|2..", "best"),
        _rule("local notes", "31[67]|39.", "never"),
        _rule("notes", "3..", "richest"),
        _rule("related records", "4..", "union"),
        _rule("uniform title", "50[013]", "first"),
        _rule("variant titles", "5..", "union"),
        _rule("subjects and genres", "60.|61.|62.", "union"),
        _rule("classification", "6..", "union"),
        _rule("main author", "7.0", "best"),
        _rule("people and bodies", "7..", "union"),
        _rule("addresses", "856", "union"),
        _rule("copies and local fields", ".*", "never"),
    ),
}  # fmt: skip

# Leader/17 in MARC21 and leader/17 in UNIMARC: blank is a full record, the others less in this order.
_LEVELS = {
    " ": 0,
    "I": 0,
    "1": 1,
    "4": 2,
    "L": 2,
    "K": 3,
    "M": 3,
    "2": 3,
    "7": 4,
    "3": 4,
    "5": 5,
    "8": 6,
    "u": 4,
    "z": 4,
}
_CARRIED = frozenset("01256789")  # subfields that are about the field, not of it
_LANGUAGE_OF_ROLE = frozenset("4e")


@dataclass(frozen=True, slots=True)
class Offer:
    """A contribution as it takes part in the choice."""

    key: int
    source: str  # the code of the house or catalogue it came from
    changed_at: float  # seconds since 1970
    dialect: str
    record: Record
    doubted: bool = False  # its reading left doubts about the encoding


class Chosen(NamedTuple):
    """The union record; `origins[i]` is the key of the contribution that `record.fields[i]` came from, `best` the leader's."""

    record: Record
    dialect: str
    origins: tuple[int, ...]
    best: int


class _Unit(NamedTuple):
    """A field with the 880s linked to it, which travel together."""

    field: Field
    twins: tuple[Field, ...]


def choose(offers: Iterable[Offer]) -> Chosen:
    """The union record of one or more contributions. Those in another dialect than the best one's add nothing.

    Raises ValueError when there is none.
    """
    ranked = _ranked(offers)
    if not ranked:
        raise ValueError("a union record needs a contribution")
    best = ranked[0]
    units = [(one.key, _units(one.record, best.dialect)) for one in ranked if one.dialect == best.dialect]
    said = {place for _, own in units for place in own}
    found: list[tuple[int, _Unit]] = []
    for place, rule in enumerate(RULES[best.dialect]):
        if rule.how != "never" and place in said:
            found.extend(_CHOOSERS[rule.how](place, units))
    if best.dialect == "marc21":
        found.extend(_other_main_entries(units, found))
    # Python's sort is stable: within a tag the order of choice stays.
    found.sort(key=lambda one: one[1].field.tag)
    return _assembled(best, found)


def _ranked(offers: Iterable[Offer]) -> list[Offer]:
    by_rank: dict[tuple[bool, int, int, int, float], list[Offer]] = {}
    for one in offers:
        by_rank.setdefault(_rank(one), []).append(one)
    ranked: list[Offer] = []
    for rank in sorted(by_rank):
        equals = by_rank[rank]
        # Digests are made for equals only: of two that differ in anything above, nobody asks.
        ranked += sorted(equals, key=lambda one: (_digest(one.record), one.key)) if len(equals) > 1 else equals
    return ranked


def _rank(one: Offer) -> tuple[bool, int, int, int, float]:
    record = one.record
    level = _LEVELS.get(record.leader[17:18], 4)
    said = original = 0
    for field in record.fields:
        if field.tag == "880":
            original += 1
        elif _rule_of(field.tag, one.dialect)[1].how != "never":
            said += 1 + len(field.subfields)
    return (one.doubted, level, -said, -original, -one.changed_at)


def _digest(record: Record) -> bytes:
    return blake2b(repr((record.leader, record.fields)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=4_096)
def _rule_of(tag: str, dialect: str) -> tuple[int, Rule]:
    for place, rule in enumerate(RULES[dialect]):
        if rule.tags.fullmatch(tag):
            return place, rule
    raise LookupError(tag)


_Units = dict[int, list[_Unit]]


def _units(record: Record, dialect: str) -> _Units:
    """The record's fields by rule, each with its linked 880s. An 880 without a partner belongs to the tag that it stands for."""
    twins: dict[str, list[Field]] = {}
    for field in record.fields:
        if field.tag == "880":
            link = field.first("6")
            twins.setdefault(link[:3] if link[4:6] == "00" else link[:6], []).append(field)
    units: _Units = {}
    for field in record.fields:
        if field.tag != "880":
            link = field.first("6") if twins else ""
            own = tuple(twins.pop(f"{field.tag}-{link[4:6]}", ())) if link[:3] == "880" else ()
            units.setdefault(_rule_of(field.tag, dialect)[0], []).append(_Unit(field, own))
    for link, lonely in twins.items():
        place = _rule_of(link[:3], dialect)[0] if len(link) >= 3 else None
        if place is not None:
            units.setdefault(place, []).extend(_Unit(field, ()) for field in lonely)
    return units


def _from_best(place: int, units: list[tuple[int, _Units]]) -> list[tuple[int, _Unit]]:
    key, own = units[0]
    return [(key, unit) for unit in own.get(place, ())]


def _from_first(place: int, units: list[tuple[int, _Units]]) -> list[tuple[int, _Unit]]:
    for key, own in units:
        if own.get(place):
            return [(key, unit) for unit in own[place]]
    return []


def _from_richest(place: int, units: list[tuple[int, _Units]]) -> list[tuple[int, _Unit]]:
    tags = sorted({unit.field.tag for _, own in units for unit in own.get(place, ())})
    found: list[tuple[int, _Unit]] = []
    for tag in tags:
        # max keeps the first of equals, and the best contribution is first.
        key, fields = max(
            ((key, [unit for unit in own.get(place, ()) if unit.field.tag == tag]) for key, own in units),
            key=lambda one: sum(len(value) for unit in one[1] for _, value in unit.field.subfields),
        )
        found.extend((key, unit) for unit in fields)
    return found


def _from_all(place: int, units: list[tuple[int, _Units]]) -> list[tuple[int, _Unit]]:
    found: list[tuple[int, _Unit]] = []
    seen: set[tuple[str, str]] = set()
    for key, own in units:
        for unit in own.get(place, ()):
            marks = _marks(unit)
            if seen.isdisjoint(marks):
                found.append((key, unit))
            seen |= marks
    return found


_CHOOSERS = {"best": _from_best, "first": _from_first, "richest": _from_richest, "union": _from_all}


def _marks(unit: _Unit) -> frozenset[tuple[str, str]]:
    """What makes two fields the same thing: their folded text in any script, or their number."""
    if not unit.twins:
        return _marks_of(unit.field)
    return _marks_of(unit.field, unit.twins)


@lru_cache(maxsize=8_192)
def _marks_of(own: Field, twins: tuple[Field, ...] = ()) -> frozenset[tuple[str, str]]:
    """Remembered, because those who describe one thing say the same of it."""
    marks: set[tuple[str, str]] = set()
    tag = own.tag
    for field in (own, *twins):
        first = field.first("a")
        if tag == "856":
            number = field.first("u")
        elif tag in ("020", "010"):
            number = isbn13(first) or issn(first) or search_key(first)
        elif tag in ("022", "011"):
            number = issn(first) or first
        elif tag == "035":
            number = system_number(first) or first
        else:
            number = ""
        if number:
            marks.add((tag, number))
            continue
        text = " ".join(
            value for code, value in field.subfields if code not in _CARRIED and code not in _LANGUAGE_OF_ROLE
        )
        folded = search_key(text) or text or field.value or repr(field)
        marks.add((tag, folded))
        if has_arabic(text) or twins:
            marks.add((tag, "bones:" + skeleton(folded)))
    return frozenset(marks)


def _other_main_entries(units: list[tuple[int, _Units]], found: list[tuple[int, _Unit]]) -> list[tuple[int, _Unit]]:
    """Main authors of the other contributions who are nowhere in the record yet become added entries (100 -> 700)."""
    known = {mark[1] for _, unit in found if unit.field.tag[0] in "17" for mark in _name_marks(unit)}
    added: list[tuple[int, _Unit]] = []
    for key, own in units[1:]:
        for fields in own.values():
            for unit in fields:
                if unit.field.tag in ("100", "110", "111"):
                    marks = _name_marks(unit)
                    if known.isdisjoint({mark[1] for mark in marks}):
                        moved = unit.field._replace(tag="7" + unit.field.tag[1:])
                        added.append((key, _Unit(moved, unit.twins)))
                    known |= {mark[1] for mark in marks}
    return added


def _name_marks(unit: _Unit) -> set[tuple[str, str]]:
    marks: set[tuple[str, str]] = set()
    for field in (unit.field, *unit.twins):
        folded = search_key(field.first("a"))
        marks.add(("name", folded))
        if has_arabic(field.first("a")) or unit.twins:
            marks.add(("name", "bones:" + skeleton(folded)))
    return marks


def _assembled(best: Offer, found: list[tuple[int, _Unit]]) -> Chosen:
    """The record with its 880s numbered anew and at the end."""
    fields: list[Field] = []
    origins: list[int] = []
    linked: list[tuple[int, Field]] = []
    number = 0
    for key, unit in found:
        field = unit.field
        if field.tag == "880":
            linked.append((key, field))
            continue
        if field.subfields and field.subfields[0][0] == "6":
            rest = field.subfields[1:]
            if unit.twins and number < 99:
                number += 1
                field = field._replace(subfields=(("6", f"880-{number:02d}"), *rest))
                linked.extend((key, _relinked(twin, field.tag, number)) for twin in unit.twins)
            else:
                field = field._replace(subfields=rest)
        fields.append(field)
        origins.append(key)
    fields.extend(field for _, field in linked)
    origins.extend(key for key, _ in linked)
    return Chosen(Record(best.record.leader, tuple(fields)), best.dialect, tuple(origins), best.key)


def _relinked(twin: Field, tag: str, number: int) -> Field:
    suffix = twin.first("6")[6:]
    return twin._replace(
        subfields=tuple(
            (code, f"{tag}-{number:02d}{suffix}" if code == "6" else value) for code, value in twin.subfields
        )
    )
