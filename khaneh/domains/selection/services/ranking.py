"""Rankings: reckoned from what is known at the moment, and kept with everything that they depend on."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.selection.errors import NothingToRank, RulesNotFixed
from khaneh.domains.selection.models import RankingRun
from khaneh.domains.selection.queries.casing import case_of
from khaneh.domains.selection.rules import cases
from khaneh.domains.selection.rules.ranking import rank
from khaneh.domains.selection.services import holding, reviewing
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor


def make_ranking(*, actor: Actor, round_id: int, now: datetime) -> int:
    """Rank the applications, after ties of the reviewers were looked for again. The same case again gives the ranking that there is.

    Gives the ranking's number in the database. Raises NotFound, RulesNotFixed, NothingToRank.
    """
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        if found.fixed_at is None:
            raise RulesNotFixed(round_id=round_id)
        ended = reviewing.recheck(found, actor=actor, now=now)
        case = case_of(found)
        if not any(not one.aside for one in case.reviews):
            if not ended:
                raise NothingToRank(round_id=round_id)
            # What was found of ties stays found, although nothing is left to rank.
            return 0
        data = cases.case_bytes(case)
        last = RankingRun.objects.filter(round_id=round_id).order_by("-number").defer("case", "result").first()
        if last is not None and last.case_digest == cases.digest(data):
            return last.pk
        result = cases.ranking_bytes(rank(case))
        made = RankingRun.objects.create(
            round_id=round_id, number=last.number + 1 if last else 1, case=data, case_digest=cases.digest(data),
            result=result, result_digest=cases.digest(result), made_by_id=actor.account_id, made_at=now,
        )  # fmt: skip
        holding.note(
            "ranking.made", actor=actor, of=found, now=now, ranking=made.number, case_digest=made.case_digest,
            result_digest=made.result_digest,
        )  # fmt: skip
    return made.pk
