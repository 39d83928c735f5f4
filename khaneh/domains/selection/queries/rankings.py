"""Rankings as they were kept: their lines, and the same reckoned again."""

from __future__ import annotations

import json

from khaneh.domains.people import queries as people
from khaneh.domains.selection import permissions
from khaneh.domains.selection.models import RankingRun
from khaneh.domains.selection.queries.casing import case_of, key_of
from khaneh.domains.selection.rules import cases
from khaneh.domains.selection.types.ranking import Line
from khaneh.domains.selection.types.rows import RankingRow, Reckoned, Recomputed
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def lines_of(run: RankingRun) -> tuple[Line, ...]:
    """The lines of a kept ranking, by rank."""
    return tuple(Line.from_dict(one) for one in json.loads(bytes(run.result))["lines"])


def rankings(round_id: int, *, actor: Actor) -> list[tuple[int, int]]:
    """The rankings of a round, the last first: id and number. Two statements. Raises NotFound."""
    found = list(
        RankingRun.objects.filter(round_id=round_id).order_by("-number").values_list("pk", "number", "round__house_id")
    )
    if found:
        permissions.require_run(actor, found[0][2])
    return [(pk, number) for pk, number, _ in found]


def ranking(run_id: int, *, actor: Actor) -> RankingRow:
    """One ranking, for who runs the round, with the word whether the same would come out now. A fixed number of statements. Raises NotFound."""
    run = _run(run_id, actor)
    result = json.loads(bytes(run.result))
    names = people.account_names([run.made_by_id])
    return RankingRow(
        id=run.pk,
        round_id=run.round_id,
        number=run.number,
        case_digest=run.case_digest,
        result_digest=run.result_digest,
        seed=run.round.seed,
        made_at=run.made_at,
        name=names.get(run.made_by_id or 0, ""),
        lines=lines_of(run),
        short=tuple((code, number) for code, number in result["short"]),
        places=run.round.places,
        is_current=cases.digest(cases.case_bytes(case_of(run.round))) == run.case_digest,
    )


def line_of(round_id: int, application_id: int, *, actor: Actor) -> Line | None:
    """Where an application stands in the last ranking of a round. Two statements. Raises NotFound."""
    run = RankingRun.objects.filter(round_id=round_id).select_related("round").order_by("-number").defer("case").first()
    if run is None:
        return None
    permissions.require_run(actor, run.round.house_id)
    return next((line for line in lines_of(run) if line.key == key_of(application_id)), None)


def recompute(run_id: int, *, actor: Actor) -> Recomputed:
    """Reckon a kept ranking again from its kept case. Three statements and, for 15,000 reviews, about a second. Raises NotFound."""
    run = _run(run_id, actor)
    _, case_digest, result_digest = cases.reckoned(bytes(run.case))
    seed = cases.case_from(bytes(run.case)).seed
    return Recomputed(
        same=(case_digest, result_digest) == (run.case_digest, run.result_digest),
        case_digest=case_digest,
        result_digest=result_digest,
        seed_kept=cases.commitment(seed) == run.round.commitment,
    )


def case(run_id: int, *, actor: Actor) -> bytes:
    """The bytes of everything that a ranking depends on: `khaneh selection rank` makes the same ranking of them anywhere. Raises NotFound."""
    return bytes(_run(run_id, actor).case)


def reckon(data: bytes) -> Reckoned:
    """The ranking of the bytes of a case, wherever they come from. No statement. Raises ValueError for bytes that are no case."""
    made, case_digest, result_digest = cases.reckoned(data)
    commitment = cases.commitment(cases.case_from(data).seed)
    return Reckoned(made.lines, cases.ranking_bytes(made), case_digest, result_digest, commitment)


def _run(run_id: int, actor: Actor) -> RankingRun:
    found = RankingRun.objects.filter(pk=run_id).select_related("round").first()
    if found is None:
        raise NotFound(what="ranking")
    permissions.require_run(actor, found.round.house_id)
    return found
