"""The rules in scope of one house, made ready so that a question costs microseconds however many there are.

Every rule is one bit, the most specific the lowest. For each fact the table knows, for every value that any rule names, which rules can
still apply; the rules that do are these masks combined with "and", and the rule that decides an aspect is the lowest bit that is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from khaneh.domains.policies.rules import limits
from khaneh.domains.policies.rules.conditions import fulfilled
from khaneh.domains.policies.rules.limits import LimitWords
from khaneh.domains.policies.rules.specificity import weight
from khaneh.domains.policies.types import (
    EFFECT,
    Answer,
    Condition,
    Definition,
    LimitLeft,
    LostRule,
    Operator,
    Reason,
    Rule,
    RuleRef,
    ScopedRules,
    TermValue,
    Value,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

REFUSED = Label("The rules do not permit it.", "مقررات اجازه نمی‌دهد.", "Quy định không cho phép.")


class Ranked(NamedTuple):
    """A rule with its place in the order: `depth` 0 is the nearest scope."""

    rule: Rule
    ref: RuleRef
    depth: int
    weight: int


class _Codes(NamedTuple):
    """A fact of codes or a flag: for each value that is named, the rules it leaves; for any other, `others`."""

    fact: str
    masks: Mapping[Any, int]
    others: int


class _Spans(NamedTuple):
    """A fact with an order: `masks` alternate between what lies before, at and after each of `points`."""

    fact: str
    points: Sequence[Any]
    masks: Sequence[int]
    unknown: int


class _Sets(NamedTuple):
    """A fact of several codes: rules that need one of them (`wanted`), rules that one of them excludes (`barred`), all others free."""

    fact: str
    wanted: Mapping[str, int]
    barred: Mapping[str, int]
    free: int


class Table:
    """The compiled rules of some scopes, nearest first, under one definition."""

    __slots__ = ("_all", "_aspects", "_codes", "_sets", "_spans", "_words", "definition", "facts", "rules")

    def __init__(
        self,
        scopes: Iterable[ScopedRules],
        definition: Definition,
        words: Mapping[str, LimitWords] | None = None,
    ) -> None:
        ranked = [
            Ranked(rule, RuleRef(one.set_id, one.version, rule.id, one.scope), depth, weight(rule, definition.groups))
            for depth, one in enumerate(scopes)
            for rule in one.rules
        ]
        ranked.sort(key=lambda one: (one.depth, -one.weight, one.ref.rule_id))
        self.definition = definition
        self.rules: tuple[Ranked, ...] = tuple(ranked)
        self.facts = frozenset(definition.kinds)
        self._words = words or {}
        self._all = (1 << len(ranked)) - 1
        aspects: dict[str, int] = {}
        tests: dict[str, dict[int, Condition]] = {}
        for bit, one in enumerate(ranked):
            for aspect in one.rule.aspects():
                aspects[aspect] = aspects.get(aspect, 0) | 1 << bit
            for condition in one.rule.conditions:
                tests.setdefault(condition.fact, {})[bit] = condition
        self._aspects = tuple(aspects.items())
        codes, spans, sets = [], [], []
        for fact, conditions in tests.items():
            free = self._all & ~sum(1 << bit for bit in conditions)
            kind = definition.kinds.get(fact, "text")
            if kind == "set":
                sets.append(_compile_sets(fact, conditions, free))
            elif kind in {"number", "date"}:
                spans.append(_compile_spans(fact, conditions, free))
            else:
                codes.append(_compile_codes(fact, conditions, free))
        self._codes, self._spans, self._sets = tuple(codes), tuple(spans), tuple(sets)

    def matched(self, facts: Mapping[str, Value]) -> int:
        """The rules that apply, as bits."""
        left = self._all
        get = facts.get
        for fact, masks, others in self._codes:
            left &= masks.get(get(fact), others)
        for fact, points, slots, unknown in self._spans:
            value: Any = get(fact)
            if value is None:
                left &= unknown
            else:
                at = bisect_left(points, value)
                left &= slots[2 * at + 1 if at < len(points) and points[at] == value else 2 * at]
        for fact, wanted, barred, free in self._sets:
            held: Any = get(fact) or ()
            met, out = free, 0
            for one in held:
                met |= wanted.get(one, 0)
                out |= barred.get(one, 0)
            left &= met & ~out
        return left

    def answer(self, facts: Mapping[str, Value], generation: int = 0, *, with_lost: bool = True) -> Answer:
        """Whether and on which terms. The rules that lost, and the figures of limits in words, cost as much as the rest and may be left out."""
        rules = self.rules
        definition = self.definition
        matched = self.matched(facts)
        permitted = definition.permitted
        refusals: list[Reason] = []
        terms: dict[str, TermValue] = dict(definition.defaults)
        by: dict[str, RuleRef] = {}
        lost: list[LostRule] = []
        for aspect, mask in self._aspects:
            found = matched & mask
            if not found:
                continue
            first = (found & -found).bit_length() - 1
            winner = rules[first]
            by[aspect] = winner.ref
            if aspect == EFFECT:
                permitted = winner.rule.effect == "permit"
                if not permitted:
                    refusals += self._refusals(found)
            else:
                terms[aspect] = winner.rule.terms[aspect]
            if with_lost and found & (found - 1):
                lost += self._lost(aspect, found & (found - 1), winner)
        if not permitted and not refusals:
            refusals.append(Reason("policies.not_foreseen", REFUSED, None))
        left: list[LimitLeft] = []
        for term, counted, adding in definition.limits:
            used: Any = facts.get(counted)
            value = terms.get(term)
            if used is None or term not in terms:
                continue
            if value is None:
                left.append(LimitLeft(term, None, used, None))
                continue
            limit = value.amount if isinstance(value, Money) else int(value)
            left.append(LimitLeft(term, limit, used, max(0, limit - used)))
            if used + adding > limit:
                permitted = False
                refusals.append(self._reached(term, by.get(term), used, value if with_lost else None, adding))
        return Answer(permitted, tuple(refusals), terms, by, tuple(lost), tuple(left), generation)

    def bits(self, mask: int) -> Iterator[int]:
        """The rules of a mask by their place, the most specific first."""
        while mask:
            lowest = mask & -mask
            yield lowest.bit_length() - 1
            mask ^= lowest

    def _refusals(self, found: int) -> Iterator[Reason]:
        """Every refusal before the first rule that permits: were the first gone, the next would stand in the way."""
        for bit in self.bits(found):
            rule, ref, _, _ = self.rules[bit]
            if rule.effect == "permit":
                return
            yield Reason(rule.code or "policies.rule", rule.reason or REFUSED, ref, rule.remedy, rule.right)

    def _lost(self, aspect: str, found: int, winner: Ranked) -> Iterator[LostRule]:
        for bit in self.bits(found):
            _, ref, depth, own = self.rules[bit]
            yield LostRule(
                ref, aspect, "nearer" if depth > winner.depth else "narrower" if own < winner.weight else "equal"
            )

    def _reached(self, term: str, ref: RuleRef | None, used: int, limit: Any, adding: int) -> Reason:
        words = self._words.get(term)
        if words is None:
            return Reason(f"limit.{term}", REFUSED, ref)
        label, remedy = words.label, words.remedy
        if limit is not None:
            label, remedy = limits.told(words, used=used, limit=limit, adding=adding)
        return Reason(f"limit.{term}", label, ref, remedy, words.right)


def _mask(conditions: Mapping[int, Condition], value: Value, free: int) -> int:
    for bit, condition in conditions.items():
        if fulfilled(condition, value):
            free |= 1 << bit
    return free


def _compile_codes(fact: str, conditions: Mapping[int, Condition], free: int) -> _Codes:
    named = {value for condition in conditions.values() for value in condition.values}
    masks: dict[Any, int] = {value: _mask(conditions, value, free) for value in named}
    masks[None] = _mask(conditions, None, free)
    others = free | sum(1 << bit for bit, one in conditions.items() if one.operator is Operator.NOT_IN)
    return _Codes(fact, masks, others)


def _compile_spans(fact: str, conditions: Mapping[int, Condition], free: int) -> _Spans:
    points: list[Any] = sorted({value for condition in conditions.values() for value in condition.values})
    masks = [0] * (2 * len(points) + 1)
    place = {point: 2 * at + 1 for at, point in enumerate(points)}
    for bit, (_, operator, values) in conditions.items():
        first = 0 if operator is Operator.AT_MOST else place[values[0]]
        last = len(masks) - 1 if operator is Operator.AT_LEAST else place[values[-1]]
        for slot in range(first, last + 1):
            masks[slot] |= 1 << bit
    return _Spans(fact, points, [mask | free for mask in masks], free)


def _compile_sets(fact: str, conditions: Mapping[int, Condition], free: int) -> _Sets:
    wanted: dict[str, int] = {}
    barred: dict[str, int] = {}
    for bit, (_, operator, values) in conditions.items():
        masks = wanted if operator is Operator.IN else barred
        for value in values:
            masks[str(value)] = masks.get(str(value), 0) | 1 << bit
        if operator is Operator.NOT_IN:
            free |= 1 << bit
    return _Sets(fact, wanted, barred, free)
