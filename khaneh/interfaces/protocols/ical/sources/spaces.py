"""Spaces, houses and people as far as bookings go: a space's calendar says that it is taken and not by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import PUBLIC_STATES, DayPreview, HouseRow
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import BOOKING_STATES, CLOSURE_KINDS, BookingRow, BookingState, SpaceRow
from khaneh.formats.ical import Occurrence, Status
from khaneh.interfaces.protocols.ical import wording
from khaneh.interfaces.protocols.ical.registry import Asked, Head, add_kind, add_source, page, uid
from khaneh.interfaces.protocols.ical.wording import say
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.calendars import calendar_for, show_instant, show_minutes, show_number
from khaneh.kernel.refusal import NotFound

_SURE = (BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.DONE, BookingState.NO_SHOW)
_DAY = timedelta(days=1)
OWN_PAGE = "/account/bookings"


def register() -> None:
    """The calendars of spaces, houses, people and, for those who work there, the bookings of a house."""
    add_kind("space", find=_space, back=_DAY, ahead=timedelta(days=92))
    add_source("space", taken)
    add_kind("house", find=_house, back=timedelta(days=31), ahead=timedelta(days=366))
    add_source("house", other_days)
    add_source("house", closures)
    add_kind("person", find=_person, back=timedelta(days=92), ahead=timedelta(days=2 * 366))
    add_source("person", own_bookings)
    add_kind("staff", find=_staff, back=timedelta(days=7), ahead=timedelta(days=31))
    add_source("staff", bookings_of_house)


def taken(asked: Asked) -> Iterator[Occurrence]:
    """When nobody else can have a space. Seven statements."""
    space = queries.space_by_id(asked.id, actor=asked.actor)
    found = queries.taken_times([space], first=asked.first, last=asked.last)[space.id]
    name = space.names.pick(asked.language)
    for one in found:
        label = wording.CLOSED_OF if one.closed else wording.TAKEN_OF
        yield Occurrence(
            uid=uid("taken", space.id, _compact(one.starts)),
            starts=one.starts,
            ends=one.ends,
            summary=say(label, asked.language, space=name),
            changed_at=one.starts,
            location=space.house.names.pick(asked.language),
            url=page(f"/spaces/{space.id}"),
        )


def other_days(asked: Asked) -> Iterator[Occurrence]:
    """The days on which a house is closed, or open at other times than in its usual week; neighbours of one name are one. Three statements."""
    zone = ZoneInfo(network.house_facts(asked.id).calendar.zone)
    first = asked.first.astimezone(zone).date()
    days = (asked.last.astimezone(zone).date() - first).days
    joined: list[tuple[date, date, str, str]] = []
    for one in network.coming_days(asked.id, first=first, days=days):
        if one.source in ("week", "season") or one.name is None:
            continue
        times = _times(one, asked.language)
        name = one.name.pick(asked.language)
        if joined and joined[-1][1:] == (one.day, name, times):
            joined[-1] = (joined[-1][0], one.day + _DAY, name, times)
        else:
            joined.append((one.day, one.day + _DAY, name, times))
    for begins, ends, name, times in joined:
        label = wording.HOUSE_HOURS if times else wording.HOUSE_CLOSED
        yield Occurrence(
            uid=uid("day", asked.id, begins.isoformat()),
            starts=begins,
            ends=ends,
            summary=say(label, asked.language, name=name, times=times),
            changed_at=datetime(begins.year, begins.month, begins.day, tzinfo=UTC),
            busy=False,
        )


def closures(asked: Asked) -> Iterator[Occurrence]:
    """The closures of a house's spaces; what is open-ended is told to the end of the window. Six statements."""
    found = queries.closures_of_house(asked.id, first=asked.first, last=asked.last)
    spaces = queries.spaces_by_ids(one.space_id for one in found)
    for one in found:
        space = spaces[one.space_id]
        yield Occurrence(
            uid=uid("closure", one.id),
            starts=one.starts,
            ends=one.ends or asked.last,
            summary=say(
                wording.CLOSED_FOR,
                asked.language,
                space=space.names.pick(asked.language),
                why=CLOSURE_KINDS[one.kind].pick(asked.language),
            ),
            changed_at=one.starts,
            busy=False,
            url=page(f"/spaces/{space.id}"),
        )


def own_bookings(asked: Asked) -> Iterator[Occurrence]:
    """What somebody has booked. Fourteen statements."""
    found = queries.bookings_between(asked.id, first=asked.first, last=asked.last)
    for one, house in _placed(found):
        yield booking(one, house, asked.language, uid("booking", one.id), OWN_PAGE)


