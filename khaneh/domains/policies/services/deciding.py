"""Deciding: a question answered by the rules in force, and the answer kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import orjson
from django.db import connection

from khaneh.domains.network.queries.territories import Territory
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.types import Answer, Question
from khaneh.infrastructure import db

# PostgreSQL refuses to delete a younger decision (migration 0001).
LEAST_DAYS = 30
_CHUNK = 5_000
_KEEP = """
INSERT INTO policies_decision (act, house_id, generation, at, houses, regions, facts, answer)
VALUES (%(act)s, %(house)s, %(generation)s, %(at)s::timestamptz, %(houses)s::bigint[], %(regions)s::bigint[], %(facts)s::jsonb,
        %(answer)s::jsonb) RETURNING id
"""
_PRUNE = """
DELETE FROM policies_decision WHERE id = ANY (ARRAY(SELECT id FROM policies_decision WHERE at < %s LIMIT %s))
"""


def decide(question: Question, *, store: bool = True) -> Answer:
    """Whether the act may happen, on which terms, and who says so; kept as a decision unless `store` is false.

    At most one statement for the generation, and one to keep it. Raises NotFound for an unknown act or house, ValueError for a fact that
    the act does not have: what is no fact may be a person, and decisions hold none.
    """
    generation, table, territory = current.ready(question.act, question.house_id)
    if not question.facts.keys() <= table.facts:
        raise ValueError(f"{question.act} has no such facts: {sorted(question.facts.keys() - table.facts)}")
    answer = table.answer(question.facts, generation)
    return replace(answer, decision_id=_keep(question, answer, territory)) if store else answer


def keep(question: Question, answer: Answer) -> int:
    """Keep an answer that `decide(store=False)` gave, once the act has happened. Gives the decision's id. At most two statements."""
    _, _, territory = current.ready(question.act, question.house_id)
    return _keep(question, answer, territory)


def decision(question: Question, answer: Answer) -> db.Write:
    """The same as a part of `db.write`, which returns the decision's id. At most one statement."""
    _, _, territory = current.ready(question.act, question.house_id)
    return _decision(question, answer, territory)


def prune_decisions(*, days: int, now: datetime) -> int:
    """Delete decisions older than so many days, in pieces of their own; gives their number. Raises ValueError below thirty days."""
    if days < LEAST_DAYS:
        raise ValueError(f"decisions are kept for {LEAST_DAYS} days at least")
    gone = 0
    while True:
        with db.transaction(), connection.cursor() as cursor:
            cursor.execute(_PRUNE, [now - timedelta(days=days), _CHUNK])
            count: int = cursor.rowcount
        gone += count
        if count < _CHUNK:
            return gone


def _keep(question: Question, answer: Answer, territory: Territory) -> int:
    (number,) = db.fetch_one(*_decision(question, answer, territory)) or ()
    return int(number)


def _decision(question: Question, answer: Answer, territory: Territory) -> db.Write:
    # Everything as text: adapting lists and instants one by one takes the driver longer than the whole decision.
    values = {
        "act": question.act,
        "house": question.house_id,
        "generation": answer.generation,
        "at": question.at.isoformat(),
        "houses": f"{{{','.join(map(str, territory.houses))}}}",
        "regions": f"{{{','.join(map(str, territory.regions))}}}",
        "facts": orjson.dumps(question.facts).decode(),
        "answer": orjson.dumps(stored.answer_to_data(answer)).decode(),
    }
    return db.Write(_KEEP, values)
