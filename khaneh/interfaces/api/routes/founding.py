"""Standards by which houses are founded and measured and the passports of houses, for everybody; proposals for whoever may see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.founding import permissions, queries
from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    PASSPORT_STATES,
    PROPOSAL_STATES,
    STANDARD_STATES,
    TASK_STATES,
    ItemRow,
    PassportRow,
    ProposalRow,
    ProposalState,
    StandardRow,
    Weighed,
)
from khaneh.domains.network.types import Ref
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Code, HouseInPath, IdInPath, Listed, Names, Reference, reference
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed

router = Router(tags=["founding"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
_MOST_VERSIONS = 2**31 - 1


class ItemOut(Schema):
    """A line of a checklist: scores go from 0 to `scale`; one below `least` fails the whole; `photo`: a photograph belongs to it."""

    code: str
    section: Names
    names: Names
    evidence: Names
    weight: int
    scale: int
    least: int
    photo: bool


class StandardLine(Schema):
    """A version of a standard. It is met with `pass_percent` of the weighted scores and every item at its least."""

    code: str
    version: int
    authority: Reference
    house_kind: str
    house_kind_names: Names
    names: Names
    pass_percent: int
    assessors: int
    valid_months: int
    state: Listed
    published_at: datetime | None
    items: int


class StandardsOut(Schema):
    """Those in force, by code."""

    standards: list[StandardLine]


class StandardOut(StandardLine):
    """One with its checklist, in its order."""

    descriptions: Names
    checklist: list[ItemOut]


class EntryOut(Schema):
    """One time that a house was judged; `share` is that of the weighted scores, from 0 to 1; `below_least` the items that failed the whole."""

    on: date
    opening: bool
    standard: str
    version: int
    share: float
    meets: bool
    below_least: list[Names]


class PartOut(Schema):
    """What a part of the checklist came to at the last time."""

    names: Names
    share: float


class PassportOut(Schema):
    """By which standard a house is measured, whether it meets it, and every time that it was judged, the latest first."""

    house: Reference
    standard: StandardLine
    state: Listed
    share: float
    assessed_on: date
    due_on: date
    overdue: bool
    parts: list[PartOut]
    history: list[EntryOut]


class WantedStandards(Schema):
    """What is asked for; empty is any kind of house."""

    kind: Code = ""


class WantedVersion(Schema):
    """Which version; none is the newest that is in force."""

    version: Annotated[int, Field(ge=1, le=_MOST_VERSIONS)] | None = None


class NearOut(Schema):
    """The nearest house of the kind in service."""

    code: str
    names: Names
    km: float


class DemandOut(Schema):
    """What was asked for in a year in houses within reach, and how often somebody had nothing (`unmet`)."""

    houses: int
    booked: int
    refused: int
    waited: int
    in_vain: int
    registered: int
    turned_away: int
    needs: int
    unmet: int


class WeighedOut(Schema):
    """A place beside others on a day: need by deprivation (`decile` 1 is the most deprived, by that version of the index), who is served
    already, what is asked for within `reach_km`. Null where nothing is known."""

    on: date
    index: str
    decile: int | None
    rural: bool | None
    population: int | None
    same_kind: int
    nearest: NearOut | None
    reach_km: int
    demand: DemandOut


class ProposalLine(Schema):
    """A house that shall be. Amounts are in minor units of `currency`; `share` is from 0 to 1 once it is assessed, `meets` whether that is
    enough; `despite` that it was approved though it falls short."""

    id: int
    house: Reference
    standard: str
    version: int
    state: Listed
    made_at: datetime
    share: float | None
    meets: bool
    despite: bool
    asked: int | None
    budget: int | None
    spent: int
    currency: str
    opens_on: date | None
    opened_on: date | None
    weighed: WeighedOut


class ProposalsOut(Schema):
    """Those that the caller may see, the latest first."""

    proposals: list[ProposalLine]


class TaskOut(Schema):
    """What is to be done until the opening, what it may cost and what it cost."""

    id: int
    title: str
    due_on: date
    state: Listed
    done_on: date | None
    planned: int
    spent: int


class ProposalOut(ProposalLine):
    """One with its plan, its decision and its tasks."""

    plan: str
    area: int | None
    decided_at: datetime | None
    reason: str
    tasks: list[TaskOut]


class WantedProposals(Schema):
    """In which state; none is any."""

    state: ProposalState | None = None


@router.get("/standards", response={200: StandardsOut, **FAILURES_PUBLIC})
def standards(request: HttpRequest, wanted: Query[WantedStandards]) -> StandardsOut:
    """The standards in force, without their checklists."""
    return StandardsOut(standards=[_line(row) for row in queries.standards(kind=wanted.kind, in_force=True)])


@router.get("/standards/{code}", response={200: StandardOut, **FAILURES_PUBLIC})
def standard(request: HttpRequest, code: HouseInPath, wanted: Query[WantedVersion]) -> StandardOut:
    """One standard with its checklist, also one that is applied no more."""
    row = queries.standard(code, wanted.version)
    return StandardOut(
        **_line(row).dict(), descriptions=Names.of(row.descriptions), checklist=[_item(one) for one in row.items]
    )


@router.get("/houses/{code}/passport", response={200: PassportOut, **FAILURES_PUBLIC})
def house_passport(request: HttpRequest, code: HouseInPath) -> PassportOut:
    """The passport of a house that is measured by a standard."""
    return _passport(queries.passport(code, today=timezone.now().date()))


@router.get("/founding/proposals", response={200: ProposalsOut, **FAILURES}, auth=KEY)
def proposals(request: HttpRequest, wanted: Query[WantedProposals]) -> ProposalsOut:
    """Houses that are proposed, side by side with how each place compares, for whoever proposes, assesses or decides there."""
    actor = actor_of(request)
    if not actor.holds_somewhere(permissions.READERS):
        raise NotAllowed(act="founding.see")
    states = (wanted.state,) if wanted.state else ()
    found = queries.proposals(actor=actor, now=timezone.now(), states=states)
    return ProposalsOut(proposals=[_proposal(row) for row in found])


@router.get("/founding/proposals/{proposal_id}", response={200: ProposalOut, **FAILURES}, auth=KEY)
def proposal(request: HttpRequest, proposal_id: IdInPath) -> ProposalOut:
    """One proposal with its tasks."""
    actor = actor_of(request)
    if not actor.holds_somewhere(permissions.READERS):
        raise NotAllowed(act="founding.see")
    row = queries.proposal(proposal_id, actor=actor, now=timezone.now())
    return ProposalOut(
        **_proposal(row).dict(), plan=row.plan, area=row.area, decided_at=row.decided_at, reason=row.reason,
        tasks=[
            TaskOut(
                id=one.id, title=one.title, due_on=one.due_on, state=Listed.of(one.state, TASK_STATES),
                done_on=one.done_on, planned=one.planned, spent=one.spent,
            )
            for one in queries.tasks(proposal_id)
        ],
    )  # fmt: skip


def _proposal(row: ProposalRow) -> ProposalLine:
    return ProposalLine(
        id=row.id, house=reference(Ref(row.house.id, row.house.code, row.house.names)), standard=row.standard.code, version=row.standard.version,
        state=Listed.of(row.state, PROPOSAL_STATES), made_at=row.made_at,
        share=None if row.permille is None else row.permille / 1000, meets=row.meets, despite=row.despite,
        asked=row.asked, budget=row.budget, spent=row.spent, currency=row.currency, opens_on=row.opens_on,
        opened_on=row.opened_on, weighed=_weighed(row.weighed),
    )  # fmt: skip


def _weighed(row: Weighed) -> WeighedOut:
    near = row.nearest
    return WeighedOut(
        on=row.on, index=row.index, decile=row.decile, rural=row.rural, population=row.population, same_kind=row.same,
        nearest=NearOut(code=near.code, names=Names.of(near.names), km=near.km) if near else None,
        reach_km=row.reach_km, demand=DemandOut(**row.demand._asdict(), unmet=row.demand.unmet),
    )  # fmt: skip


def _line(row: StandardRow) -> StandardLine:
    return StandardLine(
        code=row.code, version=row.version, authority=reference(row.authority), house_kind=row.kind,
        house_kind_names=Names.of(FOUNDED_KINDS[row.kind]), names=Names.of(row.names), pass_percent=row.pass_percent,
        assessors=row.assessors, valid_months=row.valid_months, state=Listed.of(row.state, STANDARD_STATES),
        published_at=row.published_at, items=row.item_count,
    )  # fmt: skip


def _item(one: ItemRow) -> ItemOut:
    return ItemOut(
        code=one.code, section=Names.of(one.sections), names=Names.of(one.names), evidence=Names.of(one.evidence),
        weight=one.weight, scale=one.scale, least=one.least, photo=one.photo,
    )  # fmt: skip


def _passport(row: PassportRow) -> PassportOut:
    def named(labels: tuple[Label, ...]) -> list[Names]:
        return [Names.of(label) for label in labels]

    return PassportOut(
        house=reference(row.house),
        standard=_line(row.standard),
        state=Listed.of(row.state, PASSPORT_STATES),
        share=row.permille / 1000,
        assessed_on=row.assessed_on,
        due_on=row.due_on,
        overdue=row.overdue,
        parts=[PartOut(names=Names.of(one.names), share=one.permille / 1000) for one in row.sections],
        history=[
            EntryOut(
                on=one.on, opening=one.opening, standard=one.standard_code, version=one.version,
                share=one.permille / 1000, meets=one.meets, below_least=named(one.failed),
            )
            for one in row.entries
        ],
    )  # fmt: skip
