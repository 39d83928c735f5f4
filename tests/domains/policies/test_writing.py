"""Drafts, conflicts at save, publishing, who may, and what PostgreSQL keeps whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from khaneh.domains.network.types import Role
from khaneh.domains.policies import queries, services
from khaneh.domains.policies.errors import DraftChanged, NothingToPublish, RulesConflict
from khaneh.domains.policies.models import RuleSet, Version
from khaneh.domains.policies.types import Condition, Operator, Question, Rule, Scope
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.policies.conftest import NOW, World
from tests.domains.policies.sample import BORROW, REASON

ACT = BORROW.code
CHILD = Condition("member.category", Operator.IN, ("child",))
YOUNG = Condition("member.age", Operator.AT_MOST, (14,))
LASER = Condition("tool.kind", Operator.IN, ("laser",))


def rule(number: int = 0, *when: Condition, **parts: Any) -> Rule:
    return Rule(id=number, conditions=when, **parts)


def publish(scope: Scope, *rules: Rule, actor: Actor = SYSTEM, note: str = "") -> int:
    """A place's rules, these alone; gives the set's id."""
    draft_id = services.open_draft(actor=actor, act=ACT, scope=scope, now=NOW)
    version = Version.objects.get(pk=draft_id)
    revision = version.revision
    for old in version.rules:
        services.remove_rule(actor=actor, draft_id=draft_id, revision=revision, rule_id=old["id"], now=NOW)
        revision += 1
    for one in rules:
        services.save_rule(actor=actor, draft_id=draft_id, revision=revision, rule=one, now=NOW)
        revision += 1
    services.publish(actor=actor, draft_id=draft_id, revision=revision, note=note, now=NOW)
    return version.rule_set_id


def test_a_draft_begins_with_what_is_in_force_and_is_opened_once(world: World) -> None:
    scope, actor = world.house("LIB"), world.at_house(Role.HOUSE_MANAGER, "LIB")
    set_id = publish(scope, rule(0, CHILD, terms={"days": 3}), actor=actor, note="Children bring them back sooner")
    first = services.open_draft(actor=actor, act=ACT, scope=scope, now=NOW)
    assert services.open_draft(actor=actor, act=ACT, scope=scope, now=NOW) == first
    draft = queries.draft(set_id, actor=actor)
    in_force = queries.in_force(set_id)
    assert draft is not None
    assert in_force is not None
    assert draft.rules == in_force.rules
    assert (draft.number, draft.based_on, in_force.number, in_force.note) == (
        None,
        1,
        1,
        "Children bring them back sooner",
    )
    assert in_force.by == "Lan"
    with pytest.raises(NothingToPublish):
        services.publish(actor=actor, draft_id=first, revision=0, note="", now=NOW)
    services.discard_draft(actor=actor, draft_id=first, revision=0)
    assert queries.draft(set_id, actor=actor) is None


def test_a_contradiction_is_refused_with_an_example_and_saves_nothing(world: World) -> None:
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=world.house("LIB"), now=NOW)
    services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=rule(0, CHILD, terms={"days": 3}), now=NOW)
    with pytest.raises(RulesConflict) as refused:
        services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=1, rule=rule(0, YOUNG, terms={"days": 5}), now=NOW)
    (found,) = queries.conflicts_from(refused.value.facts)
    assert (found.left.id, found.right.id, found.aspect) == (1, 2, "days")
    assert found.example == {"member.category": "child", "member.age": 0}
    draft = Version.objects.get(pk=draft_id)
    assert (len(draft.rules), draft.revision) == (1, 1)
    # The narrower rule first, then the wider ones do not contradict each other any more; without it they would.
    both = services.save_rule(
        actor=SYSTEM, draft_id=draft_id, revision=1, rule=rule(0, CHILD, YOUNG, terms={"days": 4}), now=NOW
    )
    services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=2, rule=rule(0, YOUNG, terms={"days": 5}), now=NOW)
    with pytest.raises(RulesConflict):
        services.remove_rule(actor=SYSTEM, draft_id=draft_id, revision=3, rule_id=both, now=NOW)


def test_a_number_once_given_is_never_given_to_another_rule(world: World) -> None:
    set_id = publish(world.house("LIB"), rule(0, CHILD, terms={"days": 3}))
    publish(world.house("LIB"), rule(0, YOUNG, terms={"days": 4}))
    newest, oldest = queries.history(set_id)
    assert ([one.id for one in newest.rules], [one.id for one in oldest.rules]) == ([2], [1])
    assert [(c.before is None, c.after is None) for c in queries.compare(oldest, newest)] == [
        (True, False),
        (False, True),
    ]


def test_who_saw_another_revision_is_told_so(world: World) -> None:
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=Scope("network"), now=NOW)
    services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=rule(0, terms={"days": 9}), now=NOW)
    for act in (
        lambda: services.save_rule(
            actor=SYSTEM, draft_id=draft_id, revision=0, rule=rule(1, terms={"days": 8}), now=NOW
        ),
        lambda: services.remove_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule_id=1, now=NOW),
        lambda: services.publish(actor=SYSTEM, draft_id=draft_id, revision=0, note="", now=NOW),
        lambda: services.discard_draft(actor=SYSTEM, draft_id=draft_id, revision=0),
    ):
        with pytest.raises(DraftChanged):
            act()
    assert Version.objects.get(pk=draft_id).rules == [{"id": 1, "when": {}, "terms": {"days": 9}}]


def test_a_rule_that_does_not_fit_is_refused(world: World) -> None:
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=Scope("network"), now=NOW)
    wrong = rule(0, Condition("member.category", Operator.IN, ("king",)), terms={"days": 1})
    with pytest.raises(Invalid) as refused:
        services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=wrong, now=NOW)
    assert refused.value.facts["fields"] == {"when.member.category": "not_in_list"}
    with pytest.raises(NotFound):
        services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=rule(7, terms={"days": 1}), now=NOW)


def test_a_set_that_never_was_in_force_goes_with_its_draft(world: World) -> None:
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=world.house("LIB"), now=NOW)
    services.discard_draft(actor=SYSTEM, draft_id=draft_id, revision=0)
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize(
    ("role", "at", "scope", "may"),
    [
        (Role.HOUSE_MANAGER, "LIB", "house:LIB", True),
        (Role.HOUSE_MANAGER, "LIB", "house:LIB-INN", True),
        (Role.HOUSE_MANAGER, "LIB-INN", "house:LIB", False),
        (Role.LIBRARIAN, "LIB", "house:LIB", False),
        (Role.HOUSE_MANAGER, "LIB", "region:vn-a-1", False),
        (Role.ADMINISTRATOR, "A-AUTH", "house:LIB", True),
        (Role.ADMINISTRATOR, "A-AUTH", "region:vn-a", True),
        (Role.ADMINISTRATOR, "A-AUTH", "region:vn-a-1", True),
        (Role.ADMINISTRATOR, "A-AUTH", "region:vn-b", False),
        (Role.ADMINISTRATOR, "A-AUTH", "house:FAR", False),
        (Role.ADMINISTRATOR, "A-AUTH", "network", False),
        (Role.ADMINISTRATOR, "VN-AUTH", "network", True),
        (Role.ADMINISTRATOR, "VN-AUTH", "region:vn-b", True),
    ],
)
def test_who_may_write_the_rules_of_a_place(world: World, role: Role, at: str, scope: str, may: bool) -> None:
    kind, _, code = scope.partition(":")
    where = Scope("network") if kind == "network" else world.house(code) if kind == "house" else world.region(code)
    actor = world.at_organisation(role, at) if at.endswith("AUTH") else world.at_house(role, at)
    if may:
        services.open_draft(actor=actor, act=ACT, scope=where, now=NOW)
        return
    with pytest.raises(NotAllowed):
        services.open_draft(actor=actor, act=ACT, scope=where, now=NOW)
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=where, now=NOW)
    entries = Entry.objects.count()
    for act in (
        lambda: services.save_rule(actor=actor, draft_id=draft_id, revision=0, rule=rule(terms={"days": 1}), now=NOW),
        lambda: services.publish(actor=actor, draft_id=draft_id, revision=0, note="", now=NOW),
        lambda: services.discard_draft(actor=actor, draft_id=draft_id, revision=0),
        lambda: queries.try_draft(actor=actor, draft_id=draft_id, since=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Entry.objects.count() == entries
    assert queries.draft(Version.objects.get(pk=draft_id).rule_set_id, actor=actor) is None


def test_rules_in_force_are_for_everybody_and_drafts_are_not(world: World) -> None:
    set_id = publish(world.region("vn-a"), rule(terms={"days": 5}))
    services.open_draft(actor=SYSTEM, act=ACT, scope=world.house("FAR"), now=NOW)
    assert [(row.id, row.may_edit, row.has_draft) for row in queries.rule_sets(actor=VISITOR)] == [
        (set_id, False, False)
    ]
    assert len(queries.rule_sets(actor=SYSTEM)) == 2
    assert [row.id for row in queries.rule_sets(actor=VISITOR, house_id=world.network.houses["LIB-INN"])] == [set_id]
    assert queries.rule_sets(actor=VISITOR, house_id=world.network.houses["FAR"]) == []


def test_what_ships_is_put_in_force_once_and_never_over_what_people_wrote(world: World) -> None:
    shipped = [{"when": {"member.category": {"in": ["child"]}}, "terms": {"days": 3}}]
    assert services.ensure_defaults(act=ACT, rules=shipped)
    assert not services.ensure_defaults(act=ACT, rules=shipped)
    longer = [{**shipped[0], "terms": {"days": 4}}]
    assert services.ensure_defaults(act=ACT, rules=longer), "what shipped before gives way"
    publish(Scope("network"), rule(terms={"days": 8}))
    assert not services.ensure_defaults(act=ACT, rules=shipped)
    set_id = queries.set_at(act=ACT, scope=Scope("network"))
    assert set_id is not None
    assert [(one.number, one.shipped) for one in queries.history(set_id)] == [(3, False), (2, True), (1, True)]
    with pytest.raises(RulesConflict):
        services.ensure_defaults(act=ACT, rules=[{"terms": {"days": 1}}, {"terms": {"days": 2}}])


def test_the_statements_of_a_list_do_not_grow(world: World, django_assert_max_num_queries: Any) -> None:
    actor = world.at_organisation(Role.ADMINISTRATOR, "A-AUTH")
    for code in ("LIB", "LIB-INN", "LIB-INN-LAB", "FAR", "INC"):
        publish(world.house(code), rule(terms={"days": 5}))
    for code in ("vn-a", "vn-a-1", "vn-b"):
        publish(world.region(code), rule(terms={"days": 6}))
    publish(Scope("network"), rule(terms={"days": 7}))
    with django_assert_max_num_queries(12):
        assert len(queries.rule_sets(actor=actor)) == 9


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policies_version SET note = 'x' WHERE number IS NOT NULL",
        "UPDATE policies_version SET number = NULL, generation = NULL WHERE number IS NOT NULL",
        "DELETE FROM policies_version WHERE number IS NOT NULL",
        (
            "INSERT INTO policies_version (rule_set_id, number, generation, rules, next_rule, revision, note, shipped)"
            " SELECT rule_set_id, number + 2, generation + 1, rules, 1, 0, '', false FROM policies_version"
        ),
        (
            "INSERT INTO policies_version (rule_set_id, number, generation, rules, next_rule, revision, note, shipped)"
            " SELECT rule_set_id, number + 1, generation - 1, rules, 1, 0, '', false FROM policies_version"
        ),
        "UPDATE policies_ruleset SET act = 'other'",
        "UPDATE policies_generation SET number = number - 1",
        "UPDATE policies_generation SET number = number",
        "DELETE FROM policies_generation",
        "UPDATE policies_actdefinition SET body = '{}'",
        "DELETE FROM policies_actdefinition",
        "UPDATE policies_decision SET answer = '{}'",
        "DELETE FROM policies_decision",
    ],
)
def test_postgresql_keeps_what_was_published_and_decided(world: World, statement: str) -> None:
    publish(Scope("network"), rule(terms={"days": 7, "fine": Money(100, "IRR")}))
    question = Question(ACT, world.network.houses["LIB"], {}, NOW + timedelta(days=400))
    services.decide(question)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_two_sets_of_one_act_at_one_place_are_not_possible(world: World) -> None:
    RuleSet.objects.create(act=ACT)
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSet.objects.create(act=ACT)


def test_a_refusal_needs_its_reason_in_three_languages(world: World) -> None:
    draft_id = services.open_draft(actor=SYSTEM, act=ACT, scope=Scope("network"), now=NOW)
    refusing = rule(0, LASER, effect="refuse", reason=REASON, code="laser_safety")
    with pytest.raises(Invalid):
        services.save_rule(
            actor=SYSTEM, draft_id=draft_id, revision=0, rule=replace(refusing, reason=REASON._replace(fa="")), now=NOW
        )
    services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=refusing, now=NOW)
