"""What a decision costs at 200 rules in scope: `python -m benchmarks.policies [--rules N]`. Goal: 100 µs beside its statements.

Three sets hold at a house: its own, its region's and the network's. The same seeded questions are answered by the compiled table, by
reading every rule plainly, and, where it is installed, by every rule compiled by the public `rule-engine`; all three must agree on every
term. Figures are processor time of this process (PostgreSQL's own is not in it), a decision each:

- decide_us: `services.decide(question, store=False)`, explanation of the rules that lost included; no statement but one each second
- decide_stored_us: the same with its one INSERT
- plain_us, rule_engine_us: the peers, without the terms' limits, the refusals and the rules that lost
- compile_ms: what the first question after a publication waits for at a house
- conflicts_ms: finding out that a set of that size has no contradiction
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from benchmarks import report
from benchmarks.installation import installation

if TYPE_CHECKING:
    from khaneh.domains.policies.types import ActType, Question, Rule, ScopedRules

SEED = 20261122
QUESTIONS = 2_000
CATEGORIES = tuple(f"category-{n}" for n in range(12))
KINDS = tuple(f"kind-{n}" for n in range(14))
ROOMS = tuple(f"room-{n}" for n in range(6))
Winner = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def act() -> ActType:
    """A kind of act with twelve facts and six terms, as lending has."""
    from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
    from khaneh.kernel.labels import Label

    word = Label("x", "x", "x")
    return ActType(
        code="benchmarks.lend",
        label=word,
        facts=(
            FactType("category", word, "who", "choice", lambda: [(c, word) for c in CATEGORIES]),
            FactType("kind", word, "what", "choice", lambda: [(c, word) for c in KINDS]),
            FactType("room", word, "where", "choice", lambda: [(c, word) for c in ROOMS]),
            *(FactType(name, word, "who", "number") for name in ("age", "out", "debt")),
            *(FactType(name, word, "who", "flag") for name in ("expired", "blocked", "home")),
            FactType("reference", word, "what", "flag"),
            FactType("courses", word, "who", "set"),
            FactType("lead", word, "when", "number"),
        ),
        terms=tuple(TermType(name, word, "number") for name in ("days", "renewals", "most", "fine", "grace", "hold_days")),
        limits=(LimitType("most", "out", word),),
        defaults={"days": 21, "renewals": 2, "most": 10, "fine": 0, "grace": 2, "hold_days": 7},
    )  # fmt: skip


def rules(count: int, draw: random.Random) -> list[list[Rule]]:
    """`count` rules at three places without a contradiction: grids of who and what, and of who and where, each with a few refusals."""
    from khaneh.domains.policies.types import Condition, Operator, Rule
    from khaneh.kernel.labels import Label

    word = Label("x", "x", "x")
    shares = (3 * count // 10, 3 * count // 10, count - 2 * (3 * count // 10))
    found = []
    for share in shares:
        cells = [("kind", *pair) for pair in product(CATEGORIES, KINDS)] + [
            ("room", *pair) for pair in product(CATEGORIES, ROOMS)
        ]
        own: list[Rule] = []
        for what, category, code in draw.sample(cells, min(share, len(cells)) - 3):
            conditions = [Condition("category", Operator.IN, (category,)), Condition(what, Operator.IN, (code,))]
            if draw.random() < 0.5:
                conditions.append(Condition("age", Operator.BETWEEN, (draw.randrange(0, 20), draw.randrange(20, 90))))
            names = ("days", "renewals", "fine") if what == "kind" else ("grace", "hold_days")
            own.append(Rule(len(own) + 1, tuple(conditions), terms={name: draw.randrange(1, 60) for name in names}))
        for fact in ("expired", "blocked", "reference"):
            conditions = [Condition(fact, Operator.IS, (True,))]
            own.append(Rule(len(own) + 1, tuple(conditions), effect="refuse", reason=word, code=fact))
        found.append(own)
    return found


def questions(house_id: int, draw: random.Random) -> list[Question]:
    """What desks ask: every fact known."""
    from khaneh.domains.policies.types import Question

    return [
        Question(
            "benchmarks.lend",
            house_id,
            {
                "category": draw.choice(CATEGORIES),
                "kind": draw.choice(KINDS),
                "room": draw.choice(ROOMS),
                "age": draw.randrange(4, 90),
                "out": draw.randrange(0, 12),
                "debt": draw.randrange(0, 5000),
                "expired": draw.random() < 0.05,
                "blocked": draw.random() < 0.05,
                "home": draw.random() < 0.8,
                "reference": draw.random() < 0.05,
                "courses": (),
                "lead": draw.randrange(0, 30),
            },
            datetime(2026, 11, 22, 6, tzinfo=UTC),
        )
        for _ in range(QUESTIONS)
    ]


def plainly(sets: Sequence[ScopedRules], kind: ActType) -> Winner:
    """Every rule read condition by condition, the first of each aspect in the order of specificity."""
    from khaneh.domains.policies.rules.conditions import applies

    ordered = _ordered(sets, kind)

    def decide(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        return _first(rule for rule in ordered if applies(rule, facts))

    return decide


def by_rule_engine(sets: Sequence[ScopedRules], kind: ActType) -> Winner | None:
    """The same with each rule's conditions compiled by `rule-engine`; None where that is not installed."""
    try:
        from rule_engine import Rule as Expression
    except ImportError:
        return None
    pairs = [(rule, Expression(_expression(rule))) for rule in _ordered(sets, kind)]

    def decide(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        return _first(rule for rule, expression in pairs if expression.matches(facts))

    return decide


def _expression(rule: Rule) -> str:
    parts = []
    for fact, operator, values in rule.conditions:
        if operator.value == "in":
            parts.append(f"{fact} in [{', '.join(repr(value) for value in values)}]")
        elif operator.value == "is":
            parts.append(f"{fact} == {str(values[0]).lower()}")
        else:
            parts.append(f"{fact} >= {values[0]} and {fact} <= {values[1]}")
    return " and ".join(parts)


def _ordered(sets: Sequence[ScopedRules], kind: ActType) -> list[Rule]:
    from khaneh.domains.policies.rules.specificity import weight

    groups = {fact.name: fact.group for fact in kind.facts}
    return [rule for one in sets for rule in sorted(one.rules, key=lambda rule: (-weight(rule, groups), rule.id))]


def _first(applying: Any) -> Mapping[str, Any]:
    said: dict[str, Any] = {}
    for rule in applying:
        for aspect in rule.aspects():
            said.setdefault(aspect, rule.value(aspect))
    return said


def microseconds(act_once: Callable[[Any], object], things: Sequence[Any], rounds: int = 3) -> float:
    """Processor time of one, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for thing in things:
            act_once(thing)
        best = min(best, time.process_time() - began)
    return round(best / len(things) * 1e6, 1)


def measure(count: int) -> None:
    """Seed, compare, measure, write."""
    from django.db import transaction

    from khaneh.domains.network import queries as network
    from khaneh.domains.network import services as network_services
    from khaneh.domains.network.types import HouseDraft, HouseState, RegionDraft, RegionLevel
    from khaneh.domains.policies import services
    from khaneh.domains.policies.models import RuleSet, Version
    from khaneh.domains.policies.queries import current
    from khaneh.domains.policies.rules import stored
    from khaneh.domains.policies.rules.conflicts import conflicts
    from khaneh.domains.policies.services.keeping import next_generation
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.labels import Label

    draw = random.Random(SEED)
    kind = act()
    services.register(kind)
    services.ensure_act(act=kind.code)
    name = Label("Here", "اینجا", "Đây")
    now = datetime.now(UTC)
    network_services.create_region(
        actor=SYSTEM, draft=RegionDraft(code="r", level=RegionLevel.PROVINCE, names=name, country="VN")
    )
    network_services.create_house(
        actor=SYSTEM,
        draft=HouseDraft(
            code="h", kind="central_library", names=name, region_code="r", time_zone="Asia/Ho_Chi_Minh",
            calendar="gregorian", state=HouseState.OPEN,
        ),
        now=now,
    )  # fmt: skip
    house_id = network.house_ids_by_code(["h"])["h"]
    region_id = network.region("r").id
    made = rules(count, draw)
    places: list[dict[str, int]] = [{"house_id": house_id}, {"region_id": region_id}, {}]
    for own, place in zip(made, places, strict=True):
        with transaction.atomic():
            Version.objects.create(
                rule_set=RuleSet.objects.create(act=kind.code, **place),
                number=1,
                generation=next_generation(kind.code),
                rules=[stored.rule_to_data(rule) for rule in own],
            )
    began = time.process_time()
    assert not any(conflicts(own, stored.definition_of(kind)) for own in made)
    conflicts_ms = round((time.process_time() - began) * 1e3, 1)

    began = time.process_time()
    generation, _, territory = current.ready(kind.code, house_id)
    compile_ms = round((time.process_time() - began) * 1e3, 1)
    sets = current.loaded(kind.code, generation).scoped(territory)
    asked = questions(house_id, draw)
    plain, engine = plainly(sets, kind), by_rule_engine(sets, kind)
    for question in asked:
        said = plain(question.facts)
        answer = services.decide(question, store=False)
        assert {**kind.defaults, **{name: said[name] for name in said if name != "effect"}} == dict(answer.terms)
        assert engine is None or engine(question.facts) == said

    with transaction.atomic():  # as in an act, whose transaction it is part of
        stored_us = microseconds(services.decide, asked)
    figures = {
        "decide_us": microseconds(lambda question: services.decide(question, store=False), asked),
        "decide_stored_us": stored_us,
        "plain_us": microseconds(lambda question: plain(question.facts), asked, 1),
        "compile_ms": compile_ms,
        "conflicts_ms": conflicts_ms,
    }
    if engine is not None:
        figures["rule_engine_us"] = microseconds(lambda question: engine(question.facts), asked[:300], 1)
    sizes = {"rules": sum(map(len, made)), "questions": len(asked), "facts": len(kind.facts), "terms": len(kind.terms)}
    report.write_result("policies", figures, sizes)


def main() -> None:
    """`python -m benchmarks.policies`."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rules", type=int, default=200)
    wanted = parser.parse_args()
    with installation():
        measure(wanted.rules)


if __name__ == "__main__":
    main()
