"""What policies are made of: the acts that are asked about, rules, questions and answers. Frozen values; no engine, no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal, RefusalKind

Group = Literal["who", "what", "where", "when"]
# choice: one of a list; set: several of a list at once; date: a day as YYYY-MM-DD; text: a code that no list holds.
FactKind = Literal["choice", "number", "flag", "text", "set", "date"]
TermKind = Literal["number", "money", "flag", "minutes", "choice"]
Effect = Literal["permit", "refuse"]
ScopeKind = Literal["network", "region", "house"]
# What a fact may be; None is unknown or none, a tuple is for kind "set".
Value = str | int | bool | tuple[str, ...] | None
# What a term may be; None is "no limit", for terms that are limits.
TermValue = int | bool | str | Money | None
Choices = Iterable[tuple[str, Label]]

EFFECT = "effect"  # the aspect that says whether; every other aspect is a term
GROUPS: Mapping[str, Label] = {
    "who": Label("Who", "چه کسی", "Ai"),
    "what": Label("What", "چه چیزی", "Cái gì"),
    "where": Label("Where", "کجا", "Ở đâu"),
    "when": Label("When", "چه زمانی", "Khi nào"),
}


class Operator(StrEnum):
    """How a condition compares. Bounds are included; `is` is for flags."""

    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    IS = "is"


OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    "choice": (Operator.IN, Operator.NOT_IN),
    "set": (Operator.IN, Operator.NOT_IN),
    "text": (Operator.IN, Operator.NOT_IN),
    "number": (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN),
    "date": (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN),
    "flag": (Operator.IS,),
}


@dataclass(frozen=True, slots=True)
class FactType:
    """Something a rule may look at, e.g. `member.category`. Never a person, a record or a copy: decisions keep facts.

    `choices` gives codes and labels of a choice or set; `minimum` is the least a number can be; `unit` is said after it.
    """

    name: str
    label: Label
    group: Group
    kind: FactKind
    choices: Callable[[], Choices] | None = None
    unit: Label | None = None
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class TermType:
    """Something a rule may set, e.g. `loan_days`. `unit` is said after a number; money counts minor units."""

    name: str
    label: Label
    kind: TermKind
    unit: Label | None = None
    choices: Callable[[], Choices] | None = None


@dataclass(frozen=True, slots=True)
class LimitType:
    """The act is refused when the fact `counted` plus `adding` would pass the term.

    `adding` is what the act itself adds: 1 for one more loan, 0 for a debt that must not be above the term. An unknown count is not judged.
    `reached` is what a refusal says, with `{used}` and `{limit}`; without it the label is said with both. A remedy may hold `{more}`: by how
    much the count must go down.
    """

    term: str
    counted: str
    label: Label
    adding: int = 1
    remedy: Label | None = None
    right: str | None = None
    reached: Label | None = None


@dataclass(frozen=True, slots=True)
class ActType:
    """A kind of act that is asked about, registered by the domain that does it. What holds when no rule says otherwise is in `defaults`.

    `rights` are the named rights by which staff may pass over a refusal of this act.
    """

    code: str
    label: Label
    facts: tuple[FactType, ...]
    terms: tuple[TermType, ...]
    limits: tuple[LimitType, ...] = ()
    defaults: Mapping[str, TermValue] = field(default_factory=dict)
    permitted: bool = True
    rights: Mapping[str, Label] = field(default_factory=dict)

    def fact(self, name: str) -> FactType | None:
        """A fact by its name."""
        return next((one for one in self.facts if one.name == name), None)

    def term(self, name: str) -> TermType | None:
        """A term by its name."""
        return next((one for one in self.terms if one.name == name), None)


class LimitDefinition(NamedTuple):
    """The part of a limit that decides."""

    term: str
    counted: str
    adding: int


@dataclass(frozen=True, slots=True)
class Definition:
    """The part of an act that decides, kept with every generation: groups and kinds of facts, kinds of terms, limits, defaults."""

    groups: Mapping[str, Group]
    kinds: Mapping[str, FactKind]
    terms: Mapping[str, TermKind]
    limits: tuple[LimitDefinition, ...]
    defaults: Mapping[str, TermValue]
    permitted: bool
    minimums: Mapping[str, int] = field(default_factory=dict)


class Condition(NamedTuple):
    """One thing that must be so, e.g. `member.age at_most (14,)`. An unknown fact fulfils only `not_in`."""

    fact: str
    operator: Operator
    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """When all conditions are fulfilled, the effect and the terms that it sets. `id` is stable within its set, 0 for one not saved.

    A refusal has a reason in three languages and a stable code; perhaps what would help (`remedy`) and the right that passes over it.
    """

    id: int
    conditions: tuple[Condition, ...]
    effect: Effect | None = None
    terms: Mapping[str, TermValue] = field(default_factory=dict)
    reason: Label | None = None
    code: str = ""
    remedy: Label | None = None
    right: str | None = None
    note: str = ""

    def aspects(self) -> tuple[str, ...]:
        """What the rule decides."""
        return (EFFECT, *self.terms) if self.effect is not None else tuple(self.terms)

    def value(self, aspect: str) -> TermValue:
        """What it says about an aspect that it decides."""
        return self.effect if aspect == EFFECT else self.terms[aspect]


class Scope(NamedTuple):
    """Where a rule set holds: the network, a region with all in it, a house with all in it."""

    kind: ScopeKind
    id: int | None = None


class RuleRef(NamedTuple):
    """A rule in one version of one set: enough to find it for ever."""

    set_id: int
    version: int
    rule_id: int
    scope: Scope


class ScopedRules(NamedTuple):
    """The rules of one version of one set."""

    set_id: int
    version: int
    scope: Scope
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """May this act happen at this house? `facts` by name; one that is left out is unknown. `at` is the instant of the act."""

    act: str
    house_id: int
    facts: Mapping[str, Value]
    at: datetime


class Reason(NamedTuple):
    """Why not. `rule` is None where a default or its limit decided; `right` passes over it, None is never."""

    code: str
    label: Label
    rule: RuleRef | None
    remedy: Label | None = None
    right: str | None = None


class LostRule(NamedTuple):
    """A rule that applied and did not decide an aspect. `why`: "nearer" (a nearer place decided), "narrower" (a more specific rule
    of the same place), "equal" (another that says the same)."""

    rule: RuleRef
    aspect: str
    why: Literal["nearer", "narrower", "equal"]


class LimitLeft(NamedTuple):
    """How much of a limit is used; `left` is how many more acts of this kind fit, None without a limit."""

    term: str
    limit: int | None
    used: int
    left: int | None


class PolicyRefused(Refusal):
    """The rules do not permit it. Facts: reasons, each with code, label, remedy, right and rule.

    Beside the answer and not among the other refusals, because the answer raises it.
    """

    code = "policies.refused"
    kind = RefusalKind.NOT_ALLOWED


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether, on which terms, and who says so. `decided_by` has no entry for an aspect that a default decided.

    `refusals` holds everything that stands in the way, the deciding reason first: each must be gone or passed over.
    """

    permitted: bool
    refusals: tuple[Reason, ...]
    terms: Mapping[str, TermValue]
    decided_by: Mapping[str, RuleRef]
    lost: tuple[LostRule, ...]
    limits: tuple[LimitLeft, ...]
    generation: int = 0
    decision_id: int | None = None

    def or_refuse(self, rights: Iterable[str] = ()) -> Answer:
        """This answer, if it permits or the rights pass over every reason. Raises PolicyRefused."""
        held = frozenset(rights)
        against = [one for one in self.refusals if one.right is None or one.right not in held]
        if against or not (self.permitted or self.refusals):
            raise PolicyRefused(
                reasons=[
                    {
                        "code": one.code,
                        "label": one.label.to_dict(),
                        "remedy": one.remedy.to_dict() if one.remedy else None,
                        "right": one.right,
                        "rule": list(one.rule[:3]) if one.rule else None,
                    }
                    for one in against
                ]
            )
        return self


