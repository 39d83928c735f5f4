"""Decisions: the nearest place decides, a process is at most a second behind, and the past is explained as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.types import Role
from khaneh.domains.policies import jobs, queries, registry, services
from khaneh.domains.policies.errors import NothingToPublish
from khaneh.domains.policies.models import Decision, Generation
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.rules.conflicts import conflicts
from khaneh.domains.policies.types import (
    ActType,
    Condition,
    Operator,
    PolicyRefused,
    Question,
    Rule,
    Scope,
    TermType,
    Value,
)
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.policies import sample
from tests.domains.policies.conftest import NOW, World
from tests.domains.policies.sample import BORROW, DEFINITION, REASON
from tests.domains.policies.test_writing import ACT, CHILD, LASER, publish, rule


def question(world: World, code: str = "LIB-INN", at: datetime = NOW, **facts: Value) -> Question:
    named = {name.replace("__", "."): value for name, value in facts.items()}
    return Question(ACT, world.network.houses[code], named, at)


def test_the_nearest_place_decides_each_aspect(world: World) -> None:
    far = publish(
        Scope("network"), rule(0, terms={"days": 7, "fine": Money(100, "IRR")}), rule(0, CHILD, terms={"days": 3})
    )
    near = publish(world.region("vn-a"), rule(0, terms={"days": 10}))
    answer = services.decide(question(world, member__category="child"))
    assert answer.permitted
    assert answer.terms == {"days": 10, "most": 3, "renewable": True, "fine": Money(100, "IRR")}
    assert {aspect: ref.set_id for aspect, ref in answer.decided_by.items()} == {"days": near, "fine": far}
    assert [(one.rule.set_id, one.rule.rule_id, one.why) for one in answer.lost] == [
        (far, 2, "nearer"),
        (far, 1, "nearer"),
    ]
    assert services.decide(question(world, "FAR", member__category="child")).terms["days"] == 3


def test_a_refusal_is_raised_with_its_reasons(world: World) -> None:
    publish(Scope("network"), rule(0, LASER, effect="refuse", reason=REASON, code="laser_safety", right="tools.any"))
    answer = services.decide(question(world, tool__kind="laser"))
    with pytest.raises(PolicyRefused) as refused:
        answer.or_refuse()
    assert refused.value.facts["reasons"][0]["code"] == "laser_safety"
    assert answer.or_refuse({"tools.any"}) is answer


def test_a_decision_holds_only_facts_that_the_act_has(world: World) -> None:
    with pytest.raises(ValueError, match=r"member\.name"):
        services.decide(question(world, member__name="Lan"))
    with pytest.raises(Invalid):
        queries.ask(question(world, member__name="Lan"))
    with pytest.raises(NotFound):
        services.decide(Question("tests.fly", world.network.houses["LIB"], {}, NOW))
    with pytest.raises(NotFound):
        services.decide(Question(ACT, 0, {}, NOW))
    assert not Decision.objects.exists()


def test_a_decision_costs_one_statement_and_an_answer_none(world: World, django_assert_num_queries: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    _settled()
    services.decide(question(world), store=False)
    with django_assert_num_queries(0):
        services.decide(question(world), store=False)
    with django_assert_num_queries(1):
        decided = services.decide(question(world))
    assert decided.decision_id is not None
    with django_assert_num_queries(1):
        services.keep(question(world), decided)


def test_what_another_process_publishes_is_seen_within_a_second(world: World, monkeypatch: Any) -> None:
    clock = [100.0]
    monkeypatch.setattr(current.time, "monotonic", lambda: clock[0])
    _settled()
    before = services.decide(question(world), store=False)
    publish(Scope("network"), rule(0, terms={"days": 30}))
    _settled(forget=False)
    assert services.decide(question(world), store=False).generation == before.generation
    clock[0] += current.SECONDS
    assert services.decide(question(world), store=False).terms["days"] == 30


def test_what_is_rolled_back_was_never_in_force(world: World) -> None:
    _settled()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(Scope("network"), rule(0, terms={"days": 30}))
        assert services.decide(question(world), store=False).terms["days"] == 30
        raise ZeroDivisionError
    assert services.decide(question(world), store=False).terms["days"] == 7
    publish(Scope("network"), rule(0, terms={"days": 20}))
    assert services.decide(question(world), store=False).terms["days"] == 20


def test_a_house_that_moves_is_under_other_rules(world: World) -> None:
    publish(world.region("vn-b"), rule(0, terms={"days": 21}))
    before = services.decide(question(world, "FAR"))
    assert before.terms["days"] == 21
    draft = network.house_draft("FAR")
    assert draft is not None
    network_services.change_house(actor=SYSTEM, code="FAR", draft=replace(draft, region_code="vn-a-1"), now=NOW)
    assert services.decide(question(world, "FAR")).terms["days"] == 7
    assert before.decision_id is not None
    explained = queries.explain(before.decision_id, actor=SYSTEM)
    assert explained.same, "where the house lay then"
    assert explained.answer.terms["days"] == 21


def test_an_act_that_is_defined_otherwise_begins_a_generation(world: World) -> None:
    before = services.decide(question(world))
    longer = replace(BORROW, defaults={**BORROW.defaults, "days": 9})
    registry.register(longer)
    assert services.ensure_act(act=ACT)
    assert not services.ensure_act(act=ACT)
    assert services.decide(question(world)).terms["days"] == 9
    assert before.decision_id is not None
    explained = queries.explain(before.decision_id, actor=SYSTEM)
    assert explained.same
    assert explained.answer.terms["days"] == 7


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_old_decision_is_explained_as_it_was(world: World, data: st.DataObject) -> None:
    """Rules are published over each other at three places; every decision taken in between replays to the same answer."""
    places = [Scope("network"), world.region("vn-a"), world.house("LIB")]
    kept: list[tuple[int, Any]] = []
    for _ in range(4):
        rules = data.draw(sample.rules(4).filter(lambda rules: rules and not conflicts(rules, DEFINITION)))
        scope = data.draw(st.sampled_from(places))
        fresh = [Rule(0, one.conditions, one.effect, one.terms, one.reason) for one in rules]
        try:
            with transaction.atomic():
                publish(scope, *fresh)
        except NothingToPublish:
            continue
        for facts in data.draw(st.lists(st.sampled_from(sample.questions()), min_size=2, max_size=2)):
            answer = services.decide(Question(ACT, world.network.houses["LIB-INN"], facts, NOW))
            kept.append((answer.decision_id or 0, answer))
    for decision_id, answer in kept:
        explained = queries.explain(decision_id, actor=SYSTEM)
        assert explained.same
        assert (explained.answer.terms, explained.answer.permitted) == (answer.terms, answer.permitted)
        assert explained.answer.decided_by == answer.decided_by
        assert explained.answer.generation == answer.generation
        assert len(explained.verdicts) >= len({*answer.decided_by.values()})


def test_an_explanation_says_what_became_of_each_rule(world: World) -> None:
    publish(Scope("network"), rule(0, terms={"days": 7}), rule(0, CHILD, effect="refuse", reason=REASON))
    near = publish(world.house("LIB"), rule(0, terms={"days": 9}), rule(0, LASER, terms={"days": 1}))
    explained = queries.ask(question(world, member__category="child"))
    told = {(one.ref.set_id == near, one.ref.rule_id): one for one in explained.verdicts}
    assert told[True, 1].won == ("days",)
    assert [(aspect, why) for aspect, _, why in told[False, 1].lost] == [("days", "nearer")]
    assert told[True, 2].unmet == (LASER,)
    assert told[False, 2].won == ("effect",)
    helping = [change for change in explained.changes if change.permitted]
    assert any(one.conditions == (Condition("member.category", Operator.NOT_IN, ("child",)),) for one in helping)
    assert Decision.objects.count() == 0


def test_who_may_see_a_decision(world: World) -> None:
    decided = services.decide(question(world, "LIB")).decision_id
    assert decided is not None
    queries.explain(decided, actor=world.at_house(Role.CIRCULATION, "LIB"))
    for actor in (world.at_house(Role.CIRCULATION, "FAR"), world.at_house(Role.CATALOGUER, "LIB")):
        with pytest.raises(NotFound):
            queries.explain(decided, actor=actor)


def test_a_draft_is_tried_on_the_past(world: World) -> None:
    publish(Scope("network"), rule(0, terms={"days": 7}))
    for _ in range(3):
        services.decide(question(world, member__category="child"))
    services.decide(question(world, member__category="adult"))
    services.decide(question(world, "FAR", member__category="child"))
    services.decide(question(world, at=NOW - timedelta(days=500), member__category="child"))
    actor = world.at_organisation(Role.ADMINISTRATOR, "A-AUTH")
    draft_id = services.open_draft(actor=actor, act=ACT, scope=world.region("vn-a"), now=NOW)
    refuse = rule(0, CHILD, effect="refuse", reason=REASON, terms={"days": 1})
    services.save_rule(actor=actor, draft_id=draft_id, revision=0, rule=refuse, now=NOW)
    trial = queries.try_draft(actor=actor, draft_id=draft_id, since=NOW - timedelta(days=365))
    assert (trial.decisions, trial.changed, trial.refused_before, trial.refused_after, trial.complete) == (
        4,
        3,
        0,
        3,
        True,
    )
    (case,) = trial.cases
    assert (case.times, case.changed, case.facts) == (3, ("effect", "days"), {"member.category": "child"})
    assert not queries.try_draft(actor=actor, draft_id=draft_id, since=NOW - timedelta(days=365), limit=2).complete


def test_old_decisions_are_pruned_and_young_ones_are_not(world: World) -> None:
    now = datetime.now(UTC)
    for days in (500, 401, 399, 0):
        services.decide(question(world, at=now - timedelta(days=days)))
    assert services.prune_decisions(days=400, now=now) == 2
    assert services.prune_decisions(days=400, now=now) == 0
    assert Decision.objects.count() == 2
    with pytest.raises(ValueError, match="30"):
        services.prune_decisions(days=29, now=now)


def test_an_act_that_contradicts_itself_is_not_registered() -> None:
    label = Label("x", "x", "x")
    twice = ActType("tests.twice", label, (), (TermType("a", label, "number"), TermType("a", label, "flag")))
    with pytest.raises(ValueError, match="twice"):
        registry.register(twice)


def _settled(*, forget: bool = True) -> None:
    """As after a commit, which the transaction around a test never comes to: what waits for it is done, or what another process did."""
    connection.run_on_commit = [entry for entry in connection.run_on_commit if entry[1] is not current.forget]
    if forget:
        current.forget()


def test_numbers_of_generations_only_grow(world: World) -> None:
    numbers = []
    for days in (1, 2, 3):
        publish(Scope("network"), rule(0, terms={"days": days}))
        numbers.append(Generation.objects.get(act=ACT).number)
    assert numbers == sorted(set(numbers))


def test_the_nightly_job_prunes_by_the_setting(world: World, settings: Any) -> None:
    now = datetime.now(UTC)
    for days in (200, 10):
        services.decide(question(world, at=now - timedelta(days=days)))
    settings.DECISIONS_DAYS = 100
    jobs.prune_decisions(timestamp=0)
    assert Decision.objects.count() == 1
