"""Whether somebody may have a space for a time: everything that every door, every day of a series and every change asks alike.

First what nobody may pass over (the time, the size, the room), then the policies. Called with the locks held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import HouseState
from khaneh.domains.policies.types import Answer, Question, Value
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.errors import SlotTaken, SpaceNotInService, TooManyPeople, WrongTime
from khaneh.domains.spaces.queries import holding
from khaneh.domains.spaces.queries.holding import Room
from khaneh.domains.spaces.queries.opening import forget_times
from khaneh.domains.spaces.queries.rows import seen
from khaneh.domains.spaces.queries.situation import Situation, situation
from khaneh.domains.spaces.rules import acts, prices, slots, times
from khaneh.domains.spaces.types import Channel, Companion, SharedUse, SpaceRow, shared_price
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound, Refusal


class Ask(Protocol):
    """Whoever puts a question to the policies: an act, which keeps what it is answered, or a trial, which does not."""

    def unkept(self, question: Question, rights: frozenset[str]) -> Answer:
        """The answer, whose decision the caller keeps with what else it writes. Raises PolicyRefused."""


_Given = ParamSpec("_Given")
_Gives = TypeVar("_Gives")
# Of the policies' answer, what a booking's later life depends on.
KEPT_TERMS = (
    "cancel_hours", "come_minutes", "approval", "refund_hours", "late_refund_percent", "no_show_fee", "owed_max",
    "group_counts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `except_id` is the booking that is changed: it does not stand in its own way.

    `own_use` is that of the house, for a course or an event: it pays itself nothing, and nobody is waited for. `allotted`: somebody has it for
    months, however short its bookings are else. `marks` are those of the
    space as it was seen before the locks were held, empty where it was read with them. `persons` are those of a group who are named. By
    `sharing_id` its house shares it with another: an hour costs `shared_price`, whatever it costs else.
    """

    space: SpaceRow
    account_id: int
    organisation_id: int | None
    starts: datetime
    ends: datetime
    people: int
    channel: Channel
    repeats: bool = False
    except_id: int | None = None
    own_use: bool = False
    allotted: bool = False
    marks: tuple[str, ...] = ()
    persons: tuple[Companion, ...] = ()
    sharing_id: int | None = None
    shared_price: Money | None = None

    @property
    def blocks(self) -> tuple[datetime, datetime]:
        """The time with setting up and cleaning."""
        return (
            self.starts - timedelta(minutes=self.space.setup_minutes),
            self.ends + timedelta(minutes=self.space.cleanup_minutes),
        )

    @property
    def minutes(self) -> int:
        """Its length."""
        return int((self.ends - self.starts).total_seconds() // 60)


class Moved(Exception):
    """A space is in another tree than the one that was held: the act is to be done again (`again_where_moved`)."""


def again_where_moved(act: Callable[_Given, _Gives]) -> Callable[_Given, _Gives]:
    """Do an act again, whose transaction was taken back with its locks, as the space was moved since it was seen."""

    @wraps(act)
    def doing(*given: _Given.args, **named: _Given.kwargs) -> _Gives:
        try:
            return act(*given, **named)
        except Moved:
            return act(*given, **named)

    return doing


def hold(
    *, trees: set[int], account_id: int | None = None, organisation_id: int | None = None, others: Iterable[int] = (),
    organisations: Iterable[int] = (), open_in: Iterable[int] = (), opening: Iterable[int] = (),
) -> None:  # fmt: skip
    """The one order of locks: who books and whoever else is named (`others`, their accounts), by number, then the organisation, then when houses
    are open, then the trees of spaces (by the number of what is at their top).

    Everybody's quotas are counted, and every tree's time is given away, one after the other. Who judges by the hours of houses (`open_in`)
    shares them with others who do; who changes them (`opening`) waits until all of these have written what they judged. One statement.
    """
    wanted = [("spaces.tree", number) for number in trees]
    wanted += [("spaces.booker.account", number) for number in others]
    wanted += [("spaces.booker.organisation", number) for number in organisations]
    if account_id is not None:
        wanted.append(("spaces.booker.account", account_id))
    if organisation_id is not None:
        wanted.append(("spaces.booker.organisation", organisation_id))
    wanted += [("spaces.opening", number) for number in opening]
    db.lock(*wanted, shared=[("spaces.opening", number) for number in open_in])


def refuse_impossible(wish: Wish, *, now: datetime) -> None:
    """What no right passes over but a full house. No statement where the house was asked for lately.

    Raises SpaceNotInService, WrongTime, TooManyPeople.
    """
    house = network.house_facts(wish.space.house.id)
    if not wish.space.in_service or house.state is not HouseState.OPEN:
        raise SpaceNotInService(state=wish.space.state.value)
    wrong = times.problem(wish.space, wish.starts, wish.ends, zone=house.calendar.zone, now=now, allotted=wish.allotted)
    if wrong:
        raise WrongTime(**wrong)
    if not 1 <= wish.people <= wish.space.capacity:
        raise TooManyPeople(people=wish.people, capacity=wish.space.capacity)


def judged(wish: Wish, *, now: datetime) -> tuple[Wish, Situation]:
    """The wish by the space as it is, refused where it is impossible, and everything else that it is judged by.

    One statement where the space is as it was seen and its house as it was read. Raises as `refuse_impossible`, and Moved.
    """
    try:
        refuse_impossible(wish, now=now)
    except Refusal:
        # Nothing is refused by what this process has kept: the space, or its house, may have been put into service by another.
        fresh = _forget_changed(wish.space.house.id)
        if not wish.marks and not fresh:
            raise
        wish = _as_it_is(wish) if wish.marks else wish
        refuse_impossible(wish, now=now)
    house = network.house_facts(wish.space.house.id)
    found = _situation(wish, now)
    moved = bool(wish.marks) and found.marks != wish.marks
    if found.house != house.mark:
        # Another process has changed the house, or when it is open.
        _forget_houses()
    if moved:
        wish = _as_it_is(wish)
    if moved or found.house != house.mark:
        refuse_impossible(wish, now=now)
        found = _situation(wish, now)
    return _by_sharing(wish, now), found


def _by_sharing(wish: Wish, now: datetime) -> Wish:
    if wish.sharing_id is None:
        return wish
    use = SharedUse(
        wish.sharing_id, wish.space.id, wish.space.house.id, wish.account_id, wish.organisation_id, wish.starts, wish.ends,
        wish.except_id, now,
    )  # fmt: skip
    return replace(wish, shared_price=shared_price(use))


def _forget_changed(house_id: int) -> bool:
    """Whether a house is another than this process keeps; then it is read anew. One statement."""
    changed = bool(db.read(mark=network.house_mark(house_id))["mark"] != network.house_facts(house_id).mark)
    if changed:
        _forget_houses()
    return changed


def _forget_houses() -> None:
    network.forget_facts()
    forget_times()


def _as_it_is(wish: Wish) -> Wish:
    found = seen(wish.space.id, fresh=True)
    if found is None:
        raise NotFound(what="space")
    if found.space.path[0] != wish.space.path[0]:
        raise Moved
    return replace(wish, space=found.space, marks=())


def _situation(wish: Wish, now: datetime) -> Situation:
    house = network.house_facts(wish.space.house.id)
    return situation(
        wish.space, wish.blocks, starts=wish.starts, ends=wish.ends, account_id=wish.account_id,
        organisation_id=wish.organisation_id, zone=house.calendar.zone, reckoning=house.reckoning, now=now,
        except_id=wish.except_id,
    )  # fmt: skip


def free_unit(space: SpaceRow, blocks: tuple[datetime, datetime], *, except_id: int | None = None) -> int:
    """The unit to take, so that long free stretches remain. One statement. Raises SlotTaken."""
    return unit_of(holding.room(space, *blocks, except_id=except_id))


def unit_of(found: Room) -> int:
    """The same, of a room that was looked at. No statement."""
    unit = slots.best_unit(found.free, found.around)
    if unit is None:
        raise SlotTaken(by=found.by)
    return unit


def question(wish: Wish, found: Situation, *, booker: Actor, now: datetime) -> Question:
    """What the policies are asked, with everything they may know. No statement where houses and organisation were asked for lately."""
    house = network.house_facts(wish.space.house.id)
    facts = {
        **_booker(wish, found, house, booker, now),
        **_thing(wish, house),
        **_time(wish, house, now),
        **found.counts,
    }
    return Question(acts.BOOK, wish.space.house.id, facts, now)


def price_of(wish: Wish, answer: Answer) -> Money | None:
    """What it costs by the sharing under which it is booked, else by the policies' price or the space's own; the house's own use costs nothing."""
    if wish.own_use:
        return None
    if wish.sharing_id is not None:
        return prices.price(minutes=wish.minutes, own=None, unit=wish.space.price_unit, per_hour=wish.shared_price)
    rate = answer.terms.get("price_per_hour")
    return prices.price(
        minutes=wish.minutes,
        own=wish.space.price,
        unit=wish.space.price_unit,
        per_hour=rate if isinstance(rate, Money) else None,
    )


def lacking(wish: Wish) -> tuple[str, ...]:
    """The codes of qualifications that who books lacks at the end of the time. At most one statement."""
    if not wish.space.requires:
        return ()
    held = qualifications.held_ids(wish.account_id, at=wish.ends)
    return tuple(code for number, code in wish.space.requires if number not in held)


def _booker(wish: Wish, found: Situation, house: HouseFacts, booker: Actor, now: datetime) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "booker.qualifications": tuple(found.held.values()),
        "booker.lacking": sum(number not in found.held for number, _ in wish.space.requires),
        "booker.staff": booker.holds(permissions.DESK, house.place),
        "booker.member": False,
    }
    if wish.organisation_id is not None:
        facts["booker.organisation"] = network.organisation_facts(wish.organisation_id).kind
    member = found.member
    if member is not None:
        today = now.astimezone(ZoneInfo(house.calendar.zone)).date()
        facts |= {
            "booker.member": True,
            "booker.category": member.category,
            "booker.age": member.age_on(today),
            "booker.home": _nearness(house, member.home_house_id),
            "booker.blocked": bool(member.blocks),
            # The membership of somebody who books for an organisation is not what they book by.
            "booker.expired": member.is_expired_on(today) if wish.organisation_id is None else False,
            "booker.lacks_guardian": member.lacks_guardian,
        }
    return facts


