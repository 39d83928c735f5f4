"""Sets of possible values of one fact, closed under "and" and "not": what conflicts and coverage are found out with.

`None` (unknown) is a possible value of every fact. Each region can be met with another, can be empty, and can name one value in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from khaneh.domains.policies.types import Condition, FactKind, Operator, Value

Universe = tuple[str, ...]  # the codes that a fact is known to have, for examples that read well


@dataclass(frozen=True, slots=True)
class Codes:
    """One code, text or flag: those of `listed`, or all others and unknown."""

    listed: frozenset[str | int | bool]
    inside: bool

    def meet(self, other: Codes) -> Codes:
        """What is in both."""
        if self.inside and other.inside:
            return Codes(self.listed & other.listed, True)
        if self.inside:
            return Codes(self.listed - other.listed, True)
        if other.inside:
            return Codes(other.listed - self.listed, True)
        return Codes(self.listed | other.listed, False)

    def empty(self) -> bool:
        """Nothing is in it; outside a list there is always "unknown"."""
        return self.inside and not self.listed

    def example(self, universe: Universe) -> Value:
        """One value, a known code where there is one."""
        if not self.inside:
            return next((code for code in universe if code not in self.listed), None)
        return next((code for code in universe if code in self.listed), min(self.listed, key=str))


@dataclass(frozen=True, slots=True)
class Spans:
    """A number, or a day counted in days: in one of the spans (both ends in, None open), or perhaps unknown."""

    spans: tuple[tuple[int | None, int | None], ...]
    unknown: bool
    days: bool = False

    def meet(self, other: Spans) -> Spans:
        """What is in both."""
        found = []
        for low, high in self.spans:
            for below, above in other.spans:
                start = low if below is None else below if low is None else max(low, below)
                end = high if above is None else above if high is None else min(high, above)
                if start is None or end is None or start <= end:
                    found.append((start, end))
        return Spans(tuple(found), self.unknown and other.unknown, self.days)

    def empty(self) -> bool:
        """Nothing is in it."""
        return not self.spans and not self.unknown

    def example(self, universe: Universe) -> Value:
        """One value: the lower end where there is one."""
        if not self.spans:
            return None
        low, high = self.spans[0]
        number = low if low is not None else high if high is not None else 0
        return date.fromordinal(number).isoformat() if self.days else number


@dataclass(frozen=True, slots=True)
class Holdings:
    """Several codes at once: at least one of each of `wanted`, none of `barred`."""

    wanted: frozenset[frozenset[str | int | bool]]
    barred: frozenset[str | int | bool]

    def meet(self, other: Holdings) -> Holdings:
        """What is in both."""
        return Holdings(self.wanted | other.wanted, self.barred | other.barred)

    def empty(self) -> bool:
        """One of the wanted groups is barred altogether."""
        return any(group <= self.barred for group in self.wanted)

    def example(self, universe: Universe) -> Value:
        """A smallest choice, one of each group."""
        return tuple(sorted({str(min(group - self.barred, key=str)) for group in self.wanted}))


Region = Codes | Spans | Holdings


def whole(kind: FactKind, minimum: int) -> Region:
    """Every possible value of a fact."""
    if kind == "set":
        return Holdings(frozenset(), frozenset())
    if kind == "number":
        return Spans(((minimum, None),), True)
    if kind == "date":
        return Spans(((None, None),), True, True)
    return Codes(frozenset(), False)


def inside(condition: Condition, kind: FactKind) -> Region:
    """The values that fulfil a condition."""
    values = frozenset(condition.values)
    if kind == "set":
        if condition.operator is Operator.IN:
            return Holdings(frozenset({values}), frozenset())
        return Holdings(frozenset(), values)
    if kind in {"number", "date"}:
        return Spans((_bounds(condition, kind),), False, kind == "date")
    return Codes(values, condition.operator is not Operator.NOT_IN)


def outside(condition: Condition, kind: FactKind) -> Region:
    """The values that do not."""
    values = frozenset(condition.values)
    if kind == "set":
        if condition.operator is Operator.IN:
            return Holdings(frozenset(), values)
        return Holdings(frozenset({values}), frozenset())
    if kind in {"number", "date"}:
        low, high = _bounds(condition, kind)
        spans: list[tuple[int | None, int | None]] = []
        if low is not None:
            spans.append((None, low - 1))
        if high is not None:
            spans.append((high + 1, None))
        return Spans(tuple(spans), True, kind == "date")
    return Codes(values, condition.operator is Operator.NOT_IN)


def meet(one: Region, other: Region) -> Region:
    """What is in both; both are of one fact."""
    return one.meet(other)  # type: ignore[arg-type]


def _bounds(condition: Condition, kind: FactKind) -> tuple[int | None, int | None]:
    values = [
        date.fromisoformat(str(value)).toordinal() if kind == "date" else int(value) for value in condition.values
    ]
    if condition.operator is Operator.AT_LEAST:
        return values[0], None
    if condition.operator is Operator.AT_MOST:
        return None, values[0]
    return values[0], values[1]
