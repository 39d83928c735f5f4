"""What became of everybody who finished a course: figures with honest denominators, small numbers hidden."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.placements import permissions, queries
from khaneh.domains.placements.types import OUTCOMES, CohortFilter, CohortLine, Grouping, Outcome, Rate
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of
from khaneh.interfaces.api.values import Code, Day, Listed, Reference, house_id, reference
from khaneh.kernel.refusal import NotAllowed

router = Router(tags=["placements"])

# Nobody finished a course before there were any, nor so far ahead that a day more would be no day.
_Day = Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]


class OutcomeNumber(Schema):
    """How many have this outcome; null is a number that is hidden."""

    outcome: Listed
    number: int | None


class CohortLineOut(Schema):
    """A course or house (null is the total), how many finished, and what became of them: each counted once, by the furthest that is known."""

    of: Reference | None
    finished: int | None
    outcomes: list[OutcomeNumber]


class RateOut(Schema):
    """A share of everybody who finished, whatever is known of them; `high` is what it would be if all of the unknown were counted in.

    Null is a number that is hidden.
    """

    counted: int | None
    finished: int | None
    unknown: int | None
    share: float | None
    high: float | None


class CohortOut(Schema):
    """The figures. A number from 1 to 4 is hidden, and whatever it could be reckoned from; `hidden` says whether anything is."""

    lines: list[CohortLineOut]
    total: CohortLineOut
    placed: RateOut
    confirmed_3: RateOut
    confirmed_12: RateOut
    hidden: bool


class WantedCohort(Schema):
    """Who finished from a day to another (both in it), in the houses whose figures the caller may see, or in one of them."""

    first: _Day
    last: _Day
    by: Grouping = Grouping.COURSE
    house: Code = ""


@router.get("/cohorts", response={200: CohortOut, **FAILURES}, auth=KEY)
def cohorts(request: HttpRequest, wanted: Query[WantedCohort]) -> CohortOut:
    """What became of everybody who finished a course."""
    actor = actor_of(request)
    if not actor.holds_somewhere(permissions.READERS):
        raise NotAllowed(act="placements.figures")
    found = queries.cohort(
        CohortFilter(wanted.first, wanted.last, wanted.by, house_id(wanted.house) if wanted.house else None),
        actor=actor,
        now=timezone.now(),
    )
    return CohortOut(
        lines=[_line(one) for one in found.lines], total=_line(found.total), placed=_rate(found.placed),
        confirmed_3=_rate(found.confirmed_3), confirmed_12=_rate(found.confirmed_12), hidden=found.hidden,
    )  # fmt: skip


def _line(line: CohortLine) -> CohortLineOut:
    return CohortLineOut(
        of=reference(line.of) if line.of else None, finished=line.finished,
        outcomes=[OutcomeNumber(outcome=Listed.of(one, OUTCOMES), number=line.number(one)) for one in Outcome],
    )  # fmt: skip


def _rate(rate: Rate) -> RateOut:
    return RateOut(counted=rate.counted, finished=rate.finished, unknown=rate.unknown, share=rate.share, high=rate.high)
