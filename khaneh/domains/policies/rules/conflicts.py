"""Which rules of one set contradict each other, which never decide, and what none of them decides; each with an example.

A rule is a box: a region of values for each fact that it looks at. Two equally specific rules contradict each other when some question is
in both boxes and in that of no narrower rule for the same aspect; boxes are taken away from a box until a point is left or nothing is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from khaneh.domains.policies.errors import RulesTooEntangled
from khaneh.domains.policies.rules import regions
from khaneh.domains.policies.rules.regions import Region, Universe
from khaneh.domains.policies.rules.specificity import weight
from khaneh.domains.policies.types import Conflict, Coverage, Definition, Rule, Value

Box = dict[str, Region]
# Boxes looked at for one pair; what people write needs some tens. Beyond it nobody could say what the rules mean either.
_PATIENCE = 20_000


def conflicts(
    rules: Sequence[Rule], definition: Definition, universes: Mapping[str, Universe] | None = None
) -> list[Conflict]:
    """Every pair of rules that contradict each other, in the order of the rules. `universes` are the known codes of facts.

    Raises RulesTooEntangled where a pair cannot be judged in reasonable time.
    """
    space = _Space(definition, universes or {})
    weights = {rule.id: weight(rule, definition.groups) for rule in rules}
    groups: dict[tuple[str, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        for aspect in rule.aspects():
            groups[aspect, weights[rule.id]].append(rule)
    found = []
    for (aspect, own), equals in groups.items():
        narrower = [rule for rule in rules if aspect in rule.aspects() and weights[rule.id] > own]
        for left, right in combinations(equals, 2):
            if left.value(aspect) == right.value(aspect):
                continue
            both = space.meet(space.box(left), right)
            if both is None:
                continue
            try:
                point = space.point(both, narrower)
            except _OutOfPatienceError as error:
                raise RulesTooEntangled(left=left.id, right=right.id) from error
            if point is not None:
                found.append(Conflict(left, right, aspect, space.example(point)))
    order = {rule.id: place for place, rule in enumerate(rules)}
    return sorted(found, key=lambda one: (order[one.left.id], order[one.right.id], one.aspect))


def coverage(
    rules: Sequence[Rule], definition: Definition, universes: Mapping[str, Universe] | None = None
) -> Coverage:
    """Aspects of rules that narrower rules of the set always decide, and questions that no rule of it decides.

    What cannot be judged in reasonable time counts as deciding and as decided.
    """
    space = _Space(definition, universes or {})
    weights = {rule.id: weight(rule, definition.groups) for rule in rules}
    idle = []
    for rule in rules:
        for aspect in rule.aspects():
            narrower = [one for one in rules if aspect in one.aspects() and weights[one.id] > weights[rule.id]]
            try:
                decides = space.point(space.box(rule), narrower) is not None
            except _OutOfPatienceError:
                decides = True
            if not decides:
                idle.append((rule.id, aspect))
    left = {}
    for aspect in dict.fromkeys(aspect for rule in rules for aspect in rule.aspects()):
        try:
            point = space.point({}, [rule for rule in rules if aspect in rule.aspects()])
        except _OutOfPatienceError:
            continue
        if point is not None:
            left[aspect] = space.example(point)
    return Coverage(tuple(idle), left)


class _OutOfPatienceError(Exception):
    """Too many boxes for one question."""


class _Space:
    """The facts of an act, and boxes in them. A fact that a box does not name may be anything."""

    def __init__(self, definition: Definition, universes: Mapping[str, Universe]) -> None:
        self._kinds = definition.kinds
        self._minimums = definition.minimums
        self._universes = universes
        self._looked = 0

    def box(self, rule: Rule) -> Box:
        """The questions to which the rule applies."""
        return self.meet({}, rule) or {}

    def meet(self, box: Box, rule: Rule) -> Box | None:
        """Those of the box to which it applies; None for none."""
        met = dict(box)
        for condition in rule.conditions:
            kind = self._kinds.get(condition.fact, "text")
            region = regions.meet(self._of(met, condition.fact), regions.inside(condition, kind))
            if region.empty():
                return None
            met[condition.fact] = region
        return met

    def point(self, box: Box, without: Sequence[Rule]) -> Box | None:
        """A box within `box` to which none of the rules applies; None when they apply to all of it. Raises _OutOfPatienceError."""
        self._looked = 0
        return self._point(box, without)

    def _point(self, box: Box, without: Sequence[Rule]) -> Box | None:
        self._looked += 1
        if self._looked > _PATIENCE:
            raise _OutOfPatienceError
        near = [rule for rule in without if self.meet(box, rule) is not None]
        if not near:
            return box
        # The rule with the fewest conditions leaves the fewest pieces.
        first, *rest = sorted(near, key=lambda rule: len(rule.conditions))
        inner = dict(box)
        for condition in first.conditions:
            kind = self._kinds.get(condition.fact, "text")
            piece = regions.meet(self._of(inner, condition.fact), regions.outside(condition, kind))
            if not piece.empty():
                found = self._point({**inner, condition.fact: piece}, rest)
                if found is not None:
                    return found
            # The next pieces need not hold what this one did.
            inner[condition.fact] = regions.meet(self._of(inner, condition.fact), regions.inside(condition, kind))
        return None

    def example(self, box: Box) -> dict[str, Value]:
        """One question of the box: a value for each fact that matters."""
        return {fact: region.example(self._universes.get(fact, ())) for fact, region in box.items()}

    def _of(self, box: Box, fact: str) -> Region:
        known = box.get(fact)
        return known if known is not None else regions.whole(self._kinds.get(fact, "text"), self._minimums.get(fact, 0))
