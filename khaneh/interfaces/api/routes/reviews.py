"""One's own reviews of applications: declare what ties one to the applicants, read, score, submit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.selection import queries, services
from khaneh.domains.selection.services import Mark
from khaneh.domains.selection.types import DECLARABLE, REVIEW_STATES, TIE_KINDS, ScoreRow, TaskRow, TieKind
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.values import Body, Done, IdInPath, Listed, Names, Reference, reference

router = Router(tags=["selection"])

_Words = Annotated[StrictStr, Field(max_length=4000, pattern=r"^[^\x00]*$")]
_Criterion = Annotated[StrictStr, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]


class ReviewScore(Schema):
    """A criterion with the score that was given, from 0 to `most`; null where there is none yet."""

    criterion: str
    names: Names
    most: int
    value: int | None
    comment: str


class ReviewLine(Schema):
    """A review that one was asked for. Who applies is told from the beginning, so that one can say what ties one to them."""

    id: int
    call: Names
    house: Reference
    application: int
    state: Listed
    organisation: Reference | None
    people: list[str]
    regions: list[Reference]
    assigned_at: datetime
    submitted_at: datetime | None


class ReviewsOut(Schema):
    """What waits for one first."""

    reviews: list[ReviewLine]


class ReviewOut(ReviewLine):
    """One review. `ties` is what is known to tie one to the applicants; `content` is the application as it was handed in, null before one has
    declared that nothing does, and so are the scores.
    """

    ties: list[Listed]
    content: dict[str, Any] | None
    scores: list[ReviewScore]
    comment: str
    note: str


class ScoreIn(Body):
    """A score for a criterion, null for none yet."""

    criterion: _Criterion
    value: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None
    comment: _Words = ""


class ReviewIn(Body):
    """A review as far as it is written. The applicants read `comment` after the decision, without a name; officers alone read `note`."""

    scores: Annotated[list[ScoreIn], Field(max_length=50)] = []
    comment: _Words = ""
    note: _Words = ""

    def marks(self) -> dict[str, Mark]:
        """As the service takes them."""
        return {one.criterion: Mark(one.value, one.comment) for one in self.scores}


class ConflictIn(Body):
    """What ties one to the applicants. `lasting`: it holds for other calls too."""

    kind: Literal[tuple(one.value for one in DECLARABLE)]  # type: ignore[valid-type]
    note: _Words = ""
    lasting: StrictBool = False


@router.get("/me/reviews", response={200: ReviewsOut, **FAILURES}, auth=KEY)
def own_reviews(request: HttpRequest) -> ReviewsOut:
    """The reviews that one was asked for."""
    own_account(request)
    return ReviewsOut(reviews=[ReviewLine(**_line(one)) for one in queries.tasks(actor_of(request))])


@router.get("/me/reviews/{review_id}", response={200: ReviewOut, **FAILURES}, auth=KEY)
def own_review(request: HttpRequest, review_id: IdInPath) -> ReviewOut:
    """One of them."""
    own_account(request)
    row = queries.task(review_id, actor=actor_of(request), now=timezone.now())
    return ReviewOut(
        **_line(row), ties=[Listed.of(one, TIE_KINDS) for one in row.ties], content=dict(row.content) or None,
        scores=[_score(one) for one in row.scores], comment=row.comment, note=row.note,
    )  # fmt: skip


@writes(router, "/me/reviews/{review_id}/declare", answer=Done)
def own_review_declare(request: HttpRequest, review_id: IdInPath) -> Done:
    """Declare that nothing ties one to the applicants; from then on the application can be read."""
    own_account(request)
    services.declare_clear(actor=actor_of(request), review_id=review_id, now=timezone.now())
    return Done()


@writes(router, "/me/reviews/{review_id}/conflict", answer=Done)
def own_review_conflict(request: HttpRequest, review_id: IdInPath, body: ConflictIn) -> Done:
    """Declare what ties one to the applicants: the review ends, or, where it was submitted, counts no more."""
    own_account(request)
    services.declare_conflict(
        actor=actor_of(request), review_id=review_id, kind=TieKind(body.kind), note=body.note, lasting=body.lasting,
        now=timezone.now(),
    )  # fmt: skip
    return Done()


@writes(router, "/me/reviews/{review_id}", answer=Done, method="put")
def own_review_save(request: HttpRequest, review_id: IdInPath, body: ReviewIn) -> Done:
    """Keep it as far as it is written."""
    own_account(request)
    services.save_review(
        actor=actor_of(request), review_id=review_id, marks=body.marks(), comment=body.comment, note=body.note,
        now=timezone.now(),
    )  # fmt: skip
    return Done()


@writes(router, "/me/reviews/{review_id}/submit", answer=Done)
def own_review_submit(request: HttpRequest, review_id: IdInPath, body: ReviewIn) -> Done:
    """Keep it and hand it in, with a score for each criterion; from then on it stays."""
    own_account(request)
    services.submit_review(
        actor=actor_of(request), review_id=review_id, marks=body.marks(), comment=body.comment, note=body.note,
        now=timezone.now(),
    )  # fmt: skip
    return Done()


def _line(row: TaskRow) -> dict[str, Any]:
    return {
        "id": row.id, "call": Names.of(row.call), "house": reference(row.house), "application": row.number,
        "state": Listed.of(row.state, REVIEW_STATES),
        "organisation": reference(row.applicant.organisation) if row.applicant.organisation else None,
        "people": list(row.applicant.people), "regions": [reference(one) for one in row.applicant.regions],
        "assigned_at": row.assigned_at, "submitted_at": row.submitted_at,
    }  # fmt: skip


def _score(one: ScoreRow) -> ReviewScore:
    return ReviewScore(
        criterion=one.criterion.code, names=Names.of(one.criterion.names), most=one.criterion.scale_max, value=one.value,
        comment=one.comment,
    )  # fmt: skip
