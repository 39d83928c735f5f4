"""An answer told in full: what became of every rule in scope, and what would change the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

from khaneh.domains.policies.rules.conditions import unmet
from khaneh.domains.policies.rules.table import Table
from khaneh.domains.policies.types import (
    Answer,
    Change,
    Condition,
    Operator,
    RuleRef,
    Value,
    Verdict,
)
from khaneh.kernel.money import Money

_MOST_PAIRS = 5_000  # of changes tried together when none alone helps
_Alternative = tuple[Condition, Value]


def verdicts(table: Table, facts: Mapping[str, Value], answer: Answer) -> tuple[Verdict, ...]:
    """Each rule in scope, the most specific first: what it decided, what it lost, what kept it from applying."""
    won: dict[RuleRef, list[str]] = defaultdict(list)
    lost: dict[RuleRef, list[tuple[str, RuleRef, str]]] = defaultdict(list)
    for aspect, ref in answer.decided_by.items():
        won[ref].append(aspect)
    for one in answer.lost:
        lost[one.rule].append((one.aspect, answer.decided_by[one.aspect], one.why))
    return tuple(
        Verdict(ranked.ref, ranked.rule, tuple(won[ranked.ref]), tuple(lost[ranked.ref]), unmet(ranked.rule, facts))
        for ranked in table.rules
    )


def changes(table: Table, facts: Mapping[str, Value], answer: Answer) -> tuple[Change, ...]:
    """What would change the answer: one fact that is otherwise; two together where a refusal needs it. Those that permit come first."""
    found: list[Change] = []
    choices: dict[str, list[_Alternative]] = {}
    for fact in sorted(table.facts):
        outcomes: dict[Any, list[_Alternative]] = {}
        choices[fact] = list(_alternatives(table, fact, facts.get(fact), answer))
        for alternative in choices[fact]:
            other = table.answer({**facts, fact: alternative[1]}, with_lost=False)
            if _outcome(other) != _outcome(answer):
                outcomes.setdefault(_outcome(other), []).append(alternative)
        for (permitted, _), group in outcomes.items():
            other = table.answer({**facts, fact: group[0][1]}, with_lost=False)
            found += [Change((one,), permitted, _terms(answer, other)) for one in _joined([one for one, _ in group])]
    if not answer.permitted and not any(one.permitted for one in found):
        found += _pairs(table, facts, answer, choices)
    return tuple(sorted(found, key=lambda one: (not one.permitted, one.permitted == answer.permitted)))


def _pairs(
    table: Table, facts: Mapping[str, Value], answer: Answer, choices: Mapping[str, list[_Alternative]]
) -> Iterator[Change]:
    tried = 0
    for one, other in combinations([fact for fact in choices if choices[fact]], 2):
        helping: list[tuple[Condition, Condition, Answer]] = []
        for (first, value), (second, another) in product(choices[one], choices[other]):
            tried += 1
            if tried > _MOST_PAIRS:
                return
            outcome = table.answer({**facts, one: value, other: another}, with_lost=False)
            if outcome.permitted:
                helping.append((first, second, outcome))
        if helping:
            first, second, outcome = helping[0]
            yield Change((first, second), True, _terms(answer, outcome))


def _outcome(answer: Answer) -> tuple[bool, tuple[tuple[str, Any], ...]]:
    return answer.permitted, tuple(sorted(answer.terms.items()))


def _terms(before: Answer, after: Answer) -> dict[str, Any]:
    return {name: value for name, value in after.terms.items() if before.terms.get(name) != value}


def _alternatives(table: Table, fact: str, now: Value, answer: Answer) -> Iterator[_Alternative]:
    """Conditions that the fact does not fulfil, one for each part of its values that any rule tells apart, with a value that does."""
    kind = table.definition.kinds[fact]
    conditions = [one for ranked in table.rules for one in ranked.rule.conditions if one.fact == fact]
    if kind in {"number", "date"}:
        yield from _spans(table, fact, now, conditions, answer)
    elif kind == "flag":
        if conditions:
            yield from ((Condition(fact, Operator.IS, (value,)), value) for value in (True, False) if value is not now)
    elif kind == "set":
        held: tuple[str, ...] = now if isinstance(now, tuple) else ()
        for code in sorted({str(value) for one in conditions for value in one.values}):
            if code in held:
                yield Condition(fact, Operator.NOT_IN, (code,)), tuple(one for one in held if one != code)
            else:
                yield Condition(fact, Operator.IN, (code,)), (*held, code)
    else:
        named = sorted({str(value) for one in conditions for value in one.values})
        yield from ((Condition(fact, Operator.IN, (code,)), code) for code in named if code != now)
        if named and now in named:
            yield Condition(fact, Operator.NOT_IN, tuple(named)), None


def _spans(table: Table, fact: str, now: Value, conditions: list[Condition], answer: Answer) -> Iterator[_Alternative]:
    if table.definition.kinds[fact] == "date":
        days: Any = sorted({value for one in conditions for value in one.values})
        yield from ((Condition(fact, Operator.BETWEEN, (day, day)), day) for day in days if day != now)
        return
    # Each number at which a new part begins; a part ends where the next one begins.
    starts = {table.definition.minimums.get(fact, 0)}
    for one in conditions:
        low, high = int(one.values[0]), int(one.values[-1])
        if one.operator is not Operator.AT_MOST:
            starts.add(low)
        if one.operator is not Operator.AT_LEAST:
            starts.add(high + 1)
    for term, counted, adding in table.definition.limits:
        limit = answer.terms.get(term)
        if counted == fact and limit is not None:
            starts.add((limit.amount if isinstance(limit, Money) else int(limit)) - adding + 1)
    ordered = sorted(one for one in starts if one >= table.definition.minimums.get(fact, 0))
    if len(ordered) < 2:
        return
    for place, start in enumerate(ordered):
        end = ordered[place + 1] - 1 if place + 1 < len(ordered) else None
        if isinstance(now, int) and start <= now and (end is None or now <= end):
            continue
        if end is None:
            yield Condition(fact, Operator.AT_LEAST, (start,)), start
        else:
            yield Condition(fact, Operator.BETWEEN, (start, end)), start


def _joined(conditions: list[Condition]) -> list[Condition]:
    """Parts with one outcome said together: codes in one list, spans that touch as one."""
    codes: dict[Operator, list[str | int | bool]] = {}
    rest: list[Condition] = []
    for one in conditions:
        if one.operator is Operator.IN:
            codes.setdefault(one.operator, []).extend(one.values)
        elif one.operator in {Operator.BETWEEN, Operator.AT_LEAST} and rest and _touches(rest[-1], one):
            low = rest[-1].values[0]
            rest[-1] = (
                Condition(one.fact, Operator.AT_LEAST, (low,))
                if one.operator is Operator.AT_LEAST
                else Condition(one.fact, Operator.BETWEEN, (low, one.values[1]))
            )
        else:
            rest.append(one)
    return [*(Condition(conditions[0].fact, operator, tuple(values)) for operator, values in codes.items()), *rest]


def _touches(one: Condition, other: Condition) -> bool:
    return (
        one.operator is Operator.BETWEEN
        and isinstance(one.values[1], int)
        and isinstance(other.values[0], int)
        and one.values[1] + 1 == other.values[0]
    )
