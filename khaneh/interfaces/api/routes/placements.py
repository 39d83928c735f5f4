"""Placements: who fits a vacancy, offers, and what the employer says of who has come.

For who speaks for the employer, by a role at that very organisation; a placement is its trainee's own as well.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt, StrictStr, model_validator

from khaneh.domains.placements import permissions, queries, services
from khaneh.domains.placements.types import (
    END_REASONS,
    LEAVING,
    MILESTONES,
    PLACEMENT_STATES,
    VACANCY_KINDS,
    Candidate,
    ConfirmationRow,
    Evidence,
    Match,
    PlacementRow,
)
from khaneh.domains.placements.types import EndReason as Ending
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, require_own_or, writes
from khaneh.interfaces.api.routes.vacancies import employer
from khaneh.interfaces.api.values import (
    Body,
    Day,
    Done,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Made,
    Names,
    Reference,
    reference,
)

router = Router(tags=["placements"])

_Words = Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class EvidenceOut(Schema):
    """One wish of a vacancy and what is there of it: `about` is skill, qualification, place or kind; `wanted` and `has` are levels or km.

    `has` is null where nothing is known.
    """

    about: str
    code: str
    essential: bool
    met: bool
    wanted: int | None
    has: int | None


class MatchOut(Schema):
    """How well somebody fits, 0 to 100, and why. `fits`: everything essential is there."""

    score: int
    fits: bool
    evidence: list[EvidenceOut]


class CandidateOut(Schema):
    """Somebody who has consented to be seen, by a number: no name before they have said that they are interested, and never an address."""

    seeker: int
    match: MatchOut
    regions: list[Reference]
    about: str
    name: str
    note: str
    interested_at: datetime | None
    placement: int | None
    placement_state: Listed | None


class CandidatesOut(Schema):
    """The interested first, then by what is essential, then by score."""

    candidates: list[CandidateOut]


class ConfirmationOut(Schema):
    """What the employer is asked after so many months. `still` is null while nobody has answered."""

    months: int
    due_on: date
    answered_at: datetime | None
    still: bool | None


class PlacementOut(Schema):
    """A vacancy that was offered to somebody, and what came of it.

    Who it is: an employer knows the name of who was interested, name and address of who has accepted.
    """

    id: int
    vacancy: int
    names: Names
    kind: Listed
    organisation: Reference
    name: str
    email: str
    state: Listed
    note: str
    match: MatchOut | None
    offered_at: datetime
    answer_by: datetime | None
    accepted_at: datetime | None
    starts_on: date | None
    started_on: date | None
    ended_on: date | None
    end_reason: Listed | None
    confirmations: list[ConfirmationOut]


class PlacementsOut(Schema):
    """The latest first."""

    placements: list[PlacementOut]


class OfferingPlace(Body):
    """To a seeker by number. Without a day it begins when the vacancy says."""

    seeker: Id
    note: _Words = ""
    starts_on: Day | None = None


class StartedPlace(Body):
    """The first day at work, which has come."""

    started_on: Day


class ConfirmingPlace(Body):
    """They have worked there for so many months without a break; twelve say three as well."""

    months: Annotated[StrictInt, Field(json_schema_extra={"enum": list(MILESTONES)})]

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.months not in MILESTONES:
            raise ValueError("nothing is asked after so many months")
        return self


class EndedPlace(Body):
    """Since when and why they work there no more."""

    ended_on: Day
    reason: Literal[tuple(one.value for one in LEAVING)]  # type: ignore[valid-type]


@router.get("/vacancies/{vacancy_id}/candidates", response={200: CandidatesOut, **FAILURES}, auth=KEY)
def vacancy_candidates(request: HttpRequest, vacancy_id: IdInPath) -> CandidatesOut:
    """Who fits and has consented to be seen."""
    actor = actor_of(request)
    wanted = queries.vacancy(vacancy_id, actor=actor)
    permissions.require_represent(actor, wanted.organisation.id)
    found = queries.candidates(vacancy_id, actor=actor, now=timezone.now())
    return CandidatesOut(candidates=[_candidate(one) for one in found])


@writes(router, "/vacancies/{vacancy_id}/offers", answer=Made, status=201)
def placement_offer(request: HttpRequest, vacancy_id: IdInPath, body: OfferingPlace) -> Made:
    """Offer it to somebody, who has a fortnight to answer. Gives the placement."""
    made = services.offer(
        actor=actor_of(request), vacancy_id=vacancy_id, seeker_id=body.seeker, note=body.note, starts_on=body.starts_on,
        now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


@router.get("/organisations/{code}/placements", response={200: PlacementsOut, **FAILURES}, auth=KEY)
def organisation_placements(request: HttpRequest, code: HouseInPath) -> PlacementsOut:
    """All of one employer."""
    found = queries.placements_of_organisation(employer(request, code), actor=actor_of(request))
    return PlacementsOut(placements=[placement_shape(one) for one in found])


@router.get("/placements/{placement_id}", response={200: PlacementOut, **FAILURES}, auth=KEY)
def placement(request: HttpRequest, placement_id: IdInPath) -> PlacementOut:
    """One, for its trainee and its employer."""
    actor = actor_of(request)
    row = queries.placement(placement_id, actor=actor)
    require_own_or(request, at_desk=permissions.represents(actor, row.organisation.id))
    return placement_shape(row)


@writes(router, "/placements/{placement_id}/withdraw", answer=Done)
def placement_withdraw(request: HttpRequest, placement_id: IdInPath) -> Done:
    """Take an offer back, or the place before it was begun."""
    services.withdraw_offer(actor=actor_of(request), placement_id=placement_id, now=timezone.now())
    return Done()


@writes(router, "/placements/{placement_id}/start", answer=Done)
def placement_start(request: HttpRequest, placement_id: IdInPath, body: StartedPlace) -> Done:
    """They have begun to work."""
    services.start(
        actor=actor_of(request), placement_id=placement_id, started_on=body.started_on, now=timezone.now()
    )  # fmt: skip
    return Done()


@writes(router, "/placements/{placement_id}/confirm", answer=Done)
def placement_confirm(request: HttpRequest, placement_id: IdInPath, body: ConfirmingPlace) -> Done:
    """They work there still; said again it changes nothing."""
    services.confirm(actor=actor_of(request), placement_id=placement_id, months=body.months, now=timezone.now())
    return Done()


@writes(router, "/placements/{placement_id}/end", answer=Done)
def placement_end(request: HttpRequest, placement_id: IdInPath, body: EndedPlace) -> Done:
    """They work there no more. The milestones that they had reached by then are confirmed by it."""
    services.end_placement(
        actor=actor_of(request), placement_id=placement_id, ended_on=body.ended_on, reason=Ending(body.reason),
        now=timezone.now(),
    )  # fmt: skip
    return Done()


def match_shape(found: Match) -> MatchOut:
    """How well somebody fits, and why."""
    return MatchOut(score=found.score, fits=found.fits, evidence=[_evidence(one) for one in found.evidence])


def placement_shape(row: PlacementRow) -> PlacementOut:
    """A placement as whoever asked may know of it."""
    return PlacementOut(
        id=row.id, vacancy=row.vacancy_id, names=Names.of(row.vacancy), kind=Listed.of(row.kind, VACANCY_KINDS),
        organisation=reference(row.organisation), name=row.name, email=row.email,
        state=Listed.of(row.state, PLACEMENT_STATES), note=row.note,
        match=match_shape(row.match) if row.match else None, offered_at=row.offered_at, answer_by=row.answer_by,
        accepted_at=row.accepted_at, starts_on=row.starts_on, started_on=row.started_on, ended_on=row.ended_on,
        end_reason=Listed.of(row.end_reason, END_REASONS) if row.end_reason else None,
        confirmations=[_confirmation(one) for one in row.confirmations],
    )  # fmt: skip


def _candidate(one: Candidate) -> CandidateOut:
    return CandidateOut(
        seeker=one.seeker_id, match=match_shape(one.match), regions=[reference(ref) for ref in one.regions],
        about=one.about, name=one.name, note=one.note, interested_at=one.interested_at, placement=one.placement_id,
        placement_state=Listed.of(one.placement_state, PLACEMENT_STATES) if one.placement_state else None,
    )  # fmt: skip


def _evidence(one: Evidence) -> EvidenceOut:
    return EvidenceOut(
        about=one.about.value, code=one.code, essential=one.essential, met=one.met, wanted=one.wanted, has=one.has
    )


def _confirmation(one: ConfirmationRow) -> ConfirmationOut:
    return ConfirmationOut(months=one.months, due_on=one.due_on, answered_at=one.answered_at, still=one.still)
