"""Whether the staff is trained: the live figure of a house, a region, the network; and what is asked of whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.types import STANDINGS, HouseTraining, RequirementDraft, RequirementRow, StaffTraining
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HOUSE_KINDS, ROLES, Role
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    Body,
    Code,
    Day,
    Done,
    GivenCode,
    HouseInPath,
    IdInPath,
    Instant,
    Listed,
    Names,
    Reference,
    house_id,
    reference,
)
from khaneh.kernel.refusal import NotAllowed

router = Router(tags=["learning"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class Trained(Schema):
    """Of so many of the staff of whom something is asked, so many hold all of it; the others by the worst of what they lack.

    `share` is from 0 to 1, null where nothing is asked of anybody.
    """

    staff: int
    trained: int
    due: int
    lapsed: int
    missing: int
    share: float | None


class TrainedHouse(Trained):
    """The same for one house."""

    house: Reference


class TrainingOut(Trained):
    """The figure at an instant, each person counted once, and that of every house. Who works in two houses stands in both."""

    at: datetime
    houses: list[TrainedHouse]


class WantedTraining(Schema):
    """Of a house with what is in it, of a region, of the network; at this moment, or at another that is over."""

    house: Code = ""
    region: Code = ""
    at: Instant | None = None


class Need(Schema):
    """One qualification that somebody's role asks for. `by` is the last day, `until` how long what they hold still counts."""

    code: str
    names: Names
    standing: Listed
    by: date | None
    until: datetime | None


class TrainedPerson(Schema):
    """Somebody of whom something is asked, with their roles there."""

    account: int
    name: str
    roles: list[str]
    standing: Listed
    needs: list[Need]


class TrainedStaff(TrainedHouse):
    """A house with its people, whoever lacks most first."""

    people: list[TrainedPerson]


class TrainedStaffs(Schema):
    """A house and what is in it, by code."""

    houses: list[TrainedStaff]


class RequirementOut(Schema):
    """Whoever holds one of these roles, at a house of these kinds (of any, where none is named), holds the qualification by a day."""

    id: int
    qualification: Reference
    roles: list[Listed]
    house_kinds: list[str]
    region: Reference | None
    due_on: date | None
    grace_days: int
    since: datetime


class RequirementsOut(Schema):
    """What is asked of the staff, the oldest first."""

    requirements: list[RequirementOut]


class Requiring(Body):
    """Ask it of holders of these roles, from this moment on. Whoever takes such a role up later has `grace_days`."""

    qualification: GivenCode
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    house_kinds: Annotated[list[Code], Field(max_length=len(HOUSE_KINDS))] = []
    region: Code = ""
    due_on: Day | None = None
    grace_days: Annotated[StrictInt, Field(ge=0, le=3660)] = 90


@router.get("/staff-training", response={200: TrainingOut, **FAILURES_PUBLIC})
def staff_training(request: HttpRequest, wanted: Query[WantedTraining]) -> TrainingOut:
    """How many of the staff hold what their roles ask for."""
    now = timezone.now()
    found = queries.staff_training(
        at=min(wanted.at, now) if wanted.at is not None else now,
        house_id=house_id(wanted.house) if wanted.house else None,
        region_id=network.region(wanted.region).id if wanted.region else None,
    )
    houses = [TrainedHouse(house=reference(one.house), **_counts(one)) for one in found.houses]
    return TrainingOut(at=found.at, houses=houses, **_counts(found))


@router.get("/houses/{code}/staff-training", response={200: TrainedStaffs, **FAILURES}, auth=KEY)
def house_staff_training(request: HttpRequest, code: HouseInPath) -> TrainedStaffs:
    """Who of a house is trained in what, by name; for who leads it."""
    number, actor = house_id(code), actor_of(request)
    if not permissions.may_see_staff(actor, house_id=number):
        raise NotAllowed(act="learning.see_staff")
    found = queries.staff_training(at=timezone.now(), house_id=number, actor=actor, names=True)
    return TrainedStaffs(houses=[_staff(one) for one in found.houses])


@router.get("/training-requirements", response=RequirementsOut)
def training_requirements(request: HttpRequest) -> RequirementsOut:
    """What is asked of the staff."""
    return RequirementsOut(requirements=[_requirement(one) for one in queries.requirements(at=timezone.now())])


@writes(router, "/training-requirements", answer=RequirementOut, status=201)
def training_require(request: HttpRequest, body: Requiring) -> RequirementOut:
    """Ask the staff to be trained; for who administers an authority."""
    draft = RequirementDraft(
        body.qualification, tuple(body.roles), tuple(body.house_kinds), body.region, body.due_on, body.grace_days
    )
    return _requirement(services.require_training(actor=actor_of(request), draft=draft, now=timezone.now()))


@writes(router, "/training-requirements/{requirement_id}/end", answer=Done)
def training_require_no_more(request: HttpRequest, requirement_id: IdInPath) -> Done:
    """Ask it of nobody any more; figures of earlier days stay what they were."""
    services.end_requirement(actor=actor_of(request), requirement_id=requirement_id, now=timezone.now())
    return Done()


def _counts(found: StaffTraining | HouseTraining) -> dict[str, Any]:
    return {
        "staff": found.staff, "trained": found.trained, "due": found.due, "lapsed": found.lapsed,
        "missing": found.missing, "share": found.share,
    }  # fmt: skip


def _staff(found: HouseTraining) -> TrainedStaff:
    people = [
        TrainedPerson(
            account=one.account_id, name=one.name, roles=list(one.roles), standing=Listed.of(one.standing, STANDINGS),
            needs=[
                Need(
                    code=need.code, names=Names.of(need.names), standing=Listed.of(need.standing, STANDINGS),
                    by=need.by, until=need.until,
                )
                for need in one.needs
            ],
        )
        for one in found.people
    ]  # fmt: skip
    return TrainedStaff(house=reference(found.house), people=people, **_counts(found))


def _requirement(row: RequirementRow) -> RequirementOut:
    return RequirementOut(
        id=row.id, qualification=Reference(code=row.code, names=Names.of(row.names)),
        roles=[Listed.of(role, ROLES) for role in row.roles], house_kinds=list(row.house_kinds),
        region=reference(row.region) if row.region else None, due_on=row.due_on, grace_days=row.grace_days,
        since=row.since,
    )  # fmt: skip
