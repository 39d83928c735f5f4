"""Proposing events, changing them, opening, cancelling and closing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError

from khaneh.domains.credits import services as ledger
from khaneh.domains.discovery import services as discovery
from khaneh.domains.events import notices, permissions, queries
from khaneh.domains.events.errors import EventStateRefused, FewerThanTaken
from khaneh.domains.events.models import CheckIn, Event, Leg, Organiser, Pool, Registration
from khaneh.domains.events.queries.rows import pools_of
from khaneh.domains.events.rules import drafts, places
from khaneh.domains.events.services import charging, housing, sharing
from khaneh.domains.events.services.changing import end
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.types import (
    COMING_EVENTS,
    OPEN_REGISTRATIONS,
    EndReason,
    EventDraft,
    EventRow,
    EventState,
    RegistrationState,
)
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_REASON = 1000
_CHANGEABLE = (EventState.PROPOSED, EventState.OPEN, EventState.FULL)


def propose_event(*, actor: Actor, draft: EventDraft, now: datetime) -> EventRow:
    """Enter an event that a house may hold; nobody else sees it before it is opened. Raises NotAllowed, NotFound, Invalid."""
    with db.transaction():
        permissions.require_desk(actor, house_ids=[draft.house_id])
        values = _values(draft, now)
        made = Event.objects.create(
            account_id=actor.account_id, proposed_at=now, changed_at=now, seats=drafts.seats(draft.legs), **values
        )
        _belongings(made.pk, draft)
        _pools(made, draft)
        journal.record("events.event.proposed", actor=actor, house_id=made.house_id, event_id=made.pk)
    return queries.event(made.pk, actor=SYSTEM)


def change_event(*, actor: Actor, event_id: int, draft: EventDraft, now: datetime) -> EventRow:
    """Make an event as the draft says. When it moves, what is booked for it moves with it, and whoever comes is told; more places go to
    who waits. It stays in its house. Raises NotFound, NotAllowed, Invalid, EventStateRefused, FewerThanTaken, SpaceBusy.
    """
    with db.transaction(), ledger.together():
        event = _held(event_id, actor)
        if event.state not in _CHANGEABLE:
            raise EventStateRefused(state=event.state, wanted=event.state)
        if draft.house_id != event.house_id:
            raise Invalid(fields={"house": "not_in_list"})
        values = _values(draft, None if draft.starts == event.starts else now)
        seats = drafts.seats(draft.legs)
        moved = (draft.starts, draft.ends) != (event.starts, event.ends)
        elsewhere = values["place"] != event.place or values["online_url"] != event.online_url
        if seats is not None and seats < event.riding:
            raise FewerThanTaken(what="seats", taken=event.riding, places=seats)
        changed = sorted(name for name, value in values.items() if getattr(event, name) != value)
        told = moved or elsewhere
        _pools(event, draft)
        Event.objects.filter(pk=event_id).update(
            seats=seats, changed_at=now, revision=event.revision + (1 if told else 0), **values
        )
        _belongings(event_id, draft)
        if moved:
            housing.move(event, draft.starts, draft.ends, actor=actor, now=now)
        journal.record(
            "events.event.changed", actor=actor, house_id=event.house_id, event_id=event_id, fields=changed
        )  # fmt: skip
        sharing.settle(event_id, now=now)
        if told and event.state != EventState.PROPOSED:
            notices.tell_changed(_open(event_id), now=now)
        discovery.touch("event", [event_id])
    return queries.event(event_id, actor=SYSTEM)


def open_event(*, actor: Actor, event_id: int, now: datetime) -> EventRow:
    """Let everybody know of it, and register. Raises NotFound, NotAllowed, EventStateRefused for what is not proposed, or over."""
    with db.transaction():
        event = _held(event_id, actor)
        if event.state != EventState.PROPOSED or event.ends <= now:
            raise EventStateRefused(state=event.state, wanted=EventState.OPEN.value)
        Event.objects.filter(pk=event_id).update(state=EventState.OPEN.value, changed_at=now)
        journal.record("events.event.opened", actor=actor, house_id=event.house_id, event_id=event_id)
        # Whom the desk has registered before.
        sharing.settle(event_id, now=now)
        discovery.touch("event", [event_id])
    return queries.event(event_id, actor=SYSTEM)


def cancel_event(*, actor: Actor, event_id: int, reason: str, now: datetime) -> int:
    """It does not take place: whoever registered is told why and has their money back, and what was booked for it is free. Gives how many
    registrations ended.

    Raises NotFound, NotAllowed, EventStateRefused, Invalid.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction(), ledger.together():
        event = _held(event_id, actor)
        if event.state not in _CHANGEABLE:
            raise EventStateRefused(state=event.state, wanted=EventState.CANCELLED.value)
        Event.objects.filter(pk=event_id).update(
            state=EventState.CANCELLED.value, reason=reason, changed_at=now, revision=event.revision + 1
        )
        found = _open(event_id)
        for one in found:
            end(
                one, event, state=RegistrationState.CANCELLED, why=EndReason.EVENT, words=reason, actor=actor, now=now,
                tell=False,
            )  # fmt: skip
        notices.tell_ended(
            list(Registration.objects.filter(pk__in=[one.pk for one in found]).select_related("event")), now=now
        )
        housing.leave_all(event_id, actor=actor, now=now)
        journal.record("events.event.cancelled", actor=actor, house_id=event.house_id, event_id=event_id)
        discovery.touch("event", [event_id])
        charging.settle((), actor=actor, concerned=[one.pk for one in found], now=now)
    return len(found)


