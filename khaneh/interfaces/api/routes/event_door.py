"""An event at its desk: who is expected, who came, guests, what those who came thought of it, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt, StrictStr, model_validator

from khaneh.domains.events import queries, services
from khaneh.domains.events.types import OUTCOMES, CheckedIn
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.routes.events import EventOut, EventWhole, event_shape, event_whole
from khaneh.interfaces.api.routes.registrations import (
    PersonName,
    RegistrationOut,
    registration_facts,
    require_door,
)
from khaneh.interfaces.api.values import Barcode, Body, Done, Id, IdInPath, Reference, reference

router = Router(tags=["events"])

Coming = Annotated[StrictInt, Field(ge=1, le=10_000)]
Million = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
OutcomeKind = Annotated[StrictStr, Field(pattern=rf"^({'|'.join(OUTCOMES)})$")]


class GuestOut(Schema):
    """Guests who came without a registration."""

    check_in: int
    name: str
    people: int


class DoorOut(Schema):
    """An event with those who come by name, then who waits (the oldest first), asks, and is not coming; and the guests who came."""

    event: EventOut
    registrations: list[RegistrationOut]
    guests: list[GuestOut]


class CheckingInEvent(Body):
    """By the id of a `registration`, or by what was `scanned`: its code or a card. All who are not there yet, or so many `people`."""

    registration: Id | None = None
    scanned: Barcode | None = None
    people: Coming | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.registration is None) == (self.scanned is None):
            raise ValueError("registration or scanned, not both")
        return self


class GuestIn(Body):
    """Somebody came without a registration."""

    name: PersonName = ""
    people: Coming = 1


class CheckedInOut(Schema):
    """`came` of `people` are there."""

    check_in: int
    registration: int | None
    name: str
    came: int
    people: int


class UndoingCheckIn(Body):
    """One check-in, or all of a registration."""

    check_in: Id | None = None
    registration: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.check_in is None) == (self.registration is None):
            raise ValueError("check_in or registration, not both")
        return self


class OutcomeIn(Body):
    """What came of it: in words, how many were there where nobody counted, and counts by kind. It takes the place of what was written before."""

    text: Annotated[StrictStr, Field(max_length=20_000, pattern=r"^[^\x00]*$")] = ""
    attendance: Million | None = None
    counts: dict[OutcomeKind, Million] = {}


class Feedback(Body):
    """A mark from 1 to 5, and perhaps words."""

    rating: Annotated[StrictInt, Field(ge=1, le=5)]
    words: Annotated[StrictStr, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


class ShareFigure(Schema):
    """How many had a place by the share of a house, and how many of them came."""

    house: Reference
    people: int
    came: int


class EventFigures(Schema):
    """What an event came to: people by state of their registration, how many came (counted at the door, else as was written down), guests
    among them; how often each mark from 1 to 5 was given, and their mean.
    """

    people: dict[str, int]
    came: int
    guests: int
    shares: list[ShareFigure]
    marks: list[int]
    mean: float | None
    words: list[str]
    text: str
    attendance: int | None
    counts: dict[str, int]
    recorded_on: date | None


@router.get("/events/{event_id}/proposal", response={200: EventWhole, **FAILURES}, auth=KEY)
def event_proposal(request: HttpRequest, event_id: IdInPath) -> EventWhole:
    """An event as the desks of its houses see it, also before it is opened."""
    return event_whole(require_door(request, event_id)[1])


@router.get("/events/{event_id}/registrations", response={200: DoorOut, **FAILURES}, auth=KEY)
def event_registrations(request: HttpRequest, event_id: IdInPath) -> DoorOut:
    """Everybody of an event."""
    actor, _ = require_door(request, event_id)
    found = queries.roster(event_id, actor=actor)
    return DoorOut(
        event=event_shape(found.event),
        registrations=[RegistrationOut(**registration_facts(one)) for one in found.registrations],
        guests=[GuestOut(check_in=number, name=name, people=people) for number, name, people in found.guests],
    )


@writes(router, "/events/{event_id}/check-ins", answer=CheckedInOut, status=201)
def event_check_in(request: HttpRequest, event_id: IdInPath, body: CheckingInEvent) -> CheckedInOut:
    """So many of a registration have come."""
    require_door(request, event_id)
    done = services.check_in(
        actor=actor_of(request), event_id=event_id, now=timezone.now(), scanned=body.scanned or "",
        registration_id=body.registration, people_count=body.people,
    )  # fmt: skip
    return _checked_in(done)


@writes(router, "/events/{event_id}/guests", answer=CheckedInOut, status=201)
def event_guest(request: HttpRequest, event_id: IdInPath, body: GuestIn) -> CheckedInOut:
    """Count guests: they are there, whether or not there was a place for them."""
    require_door(request, event_id)
    done = services.check_in_guest(
        actor=actor_of(request), event_id=event_id, now=timezone.now(), name=body.name, people_count=body.people
    )
    return _checked_in(done)


@writes(router, "/events/{event_id}/check-ins/undo", answer=Done)
def event_check_in_undo(request: HttpRequest, event_id: IdInPath, body: UndoingCheckIn) -> Done:
    """They were not there after all."""
    require_door(request, event_id)
    services.undo_check_in(
        actor=actor_of(request), event_id=event_id, now=timezone.now(), check_in_id=body.check_in,
        registration_id=body.registration,
    )  # fmt: skip
    return Done()


@writes(router, "/events/{event_id}/outcome", answer=Done)
def event_outcome(request: HttpRequest, event_id: IdInPath, body: OutcomeIn) -> Done:
    """Write down what came of it."""
    require_door(request, event_id)
    services.record_outcome(
        actor=actor_of(request), event_id=event_id, now=timezone.now(), text=body.text, counts=body.counts,
        attendance=body.attendance,
    )  # fmt: skip
    return Done()


@writes(router, "/me/registrations/{registration_id}/feedback", answer=Done)
def me_feedback(request: HttpRequest, registration_id: IdInPath, body: Feedback) -> Done:
    """What one thought of an event to which one came; told again, it is changed."""
    own_account(request)
    services.give_feedback(
        actor=actor_of(request), registration_id=registration_id, rating=body.rating, words=body.words,
        now=timezone.now(),
    )  # fmt: skip
    return Done()


@router.get("/events/{event_id}/figures", response={200: EventFigures, **FAILURES}, auth=KEY)
def event_figures(request: HttpRequest, event_id: IdInPath) -> EventFigures:
    """What an event came to."""
    actor, _ = require_door(request, event_id)
    found = queries.figures(event_id, actor=actor)
    return EventFigures(
        people=dict(found.people), came=found.came, guests=found.guests,
        shares=[ShareFigure(house=reference(ref), people=people, came=came) for ref, people, came in found.by_share],
        marks=list(found.marks), mean=found.mean, words=[words for _, words in found.words], text=found.text,
        attendance=found.attendance, counts=dict(found.counts), recorded_on=found.recorded_on,
    )  # fmt: skip


def _checked_in(done: CheckedIn) -> CheckedInOut:
    return CheckedInOut(
        check_in=done.check_in_id, registration=done.registration_id, name=done.name, came=done.came, people=done.people
    )
