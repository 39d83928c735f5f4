"""Rules, definitions and answers as JSON values and back. The form of a rule is also that of the data files that ship with a domain:

    {"id": 3, "when": {"member.age": {"at_most": 14}, "item.kind": {"in": ["picture_book"]}},
     "effect": "refuse", "code": "too_young", "reason": {"en": …, "fa": …, "vi": …}, "remedy": {…}, "right": "…",
     "terms": {"loan_days": 14, "fine": {"amount": 500, "currency": "IRR"}}, "note": "…"}

Whatever is empty may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from khaneh.domains.policies.types import (
    ActType,
    Answer,
    Condition,
    Definition,
    LimitDefinition,
    Operator,
    Rule,
    TermValue,
    Value,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_SEVERAL = frozenset({Operator.IN, Operator.NOT_IN, Operator.BETWEEN})


def rule_to_data(rule: Rule) -> dict[str, Any]:
    """A rule as JSON."""
    data: dict[str, Any] = {
        "id": rule.id,
        "when": {
            one.fact: {one.operator.value: list(one.values) if one.operator in _SEVERAL else one.values[0]}
            for one in rule.conditions
        },
        "terms": {name: term_to_data(value) for name, value in rule.terms.items()},
    }
    optional = {
        "effect": rule.effect,
        "code": rule.code,
        "reason": rule.reason.to_dict() if rule.reason else None,
        "remedy": rule.remedy.to_dict() if rule.remedy else None,
        "right": rule.right,
        "note": rule.note,
    }
    return data | {name: value for name, value in optional.items() if value}


def rule_from_data(data: Mapping[str, Any]) -> Rule:
    """A rule from JSON, its conditions by the name of their fact. Raises KeyError, ValueError or TypeError for what is none."""
    conditions = []
    for fact, test in sorted(data.get("when", {}).items()):
        ((operator, values),) = test.items()
        conditions.append(Condition(fact, Operator(operator), tuple(values) if isinstance(values, list) else (values,)))
    return Rule(
        id=int(data.get("id", 0)),
        conditions=tuple(conditions),
        effect=data.get("effect"),
        terms={name: term_from_data(value) for name, value in data.get("terms", {}).items()},
        reason=Label.from_dict(data["reason"]) if data.get("reason") else None,
        code=str(data.get("code", "")),
        remedy=Label.from_dict(data["remedy"]) if data.get("remedy") else None,
        right=data.get("right") or None,
        note=str(data.get("note", "")),
    )


def term_to_data(value: TermValue) -> Any:
    """A term's value as JSON."""
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value


def term_from_data(value: Any) -> TermValue:
    """A term's value from JSON."""
    if isinstance(value, Mapping):
        return Money(int(value["amount"]), str(value["currency"]))
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"no term's value: {value!r}")


def facts_from_data(facts: Mapping[str, Any]) -> dict[str, Value]:
    """Facts from JSON, where sets are lists."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}


def definition_of(act: ActType) -> Definition:
    """The part of an act that decides."""
    return Definition(
        groups={fact.name: fact.group for fact in act.facts},
        kinds={fact.name: fact.kind for fact in act.facts},
        terms={term.name: term.kind for term in act.terms},
        limits=tuple(LimitDefinition(one.term, one.counted, one.adding) for one in act.limits),
        defaults=dict(act.defaults),
        permitted=act.permitted,
        minimums={fact.name: fact.minimum for fact in act.facts if fact.kind == "number"},
    )


def definition_to_data(definition: Definition) -> dict[str, Any]:
    """A definition as JSON; equal definitions give equal data."""
    return {
        "facts": {
            name: [definition.groups[name], kind, *([definition.minimums[name]] if kind == "number" else ())]
            for name, kind in definition.kinds.items()
        },
        "terms": dict(definition.terms),
        "limits": [list(one) for one in definition.limits],
        "defaults": {name: term_to_data(value) for name, value in definition.defaults.items()},
        "permitted": definition.permitted,
    }


def definition_from_data(data: Mapping[str, Any]) -> Definition:
    """A definition from JSON."""
    facts: Mapping[str, Sequence[Any]] = data["facts"]
    return Definition(
        groups={name: parts[0] for name, parts in facts.items()},
        kinds={name: parts[1] for name, parts in facts.items()},
        terms=data["terms"],
        limits=tuple(LimitDefinition(*one) for one in data["limits"]),
        defaults={name: term_from_data(value) for name, value in data["defaults"].items()},
        permitted=data["permitted"],
        minimums={name: parts[2] for name, parts in facts.items() if len(parts) > 2},
    )


def answer_to_data(answer: Answer) -> dict[str, Any]:
    """What a decision keeps of its answer: whether, the terms, the reasons' codes, and the deciding rule of each aspect."""
    return {
        "permitted": answer.permitted,
        "terms": {name: term_to_data(value) for name, value in answer.terms.items()},
        "reasons": [one.code for one in answer.refusals],
        "by": {aspect: ref[:3] for aspect, ref in answer.decided_by.items()},
    }


def answer_from_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same from JSON, its terms as values."""
    return {**data, "terms": {name: term_from_data(value) for name, value in data["terms"].items()}}
