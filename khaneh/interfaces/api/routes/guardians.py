"""Who acts for whom: parents, teachers, whoever a member has asked."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import StrictBool

from khaneh.domains.people import services
from khaneh.domains.people.types import (
    GUARDIANSHIP_KINDS,
    GuardianshipKind,
    GuardianshipRow,
    Rights,
)
from khaneh.interfaces.api.calling import actor_of, desk_of, writes
from khaneh.interfaces.api.values import (
    Body,
    Done,
    Id,
    IdInPath,
    Instant,
    Listed,
    Made,
)

router = Router(tags=["members"])


class RightsOut(Schema):
    """What somebody may do for another member."""

    borrow: bool
    request: bool
    see_loans: bool
    pay: bool


class Guardianship(Schema):
    """Somebody who acts for another member; `member` and `name` are the other's."""

    id: int
    member: int
    name: str
    kind: Listed
    rights: RightsOut
    until: datetime | None


class RightsIn(Body):
    """What somebody may do for another member."""

    borrow: StrictBool = True
    request: StrictBool = True
    see_loans: StrictBool = False
    pay: StrictBool = True


class Binding(Body):
    """Somebody who acts for this member."""

    guardian: Id
    kind: GuardianshipKind
    rights: RightsIn = RightsIn()
    until: Instant | None = None


@writes(router, "/members/{member_id}/guardians", answer=Made, status=201)
def member_guardian(request: HttpRequest, member_id: IdInPath, body: Binding) -> Made:
    """Let somebody act for a member."""
    made = services.add_guardian(
        actor=actor_of(request),
        guardian_id=body.guardian,
        ward_id=member_id,
        kind=body.kind,
        rights=Rights(**body.rights.model_dump()),
        until=body.until,
        now=timezone.now(),
    )
    return Made(id=made)


@writes(router, "/members/guardians/{guardianship_id}/end", answer=Done)
def member_guardian_end(request: HttpRequest, guardianship_id: IdInPath) -> Done:
    """Let somebody act no more."""
    services.end_guardianship(actor=desk_of(request), guardianship_id=guardianship_id, now=timezone.now())
    return Done()


def guardianship_shape(one: GuardianshipRow) -> Guardianship:
    """Who acts for whom, and what they may do."""
    return Guardianship(
        id=one.id,
        member=one.member_id,
        name=one.name,
        kind=Listed.of(one.kind, GUARDIANSHIP_KINDS),
        rights=RightsOut(**one.rights._asdict()),
        until=one.valid_until,
    )
