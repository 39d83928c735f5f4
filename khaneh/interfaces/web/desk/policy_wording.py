"""Rules, answers and what would change them as sentences. Labels are the acts' own; what joins them is translated here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from khaneh.domains.network.types import Ref
from khaneh.domains.policies.types import (
    EFFECT,
    ActType,
    Choices,
    Condition,
    Conflict,
    FactType,
    Operator,
    Rule,
    RuleRef,
    Scope,
    TermType,
    TermValue,
    Value,
)
from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import show_date, show_number
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_PROBLEMS: Mapping[str, Callable[[], str]] = {
    "required": lambda: _("Please fill this in."),
    "not_in_list": lambda: _("This is not in the list."),
    "out_of_range": lambda: _("This number is too small or too great."),
    "out_of_order": lambda: _("The first must not be above the second."),
    "number": lambda: _("This is not a whole number."),
    "date": lambda: _("This is not a date."),
    "currency": lambda: _("A currency is three capital letters, such as VND or IRR."),
    "decides_nothing": lambda: _("Permit, refuse, or set a term: a rule must decide something."),
    "code": lambda: _("Small Latin letters, digits, points and underscores."),
    "too_long": lambda: _("This is too long."),
    "too_many": lambda: _("These are too many."),
    "unknown": lambda: _("This act does not know it any more. Take it out."),
    "operator": lambda: _("This cannot be compared in this way."),
}
_REFUSALS: Mapping[str, Callable[[], str]] = {
    "policies.rules_conflict": lambda: _("Two rules contradict each other. Nothing has been saved."),
    "policies.rules_too_entangled": lambda: _(
        "The rules overlap in so many ways that contradictions cannot be found. Please make them simpler."
    ),
    "policies.draft_changed": lambda: _(
        "Somebody has changed or published the draft in the meantime. Here it is as it stands."
    ),
    "policies.nothing_to_publish": lambda: _("The draft is the same as the rules in force."),
}


class Sentence(NamedTuple):
    """A rule in words: when it applies, what it decides, and the words of its refusal."""

    rule: Rule
    when: tuple[str, ...]
    then: tuple[str, ...]
    refuses: bool
    reason: str
    remedy: str
    right: str


def sentence(act: ActType, rule: Rule) -> Sentence:
    """A rule as it is read; conditions in the order of the act's facts."""
    language = reader.current().language
    order = {fact.name: place for place, fact in enumerate(act.facts)}
    when = [condition(act, one) for one in sorted(rule.conditions, key=lambda one: order.get(one.fact, 99))]
    then = [effect(rule.effect)] if rule.effect else []
    then += [
        term(act, term_type.name, rule.terms[term_type.name]) for term_type in act.terms if term_type.name in rule.terms
    ]
    right = act.rights.get(rule.right or "")
    return Sentence(
        rule=rule,
        when=tuple(when) or (_("Always"),),
        then=tuple(then),
        refuses=rule.effect == "refuse",
        reason=rule.reason.pick(language) if rule.reason else "",
        remedy=rule.remedy.pick(language) if rule.remedy else "",
        right=right.pick(language) if right else "",
    )


def effect(value: object) -> str:
    """Permit or refuse."""
    return _("permitted") if value in {"permit", True} else _("refused")


def condition(act: ActType, one: Condition) -> str:
    """`Age: at most 14 years`, `Category: Child, Adult`."""
    fact = act.fact(one.fact)
    label = fact.label.pick(reader.current().language) if fact else one.fact
    values = [value(fact, single) for single in one.values]
    joint = _(", ")
    said = {
        Operator.IN: lambda: joint.join(values),
        Operator.NOT_IN: lambda: _("not %(values)s") % {"values": joint.join(values)},
        Operator.AT_LEAST: lambda: _("from %(value)s") % {"value": values[0]},
        Operator.AT_MOST: lambda: _("up to %(value)s") % {"value": values[0]},
        Operator.BETWEEN: lambda: values[0] if values[0] == values[-1] else _("%(low)s to %(high)s") % {"low": values[0], "high": values[-1]},
        Operator.IS: lambda: values[0],
    }[one.operator]()  # fmt: skip
    return _("%(fact)s: %(value)s") % {"fact": label, "value": said}


def value(fact: FactType | None, given: Value) -> str:
    """One value of a fact."""
    language = reader.current().language
    if given is None or given == ():
        return _("not known") if fact is None or fact.kind != "set" else _("none")
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    if isinstance(given, tuple):
        return _(", ").join(value(fact, one) for one in given)
    if isinstance(given, int):
        return _with_unit(show_number(given, language), fact.unit if fact else None)
    if fact is not None and fact.kind == "date":
        return show_date(date.fromisoformat(given), calendar=reader.current().calendar, language=language)
    return _listed(fact.choices if fact else None, given)


