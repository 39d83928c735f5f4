"""Decisions explained: those of the past with the rules of their own generation, and any question that somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.territories import Territory
from khaneh.domains.policies import permissions
from khaneh.domains.policies.models import Decision
from khaneh.domains.policies.queries import current, sets
from khaneh.domains.policies.rules import explaining, stored
from khaneh.domains.policies.rules.table import Table
from khaneh.domains.policies.types import Answer, Explanation, Question
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def ask(question: Question) -> Explanation:
    """What is answered today, with every rule in scope and what would change it; nothing is kept. At most seven statements.

    Raises NotFound, and Invalid for facts that the act does not have.
    """
    generation, table, _ = current.ready(question.act, question.house_id)
    unknown = question.facts.keys() - table.facts
    if unknown:
        raise Invalid(fields=dict.fromkeys(sorted(unknown), "unknown"))
    return _explained(question, table, table.answer(question.facts, generation), None)


def explain(decision_id: int, *, actor: Actor) -> Explanation:
    """A past decision with the rules of its own generation, where the house lay then. At most nine statements.

    Raises NotFound for one that is not there any more or is none of the actor's business.
    """
    found = Decision.objects.filter(pk=decision_id).first()
    if found is None:
        raise NotFound(what="decision")
    permissions.require_read_decision(actor, found.house_id)
    question = Question(found.act, found.house_id, stored.facts_from_data(found.facts), found.at)
    table = table_of(found.act, found.generation, Territory(tuple(found.houses), tuple(found.regions)))
    answer = table.answer(question.facts, found.generation)
    return _explained(question, table, answer, stored.answer_from_data(found.answer))


def table_of(act: str, generation: int, territory: Territory) -> Table:
    """The rules of a generation at a place. Two statements, or none when they are ready."""
    return current.loaded(act, generation).table(territory)


def _explained(question: Question, table: Table, answer: Answer, recorded: Mapping[str, Any] | None) -> Explanation:
    return Explanation(
        question=question,
        answer=answer,
        verdicts=explaining.verdicts(table, question.facts, answer),
        changes=explaining.changes(table, question.facts, answer),
        house=network.house_refs([question.house_id]).get(question.house_id),
        places=sets.place_refs({one.ref.scope for one in table.rules}),
        recorded=recorded,
    )