def _thing(wish: Wish, house: HouseFacts) -> dict[str, Value]:
    return {
        "space.kind": wish.space.kind,
        "space.code": wish.space.code,
        "space.facilities": wish.space.facilities,
        "space.approval": wish.space.approval,
        "booking.people": wish.people,
        "booking.shared": wish.sharing_id is not None,
        "house.kind": house.kind,
        "channel": wish.channel.value,
    }


def _time(wish: Wish, house: HouseFacts, now: datetime) -> dict[str, Value]:
    zone = ZoneInfo(house.calendar.zone)
    start, today = wish.starts.astimezone(zone), now.astimezone(zone).date()
    days = (wish.ends.astimezone(zone).date() - start.date()).days + 1
    return {
        "booking.weekday": str(start.isoweekday()),
        "booking.hour": start.hour,
        "booking.minutes": wish.minutes,
        "booking.lead_minutes": max(0, int((wish.starts - now).total_seconds() // 60)),
        "booking.days_ahead": max(0, (start.date() - today).days),
        "booking.open": slots.within(
            slots.open_times(house.calendar, wish.space.hours, start.date(), days), wish.starts, wish.ends
        ),
        "booking.repeats": wish.repeats,
    }


def _nearness(house: HouseFacts, other_id: int) -> str:
    if other_id == house.id or other_id in house.path:
        return "here"
    return "region" if network.house_facts(other_id).regions[:1] == house.regions[:1] else "elsewhere"


def terms_kept(answer: Answer, *, own_use: bool = False, sharing_id: int | None = None) -> dict[str, Any]:
    """What a booking keeps of the answer. The house's own use is never given to others for nobody having come."""
    kept: dict[str, Any] = {name: answer.terms.get(name) for name in KEPT_TERMS}
    if sharing_id is not None:
        kept["sharing"] = sharing_id
    return {**kept, "come_minutes": None, "own_use": True} if own_use else kept
