"""Whether a rule fits its act: known facts and terms, operators and values of the right kind, words for a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from khaneh.domains.policies.types import OPERATORS, ActType, Condition, FactType, Operator, Rule, TermType
from khaneh.kernel.money import Money, is_credit, is_currency

MOST_RULES = 500
MOST_VALUES = 200
LONGEST_TEXT = 1000
_GREATEST = 10**12
_CODE = re.compile(r"[a-z][a-z0-9_.]{0,59}")


def problems(rule: Rule, act: ActType, known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """What is wrong, by field (`when.FACT`, `terms.NAME`, `reason.fa`, `code`, …): a stable reason each.

    `known` has the codes of each fact and term that has a list.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    for condition in rule.conditions:
        fact = act.fact(condition.fact)
        problem = (
            "unknown" if fact is None else "twice" if condition.fact in seen else _condition(condition, fact, known)
        )
        seen.add(condition.fact)
        if problem:
            found[f"when.{condition.fact}"] = problem
    for name, value in rule.terms.items():
        term = act.term(name)
        limits = {one.term for one in act.limits}
        problem = "unknown" if term is None else _term(value, term, known, unlimited=name in limits)
        if problem:
            found[f"terms.{name}"] = problem
    if not rule.aspects():
        found["effect"] = "decides_nothing"
    elif rule.effect not in {None, "permit", "refuse"}:
        found["effect"] = "not_in_list"
    if rule.effect == "refuse":
        for language in ("fa", "vi", "en"):
            text = getattr(rule.reason, language, "") if rule.reason else ""
            if not text.strip():
                found[f"reason.{language}"] = "required"
    for name, label in (("reason", rule.reason), ("remedy", rule.remedy)):
        if label is not None and any(len(text) > LONGEST_TEXT for text in label):
            found[name] = "too_long"
    if rule.code and not _CODE.fullmatch(rule.code):
        found["code"] = "code"
    if rule.right is not None and rule.right not in act.rights:
        found["right"] = "not_in_list"
    if len(rule.note) > LONGEST_TEXT:
        found["note"] = "too_long"
    return found


def _condition(condition: Condition, fact: FactType, known: Mapping[str, frozenset[str]]) -> str:
    values = condition.values
    if condition.operator not in OPERATORS[fact.kind]:
        return "operator"
    wanted = {Operator.BETWEEN: 2, Operator.AT_LEAST: 1, Operator.AT_MOST: 1, Operator.IS: 1}.get(condition.operator)
    if not values or (wanted is not None and len(values) != wanted):
        return "required"
    if len(values) > MOST_VALUES:
        return "too_many"
    if fact.kind == "flag":
        return "" if isinstance(values[0], bool) else "not_in_list"
    if fact.kind == "number":
        if any(isinstance(value, bool) or not isinstance(value, int) for value in values):
            return "number"
        numbers: Any = values
        if any(not fact.minimum <= value <= _GREATEST for value in numbers):
            return "out_of_range"
        return "out_of_order" if numbers[0] > numbers[-1] else ""
    if any(not isinstance(value, str) or not value or len(value) > 200 for value in values):
        return "not_in_list"
    if fact.kind == "date":
        if not all(_is_day(str(value)) for value in values):
            return "date"
        return "out_of_order" if str(values[0]) > str(values[-1]) else ""
    if fact.name in known and not known[fact.name].issuperset(str(value) for value in values):
        return "not_in_list"
    return ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _term(value: Any, term: TermType, known: Mapping[str, frozenset[str]], *, unlimited: bool) -> str:
    if value is None:
        return "" if unlimited else "required"
    if term.kind == "flag":
        return "" if isinstance(value, bool) else "not_in_list"
    if term.kind == "choice":
        return "" if isinstance(value, str) and value in known.get(term.name, frozenset({value})) else "not_in_list"
    if term.kind == "money":
        if not isinstance(value, Money):
            return "money"
        if not (is_currency(value.currency) or is_credit(value.currency)):
            return "currency"
        value = value.amount
    if isinstance(value, bool) or not isinstance(value, int):
        return "number"
    return "" if 0 <= value <= _GREATEST else "out_of_range"
