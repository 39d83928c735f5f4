"""Spaces: what there is to book; entered and changed by those who keep them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import (
    CLOSURE_KINDS,
    FACILITIES,
    KIND_GROUPS,
    SPACE_GROUPS,
    SPACE_KINDS,
    SPACE_STATES,
    ClosureRow,
    SpaceGroup,
    SpaceRow,
)
from khaneh.interfaces.api.calling import actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.routes.space_drafts import SpaceChanged, SpaceWritten
from khaneh.interfaces.api.values import HouseInPath, IdInPath, Listed, Names, Reference, Sum, house_id, reference
from khaneh.kernel.refusal import NotFound

router = Router(tags=["spaces"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}


class KindOfSpace(Schema):
    """What a space may be, and what sort of thing that is."""

    code: str
    names: Names
    group: str


class SpaceLists(Schema):
    """Controlled lists: kinds of space, groups of kinds, facilities."""

    kinds: list[KindOfSpace]
    groups: list[Listed]
    facilities: list[Listed]


class Hours(Schema):
    """A span of a space's own week: ISO weekday (Monday 1), minutes after midnight; `closes` may lie on the next day."""

    weekday: int
    opens: int
    closes: int


class SpaceOut(Schema):
    """Something that can be booked. `inside` are the ids of what it is in, the outermost first; `requires` are codes of qualifications.

    Starts and lengths lie on the grid of `slot_minutes`. A price without `price` is the policies' to say; see /spaces/{id}/quote.
    """

    id: int
    code: str
    house: Reference
    kind: Listed
    group: Listed
    names: Names
    state: Listed
    in_service: bool
    inside: list[int]
    capacity: int
    quantity: int
    facilities: list[Listed]
    slot_minutes: int
    min_minutes: int
    max_minutes: int
    setup_minutes: int
    cleanup_minutes: int
    approval: bool
    self_service: bool
    needs_code: bool
    price: Sum | None
    price_unit: str
    requires: list[str]
    calendar: str


class ClosureOut(Schema):
    """A time in which nobody may have a space; `units` of a counted one, none for all of it; open-ended without `ends`."""

    id: int
    kind: Listed
    units: list[int]
    starts: datetime
    ends: datetime | None


class SpaceWhole(SpaceOut):
    """A space's page: with what is in it, its own hours and its closures to come."""

    descriptions: Names
    hours: list[Hours]
    parts: list[SpaceOut]
    closures: list[ClosureOut]


class SpacesOut(Schema):
    """The spaces of a house, each after what it is in."""

    spaces: list[SpaceOut]


@router.get("/spaces/kinds", response=SpaceLists)
def space_kinds(request: HttpRequest) -> SpaceLists:
    """What spaces may be and have."""
    return SpaceLists(
        kinds=[
            KindOfSpace(code=code, names=Names.of(label), group=KIND_GROUPS[code].value)
            for code, label in SPACE_KINDS.items()
        ],
        groups=[Listed.of(one, SPACE_GROUPS) for one in SpaceGroup],
        facilities=[_named(code, FACILITIES) for code in FACILITIES],
    )


@router.get("/spaces/{space_id}", response={200: SpaceWhole, **FAILURES_PUBLIC})
def space(request: HttpRequest, space_id: IdInPath) -> SpaceWhole:
    """One space."""
    row = queries.space_by_id(space_id)
    return SpaceWhole(
        **space_shape(row).dict(),
        descriptions=Names.of(row.descriptions),
        hours=[Hours(**one._asdict()) for one in row.hours],
        parts=[space_shape(one) for one in queries.parts_of(space_id)],
        closures=[closure_shape(one) for one in queries.closures_of(space_id, now=timezone.now())],
    )


@router.get("/houses/{code}/spaces", response={200: SpacesOut, **FAILURES_PUBLIC})
def house_spaces(request: HttpRequest, code: HouseInPath) -> SpacesOut:
    """The spaces of a house that are not retired."""
    number = house_id(code)
    if number not in network.public_places():
        raise NotFound(what="house")
    return SpacesOut(spaces=[space_shape(one) for one in queries.spaces_of_house(number)])


@writes(router, "/spaces", answer=SpaceOut, status=201)
def space_add(request: HttpRequest, body: SpaceWritten) -> SpaceOut:
    """Enter a space of a house."""
    return space_shape(services.add_space(actor=actor_of(request), draft=body.draft(body.code), now=timezone.now()))


@writes(router, "/spaces/{space_id}", answer=SpaceOut, method="put")
def space_change(request: HttpRequest, space_id: IdInPath, body: SpaceChanged) -> SpaceOut:
    """Make everything of a space but its code and state as this says. What is booked stays as it was booked."""
    code = queries.space_by_id(space_id, actor=actor_of(request)).code
    return space_shape(
        services.change_space(actor=actor_of(request), code=code, draft=body.draft(code), now=timezone.now())
    )


def space_shape(row: SpaceRow) -> SpaceOut:
    """A space as lists show it. No statement."""
    return SpaceOut(
        id=row.id, code=row.code, house=reference(row.house), kind=_named(row.kind, SPACE_KINDS),
        group=Listed.of(row.group, SPACE_GROUPS), names=Names.of(row.names), state=Listed.of(row.state, SPACE_STATES),
        in_service=row.in_service, inside=list(row.path[:-1]), capacity=row.capacity, quantity=row.quantity,
        facilities=[_named(code, FACILITIES) for code in row.facilities], slot_minutes=row.slot_minutes,
        min_minutes=row.min_minutes, max_minutes=row.max_minutes, setup_minutes=row.setup_minutes,
        cleanup_minutes=row.cleanup_minutes, approval=row.approval, self_service=row.self_service,
        needs_code=row.needs_code, price=Sum.of(row.price) if row.price else None, price_unit=row.price_unit.value,
        requires=[code for _, code in row.requires], calendar=f"/calendars/space/{row.id}.ics",
    )  # fmt: skip


def closure_shape(row: ClosureRow) -> ClosureOut:
    """A closure; its note is for staff."""
    kind = Listed.of(row.kind, CLOSURE_KINDS)
    return ClosureOut(id=row.id, kind=kind, units=list(row.units), starts=row.starts, ends=row.ends)


def _named(code: str, names: Any) -> Listed:
    return Listed(code=code, names=Names.of(names[code]))
