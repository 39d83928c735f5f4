"""Which meetings take place when and at which table, so that many do and nobody is left with few. Pure and deterministic.

Giving accepted meetings rounds is colouring the edges of a graph with lists of allowed colours and so many tables a colour; to find the most
that can take place is NP-hard (Holyer 1981, for the special case without lists and tables). So meetings are placed one after the other,
those of the participants with the fewest first, and where no round suits both at once others are moved aside: an augmenting chain as in
Kempe's proof of Vizing's theorem, at most _DEPTH moves deep.

Guaranteed of every plan: nobody and no table is in two meetings at once, nobody meets when they cannot, nobody has more than the limit, what
was fixed stays. None of the meetings left out could simply be added; so, where no limit is reached, at least a quarter as many take place as in
the best plan there is: each meeting that takes place keeps at most three others out of their rounds (one of either participant, one for want of a
table), and counts itself. On small cases it is compared with the best plan, found by trying all: see the tests.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_DEPTH = 4


class Wanted(NamedTuple):
    """An accepted meeting of two participants."""

    id: int
    one: int
    other: int


class Seat(NamedTuple):
    """A round and a table."""

    round: int
    table: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on, by ids; nothing else does.

    `rounds` are by time, `tables` by number; `can` says for each participant the rounds at which they can; `fixed` are meetings that keep
    their seat (they count for everybody's rounds, tables and limits). `most` is how many meetings a participant has at most.
    """

    rounds: tuple[int, ...]
    tables: tuple[int, ...]
    wanted: tuple[Wanted, ...]
    can: Mapping[int, frozenset[int]]
    fixed: Mapping[int, Seat] = field(default_factory=dict)
    most: int = 1_000

    def canonical(self) -> str:
        """The problem as a file: the same for the same problem, whoever writes it."""
        return json.dumps(
            {
                "rounds": self.rounds, "tables": self.tables, "wanted": sorted(self.wanted),
                "can": {str(key): sorted(value) for key, value in self.can.items()},
                "fixed": {str(key): value for key, value in self.fixed.items()}, "most": self.most,
            },
            sort_keys=True, separators=(",", ":"),
        )  # fmt: skip

    @classmethod
    def read(cls, file: Mapping[str, Any]) -> Problem:
        """The problem of a file."""
        return cls(
            rounds=tuple(file["rounds"]), tables=tuple(file["tables"]),
            wanted=tuple(Wanted(*one) for one in file["wanted"]),
            can={int(key): frozenset(value) for key, value in file["can"].items()},
            fixed={int(key): Seat(*value) for key, value in file["fixed"].items()}, most=file["most"],
        )  # fmt: skip


def plan(problem: Problem) -> dict[int, Seat]:
    """A seat for each meeting that takes place, those that are fixed with theirs. The same problem has the same plan."""
    state = _State(problem)
    pending = [one for one in problem.wanted if one.id not in problem.fixed]
    left_out: list[Wanted] = []
    while pending:
        # Whoever has fewest goes first; among those, who has the least choice; lastly by number, so that there is one order.
        one = min(pending, key=state.urgency)
        pending.remove(one)
        if not state.may_have(one):
            continue
        if not state.place(one):
            left_out.append(one)
    # What moved since may have made room; each time round one more takes place, so this ends.
    while True:
        placed = [one for one in left_out if state.may_have(one) and state.place(one)]
        left_out = [one for one in left_out if one not in placed]
        if not placed:
            return state.seats()


