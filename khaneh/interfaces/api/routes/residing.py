"""Residencies: one's own with milestones, mentors' times and support; for a house what it judges, gives and takes back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.residencies import permissions, queries, services
from khaneh.domains.residencies.types import (
    MILESTONE_STATES,
    RESIDENCY_STATES,
    SESSION_STATES,
    SUPPORT_KINDS,
    TRANCHE_STATES,
    MilestoneRow,
    ResidencyRow,
    SessionRow,
    SupportKind,
    SupportRow,
    TrancheRow,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.values import (
    Body,
    Currency,
    Day,
    Done,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Made,
    Names,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["residencies"])

_Words = Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00]*$")]
_Reason = Annotated[StrictStr, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
_Topic = Annotated[StrictStr, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
_Amount = Annotated[StrictInt, Field(ge=1, le=10**15, description="Minor units of money; minutes; days of premises")]


class ResidencyLine(Schema):
    """A team in a house. `reached` of `milestones` are reached, `waiting` wait for the house's answer, `late` are past their day."""

    id: int
    house: Reference
    organisation: Reference | None
    names: Names
    state: Listed
    starts_on: date
    ends_on: date
    moved_in_on: date | None
    over_on: date | None
    milestones: int
    reached: int
    waiting: int
    late: int


class ResidenciesOut(Schema):
    """The latest first."""

    residencies: list[ResidencyLine]


class MilestoneOut(Schema):
    """Something to reach by a day: `said` are the team's words, `files` the names of what it showed, `answer` the house's."""

    id: int
    names: Names
    wanted: str
    due_on: date
    state: Listed
    said: str
    files: list[str]
    submitted_at: datetime | None
    decided_at: datetime | None
    answer: str


class TrancheOut(Schema):
    """What is promised of a budget line. `payable`: the milestone that it waits for is reached, or there is none."""

    id: int
    line: Names
    kind: Listed
    unit: str
    amount: int
    milestone: Names | None
    state: Listed
    payable: bool


class SupportOut(Schema):
    """A line of the ledger. `unit` is a currency, minutes or days; `reverses` the receipt of the line that it takes back, `reversed` whether it was."""

    id: int
    receipt: str
    residency: int | None
    team: Names | None
    organisation: Reference | None
    giver: Reference | None
    agreement: str
    kind: Listed
    unit: str
    amount: int
    given_on: date
    note: str
    reverses: str
    reversed: bool
    acknowledged_at: datetime | None


class SessionOut(Schema):
    """A mentoring session."""

    id: int
    mentor: str
    starts: datetime
    ends: datetime
    place: str
    topic: str
    state: Listed
    summary: str


class TimeOut(Schema):
    """A time of a mentor that nobody has taken, at which both are free."""

    id: int
    mentor: str
    starts: datetime
    ends: datetime
    place: str


class ResidencyOut(ResidencyLine):
    """One, as whoever asked may see it: a mentor sees neither tranches nor support."""

    plan: str
    goals: list[MilestoneOut]
    tranches: list[TrancheOut]
    support: list[SupportOut]
    sessions: list[SessionOut]


class TimesOut(Schema):
    """The soonest first."""

    times: list[TimeOut]


class LedgerOut(Schema):
    """The latest first."""

    entries: list[SupportOut]


class MilestoneShown(Body):
    """What shows that it is reached. Files are added on the page."""

    said: _Words = ""


class MilestoneJudged(Body):
    """Whether it is reached; if not, what lacks."""

    reached: StrictBool
    answer: _Words = ""


class SessionBooked(Body):
    """A time of a mentor, and what about."""

    time: Id
    topic: _Topic


class SupportGiven(Body):
    """What a team was given at once: from a budget line, or by the house itself where it is no money."""

    kind: SupportKind
    amount: _Amount
    line: Id | None = None
    currency: Currency | None = None
    note: _Words = ""
    given_on: Day | None = None


class SupportWrong(Body):
    """Why a line of the ledger is taken back."""

    reason: _Reason


class TranchePaid(Body):
    """What is noted beside it."""

    note: _Words = ""