def bookings_of_house(asked: Asked) -> Iterator[Occurrence]:
    """What is booked in a house, with names, for who works there. Fourteen statements."""
    found = queries.bookings_of_house(asked.id, first=asked.first, last=asked.last, actor=asked.actor)
    for one, house in _placed(found):
        yield booking(one, house, asked.language, uid("booking", one.id), "/desk/spaces/", staff=True)


def booking(
    one: BookingRow, house: HouseRow | None, language: str, identity: str, address: str, *, staff: bool = False
) -> Occurrence:
    """A booking as its booker sees it, or the desk: never with the code that opens the door, since calendars are copied to many places."""
    name = one.space.names.pick(language)
    told = f"{one.title} — {name}" if one.title else name
    lines = []
    if one.state not in (BookingState.CONFIRMED, BookingState.DONE):
        lines.append(say(wording.STATE, language, state=BOOKING_STATES[one.state].pick(language)))
    if staff and one.booker:
        lines.append(say(wording.BOOKED_BY, language, name=one.booker))
    if one.organisation is not None:
        lines.append(say(wording.FOR_ORGANISATION, language, name=one.organisation.names.pick(language)))
    if one.people > 1:
        lines.append(say(wording.PEOPLE, language, people=show_number(one.people, language)))
    if one.code and not staff:
        lines.append(say(wording.CODE_IN_ACCOUNT, language))
    if one.cancel_until is not None and house is not None and not staff:
        lines.append(say(wording.CANCEL_UNTIL, language, when=_when(one.cancel_until, house, language)))
    return Occurrence(
        uid=identity,
        starts=one.starts,
        ends=one.ends,
        summary=f"{told} · {one.booker}" if staff and one.booker else told,
        changed_at=one.changed_at,
        revision=one.revision,
        description="\n".join(lines),
        location=", ".join(
            part for part in (one.space.house.names.pick(language), house.address if house else "") if part
        ),
        place=(house.latitude, house.longitude)
        if house and house.latitude is not None and house.longitude is not None
        else None,
        url=page(address),
        status=Status.CONFIRMED if one.state in _SURE else Status.TENTATIVE,
        private=True,
    )


def _space(key: str, language: str, actor: Actor) -> Head:
    space = queries.space_by_id(_number(key, "space"), actor=actor)
    name, house = space.names.pick(language), space.house.names.pick(language)
    return Head(
        space.id,
        say(wording.SPACE_CALENDAR, language, space=name, house=house),
        _zone(space),
        say(wording.SPACE_TOLD, language, space=name),
        f"/spaces/{space.id}",
    )


def _house(key: str, language: str, actor: Actor) -> Head:
    number = network.house_ids_by_code([key]).get(key)
    if number is None or network.house_facts(number).state not in PUBLIC_STATES:
        raise NotFound(what="house")
    facts = network.house_facts(number)
    name = facts.names.pick(language)
    told = say(wording.HOUSE_TOLD, language, house=name)
    return Head(number, name, facts.calendar.zone, told, f"/houses/{facts.code}")


def _person(key: str, language: str, actor: Actor) -> Head:
    if actor.account_id is None:
        raise NotFound(what="calendar")
    zone = "UTC"
    return Head(actor.account_id, say(wording.OWN_CALENDAR, language), zone, say(wording.OWN_TOLD, language), OWN_PAGE)


def _staff(key: str, language: str, actor: Actor) -> Head:
    number = _number(key, "house")
    if number not in queries.served_houses(actor):
        raise NotFound(what="house")
    facts = network.house_facts(number)
    name = facts.names.pick(language)
    return Head(
        number,
        say(wording.STAFF_CALENDAR, language, house=name),
        facts.calendar.zone,
        say(wording.STAFF_TOLD, language, house=name),
        "/desk/spaces/",
    )


def _placed(found: Sequence[BookingRow]) -> Iterable[tuple[BookingRow, HouseRow | None]]:
    houses = network.houses_by_ids({one.space.house.id for one in found}, actor=SYSTEM, now=datetime.now(UTC))
    return ((one, houses.get(one.space.house.id)) for one in found)


def _zone(space: SpaceRow) -> str:
    return network.house_facts(space.house.id).calendar.zone


def _when(at: datetime, house: HouseRow, language: str) -> str:
    return show_instant(at, zone=house.time_zone, language=language, calendar=calendar_for("auto", language))


def _times(day: DayPreview, language: str) -> str:
    return ", ".join(f"{show_minutes(one.opens, language)}–{show_minutes(one.closes, language)}" for one in day.spans)


def _compact(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _number(key: str, what: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        raise NotFound(what=what)
    return int(key)