def close_event(*, actor: Actor, event_id: int, now: datetime) -> None:
    """It has taken place. Where people were checked in, who was not has not come; who still waits or asks got no place. Those who came
    are asked what they thought of it. Raises NotFound, NotAllowed, EventStateRefused before its start.
    """
    with db.transaction():
        event = _held(event_id, actor)
        if event.state not in COMING_EVENTS or now < event.starts:
            raise EventStateRefused(state=event.state, wanted=EventState.HELD.value)
        _close(event, actor, now)


def close_what_is_over(*, now: datetime, limit: int = 200) -> int:
    """Close the events that ended half a day ago or earlier and that nobody has closed. Gives how many."""
    over = Event.objects.filter(
        state__in=[state.value for state in COMING_EVENTS], ends__lte=now - sharing.CLOSED_AFTER
    )
    numbers = list(over.order_by("ends", "pk").values_list("pk", flat=True)[:limit])
    for number in numbers:
        with db.transaction():
            hold(event_id=number)
            event = Event.objects.get(pk=number)
            if event.state in COMING_EVENTS:
                _close(event, SYSTEM, now)
    return len(numbers)


def _close(event: Event, actor: Actor, now: datetime) -> None:
    Event.objects.filter(pk=event.pk).update(state=EventState.HELD.value, changed_at=now)
    registered = Registration.objects.filter(event_id=event.pk)
    for state, why in (
        (RegistrationState.WAITING, EndReason.NO_PLACE),
        (RegistrationState.REQUESTED, EndReason.UNANSWERED),
    ):
        registered.filter(state=state.value).update(
            state=RegistrationState.CANCELLED.value, ended_at=now, end_reason=why.value
        )
    # Where nobody stood at the door, nobody knows who was not there.
    if CheckIn.objects.filter(event_id=event.pk, undone_at=None).exists():
        registered.filter(state=RegistrationState.CONFIRMED.value).update(state=RegistrationState.ABSENT.value)
    journal.record("events.event.held", actor=actor, house_id=event.house_id, event_id=event.pk)
    there = [RegistrationState.ATTENDED.value, RegistrationState.CONFIRMED.value]
    notices.tell_feedback(list(registered.filter(state__in=there).select_related("event")), now=now)
    discovery.touch("event", [event.pk])


def _held(event_id: int, actor: Actor) -> Event:
    seen = Event.objects.filter(pk=event_id).values_list("house_id", flat=True).first()
    if seen is None or not permissions.may_desk(actor, house_ids=[seen]):
        raise NotFound(what="event")
    permissions.require_lead(actor, house_id=seen)
    hold(event_id=event_id)
    return Event.objects.get(pk=event_id)


def _open(event_id: int) -> list[Registration]:
    states = [state.value for state in OPEN_REGISTRATIONS]
    found = Registration.objects.filter(event_id=event_id, state__in=states).select_related("event")
    return list(found.order_by("pk"))


