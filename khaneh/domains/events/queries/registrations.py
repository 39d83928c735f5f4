"""Registrations for those whom they concern: one's own, those of an event for its desk, requests that wait for an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from khaneh.domains.events import permissions
from khaneh.domains.events.models import CheckIn, Event, Feedback, Pool, Registration
from khaneh.domains.events.queries.events import event
from khaneh.domains.events.queries.rows import by_ids
from khaneh.domains.events.rules import prices
from khaneh.domains.events.types import (
    OPEN_REGISTRATIONS,
    EndReason,
    EventRow,
    OwnRegistration,
    RegistrationRow,
    RegistrationState,
    Roster,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_REGISTRATIONS]


def registration(registration_id: int, *, actor: Actor) -> OwnRegistration:
    """One registration with its event, for who registered, who speaks for its organisation, and the desk. At most 27 statements. Raises
    NotFound, also where it is none of theirs.
    """
    found = Registration.objects.filter(pk=registration_id).first()
    if found is None:
        raise NotFound(what="registration")
    row = by_ids([found.event_id])[found.event_id]
    own = actor.account_id is not None and found.account_id == actor.account_id
    own = own or found.organisation_id in permissions.spoken_for(actor)
    if not (own or permissions.may_desk(actor, house_ids=[one.id for one in row.houses])):
        raise NotFound(what="registration")
    return OwnRegistration(registration_rows(Registration.objects.filter(pk=registration_id))[0], row)


def registrations_of(
    account_id: int, *, now: datetime, organisation_ids: Collection[int] = (), past: bool = False, limit: int = 100
) -> list[OwnRegistration]:
    """Somebody's own registrations, and those of organisations, with their events: those to come by start, or those that are over, the
    latest first. At most 27 statements. The caller has identified whose they are.
    """
    mine = Registration.objects.filter(Q(account_id=account_id) | Q(organisation_id__in=organisation_ids))
    if past:
        found = mine.exclude(state__in=_OPEN, event__ends__gt=now).order_by("-event__starts", "-pk")
    else:
        found = mine.filter(state__in=_OPEN, event__ends__gt=now).order_by("event__starts", "pk")
    listed = registration_rows(found[:limit])
    events = by_ids({row.event_id for row in listed})
    return [OwnRegistration(row, events[row.event_id]) for row in listed]


def own(event_id: int, *, account_id: int) -> list[RegistrationRow]:
    """What somebody has registered for an event and not given up, for themself or for organisations. Eight statements."""
    ended = [RegistrationState.CANCELLED.value, RegistrationState.REFUSED.value]
    found = Registration.objects.filter(event_id=event_id, account_id=account_id).exclude(state__in=ended)
    return registration_rows(found.order_by("pk"))


def roster(event_id: int, *, actor: Actor) -> Roster:
    """Everybody of an event, for its desk: those who come by name, then who waits (the oldest first), asks, and is not coming.

    At most 28 statements. Raises NotFound, also where the actor works in none of its houses.
    """
    row = _at_desk(event_id, actor)
    listed = registration_rows(Registration.objects.filter(event_id=event_id).order_by("joined_at", "pk"))
    order = {state: place for place, state in enumerate(_ON_ROSTER)}
    queue = (RegistrationState.WAITING, RegistrationState.REQUESTED)
    ordered = sorted(listed, key=lambda one: (order[one.state], "" if one.state in queue else one.name.casefold()))
    guests = CheckIn.objects.filter(event_id=event_id, registration=None, undone_at=None).order_by("pk")
    return Roster(row, tuple(ordered), tuple(guests.values_list("pk", "guest", "people")))


def requests_of(house_ids: Iterable[int], *, actor: Actor, now: datetime, limit: int = 200) -> list[OwnRegistration]:
    """Requests that houses have to answer, the oldest first; none for who does not answer there. At most 27 statements."""
    mine = [number for number in house_ids if permissions.may_lead(actor, house_id=number)]
    found = Registration.objects.filter(
        event__house_id__in=mine, state=RegistrationState.REQUESTED.value, event__ends__gt=now
    )
    listed = registration_rows(found.order_by("registered_at", "pk")[:limit])
    events = by_ids({row.event_id for row in listed})
    return [OwnRegistration(row, events[row.event_id]) for row in listed]


def desk_event(event_id: int, *, actor: Actor) -> EventRow:
    """An event for its desk. At most 18 statements. Raises NotFound, also where the actor works in none of its houses."""
    return _at_desk(event_id, actor)


def ahead_of(registration: Registration) -> int:
    """How many people wait before it. One statement."""
    waiting = Registration.objects.filter(event_id=registration.event_id, state=RegistrationState.WAITING.value)
    return sum(
        people
        for joined_at, number, people in waiting.values_list("joined_at", "pk", "people")
        if (joined_at, number) < (registration.joined_at, registration.pk)
    )


def registration_rows(found: QuerySet[Registration]) -> list[RegistrationRow]:
    """Rows in the order of the query. Eight statements, whatever their number."""
    listed = list(found)
    events = {one.event_id for one in listed}
    facts = {
        number: (starts, revision)
        for number, starts, revision in Event.objects.filter(pk__in=events).values_list("pk", "starts", "revision")
    }
    names = people.account_names(one.account_id for one in listed)
    organisations = network.organisation_refs(
        [one.organisation_id for one in listed if one.organisation_id is not None]
    )
    pools = dict(
        Pool.objects.filter(pk__in=[one.pool_id for one in listed if one.pool_id]).values_list("pk", "house_id")
    )
    houses = network.house_refs([number for number in pools.values() if number is not None])
    marks = {
        one.registration_id: one for one in Feedback.objects.filter(registration_id__in=[one.pk for one in listed])
    }
    ahead = _queues({one.event_id for one in listed if one.state == RegistrationState.WAITING})
    return [
        RegistrationRow(
            id=one.pk,
            event_id=one.event_id,
            state=RegistrationState(one.state),
            account_id=one.account_id,
            name=one.guest or names.get(one.account_id or 0, ""),
            organisation=organisations.get(one.organisation_id) if one.organisation_id is not None else None,
            house=houses.get(pools.get(one.pool_id) or 0) if one.pool_id is not None else None,
            people=one.people,
            names=tuple(one.names),
            own_transport=one.own_transport,
            note=one.note,
            code=one.code,
            came=one.came,
            ahead=ahead.get(one.pk, 0),
            registered_at=one.registered_at,
            joined_at=one.joined_at,
            cancel_until=cancel_until(one, *facts[one.event_id]),
            end_reason=EndReason(one.end_reason) if one.end_reason else None,
            reason=one.reason,
            rating=marks[one.pk].rating if one.pk in marks else None,
            words=marks[one.pk].words if one.pk in marks else "",
            decision_id=one.decision_id,
            **_money(one, *facts[one.event_id]),
        )
        for one in listed
    ]


def cancel_until(one: Registration, starts: datetime, revision: int) -> datetime | None:
    """The last instant at which who registered may cancel what is confirmed; None where any is, also of an event that was moved since."""
    hours = one.terms.get("cancel_hours")
    if one.state != RegistrationState.CONFIRMED or not hours or prices.is_moved(one.terms, revision):
        return None
    return starts - timedelta(hours=hours)


def _money(one: Registration, starts: datetime, revision: int) -> dict[str, Any]:
    """What a registration costs, and until when it is given back."""
    each = prices.stored(one.price_amount, one.price_currency)
    if each is None:
        return {}
    return {
        "price": each,
        "costs": prices.cost(RegistrationState(one.state), each, one.people, one.terms),
        "refund_until": prices.refund_until(one.terms, starts),
        "late_percent": min(100, max(0, one.terms.get("late_refund_percent") or 0)),
        "moved": prices.is_moved(one.terms, revision),
    }


def _queues(event_ids: set[int]) -> dict[int, int]:
    """For each who waits, how many people wait before them. One statement."""
    waiting = Registration.objects.filter(event_id__in=event_ids, state=RegistrationState.WAITING.value)
    before: dict[int, int] = defaultdict(int)
    found = {}
    for event_id, number, count in waiting.order_by("joined_at", "pk").values_list("event_id", "pk", "people"):
        found[number] = before[event_id]
        before[event_id] += count
    return found


def _at_desk(event_id: int, actor: Actor) -> EventRow:
    row = event(event_id, actor=actor)
    if not permissions.may_desk(actor, house_ids=[one.id for one in row.houses]):
        raise NotFound(what="event")
    return row


_ON_ROSTER = (
    RegistrationState.ATTENDED,
    RegistrationState.CONFIRMED,
    RegistrationState.ABSENT,
    RegistrationState.REQUESTED,
    RegistrationState.WAITING,
    RegistrationState.REFUSED,
    RegistrationState.CANCELLED,
)
