"""Events as frozen rows, with their shares, stops, spaces and organisers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from khaneh.domains.events.models import Event, EventSpace, Leg, Organiser, Pool, Registration
from khaneh.domains.events.rules import places
from khaneh.domains.events.types import (
    Admission,
    EventRow,
    EventState,
    LegRow,
    RegistrationState,
    ShareRow,
    SpaceUse,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


def rows(found: QuerySet[Event]) -> list[EventRow]:
    """Rows in the order of the query. Nine statements whatever their number, and eight where spaces are booked for any of them."""
    events = list(found)
    ids = [one.pk for one in events]
    pools: dict[int, list[Pool]] = defaultdict(list)
    for pool in Pool.objects.filter(event_id__in=ids).order_by("pk"):
        pools[pool.event_id].append(pool)
    legs: dict[int, list[Leg]] = defaultdict(list)
    for leg in Leg.objects.filter(event_id__in=ids).order_by("stays"):
        legs[leg.event_id].append(leg)
    organisers: dict[int, list[int]] = defaultdict(list)
    for event_id, number in (
        Organiser.objects.filter(event_id__in=ids).order_by("pk").values_list("event_id", "organisation_id")
    ):
        organisers[event_id].append(number)
    waiting = dict(
        Registration.objects.filter(event_id__in=ids, state=RegistrationState.WAITING.value)
        .values_list("event_id")
        .annotate(Sum("people"))
    )
    houses = network.house_refs(
        [one.house_id for one in events]
        + [pool.house_id for listed in pools.values() for pool in listed if pool.house_id is not None]
        + [leg.house_id for listed in legs.values() for leg in listed if leg.house_id is not None]
    )
    known = network.organisation_refs(
        [number for listed in organisers.values() for number in listed]
        + [leg.organisation_id for listed in legs.values() for leg in listed if leg.organisation_id is not None]
    )
    uses = _spaces(ids)
    return [
        _row(
            one,
            pools[one.pk],
            tuple(
                _leg(number, leg, houses, known) for number, leg in enumerate(legs[one.pk], 1)
            ),
            tuple(known[number] for number in organisers[one.pk] if number in known),
            tuple(uses[one.pk]),
            houses,
            int(waiting.get(one.pk, 0)),
        )
        for one in events
    ]  # fmt: skip


def by_ids(ids: Iterable[int]) -> dict[int, EventRow]:
    """Those that exist. As `rows`."""
    return {row.id: row for row in rows(Event.objects.filter(pk__in=set(ids)))}


def pools_of(event_id: int) -> dict[int, Pool]:
    """The pools of an event by house, the common one as COMMON. One statement."""
    return {pool.house_id or places.COMMON: pool for pool in Pool.objects.filter(event_id=event_id).order_by("pk")}


def _row(
    one: Event, pools: list[Pool], legs: tuple[LegRow, ...], organisers: tuple[Ref, ...], uses: tuple[SpaceUse, ...],
    houses: dict[int, Ref], waiting: int,
) -> EventRow:  # fmt: skip
    common = next((pool for pool in pools if pool.house_id is None), None)
    return EventRow(
        id=one.pk,
        house=houses[one.house_id],
        kind=one.kind,
        names=Label.from_dict(one.names),
        descriptions=Label.from_dict(one.descriptions),
        starts=one.starts,
        ends=one.ends,
        zone=network.house_facts(one.house_id).calendar.zone,
        state=EventState(one.state),
        admission=Admission(one.admission),
        capacity=one.capacity,
        taken=sum(pool.taken for pool in pools),
        # Who waits goes before: while anybody does, nobody who comes next can count on a place.
        free=None if common is None else (0 if one.state == EventState.FULL else common.places - common.taken),
        waiting=waiting,
        largest_group=one.largest_group,
        price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        organisers=organisers,
        sectors=tuple(one.sectors),
        place=Label.from_dict(one.place),
        online_url=one.online_url,
        shares=tuple(
            ShareRow(houses[pool.house_id], pool.promised, pool.places, pool.taken)
            for pool in pools
            if pool.house_id is not None
        ),
        release_at=one.release_at,
        released_at=one.released_at,
        legs=legs,
        spaces=uses,
        seats=one.seats,
        riding=one.riding,
        remind_hours=one.remind_hours,
        reason=one.reason,
        revision=one.revision,
        changed_at=one.changed_at,
    )


def _leg(number: int, leg: Leg, houses: dict[int, Ref], organisations: dict[int, Ref]) -> LegRow:
    return LegRow(
        number,
        houses.get(leg.house_id) if leg.house_id is not None else None,
        organisations.get(leg.organisation_id) if leg.organisation_id is not None else None,
        Label.from_dict(leg.place),
        leg.stays.lower,
        leg.stays.upper,
        leg.transport,
        leg.seats,
        Label.from_dict(leg.meeting),
    )


def _spaces(event_ids: list[int]) -> dict[int, list[SpaceUse]]:
    """The spaces of each event by start."""
    booked = dict(EventSpace.objects.filter(event_id__in=event_ids).values_list("booking_id", "event_id"))
    found: dict[int, list[SpaceUse]] = defaultdict(list)
    if booked:
        listed = spaces.bookings_by_ids(booked).values()
        for row in sorted(listed, key=lambda row: (row.starts, row.id)):
            found[booked[row.id]].append(
                SpaceUse(
                    row.id, row.space.id, row.space.code, row.space.names, row.space.house, row.starts, row.ends, row.state
                )
            )  # fmt: skip
    return found
