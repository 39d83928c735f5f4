"""Technology needs and offers that are open, for everybody. Who stands behind an anonymous need is in no answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.exchange import queries
from khaneh.domains.exchange.types import (
    PARTNERSHIPS,
    POSTING_KINDS,
    POSTING_STATES,
    Partnership,
    PostingFilter,
    PostingKind,
    PostingRow,
)
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Code, IdInPath, Listed, Page, Reference, reference
from khaneh.kernel.actor import VISITOR

router = Router(tags=["exchange"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class Budget(Schema):
    """What may be spent, or is asked, in minor units of a currency, from and to."""

    least: int
    most: int | None
    currency: str


class PostingOut(Schema):
    """A need or an offer in the language that it was written in. `regions` from the province down.

    Of an anonymous need `organisation` is null and the province alone is told; `broker` is the house through which one answers.
    `readiness` is a level of ISO 16290, 1 to 9; `sector` of ISIC Rev. 4; `closes_on` the last day on which it is shown.
    """

    id: int
    kind: Listed
    state: Listed
    organisation: Reference | None
    broker: Reference
    anonymous: bool
    language: str
    title: str
    problem: str
    context: str
    limits: str
    technology: str
    readiness: int | None
    budget: Budget | None
    wanted_by: date | None
    partnerships: list[Listed]
    sector: str
    regions: list[Reference]
    published_at: datetime | None
    closes_on: date | None


class PostingsOut(Schema):
    """The newest first; `total` is how many there are in all."""

    total: int
    postings: list[PostingOut]


class WantedPostings(Page):
    """Which of those that are open. A region includes what is below it, a sector what is within it."""

    kind: PostingKind | None = None
    sector: str = Field("", pattern=r"^([A-U]|\d{2,4})?$", description="ISIC Rev. 4")
    region: Code = ""
    partnership: Partnership | None = None
    language: Literal["", "fa", "vi", "en"] = ""


@router.get("/exchange", response={200: PostingsOut, **FAILURES_PUBLIC})
def exchange_postings(request: HttpRequest, wanted: Query[WantedPostings]) -> PostingsOut:
    """The open needs and offers, the newest first."""
    asked = PostingFilter(wanted.kind, wanted.sector, wanted.region, wanted.partnership, wanted.language)
    page = queries.postings(asked, actor=VISITOR, offset=wanted.offset, limit=wanted.limit)
    return PostingsOut(total=page.total, postings=[posting_shape(one) for one in page.rows])


@router.get("/exchange/{posting_id}", response={200: PostingOut, **FAILURES_PUBLIC})
def exchange_posting(request: HttpRequest, posting_id: IdInPath) -> PostingOut:
    """One that is or was published."""
    return posting_shape(queries.posting(posting_id, actor=VISITOR))


def posting_shape(row: PostingRow) -> PostingOut:
    """A need or an offer as answers carry it, as far as the row knows it."""
    budget = (
        Budget(least=row.budget_from, most=row.budget_to, currency=row.currency)
        if row.budget_from is not None
        else None
    )
    return PostingOut(
        id=row.id, kind=Listed.of(row.kind, POSTING_KINDS), state=Listed.of(row.state, POSTING_STATES),
        organisation=reference(row.organisation) if row.organisation else None, broker=reference(row.broker_house),
        anonymous=row.anonymous, language=row.language, title=row.title, problem=row.problem, context=row.context,
        limits=row.limits, technology=row.technology, readiness=row.readiness, budget=budget, wanted_by=row.wanted_by,
        partnerships=[Listed.of(one, PARTNERSHIPS) for one in row.partnerships], sector=row.sector,
        regions=[reference(one) for one in row.regions], published_at=row.published_at, closes_on=row.closes_on,
    )  # fmt: skip
