"""The rules in force, and questions to them. Rules are no secret; nothing that is asked here is kept."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.network import queries as network
from khaneh.domains.policies import queries
from khaneh.domains.policies.types import ActType, Change, Condition, Question, Rule, RuleRef, SetRow, TermValue, Value
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Code, Listed, Names, Reference
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound

router = Router(tags=["policies"])

SetId = Annotated[int, Path(ge=1, le=2**62)]
Word = Annotated[StrictStr, Field(max_length=200)]  # compared, never stored
Number = Annotated[int, Field(ge=0, le=10**12)]
FactValue = StrictBool | Number | Word | Annotated[list[Word], Field(max_length=100)] | None


class Fact(Schema):
    """Something a rule may look at. `choices` are those of a choice or set."""

    name: str
    names: Names
    group: str
    kind: str
    choices: list[Listed]


class Term(Schema):
    """Something a rule may set."""

    name: str
    names: Names
    kind: str


class Act(Schema):
    """A kind of act that is asked about."""

    code: str
    names: Names
    facts: list[Fact]
    terms: list[Term]


class Acts(Schema):
    """All kinds of act."""

    acts: list[Act]


class Test(Schema):
    """A condition: in, not_in, at_least, at_most, between (bounds included) or is."""

    fact: str
    operator: str
    values: list[Any]


class RuleShape(Schema):
    """A rule: when all conditions are fulfilled, the effect and the terms that it sets."""

    id: int
    when: list[Test]
    effect: str | None
    terms: dict[str, Any]
    code: str
    reason: Names | None
    remedy: Names | None
    right: str | None


class Set(Schema):
    """The rules of an act at one place; without `place` they hold in the whole network."""

    id: int
    act: str
    level: str
    place: Reference | None
    version: int | None
    rules: list[RuleShape]


class SetLine(Schema):
    """A set as lists show it."""

    id: int
    act: str
    level: str
    place: Reference | None
    version: int | None
    rules: int


class Sets(Schema):
    """Rule sets, the widest places first."""

    sets: list[SetLine]


class WantedSets(Schema):
    """Which sets."""

    act: Code = ""
    house: Code = Field("", description="A house's code: the sets that hold there")


class Asked(Schema):
    """A question. `facts` by name; one that is left out is unknown."""

    act: Code
    house: Code
    facts: Annotated[dict[str, FactValue], Field(max_length=100)] = {}


class Deciding(Schema):
    """A rule by its set, the version of it and its number there."""

    set: int
    version: int
    rule: int


class Refusing(Schema):
    """Why not: a stable code, the words, what would help, and the right that passes over it."""

    code: str
    reason: Names
    remedy: Names | None
    right: str | None
    rule: Deciding | None


class Lost(Schema):
    """A rule that applied and did not decide: nearer, narrower or equal."""

    rule: Deciding
    aspect: str
    why: str


class Limit(Schema):
    """How much of a limit is used."""

    term: str
    limit: int | None
    used: int
    left: int | None


class Otherwise(Schema):
    """What would be so, were these conditions fulfilled."""

    when: list[Test]
    permitted: bool
    terms: dict[str, Any]


class Answered(Schema):
    """Whether, on which terms, who says so, and what would change it."""

    permitted: bool
    refusals: list[Refusing]
    terms: dict[str, Any]
    decided_by: dict[str, Deciding]
    lost: list[Lost]
    limits: list[Limit]
    changes: list[Otherwise]
    generation: int


@router.get("/policies/acts", response=Acts)
def policy_acts(request: HttpRequest) -> dict[str, Any]:
    """The kinds of act that are asked about, with their facts and terms."""
    return {"acts": [_act(one) for one in queries.acts()]}


@router.get("/policies", response=Sets)
def policies(request: HttpRequest, wanted: Query[WantedSets]) -> dict[str, Any]:
    """The rule sets in force; an unknown house has none."""
    house_id = network.house_ids_by_code([wanted.house]).get(wanted.house) if wanted.house else None
    if wanted.house and house_id is None:
        return {"sets": []}
    rows = queries.rule_sets(actor=VISITOR, act=wanted.act, house_id=house_id)
    return {"sets": [{**_set(row), "rules": row.rules} for row in rows]}


@router.post("/policies/ask", response={200: Answered, 404: Problem, 422: Problem})
def policy_ask(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Answer a question by the rules in force. Nothing is kept."""
    act = queries.act(asked.act)
    house_id = network.house_ids_by_code([asked.house]).get(asked.house)
    if house_id is None:
        raise NotFound(what="house")
    facts: dict[str, Value] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in asked.facts.items()
    }
    wrong = {f"facts.{name}": "kind" for name, value in facts.items() if not _fits(act, name, value)}
    if wrong:
        raise Invalid(fields=wrong)
    found = queries.ask(Question(act.code, house_id, facts, timezone.now()))
    answer = found.answer
    return {
        "permitted": answer.permitted,
        "refusals": [
            {
                "code": one.code,
                "reason": Names.of(one.label),
                "remedy": Names.of(one.remedy) if one.remedy else None,
                "right": one.right,
                "rule": _deciding(one.rule) if one.rule else None,
            }
            for one in answer.refusals
        ],
        "terms": _terms(answer.terms),
        "decided_by": {aspect: _deciding(ref) for aspect, ref in answer.decided_by.items()},
        "lost": [{"rule": _deciding(one.rule), "aspect": one.aspect, "why": one.why} for one in answer.lost],
        "limits": [one._asdict() for one in answer.limits],
        "changes": [_otherwise(one) for one in found.changes],
        "generation": answer.generation,
    }


