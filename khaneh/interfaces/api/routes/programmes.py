"""Calls of programmes, for everybody: what is asked, of whom, by which criteria; questions with their answers. And what was handed in, for who keeps
a call."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictStr

from khaneh.domains.network.types import ORGANISATION_KINDS
from khaneh.domains.network.types.sectors import sector_name
from khaneh.domains.programmes import permissions, queries, services
from khaneh.domains.programmes.types import (
    APPLICATION_STATES,
    CALL_STAGES,
    PROGRAMME_KINDS,
    QUESTION_KINDS,
    QUOTA_KINDS,
    ApplicationRow,
    ApplicationState,
    CallRow,
    CallStage,
    ProgrammeKind,
    Question,
    SentFilter,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    Body,
    Code,
    IdInPath,
    Listed,
    Made,
    Names,
    Page,
    Reference,
    Words,
    reference,
)
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.refusal import NotAllowed, NotFound

router = Router(tags=["programmes"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class ProgrammeOut(Schema):
    """What a house offers, year after year."""

    code: str
    kind: Listed
    names: Names
    descriptions: Names
    house: Reference


class CriterionOut(Schema):
    """By what applications are judged: `weight` relative to the others, scores from 0 to `scale_max`."""

    code: str
    names: Names
    hints: Names
    weight: int
    scale_max: int


class QuotaOut(Schema):
    """For whom places are kept: a region, deciles of deprivation up to one (1 is the most deprived), or villages."""

    kind: Listed
    places: int
    region: Reference | None
    decile_max: int | None


class OptionOut(Schema):
    """One of a list."""

    code: str
    names: Names


class ShownIfOut(Schema):
    """Asked only where that question was answered with one of these codes."""

    key: str
    codes: list[str]


class QuestionOut(Schema):
    """A question of the form. `least` and `most` bound characters, a number, minor units of `currency`, choices, lines of a table, or bytes."""

    key: str
    kind: Listed
    names: Names
    hints: Names
    required: bool
    least: int | None
    most: int | None
    currency: str
    options: list[OptionOut]
    columns: list[OptionOut]
    shown_if: ShownIfOut | None


class CallLine(Schema):
    """A call as lists show it. `stage` is where it is at this moment; empty kinds and sectors, and no region, ask for nothing."""

    id: int
    programme: ProgrammeOut
    names: Names
    stage: Listed
    places: int
    for_persons: bool
    for_kinds: list[OptionOut]
    sectors: list[OptionOut]
    region: Reference | None
    opens_at: datetime | None
    closes_at: datetime | None
    results_on: date | None


class CallsOut(Schema):
    """Open ones first, the soonest deadline at the top; `total` is how many there are."""

    total: int
    calls: list[CallLine]


class FormAnsweredOut(Schema):
    """A question about the call, answered for all."""

    text: str
    asked_at: datetime
    answers: Names
    answered_at: datetime | None


class CallOut(CallLine):
    """A call with what it asks: criteria, places kept, the form in force, and questions answered so far."""

    descriptions: Names
    criteria: list[CriterionOut]
    quotas: list[QuotaOut]
    form_version: int | None
    questions: list[QuestionOut]
    answered: list[FormAnsweredOut]


class WantedCalls(Page):
    """Which calls. A region includes what is below it, and is that of the house."""

    stage: CallStage | None = None
    kind: ProgrammeKind | None = None
    region: Code = ""


class AskedBody(Body):
    """What somebody wants to know about a call; it is shown with its answer, without who asked."""

    text: Annotated[StrictStr, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class ReasonOut(Schema):
    """Why somebody does not meet the conditions, and what would help."""

    code: str
    names: Names
    remedy: Names | None


class EligibilityOut(Schema):
    """What the rules say of an applicant."""

    permitted: bool
    reasons: list[ReasonOut]


class SentOut(Schema):
    """An application as it was last handed in. `regions` from the province down; `decile` by the call's version of the index, 1 the most deprived.

    `answers` by the keys of the form: texts, numbers as written, minor units, ISO days, codes, lines of a table by column.
    """

    id: int
    call: int
    state: Listed
    title: str
    summary: str
    language: str
    organisation: Reference | None
    regions: list[Reference]
    decile: int | None
    rural: bool | None
    receipt: str
    submitted_at: datetime | None
    eligibility: EligibilityOut | None
    answers: dict[str, Any]


class SentPageOut(Schema):
    """The latest first; `after` leads on, empty at the end."""

    total: int
    applications: list[SentOut]
    after: str


class WantedSent(Schema):
    """Which of what was handed in."""

    state: ApplicationState | None = None
    region: Code = ""
    text: Words = ""
    after: Code = ""
    limit: int = Field(50, ge=1, le=200)


@router.get("/calls", response={200: CallsOut, **FAILURES_PUBLIC})
def calls(request: HttpRequest, wanted: Query[WantedCalls]) -> CallsOut:
    """What was published."""
    now = timezone.now()
    page = queries.calls(
        now=now, stage=wanted.stage, kind=wanted.kind or "", region_code=wanted.region, offset=wanted.offset, limit=wanted.limit
    )  # fmt: skip
    return CallsOut(total=page.total, calls=[CallLine(**_line(row, now)) for row in page.rows])


@router.get("/calls/{call_id}", response={200: CallOut, **FAILURES_PUBLIC})
def call(request: HttpRequest, call_id: IdInPath) -> CallOut:
    """One call with its criteria and its form."""
    row = queries.seen_call(call_id, actor=VISITOR)
    return CallOut(
        **_line(row, timezone.now()),
        descriptions=Names.of(row.descriptions),
        criteria=[
            CriterionOut(
                code=one.code, names=Names.of(one.names), hints=Names.of(one.hints), weight=one.weight, scale_max=one.scale_max
            )
            for one in row.criteria
        ],
        quotas=[
            QuotaOut(
                kind=Listed.of(one.kind, QUOTA_KINDS), places=one.places,
                region=reference(one.region) if one.region else None, decile_max=one.decile_max,
            )
            for one in row.quotas
        ],
        form_version=row.form.number if row.form else None,
        questions=[_question(one) for one in row.form.questions] if row.form else [],
        answered=[
            FormAnsweredOut(text=one.text, asked_at=one.asked_at, answers=Names.of(one.answers), answered_at=one.answered_at)
            for one in queries.asked(call_id, actor=VISITOR)
        ],
    )  # fmt: skip


@writes(router, "/calls/{call_id}/questions", answer=Made, status=201)
def call_ask(request: HttpRequest, call_id: IdInPath, body: AskedBody) -> Made:
    """Ask about a call before its deadline; the answer is for all."""
    own_account(request)
    return Made(id=services.ask(actor=actor_of(request), call_id=call_id, text=body.text, now=timezone.now()))


@router.get("/calls/{call_id}/applications", response={200: SentPageOut, **FAILURES}, auth=KEY)
def call_applications(request: HttpRequest, call_id: IdInPath, wanted: Query[WantedSent]) -> SentPageOut:
    """What was handed in to a call, for who keeps it."""
    actor = actor_of(request)
    row = queries.call(call_id)
    if not permissions.may_manage(actor, house_id=row.house.id):
        # A draft is nobody else's to know of.
        raise NotFound(what="call") if row.published_at is None else NotAllowed(act="programmes.manage")
    asked = SentFilter(wanted.state.value if wanted.state else "", wanted.region, wanted.text)
    page = queries.sent_page(call_id, actor=actor, wanted=asked, after=wanted.after, limit=wanted.limit)
    return SentPageOut(
        total=page.total, applications=[SentOut(**sent_shape(one)) for one in page.rows], after=page.after
    )


def sent_shape(row: ApplicationRow) -> dict[str, Any]:
    """What an application says to who reads it. No statement."""
    told = row.eligibility
    reasons = [
        ReasonOut(code=one.code, names=Names.of(one.label), remedy=Names.of(one.remedy) if one.remedy else None)
        for one in (told.reasons if told else ())
    ]
    return {
        "id": row.id, "call": row.call_id, "state": Listed.of(row.state, APPLICATION_STATES), "title": row.title,
        "summary": row.summary, "language": row.language,
        "organisation": reference(row.organisation) if row.organisation else None,
        "regions": [reference(one) for one in row.regions], "decile": row.decile, "rural": row.rural,
        "receipt": row.receipt, "submitted_at": row.submitted_at, "answers": dict(row.answers),
        "eligibility": EligibilityOut(permitted=told.permitted, reasons=reasons) if told else None,
    }  # fmt: skip


def _line(row: CallRow, now: datetime) -> dict[str, Any]:
    one = row.programme
    return {
        "id": row.id,
        "programme": ProgrammeOut(
            code=one.code, kind=Listed.of(one.kind, PROGRAMME_KINDS), names=Names.of(one.names),
            descriptions=Names.of(one.descriptions), house=reference(one.house),
        ),
        "names": Names.of(row.names), "stage": Listed.of(row.stage(now), CALL_STAGES), "places": row.places,
        "for_persons": row.for_persons,
        "for_kinds": [OptionOut(code=code, names=Names.of(ORGANISATION_KINDS[code])) for code in row.for_kinds],
        "sectors": [OptionOut(code=code, names=Names.of(sector_name(code))) for code in row.sectors],
        "region": reference(row.region) if row.region else None, "opens_at": row.opens_at, "closes_at": row.closes_at,
        "results_on": row.results_on,
    }  # fmt: skip


def _question(one: Question) -> QuestionOut:
    return QuestionOut(
        key=one.key, kind=Listed.of(one.kind, QUESTION_KINDS), names=Names.of(one.label), hints=Names.of(one.hint),
        required=one.required, least=one.least, most=one.most, currency=one.currency,
        options=[OptionOut(code=option.code, names=Names.of(option.label)) for option in one.options],
        columns=[OptionOut(code=option.code, names=Names.of(option.label)) for option in one.columns],
        shown_if=ShownIfOut(key=one.shown_if.key, codes=list(one.shown_if.codes)) if one.shown_if else None,
    )  # fmt: skip
