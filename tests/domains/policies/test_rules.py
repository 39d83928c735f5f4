"""The engine against the plain reading of the rules: every question of a small world is asked of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.policies import registry
from khaneh.domains.policies.rules import explaining, stored, validation
from khaneh.domains.policies.rules.conditions import applies, fulfilled
from khaneh.domains.policies.rules.conflicts import conflicts, coverage
from khaneh.domains.policies.rules.differing import differences
from khaneh.domains.policies.rules.limits import told, words_of
from khaneh.domains.policies.rules.specificity import weight
from khaneh.domains.policies.rules.table import Table
from khaneh.domains.policies.types import (
    Condition,
    Operator,
    PolicyRefused,
    Rule,
    Scope,
    ScopedRules,
    Value,
)
from khaneh.kernel.money import Money
from tests.domains.policies.sample import BORROW, DEFINITION, REASON, questions, rules

HOUSE, REGION, NETWORK = Scope("house", 1), Scope("region", 1), Scope("network")
KNOWN = {
    "member.category": frozenset({"child", "adult", "company"}),
    "tool.kind": frozenset({"hand", "power", "laser"}),
}


def table(*sets: tuple[Rule, ...]) -> Table:
    scopes = (HOUSE, REGION, NETWORK)
    return Table([ScopedRules(n + 1, 1, scopes[n], own) for n, own in enumerate(sets)], DEFINITION, words_of(BORROW))


def top(own: tuple[Rule, ...], facts: Mapping[str, Value], aspect: str) -> list[Rule]:
    """The most specific rules of one set that apply and decide the aspect, read plainly."""
    found = [rule for rule in own if aspect in rule.aspects() and applies(rule, facts)]
    most = max((weight(rule, DEFINITION.groups) for rule in found), default=0)
    return [rule for rule in found if weight(rule, DEFINITION.groups) == most]


def rule(number: int = 1, **parts: Any) -> Rule:
    return Rule(id=number, conditions=tuple(parts.pop("when", ())), **parts)


@settings(max_examples=60)
@given(rules())
def test_rules_conflict_exactly_when_a_question_meets_both(own: tuple[Rule, ...]) -> None:
    said = {(one.left.id, one.right.id, one.aspect) for one in conflicts(own, DEFINITION)}
    met = set()
    for facts in questions():
        for aspect in ("effect", "days", "fine"):
            best = top(own, facts, aspect)
            met |= {
                (one.id, other.id, aspect)
                for one in best
                for other in best
                if one.id < other.id and one.value(aspect) != other.value(aspect)
            }
    assert said == met


@given(rules())
def test_the_example_of_a_conflict_meets_both_and_nothing_narrower(own: tuple[Rule, ...]) -> None:
    for one in conflicts(own, DEFINITION, {"member.category": ("child", "adult", "company")}):
        best = top(own, one.example, one.aspect)
        assert {one.left.id, one.right.id} <= {rule.id for rule in best}


@settings(max_examples=50)
@given(rules(5), rules(4), rules(3), st.randoms(use_true_random=False))
def test_one_winner_and_the_nearest_place_first(
    house: tuple[Rule, ...], region: tuple[Rule, ...], network: tuple[Rule, ...], random: Any
) -> None:
    """Whatever the table answers is what somebody finds who reads the sets from the nearest on, one aspect after the other."""
    sets = [own if not conflicts(own, DEFINITION) else () for own in (house, region, network)]
    made = table(*sets)
    for facts in random.sample(questions(), 30):
        answer = made.answer(facts)
        for aspect in ("effect", "days", "fine"):
            best = next((found for own in sets if (found := top(own, facts, aspect))), [])
            said = "permit" if answer.permitted else "refuse"
            got = said if aspect == "effect" else answer.terms.get(aspect)
            values = {one.value(aspect) for one in best}
            assert len(values) <= 1, "a set without conflicts has one winner"
            wanted = values.pop() if values else {"effect": "permit"}.get(aspect, DEFINITION.defaults.get(aspect))
            assert got == wanted
            assert (answer.decided_by.get(aspect) is None) == (not best)
        applying = sum(len(one.aspects()) for own in sets for one in own if applies(one, facts))
        assert len(answer.lost) == applying - len(answer.decided_by), "every rule that applied won or lost"


@settings(max_examples=40)
@given(rules())
def test_what_never_decides_and_what_is_left_open(own: tuple[Rule, ...]) -> None:
    said = coverage(own, DEFINITION)
    winners, undecided = set(), set()
    for facts in questions():
        for aspect in {aspect for rule in own for aspect in rule.aspects()}:
            best = top(own, facts, aspect)
            winners |= {(one.id, aspect) for one in best}
            if not best:
                undecided.add(aspect)
    everything = {(rule.id, aspect) for rule in own for aspect in rule.aspects()}
    assert set(said.idle) == everything - winners
    assert set(said.open) == undecided
    for aspect, facts in said.open.items():
        assert not top(own, facts, aspect)


@settings(max_examples=40)
@given(rules(), rules(3), st.randoms(use_true_random=False))
def test_what_would_change_the_answer_does(own: tuple[Rule, ...], above: tuple[Rule, ...], random: Any) -> None:
    made = table(own, above)
    for facts in random.sample(questions(), 8):
        answer = made.answer(facts)
        for change in explaining.changes(made, facts, answer):
            assert not any(fulfilled(one, facts.get(one.fact)) for one in change.conditions)
            if len(change.conditions) > 1 or change.conditions[0].operator is Operator.NOT_IN:
                continue
            (condition,) = change.conditions
            values = condition.values
            if condition.fact == "member.courses":
                values = (tuple({*(facts["member.courses"] or ()), *values}),)  # type: ignore[misc, assignment]
            for value in values:
                other = made.answer({**facts, condition.fact: value})
                assert other.permitted == change.permitted
                assert {**answer.terms, **change.terms} == {**answer.terms, **other.terms}


@given(rules())
def test_a_rule_is_stored_and_read_again(own: tuple[Rule, ...]) -> None:
    again = tuple(stored.rule_from_data(stored.rule_to_data(one)) for one in own)
    assert again == own


def test_the_definition_is_stored_and_read_again() -> None:
    assert stored.definition_from_data(stored.definition_to_data(DEFINITION)) == DEFINITION


def test_a_narrow_rule_that_covers_the_meeting_ends_a_conflict() -> None:
    child = rule(1, when=[Condition("member.category", Operator.IN, ("child",))], terms={"days": 3})
    young = rule(2, when=[Condition("member.age", Operator.AT_MOST, (14,))], terms={"days": 5})
    both = rule(3, when=[*child.conditions, *young.conditions], terms={"days": 4})
    (found,) = conflicts([child, young], DEFINITION)
    assert found.example == {"member.category": "child", "member.age": 0}
    assert conflicts([child, young, both], DEFINITION) == []


def test_all_refusals_up_to_one_that_permits_stand_in_the_way() -> None:
    loud = rule(
        1, when=[Condition("tool.loud", Operator.IS, (True,))], effect="refuse", reason=REASON, right="tools.any"
    )
    child = rule(
        2, when=[Condition("member.category", Operator.IN, ("child",))], effect="refuse", reason=REASON, code="child"
    )
    made = table((), (loud, child))
    answer = made.answer({"tool.loud": True, "member.category": "child"})
    assert [one.code for one in answer.refusals] == ["child", "policies.rule"]
    with pytest.raises(PolicyRefused) as refused:
        answer.or_refuse({"tools.any"})
    assert [one["code"] for one in refused.value.facts["reasons"]] == ["child"]
    nearer = table((rule(3, effect="permit"),), (loud, child))
    assert nearer.answer({"tool.loud": True}).permitted


def test_limits_count_what_the_act_adds() -> None:
    made = table((rule(1, terms={"most": 2, "debt": Money(100, "IRR")}),))
    assert made.answer({"member.loans": 1, "member.debt": 100}).permitted
    full = made.answer({"member.loans": 2, "member.debt": 101})
    assert [one.code for one in full.refusals] == ["limit.most", "limit.debt"]
    assert [(one.term, one.limit, one.used, one.left) for one in full.limits] == [
        ("most", 2, 2, 0),
        ("debt", 100, 101, 0),
    ]
    assert made.answer({}).permitted, "a count that is not known is not judged"
    free = table((rule(1, terms={"most": None}),)).answer({"member.loans": 99})
    assert free.permitted
    assert free.limits[0].left is None


def test_a_limit_that_is_reached_says_so_with_its_figures_and_what_helps() -> None:
    made = table((rule(1, terms={"most": 2, "debt": Money(1_000_000, "IRR")}),))
    tools, debt = made.answer({"member.loans": 4, "member.debt": 1_200_000}).refusals
    assert tools.label == (
        "Tools out: 4 of 2, no more",
        "ابزار در امانت: ۴ از ۲، بیش از این نمی‌شود",
        "Dụng cụ đang mượn: 4/2, không thể thêm",
    )
    assert tools.remedy == ("Bring 3 back", "۳ ابزار را بازگردانید", "Trả lại 3")
    assert debt.label.en == "Debt: 1,200,000 IRR, at most 1,000,000 IRR"
    assert debt.label.vi == "Nợ: 1.200.000 IRR, tối đa 1.000.000 IRR"
    (never,) = table((rule(1, terms={"most": 0}),)).answer({"member.loans": 0}).refusals
    assert (never.label.en, never.remedy) == ("Tools out: none permitted", None), "returning would not help"


def test_every_limit_of_the_program_says_whole_sentences() -> None:
    for act in registry.acts():
        words = words_of(act)
        for limit in act.limits:
            label, remedy = told(words[limit.term], used=7, limit=6, adding=limit.adding)
            for said in (*label, *(remedy or ())):
                assert said, (act.code, limit.term)
                assert not {"{", "}"} & set(said), (act.code, limit.term, said)


def test_a_refusal_for_two_reasons_names_the_two_that_help() -> None:
    loud = rule(1, when=[Condition("tool.loud", Operator.IS, (True,))], effect="refuse", reason=REASON)
    child = rule(2, when=[Condition("member.category", Operator.IN, ("child",))], effect="refuse", reason=REASON)
    made = table((loud, child))
    facts = {"tool.loud": True, "member.category": "child"}
    (change,) = [one for one in explaining.changes(made, facts, made.answer(facts)) if one.permitted]
    assert {one.fact for one in change.conditions} == {"tool.loud", "member.category"}


def test_a_limit_that_is_reached_says_how_far_to_go_back() -> None:
    made = table((rule(1, terms={"most": 2}),))
    facts = {"member.loans": 2}
    (change,) = explaining.changes(made, facts, made.answer(facts))
    assert change.permitted
    assert change.conditions == (Condition("member.loans", Operator.BETWEEN, (0, 1)),)


@pytest.mark.parametrize(
    ("wrong", "where", "why"),
    [
        (rule(when=[Condition("member.shoes", Operator.IN, ("42",))], terms={"days": 1}), "when.member.shoes", "unknown"),
        (rule(when=[Condition("member.category", Operator.IN, ("king",))], terms={"days": 1}), "when.member.category", "not_in_list"),
        (rule(when=[Condition("member.age", Operator.IN, (3,))], terms={"days": 1}), "when.member.age", "operator"),
        (rule(when=[Condition("member.age", Operator.BETWEEN, (9, 3))], terms={"days": 1}), "when.member.age", "out_of_order"),
        (rule(when=[Condition("member.age", Operator.AT_LEAST, (-1,))], terms={"days": 1}), "when.member.age", "out_of_range"),
        (rule(when=[Condition("member.age", Operator.AT_LEAST, (True,))], terms={"days": 1}), "when.member.age", "number"),
        (rule(when=[Condition("day", Operator.AT_LEAST, ("20260320",))], terms={"days": 1}), "when.day", "date"),
        (rule(when=[Condition("tool.loud", Operator.IS, (1,))], terms={"days": 1}), "when.tool.loud", "not_in_list"),
        (rule(when=[Condition("tool.loud", Operator.IS, (True,))] * 2, terms={"days": 1}), "when.tool.loud", "twice"),
        (rule(), "effect", "decides_nothing"),
        (rule(effect="refuse", reason=REASON._replace(vi=" ")), "reason.vi", "required"),
        (rule(effect="permit", code="Not A Code"), "code", "code"),
        (rule(effect="permit", right="tools.none"), "right", "not_in_list"),
        (rule(terms={"days": -1}), "terms.days", "out_of_range"),
        (rule(terms={"days": None}), "terms.days", "required"),
        (rule(terms={"fine": 5}), "terms.fine", "money"),
        (rule(terms={"fine": Money(5, "rial")}), "terms.fine", "currency"),
        (rule(terms={"renewable": 1}), "terms.renewable", "not_in_list"),
        (rule(terms={"speed": 1}), "terms.speed", "unknown"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_fit_its_act(wrong: Rule, where: str, why: str) -> None:
    assert validation.problems(wrong, BORROW, KNOWN) == {where: why}


def test_a_term_that_is_a_limit_may_be_without_end() -> None:
    assert validation.problems(rule(terms={"most": None}), BORROW, KNOWN) == {}


def test_what_differs_between_versions() -> None:
    one, two = rule(1, terms={"days": 1}), rule(2, terms={"days": 2})
    longer, three = dataclasses.replace(one, terms={"days": 9}), rule(3, terms={"days": 3})
    found = differences([one, two], [longer, three])
    assert [(pair.before, pair.after) for pair in found] == [(one, longer), (None, three), (two, None)]