@router.get("/policies/{set_id}", response={200: Set, 404: Problem})
def policy(request: HttpRequest, set_id: SetId) -> dict[str, Any]:
    """One set with its rules in force."""
    row = queries.rule_set(set_id, actor=VISITOR)
    version = queries.in_force(set_id)
    return {**_set(row), "rules": [_rule(one) for one in (version.rules if version else ())]}


def _fits(act: ActType, name: str, value: Value) -> bool:
    """Whether a value is of its fact's kind. A fact that the act does not have is the domain's to refuse."""
    fact = act.fact(name)
    if fact is None or value is None:
        return True
    if fact.kind == "set":
        return isinstance(value, tuple)
    if fact.kind == "flag":
        return isinstance(value, bool)
    if fact.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _act(one: ActType) -> dict[str, Any]:
    return {
        "code": one.code,
        "names": Names.of(one.label),
        "facts": [
            {
                "name": fact.name,
                "names": Names.of(fact.label),
                "group": fact.group,
                "kind": fact.kind,
                "choices": [{"code": code, "names": Names.of(label)} for code, label in (fact.choices() if fact.choices else ())],
            }
            for fact in one.facts
        ],
        "terms": [{"name": term.name, "names": Names.of(term.label), "kind": term.kind} for term in one.terms],
    }  # fmt: skip


def _set(row: SetRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "act": row.act,
        "level": row.scope.kind,
        "place": {"code": row.place.code, "names": Names.of(row.place.names)} if row.place else None,
        "version": row.version,
    }


def _rule(one: Rule) -> dict[str, Any]:
    return {
        "id": one.id,
        "when": [_test(condition) for condition in one.conditions],
        "effect": one.effect,
        "terms": _terms(one.terms),
        "code": one.code,
        "reason": Names.of(one.reason) if one.reason else None,
        "remedy": Names.of(one.remedy) if one.remedy else None,
        "right": one.right,
    }


def _test(one: Condition) -> dict[str, Any]:
    return {"fact": one.fact, "operator": one.operator.value, "values": list(one.values)}


def _deciding(ref: RuleRef) -> dict[str, int]:
    return {"set": ref.set_id, "version": ref.version, "rule": ref.rule_id}


def _otherwise(one: Change) -> dict[str, Any]:
    return {
        "when": [_test(condition) for condition in one.conditions],
        "permitted": one.permitted,
        "terms": _terms(one.terms),
    }


def _terms(terms: Any) -> dict[str, Any]:
    return {name: _term(value) for name, value in terms.items()}


def _term(value: TermValue) -> Any:
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
