"""Looking again at what is there, when the rules have become better: matches that were missed, and works."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.catalogue.queries.decisions import kept_apart
from khaneh.domains.catalogue.queries.pages import standing
from khaneh.domains.catalogue.rules.intake.reading import unpacked
from khaneh.domains.catalogue.rules.matching import Comparable, score
from khaneh.domains.catalogue.rules.matching.keys import TOO_COMMON
from khaneh.domains.catalogue.services import merging, regrouping
from khaneh.domains.catalogue.services.importing import matching, rows, works
from khaneh.domains.catalogue.services.importing.matching import Decided
from khaneh.domains.catalogue.services.importing.state import MATCHING
from khaneh.domains.discovery import services as discovery
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor

_SOME = 500
_NEXT = (
    "SELECT id, record_id, comparable, keys, work_keys FROM catalogue_contribution WHERE id > %s ORDER BY id LIMIT %s"
)
_NEXT_WORKS = "SELECT id FROM catalogue_work WHERE id > %s ORDER BY id LIMIT %s"


def rematch(*, actor: Actor, now: datetime) -> int:
    """Compare every contribution with its candidates again; merge what is sure now, queue what is unsure. Says how many were merged.

    Pairs that a person judged stay as judged. Some hundred contributions are a transaction; it may be stopped anywhere.
    """
    merged = last = 0
    while True:
        with db.transaction(), connection.cursor() as cursor:
            db.lock(MATCHING)
            cursor.execute(_NEXT, [last, _SOME])
            found = cursor.fetchall()
            if not found:
                return merged
            last = found[-1][0]
            keys = {row[0]: unpacked(bytes(row[3])) for row in found}
            held = matching.holders({key for own in keys.values() for key in own})
            there = matching.candidates({n for numbers in held.values() if len(numbers) <= TOO_COMMON for n in numbers})
            decided = Decided()
            for number, record, text, _, _ in found:
                own = Comparable.from_json(orjson.loads(text))
                others = {n for key in keys[number] if len(held[key]) <= TOO_COMMON for n in held[key] if n < number}
                for other in sorted(others):
                    candidate = there[other]
                    if candidate.record_id == record:
                        continue
                    verdict = score(own, candidate.comparable())
                    if verdict.decision == "same" and not kept_apart(standing(record), standing(candidate.record_id)):
                        merged += _merge(
                            actor, record, candidate.record_id, now, verdict.score, rows.evidence_json(verdict)
                        )
                        break
                    if verdict.decision == "unsure":
                        decided.doubt(record, candidate.record_id, verdict)
            rows.decisions(decided)


def _merge(actor: Actor, one: int, other: int, now: datetime, points: float, evidence: str) -> int:
    into, away = sorted((standing(one), standing(other)))
    if into == away:
        return 0
    merging.merge_automatically(
        from_record_id=away, into_record_id=into, now=now, actor=actor, score=points, evidence=orjson.loads(evidence)
    )
    return 1


def regroup_works() -> int:
    """Group records into works by the keys they have, and take apart what does not hold together; records that a person moved stay.

    Says how many works were touched. Some hundred records or works are a transaction; it may be stopped anywhere.
    """

    def join(rows: list[tuple[Any, ...]]) -> set[int]:
        return works.group([(row[1], unpacked(bytes(row[4]))) for row in rows])

    def split(rows: list[tuple[Any, ...]]) -> set[int]:
        return regrouping.split([row[0] for row in rows])

    touched: set[int] = set()
    for statement, act in ((_NEXT, join), (_NEXT_WORKS, split)):
        last = 0
        while True:
            with db.transaction(), connection.cursor() as cursor:
                db.lock(MATCHING)
                cursor.execute(statement, [last, _SOME])
                found = cursor.fetchall()
                if not found:
                    break
                last = found[-1][0]
                regrouped = act(found)
                discovery.touch("work", regrouped)
                touched |= regrouped
    return len(touched)
