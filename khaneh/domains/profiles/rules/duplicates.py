"""Whether a company of a table is one that the register has. Pure: the register is given as what can be compared of each organisation.

Sure is what names the same thing by itself: a registration number, or the same name at the same web address. The same name, address, telephone
or nearly the same name is for a person to judge, and so is everything that a differing number speaks against.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from urllib.parse import urlsplit

from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.orthography import search_key

ALIKE = 0.86  # of difflib's ratio, from pairs of the demonstration's names and misspellings of them
# A word that so many names have says nothing about which of them is meant.
COMMON = 60
MOST_CANDIDATES = 5
# What kind of firm it is stands in some registers and is left out in others.
_FIRM = frozenset(
    search_key(word)
    for word in (
        "company co corp corporation ltd limited llc inc jsc group شرکت گروه کارخانه مؤسسه موسسه سهامی خاص عام تعاونی "
        "công ty tnhh cổ phần cp trách nhiệm hữu hạn doanh nghiệp hợp tác xã htx"
    ).split()
)
# Addresses under which many firms live.
_SHARED = frozenset(
    {"facebook.com", "instagram.com", "linkedin.com", "t.me", "sites.google.com", "github.io", "zalo.me"}
)


class Verdict(StrEnum):
    """Whether it is there."""

    SURE = "sure"
    UNSURE = "unsure"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Marks:
    """What can be compared of an organisation: its number, the keys of its names, its web host, its telephone."""

    country: str
    number: str
    names: frozenset[str]
    host: str
    phone: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, whom it may be (the likeliest first), and what speaks for and against, as codes."""

    verdict: Verdict
    candidates: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()


def marks(*, country: str, number: str, names: Iterable[str], website: str, phone: str) -> Marks:
    """What can be compared, each in the one form in which the same is equal."""
    return Marks(
        country=country,
        number=" ".join(latin_digits(number).split()),
        names=frozenset(key for name in names if (key := name_key(name))),
        host=_host(website),
        phone=re.sub(r"\D", "", latin_digits(phone))[-9:] if phone else "",
    )


def name_key(name: str) -> str:
    """A name without what kind of firm it is; marks, letter variants and the order of letters' forms do not count."""
    words = search_key(name).split()
    kept = [word for word in words if word not in _FIRM]
    return " ".join(kept or words)


class Register:
    """The organisations that there are, to be looked up by any of their marks. Grows while a table is taken in."""

    def __init__(self) -> None:
        """Empty."""
        self.last = 0  # the highest number that is known
        self._marks: dict[int, Marks] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._names: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._hosts: dict[str, list[int]] = defaultdict(list)
        self._phones: dict[str, list[int]] = defaultdict(list)
        self._words: dict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, number: int, of: Marks) -> None:
        """Know one more. One that is known already stays as it is."""
        if number in self._marks:
            return
        self.last = max(self.last, number)
        self._marks[number] = of
        if of.number:
            self._numbers[of.country, of.number] = number
        for name in of.names:
            self._names[of.country, name].append(number)
            for word in set(name.split()):
                self._words[of.country, word].append(number)
        if of.host:
            self._hosts[of.host].append(number)
        if len(of.phone) >= 7:
            self._phones[of.phone].append(number)

    def judge(self, line: Marks) -> Judgement:
        """Whether a line of a table is one of them."""
        same = self._numbers.get((line.country, line.number)) if line.number else None
        if same is not None:
            return Judgement(Verdict.SURE, (same,), ("number",))
        found: dict[int, list[str]] = defaultdict(list)
        for name in line.names:
            for number in self._names.get((line.country, name), ()):
                if "name" not in found[number]:
                    found[number].append("name")
        for number in self._hosts.get(line.host, ()) if line.host else ():
            found[number].append("website")
        for number in self._phones.get(line.phone, ()) if len(line.phone) >= 7 else ():
            found[number].append("phone")
        for number in self._alike(line):
            if "name" not in found[number]:
                found[number].append("alike")
        for number, evidence in found.items():
            if line.number and self._marks[number].number:
                evidence.append("number_differs")
        ranked = sorted(found, key=lambda number: (-_weight(found[number]), number))[:MOST_CANDIDATES]
        if not ranked:
            return Judgement(Verdict.NEW)
        best = found[ranked[0]]
        alone = len(ranked) == 1 or _weight(found[ranked[1]]) < _weight(best)
        if {"name", "website"} <= set(best) and "number_differs" not in best and alone:
            return Judgement(Verdict.SURE, (ranked[0],), tuple(best))
        return Judgement(Verdict.UNSURE, tuple(ranked), tuple(best))

    def _alike(self, line: Marks) -> set[int]:
        """Those of the country with a name that differs by a letter or a word. Only who shares a rare word is looked at."""
        near: set[int] = set()
        for name in line.names:
            lists = [self._words.get((line.country, word), []) for word in set(name.split())]
            for number in {one for few in lists if len(few) <= COMMON for one in few}:
                if any(_alike(name, other) for other in self._marks[number].names):
                    near.add(number)
        return near


def _alike(one: str, other: str) -> bool:
    if sorted(one.split()) == sorted(other.split()):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _weight(evidence: list[str]) -> int:
    points = {"name": 4, "website": 3, "phone": 2, "alike": 2, "number_differs": -2}
    return sum(points[one] for one in evidence)


def _host(website: str) -> str:
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    return "" if host in _SHARED else host
