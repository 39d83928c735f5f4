"""The door: who came is checked in by the code of their registration, their card or by name; guests are counted too."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.events import permissions
from khaneh.domains.events.errors import AllCame, NobodyFound, NotConfirmed, NotThen
from khaneh.domains.events.models import CheckIn, Event, Registration
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.services.registering import houses_of
from khaneh.domains.events.types import HOLDING, CheckedIn, EventState, RegistrationState
from khaneh.domains.people import queries as people_queries
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# The door opens so long before the start, and what was written down is taken so long after the end.
EARLY = timedelta(hours=6)
LATE = timedelta(days=14)
LONGEST_NAME, LONGEST_CLIENT_ID = 200, 64


def check_in(
    *,
    actor: Actor,
    event_id: int,
    now: datetime,
    scanned: str = "",
    registration_id: int | None = None,
    people_count: int | None = None,
    client_id: str = "",
    at: datetime | None = None,
) -> CheckedIn:
    """So many of a registration (all who are not there yet, unless told otherwise) have come. By its number, or by what was scanned: its code
    or the card of who registered. The same `client_id` again is the same message, and answered alike.

    Raises NotFound, NotThen, NobodyFound, NotConfirmed, AllCame, Invalid.
    """
    with db.transaction():
        event = held_door(event_id, actor=actor, at=at or now, now=now)
        again = _again(event_id, client_id)
        if again is not None:
            return again
        found = _found(event_id, registration_id, scanned, now)
        if found.state not in HOLDING:
            raise NotConfirmed(registration_id=found.pk, state=found.state)
        left = found.people - found.came
        if left == 0:
            raise AllCame(registration_id=found.pk, people=found.people)
        count = left if people_count is None else people_count
        if not 1 <= count <= left:
            raise Invalid(fields={"people": "out_of_range"})
        made = CheckIn.objects.create(
            event_id=event_id, registration_id=found.pk, people=count, client_id=checked_client_id(client_id),
            at=at or now, received_at=now, by_id=actor.account_id,
        )  # fmt: skip
        Registration.objects.filter(pk=found.pk).update(state=RegistrationState.ATTENDED.value)
        journal.record(
            "events.registration.checked_in", actor=actor, house_id=event.house_id, registration_id=found.pk, people=count
        )  # fmt: skip
        return CheckedIn(made.pk, found.pk, _name(found), found.came + count, found.people)


def check_in_guest(
    *,
    actor: Actor,
    event_id: int,
    now: datetime,
    name: str = "",
    people_count: int = 1,
    client_id: str = "",
    at: datetime | None = None,
) -> CheckedIn:
    """Somebody came without a registration. They are there, so they are counted, whether or not there was a place for them.

    Raises NotFound, NotThen, Invalid.
    """
    with db.transaction():
        event = held_door(event_id, actor=actor, at=at or now, now=now)
        again = _again(event_id, client_id)
        if again is not None:
            return again
        name = " ".join(name.split())
        if len(name) > LONGEST_NAME or not 1 <= people_count <= 10_000:
            raise Invalid(fields={"name": "too_long"} if len(name) > LONGEST_NAME else {"people": "out_of_range"})
        made = CheckIn.objects.create(
            event_id=event_id, guest=name, people=people_count, client_id=checked_client_id(client_id), at=at or now,
            received_at=now, by_id=actor.account_id,
        )  # fmt: skip
        journal.record(
            "events.guest.checked_in", actor=actor, house_id=event.house_id, event_id=event_id, people=people_count
        )
        return CheckedIn(made.pk, None, name, people_count, people_count)


def undo_check_in(
    *, actor: Actor, event_id: int, now: datetime, check_in_id: int | None = None, registration_id: int | None = None
) -> None:
    """They were not there after all: one check-in, or all of a registration. Raises NotFound, NotThen."""
    with db.transaction():
        event = held_door(event_id, actor=actor, at=now, now=now)
        found = CheckIn.objects.filter(event_id=event_id, undone_at=None)
        found = (
            found.filter(pk=check_in_id)
            if check_in_id is not None
            else found.filter(registration_id=registration_id or 0)
        )
        if (check_in_id is None and registration_id is None) or not found.exists():
            raise NotFound(what="check_in")
        registrations = [number for number in found.values_list("registration_id", flat=True) if number is not None]
        found.update(undone_at=now)
        held = event.state == EventState.HELD
        state = RegistrationState.ABSENT if held else RegistrationState.CONFIRMED
        Registration.objects.filter(pk__in=registrations, came=0, state=RegistrationState.ATTENDED.value).update(
            state=state.value
        )
        journal.record(
            "events.registration.check_in_undone", actor=actor, house_id=event.house_id, event_id=event_id,
            registrations=registrations,
        )  # fmt: skip


def held_door(event_id: int, *, actor: Actor, at: datetime, now: datetime) -> Event:
    """The event, held, for whoever works at its door. Raises NotFound, also for who does not, and NotThen."""
    houses = houses_of(event_id)
    if not houses or not permissions.may_desk(actor, house_ids=houses):
        raise NotFound(what="event")
    hold(event_id=event_id)
    event = Event.objects.get(pk=event_id)
    opens, shuts = event.starts - EARLY, event.ends + LATE
    if event.state in (EventState.PROPOSED, EventState.CANCELLED) or not (opens <= at <= now + EARLY and now <= shuts):
        raise NotThen(**{"from": opens.isoformat(), "until": shuts.isoformat()})
    return event


def checked_client_id(client_id: str) -> str:
    """What a device calls its message. Raises Invalid."""
    if len(client_id) > LONGEST_CLIENT_ID:
        raise Invalid(fields={"client_id": "too_long"})
    return client_id


def _again(event_id: int, client_id: str) -> CheckedIn | None:
    if not client_id:
        return None
    there = CheckIn.objects.filter(event_id=event_id, client_id=client_id).select_related("registration").first()
    if there is None:
        return None
    found = there.registration
    if found is None:
        return CheckedIn(there.pk, None, there.guest, there.people, there.people, again=True)
    return CheckedIn(there.pk, found.pk, _name(found), found.came, found.people, again=True)


def _found(event_id: int, registration_id: int | None, scanned: str, now: datetime) -> Registration:
    mine = Registration.objects.filter(event_id=event_id)
    if registration_id is not None:
        found = mine.filter(pk=registration_id).first()
    else:
        word = scanned.strip()
        found = mine.filter(code=word.upper()).first() if word else None
        if found is None and word:
            found = _by_card(event_id, word, now)
    if found is None:
        raise NobodyFound
    return found


def _by_card(event_id: int, card: str, now: datetime) -> Registration | None:
    """What the holder of a card registered: what has a place before what has none."""
    member = people_queries.standing(now=now, card=card)
    if member is None or member.account_id is None:
        return None
    holding = [state.value for state in HOLDING]
    mine = Registration.objects.filter(event_id=event_id, account_id=member.account_id).order_by("pk")
    return mine.filter(state__in=holding).first() or mine.first()


def _name(found: Registration) -> str:
    return found.guest or people_queries.account_names([found.account_id]).get(found.account_id or 0, "")