@router.get("/me/residencies", response={200: ResidenciesOut, **FAILURES}, auth=KEY)
def own_residencies(request: HttpRequest) -> ResidenciesOut:
    """Those of the teams that one answers for."""
    own_account(request)
    found = queries.residencies_of(actor_of(request), now=timezone.now())
    return ResidenciesOut(residencies=[ResidencyLine(**_line(one)) for one in found])


@router.get("/me/residencies/{residency_id}/times", response={200: TimesOut, **FAILURES}, auth=KEY)
def own_mentor_times(request: HttpRequest, residency_id: IdInPath) -> TimesOut:
    """Times of a team's mentors that suit both."""
    own_account(request)
    now = timezone.now()
    queries.residency(residency_id, actor=actor_of(request), now=now)
    found = queries.slots_for(residency_id, now=now)
    return TimesOut(
        times=[
            TimeOut(id=one.id, mentor=one.mentor, starts=one.starts, ends=one.ends, place=one.place) for one in found
        ]
    )


@writes(router, "/me/residencies/{residency_id}/sessions", answer=Made, status=201)
def own_session_book(request: HttpRequest, residency_id: IdInPath, body: SessionBooked) -> Made:
    """Take a time of one of the team's mentors."""
    own_account(request)
    made = services.book_session(
        actor=actor_of(request), residency_id=residency_id, slot_id=body.time, topic=body.topic, now=timezone.now()
    )
    return Made(id=made)


@writes(router, "/me/sessions/{session_id}/cancel", answer=Done)
def own_session_cancel(request: HttpRequest, session_id: IdInPath) -> Done:
    """One cannot come, as the team or as the mentor; the time can be taken again."""
    own_account(request)
    services.cancel_session(actor=actor_of(request), session_id=session_id, now=timezone.now())
    return Done()


@writes(router, "/me/milestones/{milestone_id}/submit", answer=Done)
def own_milestone_submit(request: HttpRequest, milestone_id: IdInPath, body: MilestoneShown) -> Done:
    """The team says that it is reached: in words, or by files that were added before."""
    own_account(request)
    services.submit_milestone(
        actor=actor_of(request), milestone_id=milestone_id, said=body.said, now=timezone.now()
    )  # fmt: skip
    return Done()


@writes(router, "/me/support/{support_id}/acknowledge", answer=Done)
def own_support_acknowledge(request: HttpRequest, support_id: IdInPath) -> Done:
    """The team has what a line of the ledger says; said again it changes nothing."""
    own_account(request)
    services.acknowledge(actor=actor_of(request), support_id=support_id, now=timezone.now())
    return Done()


@router.get("/residencies/{residency_id}", response={200: ResidencyOut, **FAILURES}, auth=KEY)
def residency(request: HttpRequest, residency_id: IdInPath) -> ResidencyOut:
    """One, for its team, its mentors and its house."""
    row = queries.residency(residency_id, actor=actor_of(request), now=timezone.now())
    runs = permissions.may_run(actor_of(request), house_id=row.row.house.id)
    require_own_or(request, at_desk=runs)
    return ResidencyOut(
        **_line(row.row), plan=row.plan, goals=[_milestone(one) for one in row.milestones],
        tranches=[_tranche(one) for one in row.tranches], support=[_support(one) for one in row.support],
        sessions=[_session(one) for one in row.sessions],
    )  # fmt: skip


@router.get("/houses/{house}/residencies", response={200: ResidenciesOut, **FAILURES}, auth=KEY)
def house_residencies(request: HttpRequest, house: HouseInPath) -> ResidenciesOut:
    """All of a house, for who runs them."""
    number = _run(request, house)
    found = queries.residencies_of_house(number, actor=actor_of(request), now=timezone.now())
    return ResidenciesOut(residencies=[ResidencyLine(**_line(one)) for one in found])


@router.get("/houses/{house}/ledger", response={200: LedgerOut, **FAILURES}, auth=KEY)
def house_ledger(request: HttpRequest, house: HouseInPath) -> LedgerOut:
    """What was given to teams of a house, the last 500 lines."""
    found = queries.ledger_of_house(_run(request, house), actor=actor_of(request))
    return LedgerOut(entries=[_support(one) for one in found])


