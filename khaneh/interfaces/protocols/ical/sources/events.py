"""Events: each has a calendar of its own; those of a house stand in its calendar, and what somebody has registered for in theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from khaneh.domains.events import queries
from khaneh.domains.events.types import (
    REGISTRATION_STATES,
    EventFilter,
    EventRow,
    EventState,
    RegistrationState,
)
from khaneh.domains.network import queries as network
from khaneh.formats.ical import Occurrence, Status
from khaneh.interfaces.protocols.ical.registry import Asked, Head, add_kind, add_source, page, uid
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_YEARS = timedelta(days=3 * 366)
_SHOWN = (EventState.OPEN, EventState.FULL, EventState.HELD)
_HAS_A_PLACE = (RegistrationState.CONFIRMED, RegistrationState.ATTENDED)
_MAY_GET_ONE = (RegistrationState.WAITING, RegistrationState.REQUESTED)
_MOST = 500


def register() -> None:
    """The calendar of an event, and what events have to say in those of houses and people."""
    add_kind("event", find=_find, back=_YEARS, ahead=_YEARS)
    add_source("event", the_event)
    add_source("house", events_of_house)
    add_source("person", own_events)


def the_event(asked: Asked) -> Iterator[Occurrence]:
    """One event; one that is cancelled says so, since it was put into somebody's calendar. At most 18 statements."""
    row = queries.event(asked.id, actor=asked.actor)
    status = Status.CANCELLED if row.state is EventState.CANCELLED else Status.CONFIRMED
    yield _occurrence(row, asked.language, uid("event", row.id), status=status)


def events_of_house(asked: Asked) -> Iterator[Occurrence]:
    """What a house holds or takes part in; what is cancelled disappears. At most 20 statements."""
    wanted = EventFilter(house_ids=(asked.id,), first=asked.first, last=asked.last, states=_SHOWN)
    for row in queries.calendar(wanted, limit=_MOST).events:
        yield _occurrence(row, asked.language, uid("event", row.id), busy=False)


def own_events(asked: Asked) -> Iterator[Occurrence]:
    """What somebody has registered for: tentative while they wait. At most 54 statements."""
    now = datetime.now(UTC)
    coming = queries.registrations_of(asked.id, now=now, limit=_MOST)
    over = queries.registrations_of(asked.id, now=now, past=True, limit=_MOST)
    for row, event in [*coming, *over]:
        if row.state not in (*_HAS_A_PLACE, *_MAY_GET_ONE) or event.state is EventState.CANCELLED:
            continue
        if event.ends <= asked.first or event.starts >= asked.last:
            continue
        sure = row.state in _HAS_A_PLACE
        yield _occurrence(
            event,
            asked.language,
            uid("registration", row.id),
            status=Status.CONFIRMED if sure else Status.TENTATIVE,
            told=() if sure else (REGISTRATION_STATES[row.state].pick(asked.language),),
            link=event.online_url if sure else "",
            private=True,
        )


def _occurrence(
    row: EventRow, language: str, identity: str, *, status: Status = Status.CONFIRMED, told: tuple[str, ...] = (),
    link: str = "", busy: bool = True, private: bool = False,
) -> Occurrence:  # fmt: skip
    house = network.house_facts(row.house.id)
    here = not row.legs and house.latitude is not None and house.longitude is not None
    lines = [*told, row.descriptions.pick(language), link, *(leg.names.pick(language) for leg in row.legs)]
    where = [row.place.pick(language), row.house.names.pick(language)]
    return Occurrence(
        uid=identity,
        starts=row.starts,
        ends=row.ends,
        summary=row.names.pick(language),
        changed_at=row.changed_at,
        revision=row.revision,
        description="\n".join(line for line in lines if line),
        location=", ".join(part for part in where if part),
        place=(house.latitude or 0.0, house.longitude or 0.0) if here else None,
        url=page(f"/events/{row.id}"),
        status=status,
        busy=busy,
        private=private,
    )


def _find(key: str, language: str, actor: Actor) -> Head:
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        raise NotFound(what="event")
    row = queries.event(int(key), actor=actor)
    return Head(row.id, row.names.pick(language), row.zone, row.descriptions.pick(language), f"/events/{row.id}")
