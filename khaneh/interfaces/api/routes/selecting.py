"""Rankings and decisions, for who runs a call; how its ties are drawn, for everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.selection import queries, services
from khaneh.domains.selection.types import DECIDED, DecisionKind, Line
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Body, IdInPath, Made
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import NotFound

router = Router(tags=["selection"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class RunDigestOut(Schema):
    """A ranking that was made, with the SHA-256 of what it depends on and of what came out."""

    number: int
    made_at: datetime
    case_digest: str
    result_digest: str


class LotteryOut(Schema):
    """How ties are drawn. `commitment` is the SHA-256 of the seed, published before anybody judged; the seed is empty until a ranking was made.

    The lot of an application is the SHA-256 of the seed, a colon, the letter A and its number; the smallest is first.
    """

    commitment: str
    fixed_at: datetime
    seed: str
    rankings: list[RunDigestOut]


class RankedLine(Schema):
    """Where an application stands and why. Scores are points of 100 times 1,000; `standing` is place, waiting or none.

    `without_equity` is the rank that it would have without equity weights and quotas, `place_without_equity` whether it would have a place.
    `quota` is by which it came in or for which it gave way (`gave_way`), `exchanged_with` the other.
    """

    application: int
    rank: int
    standing: str
    score: int | None
    merit: int | None
    raw: int | None
    equity: int
    reviews: int
    set_aside: int
    spread: int
    disagreed: bool
    too_few: bool
    tied_with: int
    lot: str
    without_equity: int
    place_without_equity: bool
    quota: str
    gave_way: bool
    exchanged_with: int | None


class RankingOut(Schema):
    """The last ranking of a call. `is_current`: the same would come out of what is known at present. It proposes, officers decide."""

    id: int
    number: int
    made_at: datetime
    case_digest: str
    result_digest: str
    seed: str
    places: int
    is_current: bool
    lines: list[RankedLine]


class RecomputedOut(Schema):
    """A kept ranking reckoned again: whether the same bytes came out, with the seed whose digest was published."""

    same: bool
    seed_kept: bool
    case_digest: str
    result_digest: str


class DecisionIn(Body):
    """What is decided and why, as the applicants read it. `seen` is the number of the last decision that was looked at, 0 for none."""

    kind: Literal[tuple(one.value for one in DECIDED)]  # type: ignore[valid-type]
    reason: Annotated[StrictStr, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
    seen: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0


@router.get("/calls/{call_id}/lottery", response={200: LotteryOut, **FAILURES_PUBLIC})
def call_lottery(request: HttpRequest, call_id: IdInPath) -> LotteryOut:
    """What was promised before anybody judged, and the seed once a ranking was made."""
    programmes.seen_call(call_id, actor=VISITOR)
    found = queries.lottery(call_id)
    if found is None:
        raise NotFound(what="round")
    return LotteryOut(
        commitment=found.commitment, fixed_at=found.fixed_at, seed=found.seed,
        rankings=[RunDigestOut(**one._asdict()) for one in found.runs],
    )  # fmt: skip


@router.get("/calls/{call_id}/ranking", response={200: RankingOut, **FAILURES}, auth=KEY)
def call_ranking(request: HttpRequest, call_id: IdInPath) -> RankingOut:
    """The last ranking with why everybody stands where they stand."""
    actor = actor_of(request)
    runs = queries.rankings(_round(call_id, actor), actor=actor)
    if not runs:
        raise NotFound(what="ranking")
    row = queries.ranking(runs[0][0], actor=actor)
    return RankingOut(
        id=row.id, number=row.number, made_at=row.made_at, case_digest=row.case_digest, result_digest=row.result_digest,
        seed=row.seed, places=row.places, is_current=row.is_current, lines=[_line(one) for one in row.lines],
    )  # fmt: skip


@writes(router, "/calls/{call_id}/ranking", answer=Made, status=201)
def call_rank(request: HttpRequest, call_id: IdInPath) -> Made:
    """Rank what is known at this moment. Where nothing has changed it is the ranking that there is."""
    actor = actor_of(request)
    made = services.make_ranking(actor=actor, round_id=_round(call_id, actor), now=timezone.now())
    if not made:
        # Every review that counted was set aside: there is nothing to look at.
        raise NotFound(what="ranking")
    return Made(id=made)


@router.get("/rankings/{ranking_id}/again", response={200: RecomputedOut, **FAILURES}, auth=KEY)
def ranking_again(request: HttpRequest, ranking_id: IdInPath) -> RecomputedOut:
    """Reckon a kept ranking again from all that it depends on."""
    found = queries.recompute(ranking_id, actor=actor_of(request))
    return RecomputedOut(
        same=found.same, seed_kept=found.seed_kept, case_digest=found.case_digest, result_digest=found.result_digest
    )


@writes(router, "/applications/{application_id}/decisions", answer=Made, status=201)
def application_decide(request: HttpRequest, application_id: IdInPath, body: DecisionIn) -> Made:
    """Decide about one application; its letter is written in the applicants' language. Of two who decide at one moment the second is told."""
    made = services.decide(
        actor=actor_of(request), application_id=application_id, kind=DecisionKind(body.kind), reason=body.reason,
        seen=body.seen, now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


def _round(call_id: int, actor: Actor) -> int:
    found = queries.round_of_call(call_id, actor=actor)
    if found is None:
        raise NotFound(what="round")
    return found.id


def _line(one: Line) -> RankedLine:
    return RankedLine(
        application=queries.number_of(one.key), rank=one.rank, standing=one.standing.value, score=one.score,
        merit=one.merit, raw=one.raw, equity=one.equity, reviews=one.reviews, set_aside=one.aside, spread=one.spread,
        disagreed=one.disagreed, too_few=one.too_few, tied_with=one.tied, lot=one.ticket, without_equity=one.rank_without,
        place_without_equity=one.place_without, quota=one.quota, gave_way=one.gave_way,
        exchanged_with=queries.number_of(one.other) if one.other else None,
    )  # fmt: skip