@writes(router, "/milestones/{milestone_id}/decide", answer=Done)
def milestone_decide(request: HttpRequest, milestone_id: IdInPath, body: MilestoneJudged) -> Done:
    """The house finds that it is reached, or gives it back with what lacks."""
    services.decide_milestone(
        actor=actor_of(request), milestone_id=milestone_id, reached=body.reached, answer=body.answer, now=timezone.now()
    )
    return Done()


@writes(router, "/residencies/{residency_id}/support", answer=Made, status=201)
def support_give(request: HttpRequest, residency_id: IdInPath, body: SupportGiven) -> Made:
    """Write down what a team was given. Gives the line of the ledger."""
    # Told again under its Idempotency-Key the call is not made again: each that is made is a gift of its own.
    made = services.give(
        actor=actor_of(request), residency_id=residency_id, kind=body.kind, amount=body.amount, key=f"api:{uuid4()}",
        line_id=body.line, unit=body.currency or "", note=body.note, given_on=body.given_on, now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


@writes(router, "/tranches/{tranche_id}/pay", answer=Made, status=201)
def tranche_pay(request: HttpRequest, tranche_id: IdInPath, body: TranchePaid) -> Made:
    """Pay what was promised for a milestone that is reached. Gives the line of the ledger; paid twice it is once."""
    made = services.pay(actor=actor_of(request), tranche_id=tranche_id, note=body.note, now=timezone.now())
    return Made(id=made)


@writes(router, "/support/{support_id}/take-back", answer=Made, status=201)
def support_take_back(request: HttpRequest, support_id: IdInPath, body: SupportWrong) -> Made:
    """A line of the ledger was wrong: another takes all of it back. Gives that line; twice it is once."""
    made = services.take_back(
        actor=actor_of(request), support_id=support_id, reason=body.reason, now=timezone.now()
    )  # fmt: skip
    return Made(id=made)


def _run(request: HttpRequest, code: str) -> int:
    number = house_id(code)
    permissions.require_run(actor_of(request), house_id=number)
    return number


def _line(row: ResidencyRow) -> dict[str, Any]:
    return {
        "id": row.id, "house": reference(row.house),
        "organisation": reference(row.organisation) if row.organisation else None, "names": Names.of(row.names),
        "state": Listed.of(row.state, RESIDENCY_STATES), "starts_on": row.starts_on, "ends_on": row.ends_on,
        "moved_in_on": row.moved_in_on, "over_on": row.over_on, "milestones": row.milestones, "reached": row.reached,
        "waiting": row.waiting, "late": row.late,
    }  # fmt: skip


def _milestone(one: MilestoneRow) -> MilestoneOut:
    return MilestoneOut(
        id=one.id, names=Names.of(one.names), wanted=one.wanted, due_on=one.due_on,
        state=Listed.of(one.state, MILESTONE_STATES), said=one.said, files=[file.name for file in one.evidence],
        submitted_at=one.submitted_at, decided_at=one.decided_at, answer=one.answer,
    )  # fmt: skip


def _tranche(one: TrancheRow) -> TrancheOut:
    return TrancheOut(
        id=one.id, line=Names.of(one.line), kind=Listed.of(one.kind, SUPPORT_KINDS), unit=one.unit, amount=one.amount,
        milestone=Names.of(one.milestone) if one.milestone else None, state=Listed.of(one.state, TRANCHE_STATES),
        payable=one.payable,
    )  # fmt: skip


def _support(one: SupportRow) -> SupportOut:
    return SupportOut(
        id=one.id, receipt=one.receipt, residency=one.residency_id, team=Names.of(one.team) if one.team else None,
        organisation=reference(one.organisation) if one.organisation else None,
        giver=reference(one.giver) if one.giver else None, agreement=one.agreement,
        kind=Listed.of(one.kind, SUPPORT_KINDS), unit=one.unit, amount=one.amount, given_on=one.given_on, note=one.note,
        reverses=one.reverses, reversed=one.reversed, acknowledged_at=one.acknowledged_at,
    )  # fmt: skip


def _session(one: SessionRow) -> SessionOut:
    return SessionOut(
        id=one.id, mentor=one.mentor, starts=one.starts, ends=one.ends, place=one.place, topic=one.topic,
        state=Listed.of(one.state, SESSION_STATES), summary=one.summary,
    )  # fmt: skip