def facts(act: ActType, given: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Facts as (what, value), in the act's order; those that are not known are left out."""
    language = reader.current().language
    return [
        (fact.label.pick(language), value(fact, given[fact.name]))
        for fact in act.facts
        if given.get(fact.name) not in (None, ())
    ]


def term(act: ActType, name: str, given: TermValue) -> str:
    """`Length of loan: 14 days`."""
    return _("%(fact)s: %(value)s") % {"fact": aspect(act, name), "value": term_value(act, name, given)}


def term_value(act: ActType, name: str, given: TermValue) -> str:
    """One value of a term; without a value a limit has no end, and any other term is not set."""
    language = reader.current().language
    kind = act.term(name)
    if given is None:
        return _("no limit") if any(one.term == name for one in act.limits) else _("not set")
    if isinstance(given, Money):
        scale = Money.parse("1", given.currency).amount
        decimals = len(str(scale)) - 1
        amount = show_number(given.amount / scale if decimals else given.amount, language, decimals=decimals)
        return _("%(amount)s %(currency)s") % {"amount": amount, "currency": given.currency}
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    if isinstance(given, int):
        shown = show_number(given, language)
        if kind is not None and kind.kind == "minutes" and kind.unit is None:
            return _("%(count)s minutes") % {"count": shown}
        return _with_unit(shown, kind.unit if kind else None)
    return _listed(kind.choices if kind else None, given)


def aspect(act: ActType, name: str) -> str:
    """What is decided."""
    kind = act.term(name)
    return (
        _("Whether it is permitted") if name == EFFECT else kind.label.pick(reader.current().language) if kind else name
    )


def aspect_value(act: ActType, name: str, answer: Any) -> str:
    """What an answer says of an aspect."""
    return effect(answer.permitted) if name == EFFECT else term_value(act, name, answer.terms.get(name))


def place(scope: Scope, ref: Ref | None) -> str:
    """Where a set holds."""
    if scope.kind == "network":
        return _("the whole network")
    return ref.names.pick(reader.current().language) or ref.code if ref else f"{scope.kind} {scope.id}"


def level(scope: Scope) -> str:
    """What sort of place."""
    words = {"network": lambda: _("Network"), "region": lambda: _("Region"), "house": lambda: _("House")}
    return words[scope.kind]()


def rule_name(ref: RuleRef, places: Mapping[Scope, Ref | None]) -> str:
    """Which rule, for people: its number and where it holds."""
    number = show_number(ref.rule_id, reader.current().language)
    return _("rule %(number)s of %(place)s") % {"number": number, "place": place(ref.scope, places.get(ref.scope))}


def why_lost(why: str) -> str:
    """Why a rule that applied did not decide."""
    words: Mapping[str, Callable[[], str]] = {
        "nearer": lambda: _("a nearer place decides"),
        "narrower": lambda: _("a more specific rule decides"),
        "equal": lambda: _("another rule says the same"),
    }
    return words[why]()


class Clash(NamedTuple):
    """A conflict in words."""

    left: Sentence
    right: Sentence
    aspect: str
    example: list[tuple[str, str]]
    anything: bool


def clashes(act: ActType, found: Iterable[Conflict]) -> list[Clash]:
    """Conflicts, each with both rules and the example that meets both."""
    return [
        Clash(
            sentence(act, one.left),
            sentence(act, one.right),
            aspect(act, one.aspect),
            facts(act, one.example),
            not any(given not in (None, ()) for given in one.example.values()),
        )
        for one in found
    ]


def problem(code: str) -> str:
    """What is wrong with a field."""
    return _PROBLEMS[code]() if code in _PROBLEMS else code


def refusal(code: str) -> str:
    """What a service's refusal says, or '' for one that is not of policies."""
    return _REFUSALS[code]() if code in _REFUSALS else ""


def choices_of(kind: FactType | TermType) -> list[tuple[str, str]]:
    """A list's codes and words."""
    language = reader.current().language
    return [(code, label.pick(language)) for code, label in (kind.choices() if kind.choices else ())]


def _with_unit(shown: str, unit: Label | None) -> str:
    return f"{shown} {unit.pick(reader.current().language)}" if unit else shown


def _listed(choices: Callable[[], Choices] | None, code: str) -> str:
    if choices is not None:
        for known, label in choices():
            if known == code:
                return label.pick(reader.current().language)
    return code