def digest(problem: Problem, found: Mapping[int, Seat]) -> str:
    """The name of a problem with its plan."""
    written = problem.canonical() + json.dumps({str(key): value for key, value in found.items()}, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


class _State:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.meeting = {one.id: one for one in problem.wanted}
        self.at: dict[int, int] = {}  # meeting -> round, of those that can be moved
        self.busy: dict[tuple[int, int], int] = {}  # participant, round -> meeting
        self.load: Counter[int] = Counter()  # meetings of a round
        self.count: Counter[int] = Counter()  # meetings of a participant
        for number, seat in problem.fixed.items():
            self._take(self.meeting[number], seat.round)
        self.open = {
            one.id: [
                number for number in problem.rounds
                if number in problem.can.get(one.one, ()) and number in problem.can.get(one.other, ())
            ]
            for one in problem.wanted
        }  # fmt: skip

    def urgency(self, one: Wanted) -> tuple[int, int, int, int]:
        few, more = sorted((self.count[one.one], self.count[one.other]))
        return few, more, len(self.open[one.id]), one.id

    def may_have(self, one: Wanted) -> bool:
        return max(self.count[one.one], self.count[one.other]) < self.problem.most

    def place(self, one: Wanted) -> bool:
        """Into a round, moving others aside where it must be; nothing has changed where it cannot be."""
        return self._into(one, _DEPTH, {one.id})

    def _into(self, one: Wanted, depth: int, moving: set[int]) -> bool:
        free = [number for number in self.open[one.id] if not self._blockers(one, number)]
        if free:
            # Where most tables are free, so that whoever comes later finds some too; the earliest of those.
            self._take(one, min(free, key=lambda number: (self.load[number], self.problem.rounds.index(number))))
            return True
        if depth == 0:
            return False
        for number in self.open[one.id]:
            blockers = self._blockers(one, number)
            if any(other in moving or other in self.problem.fixed for other in blockers):
                continue
            if self._aside(one, number, blockers, depth, moving):
                return True
        return False

    def _aside(self, one: Wanted, number: int, blockers: list[int], depth: int, moving: set[int]) -> bool:
        """Move what stands in the way to other rounds and take the place; undone whole where one of them finds none."""
        before = (dict(self.at), dict(self.busy), self.load.copy(), self.count.copy())
        for other in blockers:
            self._leave(self.meeting[other])
        self._take(one, number)
        held = moving | set(blockers) | {one.id}
        if all(self._into(self.meeting[other], depth - 1, held) for other in blockers):
            return True
        self.at, self.busy, self.load, self.count = before
        return False

    def _blockers(self, one: Wanted, number: int) -> list[int]:
        """The meetings that would have to go for this one to be in a round: of the participants, else one whose table is needed."""
        found = {self.busy[who, number] for who in (one.one, one.other) if (who, number) in self.busy}
        if self.load[number] - len(found) >= len(self.problem.tables):
            there = sorted(other for other, at in self.at.items() if at == number and other not in found)
            # Without one that can be moved the round is full for good: name a fixed one, which stays.
            movable = [other for other in there if other not in self.problem.fixed]
            found |= set((movable or there)[:1])
        return sorted(found)

    def _take(self, one: Wanted, number: int) -> None:
        self.at[one.id] = number
        self.load[number] += 1
        for who in (one.one, one.other):
            self.busy[who, number] = one.id
            self.count[who] += 1

    def _leave(self, one: Wanted) -> None:
        number = self.at.pop(one.id)
        self.load[number] -= 1
        for who in (one.one, one.other):
            del self.busy[who, number]
            self.count[who] -= 1

    def seats(self) -> dict[int, Seat]:
        """Tables by number; whoever sat at one the round before stays there where it is free, so that there is less walking."""
        found = dict(self.problem.fixed)
        last: dict[int, int] = {}
        for number in self.problem.rounds:
            here = sorted(other for other, at in self.at.items() if at == number)
            free = [
                table for table in self.problem.tables
                if table not in {found[other].table for other in here if other in found}
            ]  # fmt: skip
            for other in here:
                one = self.meeting[other]
                if other not in found:
                    liked = [last[who] for who in (one.one, one.other) if last.get(who) in free]
                    table = liked[0] if liked else free[0]
                    free.remove(table)
                    found[other] = Seat(number, table)
                last[one.one] = last[one.other] = found[other].table
        return found
