"""One condition and one fact: whether it is fulfilled. What the compiled table gives for many rules at once, said plainly for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from khaneh.domains.policies.types import Condition, Operator, Rule, Value


def fulfilled(condition: Condition, value: Value) -> bool:
    """Whether the fact's value fulfils the condition. An unknown value fulfils only `not_in`; a set is "in" when it has any of them."""
    operator, wanted = condition.operator, condition.values
    if operator is Operator.NOT_IN:
        return not any(one in wanted for one in value) if isinstance(value, tuple) else value not in wanted
    if value is None:
        return False
    if operator is Operator.IN:
        return any(one in wanted for one in value) if isinstance(value, tuple) else value in wanted
    if operator is Operator.IS:
        return value is wanted[0]
    number: Any = value
    bounds: Any = wanted
    if operator is Operator.AT_LEAST:
        return bool(number >= bounds[0])
    if operator is Operator.AT_MOST:
        return bool(number <= bounds[0])
    return bool(bounds[0] <= number <= bounds[1])


def applies(rule: Rule, facts: Mapping[str, Value]) -> bool:
    """Whether all of its conditions are fulfilled."""
    return all(fulfilled(one, facts.get(one.fact)) for one in rule.conditions)


def unmet(rule: Rule, facts: Mapping[str, Value]) -> tuple[Condition, ...]:
    """The conditions that are not."""
    return tuple(one for one in rule.conditions if not fulfilled(one, facts.get(one.fact)))