class Conflict(NamedTuple):
    """Two rules of one set that are equally specific, differ about an aspect, and meet in the example with no narrower rule deciding."""

    left: Rule
    right: Rule
    aspect: str
    example: Mapping[str, Value]


class Coverage(NamedTuple):
    """What a set leaves to others. `idle` are aspects of rules (rule id, aspect) that narrower rules of the set always decide; `open`
    has, for each aspect that the set speaks of, an example that none of its rules decides."""

    idle: tuple[tuple[int, str], ...]
    open: Mapping[str, Mapping[str, Value]]


class Change(NamedTuple):
    """What would change an answer: were these conditions fulfilled instead, `permitted` and these terms would be so."""

    conditions: tuple[Condition, ...]
    permitted: bool
    terms: Mapping[str, TermValue]


class Verdict(NamedTuple):
    """What became of one rule in scope: aspects it decided, those it lost with the rule that decided, conditions that were not met."""

    ref: RuleRef
    rule: Rule
    won: tuple[str, ...]
    lost: tuple[tuple[str, RuleRef, str], ...]
    unmet: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with every rule that was in scope and what would change it. For a past decision `recorded` is what was answered then."""

    question: Question
    answer: Answer
    verdicts: tuple[Verdict, ...]
    changes: tuple[Change, ...]
    house: Ref | None = None
    places: Mapping[Scope, Ref | None] = field(default_factory=dict)
    recorded: Mapping[str, Any] | None = None

    @property
    def same(self) -> bool:
        """Whether the rules of that generation still give what was answered then."""
        return self.recorded is None or (
            self.recorded["permitted"] == self.answer.permitted and self.recorded["terms"] == dict(self.answer.terms)
        )


@dataclass(frozen=True, slots=True)
class SetRow:
    """A rule set as lists show it. `place` is None for the network; `rules` counts those in force."""

    id: int
    act: str
    scope: Scope
    place: Ref | None
    version: int | None
    rules: int
    published_at: datetime | None
    has_draft: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a set: published ones have a number and a generation, a draft has neither. `revision` counts its savings."""

    id: int
    set_id: int
    number: int | None
    generation: int | None
    rules: tuple[Rule, ...]
    revision: int
    based_on: int | None
    note: str
    shipped: bool
    by: str
    at: datetime


class RuleChange(NamedTuple):
    """A rule that differs between two versions; `before` None is a rule added, `after` None one removed."""

    before: Rule | None
    after: Rule | None


@dataclass(frozen=True, slots=True)
class TrialCase:
    """Past decisions that had the same facts at one house: how often, and what is answered by rules in force and by the draft."""

    house: Ref | None
    facts: Mapping[str, Value]
    times: int
    latest_id: int
    latest_at: datetime
    before: Answer
    after: Answer

    @property
    def changed(self) -> tuple[str, ...]:
        """The aspects that would change."""
        found = [EFFECT] if self.before.permitted != self.after.permitted else []
        names = dict.fromkeys((*self.before.terms, *self.after.terms))
        return (*found, *(name for name in names if self.before.terms.get(name) != self.after.terms.get(name)))


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft tried on past decisions. `cases` are those that would change, the most frequent first; `complete` is false when there
    were more decisions than looked at."""

    decisions: int
    changed: int
    refused_before: int
    refused_after: int
    cases: tuple[TrialCase, ...]
    complete: bool
