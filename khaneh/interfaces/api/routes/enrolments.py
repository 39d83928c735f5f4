"""Enrolments: what enrolling would meet, enrolling, waiting, withdrawing, answering offers and requests.

`/me/…` is for a key that acts in its maker's own name. The rest is for whose it is, with such a key, for who may act for an organisation, and
for the desk of the house.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, model_validator

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.types import (
    END_REASONS,
    ENROLMENT_STATES,
    Channel,
    Clash,
    Enrolled,
    EnrolmentRow,
    EnrolmentState,
    Override,
    ResultRow,
    RunRow,
)
from khaneh.interfaces.api import wording
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.problems import Reason, told
from khaneh.interfaces.api.routes.lending import Overriding
from khaneh.interfaces.api.routes.runs import RunOut, run_shape
from khaneh.interfaces.api.values import (
    Body,
    Done,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Names,
    Note,
    Reference,
    Sum,
    house_id,
    reference,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

router = Router(tags=["learning"])


class ElsewhereOut(Schema):
    """A run or a booking that somebody has then. Names are empty where the caller may not know them."""

    key: str
    account: int
    names: Names
    starts: datetime
    ends: datetime


class EnrolmentQuote(Schema):
    """What enrolling would meet: the state that it would give (null where it is refused), the price for one, and all that stands in the way.

    `ahead` people wait before. `lacks` are the codes of prerequisites that are missing. `clashes` are what they have already at those times:
    whoever enrols all the same says so by their keys (`knowing`).
    """

    possible: bool
    state: Listed | None
    ahead: int
    price: Sum | None
    reasons: list[Reason]
    lacks: list[str]
    clashes: list[ElsewhereOut]
    facts: dict[str, Any]


class WantedEnrolment(Schema):
    """For whom: a member by id at the desk, oneself without it; for an organisation by id, where one may act for it."""

    member: int | None = Field(None, ge=1, le=2**62)
    organisation: int | None = Field(None, ge=1, le=2**62)


class ResultOut(Schema):
    """One assessment; the latest counts."""

    score: int | None
    passed: bool
    by: str
    at: datetime
    note: str


class EnrolmentOut(Schema):
    """Somebody in a run. `code` is shown at the door; `place` is theirs in the waiting list, from 1; `answer_by` the end of an offer.

    `together` enrolled as one party, all or none; `attended` are the numbers of the meetings at which they were. `certificate` is the key of
    its public page, empty while there is none.
    """

    id: int
    run: RunOut
    account: int | None
    name: str
    organisation: Reference | None
    party: int
    together: int
    state: Listed
    joined_at: datetime
    code: str
    place: int | None
    answer_by: datetime | None
    withdraw_until: datetime | None
    price: Sum | None
    attended: list[int]
    result: ResultOut | None
    certificate: str
    online: str
    end_reason: Listed | None
    reason: str


class EnrolmentsOut(Schema):
    """Enrolments: those to come and under way by start, or those that are over, the latest first."""

    enrolments: list[EnrolmentOut]


class WantedEnrolments(Schema):
    """Which."""

    past: bool = False
    limit: int = Field(100, ge=1, le=200)


class Enrolling(Body):
    """A run. `organisation` is the id of one for which one may act.

    Who would be in two places at once is refused (`learning.in_two_places`), with what they have then and `known`: sent back as `knowing`,
    they are enrolled all the same.
    """

    run: Id
    organisation: Id | None = None
    knowing: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=200)] = []


class EnrollingOthers(Enrolling):
    """For others: a `member` or an `account` by the desk; or `people` (accounts), all of them or none, perhaps for an organisation."""

    member: Id | None = None
    account: Id | None = None
    people: Annotated[list[Id], Field(max_length=100)] = []
    override: Overriding | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((self.member is not None, self.account is not None, bool(self.people))) != 1:
            raise ValueError("one of member, account and people")
        return self

    def accounts(self) -> list[int]:
        """Whose accounts they are. Raises NotFound for a member without one."""
        if self.people:
            return list(self.people)
        return [self.account if self.account is not None else account_of(self.member or 0)]


class EnrolledOut(Schema):
    """What it came to: enrolled, requested where somebody must approve, waiting where there are not seats enough. One enrolment a person."""

    party: int
    enrolments: list[int]
    state: Listed
    price: Sum | None


class AnsweredOut(Schema):
    """What an answer gave."""

    state: Listed


class Withdrawing(Body):
    """Why; told where another than they themselves withdraws them."""

    reason: Note = ""


class DecliningEnrolment(Body):
    """Why, in words that who asked is told."""

    reason: Annotated[Note, Field(min_length=1)]


@router.get("/runs/{run_id}/quote", response={200: EnrolmentQuote, **FAILURES}, auth=KEY)
def run_quote(request: HttpRequest, run_id: IdInPath, wanted: Query[WantedEnrolment]) -> EnrolmentQuote:
    """What enrolling would meet, with every reason at once. Nothing is kept of it."""
    if wanted.member is None:
        actor, account = actor_of(request), own_account(request)
    else:
        actor = _at_desk(request, run_id, None)[0]
        account = account_of(wanted.member)
    found = services.quote(
        actor=actor, run_id=run_id, now=timezone.now(), account_id=account, organisation_id=wanted.organisation,
        channel=Channel.API,
    )  # fmt: skip
    return EnrolmentQuote(
        possible=found.possible, state=Listed.of(found.state, ENROLMENT_STATES) if found.state else None,
        ahead=found.run.waiting if found.state is EnrolmentState.WAITING else 0,
        price=Sum.of(found.price) if found.price else None, reasons=told(wording.of_quote(found.refusal, found.facts, found.answer)),
        lacks=list(found.lacks), clashes=[_elsewhere(one) for one in found.clashes], facts=dict(found.facts),
    )  # fmt: skip


@router.get("/me/enrolments", response={200: EnrolmentsOut, **FAILURES}, auth=KEY)
def me_enrolments(request: HttpRequest, wanted: Query[WantedEnrolments]) -> EnrolmentsOut:
    """What one is enrolled in, waits for or is offered."""
    found = queries.enrolments_of(own_account(request), now=timezone.now(), past=wanted.past, limit=wanted.limit)
    return EnrolmentsOut(enrolments=[enrolment_shape(one) for one in found])


@writes(router, "/me/enrolments", answer=EnrolledOut, status=201)
def me_enrol(request: HttpRequest, body: Enrolling) -> EnrolledOut:
    """Enrol oneself, or wait for a seat."""
    own_account(request)
    done = services.enrol(
        actor=actor_of(request), run_id=body.run, now=timezone.now(), organisation_id=body.organisation,
        channel=Channel.API, knowing=body.knowing,
    )  # fmt: skip
    return _enrolled(done)


@writes(router, "/enrolments", answer=EnrolledOut, status=201)
def enrol_others(request: HttpRequest, body: EnrollingOthers) -> EnrolledOut:
    """Enrol others: at the desk of the house, or in the name of an organisation for which one may act."""
    actor, _ = _at_desk(request, body.run, body.organisation)
    done = services.enrol(
        actor=actor, run_id=body.run, now=timezone.now(), people=body.accounts(), organisation_id=body.organisation,
        channel=Channel.API, override=_override(body.override), knowing=body.knowing,
    )  # fmt: skip
    return _enrolled(done)


@router.get("/houses/{code}/enrolment-requests", response={200: EnrolmentsOut, **FAILURES}, auth=KEY)
def house_enrolment_requests(request: HttpRequest, code: HouseInPath) -> EnrolmentsOut:
    """Who asks to be let into runs of a house, the oldest first; for its desk."""
    number, actor = house_id(code), actor_of(request)
    permissions.require_desk(actor, house_id=number)
    return EnrolmentsOut(enrolments=[enrolment_shape(one) for one in queries.requests_of(number, actor=actor)])


@router.get("/enrolments/{enrolment_id}", response={200: EnrolmentOut, **FAILURES}, auth=KEY)
def enrolment(request: HttpRequest, enrolment_id: IdInPath) -> EnrolmentOut:
    """One enrolment."""
    return enrolment_shape(held_enrolment(request, enrolment_id)[1])


@writes(router, "/enrolments/{enrolment_id}/withdraw", answer=Done)
def enrolment_withdraw(request: HttpRequest, enrolment_id: IdInPath, body: Withdrawing) -> Done:
    """Give a seat, a request, an offer or the waiting up; the others of a party stay."""
    actor, _ = held_enrolment(request, enrolment_id)
    services.withdraw(actor=actor, enrolment_id=enrolment_id, now=timezone.now(), reason=body.reason)
    return Done()


@writes(router, "/enrolments/{enrolment_id}/accept", answer=EnrolledOut)
def enrolment_accept(request: HttpRequest, enrolment_id: IdInPath) -> EnrolledOut:
    """Take the seats that are kept for the whole party."""
    actor, row = held_enrolment(request, enrolment_id)
    taken = services.accept_offer(actor=actor, party_id=row.party_id, now=timezone.now())
    return _enrolled(Enrolled(row.party_id, taken, EnrolmentState.ENROLLED, row.price))


@writes(router, "/enrolments/{enrolment_id}/decline", answer=Done)
def enrolment_decline(request: HttpRequest, enrolment_id: IdInPath) -> Done:
    """Do not take the seats that are kept: the whole party waits no more."""
    actor, row = held_enrolment(request, enrolment_id)
    services.decline_offer(actor=actor, party_id=row.party_id, now=timezone.now())
    return Done()


@writes(router, "/enrolments/{enrolment_id}/approve", answer=AnsweredOut)
def enrolment_approve(request: HttpRequest, enrolment_id: IdInPath) -> AnsweredOut:
    """Let somebody in who asked, with everybody of their party: enrolled, or waiting where there are not seats enough."""
    state = services.approve(actor=actor_of(request), enrolment_id=enrolment_id, now=timezone.now())
    return AnsweredOut(state=Listed.of(state, ENROLMENT_STATES))


@writes(router, "/enrolments/{enrolment_id}/refuse", answer=Done)
def enrolment_refuse(request: HttpRequest, enrolment_id: IdInPath, body: DecliningEnrolment) -> Done:
    """Do not let in who asked, with everybody of their party."""
    services.refuse(actor=actor_of(request), enrolment_id=enrolment_id, reason=body.reason, now=timezone.now())
    return Done()


def enrolment_shape(row: EnrolmentRow) -> EnrolmentOut:
    """An enrolment as whose it is and the desk see it. The link is for those who have a seat."""
    return EnrolmentOut(
        id=row.id, run=run_shape(row.run), account=row.account_id, name=row.name,
        organisation=reference(row.organisation) if row.organisation else None, party=row.party_id,
        together=row.together, state=Listed.of(row.state, ENROLMENT_STATES), joined_at=row.joined_at, code=row.code,
        place=row.place, answer_by=row.answer_by, withdraw_until=row.withdraw_until,
        price=Sum.of(row.price) if row.price else None, attended=list(row.meetings),
        result=result_shape(row.result) if row.result else None, certificate=row.certificate_key,
        online=row.run.online if row.state is EnrolmentState.ENROLLED else "",
        end_reason=Listed.of(row.end_reason, END_REASONS) if row.end_reason else None, reason=row.reason,
    )  # fmt: skip


def result_shape(row: ResultRow) -> ResultOut:
    """One assessment."""
    return ResultOut(score=row.score, passed=row.passed, by=row.by, at=row.at, note=row.note)


def held_enrolment(request: HttpRequest, enrolment_id: int) -> tuple[Actor, EnrolmentRow]:
    """An enrolment, and who deals with it. Raises NotFound, TokenNotForAccount."""
    actor = actor_of(request)
    row = queries.enrolment(enrolment_id, actor=actor)
    return require_own_or(request, at_desk=permissions.may_desk(actor, house_id=row.run.house.id)), row


def _at_desk(request: HttpRequest, run_id: int, organisation_id: int | None) -> tuple[Actor, RunRow]:
    """Who enrols others, at the house of a run or for an organisation. Raises NotFound, NotAllowed."""
    actor = actor_of(request)
    row = queries.runs_by_ids([run_id]).get(run_id)
    if row is None:
        raise NotFound(what="run")
    if organisation_id is None or not permissions.acts_for(actor, organisation_id):
        permissions.require_desk(actor, house_id=row.house.id)
    return actor, row


def _override(given: Overriding | None) -> Override:
    return Override(frozenset(given.rights), given.reason) if given is not None else Override()


def _enrolled(done: Enrolled) -> EnrolledOut:
    return EnrolledOut(
        party=done.party_id, enrolments=list(done.enrolment_ids), state=Listed.of(done.state, ENROLMENT_STATES),
        price=Sum.of(done.price) if done.price else None,
    )  # fmt: skip


def _elsewhere(one: Clash) -> ElsewhereOut:
    return ElsewhereOut(
        key=one.key, account=one.account_id, names=Names.of(one.names), starts=one.starts, ends=one.ends
    )
