"""Events for pages: one, the calendar of everybody, what a desk has before it, what feeds publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from khaneh.domains.events import permissions
from khaneh.domains.events.models import Event, Leg, Pool
from khaneh.domains.events.queries.rows import by_ids, rows
from khaneh.domains.events.types import (
    COMING_EVENTS,
    PUBLIC_EVENTS,
    EventFilter,
    EventPage,
    EventRow,
    EventState,
    Occurrence,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import SECTORS, is_within
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import NotFound

_PUBLIC = [state.value for state in PUBLIC_EVENTS]
MOST = 500


def event(event_id: int, *, actor: Actor = VISITOR) -> EventRow:
    """An event. At most 18 statements. Raises NotFound, also for one that is only proposed, but for those of its houses."""
    found = by_ids([event_id]).get(event_id)
    if found is None:
        raise NotFound(what="event")
    if found.state not in PUBLIC_EVENTS and not permissions.may_desk(actor, house_ids=[one.id for one in found.houses]):
        raise NotFound(what="event")
    return found


def events_by_ids(ids: Iterable[int]) -> dict[int, EventRow]:
    """Those that exist, whatever their state. At most 18 statements."""
    return by_ids(ids)


def calendar(wanted: EventFilter, *, offset: int = 0, limit: int = 50, latest_first: bool = False) -> EventPage:
    """What happens, by start, for everybody's eyes: nothing that is only proposed. At most 20 statements; at most 500 at once."""
    found = _filtered(wanted)
    order = ("-starts", "-pk") if latest_first else ("starts", "pk")
    listed = rows(found.order_by(*order)[offset : offset + min(limit, MOST)])
    return EventPage(tuple(listed), found.count())


def counts_by_kind(wanted: EventFilter) -> dict[str, int]:
    """How many of each kind would be found, whatever kinds are asked for. At most two statements."""
    anything = EventFilter(
        wanted.house_ids, wanted.region_id, (), wanted.sectors, wanted.first, wanted.last, wanted.states,
        wanted.with_places,
    )  # fmt: skip
    counted: dict[str, int] = {}
    for kind in _filtered(anything).values_list("kind", flat=True):
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def events_of_houses(
    house_ids: Iterable[int], *, actor: Actor, now: datetime, past: bool = False, limit: int = 200
) -> list[EventRow]:
    """What the desk of houses has before it: proposed and to come by start, or what is over, the latest first; also those in which they
    share. None for a house where the actor does not work. At most 18 statements.
    """
    mine = [number for number in house_ids if permissions.may_desk(actor, house_ids=[number])]
    found = Event.objects.filter(_of_houses(mine, legs=False))
    if past:
        over = Q(ends__lt=now) | Q(state__in=[EventState.HELD.value, EventState.CANCELLED.value])
        return rows(found.filter(over).order_by("-starts", "-pk")[:limit])
    return rows(
        found.filter(ends__gte=now)
        .exclude(state__in=[EventState.HELD.value, EventState.CANCELLED.value])
        .order_by("starts", "pk")[:limit]
    )


def occurrences(event_ids: Iterable[int]) -> list[Occurrence]:
    """Events as a feed publishes them; what is cancelled is there with its state, so that it disappears. At most 18 statements."""
    found = rows(Event.objects.filter(pk__in=set(event_ids), state__in=_PUBLIC).order_by("starts", "pk"))
    return [Occurrence(f"event-{row.id}", row) for row in found]


def coming_of_house(house_id: int, *, now: datetime, limit: int = 6) -> list[EventRow]:
    """What a house has next, for its own page. At most 18 statements."""
    wanted = EventFilter(house_ids=(house_id,), first=now, states=COMING_EVENTS)
    return rows(_filtered(wanted).order_by("starts", "pk")[:limit])


def public_event_ids() -> Iterator[list[int]]:
    """Events that everybody may find, in lists of at most 1,000: for the search index. One statement a list."""
    last = 0
    while ids := list(
        Event.objects.filter(pk__gt=last, state__in=_PUBLIC).order_by("pk").values_list("pk", flat=True)[:1000]
    ):
        yield ids
        last = ids[-1]


def event_ids_of_house(house_id: int) -> list[int]:
    """The events that a house answers for. One statement."""
    return list(Event.objects.filter(house_id=house_id).values_list("pk", flat=True))


def _filtered(wanted: EventFilter) -> QuerySet[Event]:
    shown = [state.value for state in wanted.states if state in PUBLIC_EVENTS]
    found = Event.objects.filter(state__in=shown)
    if wanted.house_ids:
        found = found.filter(_of_houses(wanted.house_ids))
    if wanted.region_id is not None:
        found = found.filter(_of_houses(network.house_ids_in_region(wanted.region_id)))
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.sectors:
        # An event of division 62 is one of section J.
        named = [code for code in SECTORS if any(is_within(code, one[:2]) for one in wanted.sectors)]
        found = found.filter(sectors__overlap=named)
    if wanted.first is not None:
        found = found.filter(ends__gt=wanted.first)
    if wanted.last is not None:
        found = found.filter(starts__lt=wanted.last)
    if wanted.with_places:
        free = Pool.objects.filter(event_id=OuterRef("pk"), taken__lt=F("places"))
        found = found.exclude(state=EventState.FULL.value).filter(Q(capacity__isnull=True) | Exists(free))
    return found


def _of_houses(house_ids: Iterable[int], *, legs: bool = True) -> Q:
    """Whose house it is, who has a share, and where a tour stops."""
    wanted = list(house_ids)
    of = Q(house_id__in=wanted) | Q(Exists(Pool.objects.filter(event_id=OuterRef("pk"), house_id__in=wanted)))
    return of | Q(Exists(Leg.objects.filter(event_id=OuterRef("pk"), house_id__in=wanted))) if legs else of
