"""A run from within: who is in it, who came, who passed, and its end with the certificates.

For its teachers, with a key that acts in their own name, and for the desk of the house.
"""

from __future__ import annotations

from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.types import MEANS
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.routes.enrolments import EnrolmentOut, ResultOut, enrolment_shape, result_shape
from khaneh.interfaces.api.routes.runs import RunOut, RunsOut, run_shape
from khaneh.interfaces.api.values import Barcode, Body, Done, Id, IdInPath, Listed, Names
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

router = Router(tags=["learning"])

MeetingNumber = Annotated[StrictInt, Field(ge=1, le=400)]


class RosterOut(Schema):
    """A run with everybody in it: with a seat, by name; who asks, waits or is offered one, by when they came; and who has left."""

    run: RunOut
    seated: list[EnrolmentOut]
    asking: list[EnrolmentOut]
    ended: list[EnrolmentOut]


class WantedTeaching(Schema):
    """To come and under way, or over."""

    past: bool = False


class Attending(Body):
    """Who is at a meeting (by its number): the `code` of their enrolment, their `card`, or by hand a `member` or an `account`."""

    meeting: MeetingNumber
    code: Barcode | None = None
    card: Barcode | None = None
    member: Id | None = None
    account: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.code, self.card, self.member, self.account)) != 1:
            raise ValueError("one of code, card, member and account")
        return self


class AttendedOut(Schema):
    """Who was written down; `again` says that they had been already."""

    enrolment: int
    account: int
    name: str
    meeting: int
    means: Listed
    again: bool


class NotAttending(Body):
    """They were not at a meeting after all."""

    meeting: MeetingNumber
    enrolment: Id


class Assessing(Body):
    """A score, judged by the course's pass mark, or whether they passed."""

    score: Annotated[StrictInt, Field(ge=0, le=100)] | None = None
    passed: StrictBool | None = None
    note: Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.score is None and self.passed is None:
            raise ValueError("score or passed")
        return self


class NotAwarded(Schema):
    """A qualification that is awarded to nobody any more, and the certificate with which it would have come."""

    certificate: int
    names: Names


class FinishedOut(Schema):
    """What finishing gave: the ids of the certificates, how many completed it, did not, did not come; qualifications awarded or renewed."""

    certificates: list[int]
    completed: int
    failed: int
    no_shows: int
    qualifications: int
    not_awarded: list[NotAwarded]


@router.get("/me/teaching", response={200: RunsOut, **FAILURES}, auth=KEY)
def me_teaching(request: HttpRequest, wanted: Query[WantedTeaching]) -> RunsOut:
    """What one teaches."""
    found = queries.runs_taught_by(own_account(request), now=timezone.now(), past=wanted.past)
    return RunsOut(runs=[run_shape(one) for one in found])


@router.get("/runs/{run_id}/roster", response={200: RosterOut, **FAILURES}, auth=KEY)
def run_roster(request: HttpRequest, run_id: IdInPath) -> RosterOut:
    """Everybody in a run."""
    found = queries.roster(run_id, actor=_inside(request, run_id))
    return RosterOut(
        run=run_shape(found.run), seated=[enrolment_shape(one) for one in found.seated],
        asking=[enrolment_shape(one) for one in found.asking], ended=[enrolment_shape(one) for one in found.ended],
    )  # fmt: skip


@writes(router, "/runs/{run_id}/attendance", answer=AttendedOut)
def run_attend(request: HttpRequest, run_id: IdInPath, body: Attending) -> AttendedOut:
    """Write down who is or was at a meeting, until the run is finished. The same again changes nothing."""
    actor = _inside(request, run_id)
    account = body.account if body.member is None else account_of(body.member)
    done = services.record_attendance(
        actor=actor, run_id=run_id, meeting=body.meeting, now=timezone.now(), card=body.card or "",
        code=body.code or "", account_id=account,
    )  # fmt: skip
    return AttendedOut(
        enrolment=done.enrolment_id, account=done.account_id, name=done.name, meeting=done.meeting,
        means=Listed.of(done.means, MEANS), again=done.again,
    )  # fmt: skip


@writes(router, "/runs/{run_id}/attendance/undo", answer=Done)
def run_attend_undo(request: HttpRequest, run_id: IdInPath, body: NotAttending) -> Done:
    """They were not there after all."""
    services.undo_attendance(
        actor=_inside(request, run_id), run_id=run_id, meeting=body.meeting, enrolment_id=body.enrolment,
        now=timezone.now(),
    )  # fmt: skip
    return Done()


@writes(router, "/enrolments/{enrolment_id}/result", answer=ResultOut)
def enrolment_assess(request: HttpRequest, enrolment_id: IdInPath, body: Assessing) -> ResultOut:
    """Write down how somebody did; again, until the run is finished: the latest counts."""
    row = queries.enrolment(enrolment_id, actor=actor_of(request))
    actor = require_own_or(request, at_desk=permissions.may_desk(actor_of(request), house_id=row.run.house.id))
    done = services.assess(
        actor=actor, enrolment_id=enrolment_id, now=timezone.now(), score=body.score, passed=body.passed, note=body.note
    )
    return result_shape(done)


@writes(router, "/runs/{run_id}/finish", answer=FinishedOut)
def run_finish(request: HttpRequest, run_id: IdInPath) -> FinishedOut:
    """End it once its last meeting has begun: who came often enough and passed has a certificate, and what the course awards."""
    done = services.finish_run(actor=_inside(request, run_id), run_id=run_id, now=timezone.now())
    return FinishedOut(
        certificates=list(done.certificates), completed=done.completed, failed=done.failed, no_shows=done.no_shows,
        qualifications=done.qualifications,
        not_awarded=[NotAwarded(certificate=number, names=Names.of(names)) for number, names in done.not_awarded],
    )  # fmt: skip


def _inside(request: HttpRequest, run_id: int) -> Actor:
    """Who deals with a run from within. Raises NotFound, also for whoever neither teaches it nor works there, TokenNotForAccount."""
    actor = actor_of(request)
    row = queries.runs_by_ids([run_id]).get(run_id)
    if row is None or not permissions.may_scan(actor, run_id=run_id, house_id=row.house.id):
        raise NotFound(what="run")
    return require_own_or(request, at_desk=permissions.may_desk(actor, house_id=row.house.id))
