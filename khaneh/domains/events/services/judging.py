"""Whether somebody may register for an event: what every door asks alike. First what nobody may pass over, then the policies.

Called with the locks held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.events import permissions
from khaneh.domains.events.errors import NotOpen, TooManyPeople
from khaneh.domains.events.models import Event, Pool
from khaneh.domains.events.queries.figures import used
from khaneh.domains.events.rules import acts, places, prices
from khaneh.domains.events.types import COMING_EVENTS, Admission, Channel
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import Answer, Question, Value
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

Ask = Callable[[Question, frozenset[str]], Answer]
# Of the policies' answer, what a registration's later life depends on.
KEPT_TERMS = ("cancel_hours", "approval", "refund_hours", "late_refund_percent")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `account_id` is None for a guest whom the desk writes down; `except_id` the registration that is changed."""

    event: Event
    account_id: int | None
    organisation_id: int | None
    people: int
    channel: Channel
    except_id: int | None = None


def hold_events(event_ids: Iterable[int]) -> None:
    """Hold several events, where nobody registers: in one order, as `hold`. One statement, none where there are none."""
    wanted = [("events.event", number) for number in set(event_ids)]
    if wanted:
        db.lock(*wanted)


def hold(*, event_id: int, account_id: int | None = None, organisation_id: int | None = None) -> None:
    """The one order of locks: the event, then who registers, then the organisation; spaces' own locks come after. One statement.

    The places of an event and the quotas of everybody are given away one after the other.
    """
    wanted = [("events.event", event_id)]
    if account_id is not None:
        wanted.append(("events.registrant.account", account_id))
    if organisation_id is not None:
        wanted.append(("events.registrant.organisation", organisation_id))
    db.lock(*wanted)


def refuse_impossible(wish: Wish, pools: dict[int, Pool], *, at_desk: bool, share: int, now: datetime) -> None:
    """What no right passes over. No statement. The desk registers until the end. Raises NotOpen, TooManyPeople."""
    event = wish.event
    if event.state not in COMING_EVENTS:
        raise NotOpen(why="state", state=event.state)
    if event.admission == Admission.FREE:
        raise NotOpen(why="just_come")
    until = event.ends if at_desk else event.closes_at or event.starts
    if now >= until:
        raise NotOpen(why="closed", until=until.isoformat())
    if not at_desk and event.opens_at is not None and now < event.opens_at:
        raise NotOpen(why="too_early", **{"from": event.opens_at.isoformat()})
    sizes = {number: places.Pool(pool.places, pool.taken) for number, pool in pools.items()}
    most = places.most(share, sizes)
    if not at_desk:
        most = min(most, event.largest_group)
    if not 1 <= wish.people <= most:
        raise TooManyPeople(people=wish.people, most=most)


def question(wish: Wish, *, registrant: Actor, now: datetime) -> Question:
    """What the policies are asked, with everything they may know. At most six statements."""
    house = network.house_facts(wish.event.house_id)
    facts = {**_registrant(wish, house, registrant, now), **_thing(wish, house), **_time(wish, house, now)}
    facts.update(
        used(account_id=wish.account_id, organisation_id=wish.organisation_id, now=now, except_id=wish.except_id)
    )
    return Question(acts.REGISTER, house.id, facts, now)


def price_of(event: Event, answer: Answer) -> Money | None:
    """What each person pays: the policies' price where they set one, else the event's own."""
    price = answer.terms.get("price")
    return price if isinstance(price, Money) else prices.stored(event.price_amount, event.price_currency)


def terms_kept(answer: Answer, event: Event) -> dict[str, Any]:
    """What a registration keeps of the answer, and which time and place of the event it agreed to."""
    kept = {name: answer.terms.get(name) for name in KEPT_TERMS}
    most = answer.terms.get("owed_max")
    return {**kept, "owed_max": list(most) if isinstance(most, Money) else None, "revision": event.revision}


def share_of(account_id: int | None, pools: dict[int, Pool]) -> int:
    """The house with a share to which somebody belongs as a member: their home house, or the nearest one that it is in. COMMON for none.

    At most two statements, none where there are no shares.
    """
    if account_id is None or set(pools) <= {places.COMMON}:
        return places.COMMON
    member_id = people.member_of_account(account_id)
    contact = people.contacts([member_id]).get(member_id) if member_id is not None else None
    if contact is None:
        return places.COMMON
    path = network.house_facts(contact.home_house_id).path
    return next((number for number in reversed(path) if number in pools), places.COMMON)


def _registrant(wish: Wish, house: HouseFacts, registrant: Actor, now: datetime) -> dict[str, Value]:
    facts: dict[str, Value] = {"registrant.member": False}
    if wish.organisation_id is not None:
        row = network.organisations_by_ids([wish.organisation_id]).get(wish.organisation_id)
        facts["registrant.organisation"] = row.kind if row else None
    if wish.account_id is None:
        return facts
    facts["registrant.staff"] = registrant.holds(permissions.DESK, house.place)
    facts["registrant.qualifications"] = tuple(qualifications.held_ids(wish.account_id, at=wish.event.starts).values())
    member_id = people.member_of_account(wish.account_id)
    member = people.standing(now=now, member_id=member_id) if member_id is not None else None
    if member is not None:
        today = now.astimezone(ZoneInfo(house.calendar.zone)).date()
        facts |= {
            "registrant.member": True,
            "registrant.category": member.category,
            "registrant.age": member.age_on(today),
            "registrant.home": _nearness(house, member.home_house_id),
            "registrant.blocked": bool(member.blocks),
            "registrant.expired": member.is_expired_on(today) if wish.organisation_id is None else False,
            "registrant.lacks_guardian": member.lacks_guardian,
        }
    return facts


def _thing(wish: Wish, house: HouseFacts) -> dict[str, Value]:
    event = wish.event
    return {
        "event.kind": event.kind,
        "event.sectors": tuple(event.sectors),
        "event.approval": event.admission == Admission.APPROVAL,
        "event.priced": bool(event.price_amount),
        "registration.people": wish.people,
        "house.kind": house.kind,
        "channel": wish.channel.value,
    }


def _time(wish: Wish, house: HouseFacts, now: datetime) -> dict[str, Value]:
    zone = ZoneInfo(house.calendar.zone)
    start = wish.event.starts.astimezone(zone)
    return {
        "event.weekday": str(start.isoweekday()),
        "event.hour": start.hour,
        "event.days_ahead": max(0, (start.date() - now.astimezone(zone).date()).days),
    }


def _nearness(house: HouseFacts, other_id: int) -> str:
    if other_id == house.id or other_id in house.path:
        return "here"
    return "region" if network.house_facts(other_id).regions[:1] == house.regions[:1] else "elsewhere"
