"""Events: each has a calendar of its own, and so have all that the public calendar finds; those of a house stand in its calendar, and what
somebody has registered for in theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from khaneh.domains.events import queries
from khaneh.domains.events.types import (
    EVENT_KINDS,
    REGISTRATION_STATES,
    EventFilter,
    EventRow,
    EventState,
    RegistrationState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import SECTORS
from khaneh.formats.ical import Occurrence, Status
from khaneh.interfaces.protocols.ical import wording
from khaneh.interfaces.protocols.ical.registry import Asked, Head, add_kind, add_source, page, uid
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_YEARS = timedelta(days=3 * 366)
_SHOWN = (EventState.OPEN, EventState.FULL, EventState.HELD)
_HAS_A_PLACE = (RegistrationState.CONFIRMED, RegistrationState.ATTENDED)
_MAY_GET_ONE = (RegistrationState.WAITING, RegistrationState.REQUESTED)
_MOST = 500


def register() -> None:
    """The calendars of events, and what events have to say in those of houses and people."""
    add_kind("event", find=_find, back=_YEARS, ahead=_YEARS)
    add_source("event", the_event)
    add_kind("events", find=_find_all, back=timedelta(days=31), ahead=_YEARS)
    add_source("events", all_events)
    add_source("house", events_of_house)
    add_source("person", own_events)


def the_event(asked: Asked) -> Iterator[Occurrence]:
    """One event; one that is cancelled says so, since it was put into somebody's calendar. At most 18 statements."""
    row = queries.event(asked.id, actor=asked.actor)
    status = Status.CANCELLED if row.state is EventState.CANCELLED else Status.CONFIRMED
    yield _occurrence(row, asked.language, uid("event", row.id), status=status)


def all_events(asked: Asked) -> Iterator[Occurrence]:
    """What the public calendar finds by the filter of the key; what is cancelled disappears. At most 30 statements."""
    wanted, _names = _filter(asked.key, asked.language)
    found = queries.calendar(replace(wanted, first=asked.first, last=asked.last, states=_SHOWN), limit=_MOST)
    for row in found.events:
        yield _occurrence(row, asked.language, uid("event", row.id), busy=False)


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


def _filter(key: str, language: str) -> tuple[EventFilter, list[str]]:
    """The filter that a key says, and in words: `all`, or some of `kind=tour;where=vn-na;house=QM-LIB;sector=J;free=1`. Raises NotFound."""
    pairs = [part.partition("=") for part in key.split(";")] if key != "all" else []
    given = {name: value for name, _equals, value in pairs}
    if (
        len(given) < len(pairs)
        or not given.keys() <= {"kind", "where", "house", "sector", "free"}
        or "" in given.values()
    ):
        raise NotFound(what="calendar")
    kind, sector, code = given.get("kind", ""), given.get("sector", ""), given.get("house", "")
    if (kind and kind not in EVENT_KINDS) or (sector and sector not in SECTORS):
        raise NotFound(what="calendar")
    house_id = network.house_ids_by_code([code]).get(code) if code else None
    if code and house_id is None:
        raise NotFound(what="house")
    region = network.region(given["where"]) if "where" in given else None
    wanted = EventFilter(
        house_ids=(house_id,) if house_id is not None else (), region_id=region.id if region is not None else None,
        kinds=(kind,) if kind else (), sectors=(sector,) if sector else (), with_places=given.get("free") == "1",
    )  # fmt: skip
    names = [EVENT_KINDS[kind]] if kind else []
    names += [region.names] if region is not None else []
    names += [network.house_names()[code]] if code else []
    names += [SECTORS[sector]] if sector else []
    return wanted, [one.pick(language) for one in names]


def _find_all(key: str, language: str, actor: Actor) -> Head:
    wanted, names = _filter(key, language)
    zone = network.house_facts(wanted.house_ids[0]).calendar.zone if wanted.house_ids else "UTC"
    name = " · ".join([wording.EVENTS_CALENDAR.pick(language), *names])
    query = "" if key == "all" else "?" + key.replace(";", "&")
    return Head(0, name, zone, address=f"/events{query}")


def _find(key: str, language: str, actor: Actor) -> Head:
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        raise NotFound(what="event")
    row = queries.event(int(key), actor=actor)
    return Head(row.id, row.names.pick(language), row.zone, row.descriptions.pick(language), f"/events/{row.id}")
