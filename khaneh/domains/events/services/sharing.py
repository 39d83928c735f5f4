"""Giving places to who waits, and letting the shares of houses become common. Called with the event held.

Whoever gets places pays for them in the same act, at the price to which they agreed when they registered. Ledgers are the last that an act
locks, so settling is the last that an act does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q

from khaneh.domains.events import notices
from khaneh.domains.events.models import Event, Pool, Registration
from khaneh.domains.events.queries.rows import pools_of
from khaneh.domains.events.rules import places
from khaneh.domains.events.services import charging
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.types import COMING_EVENTS, EventState, RegistrationState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor

# So long before the start places are kept for a group that they do not suffice for; then whoever fits goes before.
KEPT_FOR_GROUPS = timedelta(hours=48)
# An event that nobody closes is over half a day after its end.
CLOSED_AFTER = timedelta(hours=12)
BATCH = 500
_COMING = [state.value for state in COMING_EVENTS]


def weigh(
    event: Event, newcomers: Iterable[places.Waiter], *, now: datetime, without: Collection[int] = ()
) -> places.Settled:
    """What settling would give, with these at the end of the queue and `without` those who cannot pay. Two statements."""
    pools = pools_of(event.pk)
    houses = {pool.pk: pool.house_id or places.COMMON for pool in pools.values()}
    queue = Registration.objects.filter(event_id=event.pk, state=RegistrationState.WAITING.value)
    waiting = [
        places.Waiter(number, people, houses.get(pool_id or 0, places.COMMON), 0 if own else people)
        for number, people, pool_id, own in queue.order_by("joined_at", "pk").values_list(
            "pk", "people", "pool_id", "own_transport"
        )
        if number not in without
    ]
    return places.settle(
        [*waiting, *newcomers],
        {number: places.Pool(pool.places, pool.taken) for number, pool in pools.items()},
        seats=None if event.seats is None else event.seats - event.riding,
        strict=now < event.starts - KEPT_FOR_GROUPS,
    )


def settle(
    *event_ids: int, now: datetime, actor: Actor = SYSTEM, concerned: Collection[int] = (), quiet: Collection[int] = ()
) -> list[int]:
    """Give what is free at these events to who waits, let each be open or full, and bring the ledgers along: of who gets places, and of the
    registrations `concerned`, which are those of the act itself. Whoever got a place is told, but for the `quiet`.

    Who cannot pay is passed over and told so; they keep their turn in the queue. A registration that is concerned and cannot pay refuses the
    act. Gives the registrations that got their places. Raises BalanceShort, UnitUnknown. Seven statements an event, and one for each
    registration; with a price twelve more.
    """
    cannot: set[int] = set()
    while True:
        try:
            with db.transaction():
                given = [number for event_id in event_ids for number in _give(event_id, now, cannot)]
                charging.settle(given, actor=actor, concerned=concerned, now=now)
        except charging.CannotPay as short:
            # The ledgers are let go with what was tried, so that the next try holds them in order again.
            cannot.update(short.registration_ids)
        else:
            break
    loaded = Registration.objects.select_related("event")
    notices.tell_confirmed(list(loaded.filter(pk__in=set(given) - set(quiet))), now=now)
    notices.tell_unpaid(list(loaded.filter(pk__in=cannot)), now=now)
    return given


def _give(event_id: int, now: datetime, cannot: Collection[int]) -> list[int]:
    """The places of one event. Gives the registrations that got theirs."""
    event = Event.objects.get(pk=event_id)
    if event.state not in COMING_EVENTS or event.capacity is None:
        return []
    _release(event, now)
    settled = weigh(event, (), now=now, without=cannot)
    for one in settled.given:
        Registration.objects.filter(pk=one.id).update(
            state=RegistrationState.CONFIRMED.value, from_pool=one.from_share, from_common=one.from_common
        )
        journal.record("events.registration.confirmed", actor=SYSTEM, house_id=event.house_id, registration_id=one.id)
    state = EventState.FULL if settled.full else EventState.OPEN
    if state != event.state:
        Event.objects.filter(pk=event_id).update(state=state.value)
    return [one.id for one in settled.given]


def tidy_places(*, now: datetime, limit: int = BATCH) -> int:
    """Shares whose date has come become common, close to the start whoever fits gets what a group could not use, and who could not pay
    before gets a place where one is left. Gives how many events.
    """
    due = Event.objects.filter(state__in=_COMING, release_at__lte=now, released_at=None)
    # Of those that are further away only such as have places that somebody could not pay for: perhaps they can since.
    near = Event.objects.filter(
        Q(starts__lte=now + KEPT_FOR_GROUPS) | Q(state=EventState.OPEN.value, registrations__price_amount__gt=0), state__in=_COMING, starts__gt=now,
        registrations__state=RegistrationState.WAITING.value,
    )  # fmt: skip
    numbers = {*due.values_list("pk", flat=True)[:limit], *near.values_list("pk", flat=True)[:limit]}
    for number in sorted(numbers):
        with db.transaction():
            hold(event_id=number)
            settle(number, now=now)
    return len(numbers)


def _release(event: Event, now: datetime) -> None:
    """From its date on, what houses have not used of their shares belongs to all; also what becomes free in them later."""
    if event.release_at is None or event.release_at > now:
        return
    loose = 0
    for pool in Pool.objects.filter(event_id=event.pk, house__isnull=False, places__gt=F("taken")):
        Pool.objects.filter(pk=pool.pk).update(places=pool.taken)
        loose += pool.places - pool.taken
    if loose:
        Pool.objects.filter(event_id=event.pk, house=None).update(places=F("places") + loose)
    if event.released_at is None:
        Event.objects.filter(pk=event.pk).update(released_at=now)
        journal.record(
            "events.event.shares_released", actor=SYSTEM, house_id=event.house_id, event_id=event.pk, places=loose
        )