def _values(draft: EventDraft, now: datetime | None) -> dict[str, Any]:
    """What an event stores of its draft. With `now` it must be to come. Raises Invalid."""
    wrong = drafts.problems(draft)
    if now is not None and draft.ends <= now:
        wrong["starts"] = "past"
    houses = {draft.house_id, *(share.house_id for share in draft.shares)} | {
        leg.house_id for leg in draft.legs if leg.house_id is not None
    }
    if houses - set(network.house_refs(houses)):
        wrong["house"] = "not_in_list"
    organisations = {*draft.organiser_ids} | {
        leg.organisation_id for leg in draft.legs if leg.organisation_id is not None
    }
    if organisations - set(network.organisation_refs(organisations)):
        wrong["organisers"] = "not_in_list"
    if wrong:
        raise Invalid(fields=wrong)
    price = draft.price if draft.price is not None and draft.price.amount else None
    return {
        "house_id": draft.house_id,
        "kind": draft.kind,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "sectors": sorted({code[:2] for code in draft.sectors}),
        "place": draft.place.to_dict(),
        "online_url": draft.online_url,
        "starts": draft.starts,
        "ends": draft.ends,
        "admission": draft.admission.value,
        "capacity": draft.capacity,
        "largest_group": draft.largest_group,
        "price_amount": price.amount if price else None,
        "price_currency": price.currency if price else "",
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "release_at": draft.release_at if draft.shares else None,
        "remind_hours": draft.remind_hours,
    }


def _belongings(event_id: int, draft: EventDraft) -> None:
    """Organisers and stops, as the draft has them."""
    Organiser.objects.filter(event_id=event_id).delete()
    Organiser.objects.bulk_create(
        Organiser(event_id=event_id, organisation_id=number) for number in dict.fromkeys(draft.organiser_ids)
    )
    Leg.objects.filter(event_id=event_id).delete()
    Leg.objects.bulk_create(
        Leg(
            event_id=event_id, house_id=leg.house_id, organisation_id=leg.organisation_id, place=leg.place.to_dict(),
            stays=(leg.arrives, leg.leaves), transport=leg.transport, seats=leg.seats, meeting=leg.meeting.to_dict(),
        )
        for leg in draft.legs
    )  # fmt: skip


def _pools(event: Event, draft: EventDraft) -> None:
    """The places, as the draft shares them out; what was released stays common. Raises FewerThanTaken, Invalid."""
    there = pools_of(event.pk)
    if draft.capacity is None:
        if any(pool.taken for pool in there.values()) or Registration.objects.filter(event_id=event.pk).exists():
            raise Invalid(fields={"admission": "registered"})
        Pool.objects.filter(event_id=event.pk).delete()
        return
    wanted = {share.house_id: share.places for share in draft.shares}
    released = event.released_at is not None
    shares = {}
    for house_id in dict.fromkeys([*wanted, *(number for number in there if number != places.COMMON)]):
        pool, promised = there.get(house_id), wanted.get(house_id, 0)
        taken = pool.taken if pool else 0
        if promised < taken and not released:
            raise FewerThanTaken(what="share", taken=taken, places=promised)
        shares[house_id] = (promised, taken if released else promised)
    common = draft.capacity - sum(count for _, count in shares.values())
    taken = there[places.COMMON].taken if places.COMMON in there else 0
    if common < taken:
        raise FewerThanTaken(
            what="capacity", taken=sum(pool.taken for pool in there.values()), places=draft.capacity
        )  # fmt: skip
    shares[places.COMMON] = (common, common)
    try:
        with db.transaction():
            for house_id, (promised, count) in shares.items():
                which: dict[str, Any] = {"event_id": event.pk, "house_id": house_id or None}
                Pool.objects.update_or_create(**which, defaults={"promised": promised, "places": count})
            _drop_unused(event.pk, set(wanted))
    except IntegrityError as error:  # taken meanwhile by what did not hold the event
        raise FewerThanTaken(what="capacity", taken=0, places=draft.capacity) from error


def _drop_unused(event_id: int, wanted: set[int]) -> None:
    """Shares that are wanted no more and by which nobody ever came."""
    for pool in Pool.objects.filter(event_id=event_id, house__isnull=False).exclude(house_id__in=wanted):
        if not Registration.objects.filter(pool_id=pool.pk).exists():
            pool.delete()
