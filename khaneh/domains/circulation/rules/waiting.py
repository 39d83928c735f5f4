"""When a waiting reader may expect a copy: the queue played out many times with the paces at which things happen. Pure. Spec: CIRC-QUEUE.

All times are days from now. A draw plays one possible future: each copy comes free at some moment, goes to the first in the queue whom it
fills, is brought to them, collected, read and returned, and so on. The range that is told holds what most of the futures show (`EARLY` to `LATE`).
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from typing import NamedTuple

from khaneh.domains.circulation.types import PaceKind

DRAWS = 200
# Beyond this many days nobody can say anything.
HORIZON = 365.0
# The range that is told runs from the one share of the futures to the other; what is promised is less, because the world is not the model.
EARLY, LATE = 0.03, 0.92
PROMISED = 0.8
# In each future everybody is slower or faster than was measured, together, by up to this share of the cases: chances that are drawn one by
# one even out over a long queue, the habits of a town's readers do not. What happens once in twenty times, such as a book that never comes
# back, is as rare in every future.
LEAN = 0.23
_HABITUAL = 0.95
# A house that did not answer is given up after so many days and another is asked (services.targeting.PATIENCE).
_SILENCE = 3.0
_NEVER = math.inf


class Pace(NamedTuple):
    """How many days something takes: `quantiles` at equal steps from 0 to 1 of what ends, `never` the share that does not end.

    `number` is how many were measured; 0 for what is assumed until something was.
    """

    quantiles: tuple[float, ...]
    never: float = 0.0
    number: int = 0

    def days(self, share: float) -> float:
        """The days by which this share is over; infinite for those that never are."""
        ending = 1.0 - self.never
        if share >= ending or ending <= 0:
            return _NEVER
        place = share / ending * (len(self.quantiles) - 1)
        low = min(int(place), len(self.quantiles) - 2)
        return self.quantiles[low] + (place - low) * (self.quantiles[low + 1] - self.quantiles[low])

    def share(self, days: float) -> float:
        """The share that is over after so many days: the other way round."""
        steps = self.quantiles
        if days <= steps[0]:
            return 0.0
        if days >= steps[-1]:
            return 1.0 - self.never
        high = bisect_left(steps, days)
        width = steps[high] - steps[high - 1]
        part = (days - steps[high - 1]) / width if width > 0 else 0.0
        return (high - 1 + part) / (len(steps) - 1) * (1.0 - self.never)

    def draw(self, chance: float, *, after: float | None = None) -> float:
        """Days for a chance between 0 and 1; `after` so many days in which it did not end (it ends later, or never)."""
        if after is None:
            return self.days(chance)
        over = self.share(after)
        return max(self.days(over + chance * (1.0 - over)), after)


# Assumed until at least `ENOUGH` were measured. Returns are counted from the due date: most come in the last week before it, one in ten late,
# two in a hundred never. A house asked for a copy has it within two days; a courier's round is weekly at worst; readers collect within days.
ENOUGH = 100
ASSUMED: Mapping[PaceKind, Pace] = {
    PaceKind.RETURN: Pace(
        (-14, -12, -10, -9, -8, -7, -6, -5, -4, -3, -3, -2, -2, -1, -1, 0, 0, 1, 3, 8, 40), 0.02
    ),
    PaceKind.FETCH: Pace((0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1, 1, 1.1, 1.3, 1.5, 1.8, 2, 2.2, 2.5, 2.8, 3), 0.05),
    PaceKind.TRANSFER: Pace((0.5, 0.7, 0.8, 1, 1, 1.2, 1.5, 1.8, 2, 2, 2.3, 2.6, 3, 3.3, 3.7, 4, 5, 6, 7, 8, 14), 0.005),
    PaceKind.SHELF: Pace((0, 0, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1, 1.3, 1.6, 2, 2, 2.4, 2.8, 3, 3.5, 4, 4.5, 5, 6)),
}  # fmt: skip


class Supply(NamedTuple):
    """A copy that may fill requests. `holding` says what it does now, `since` how many days ago that began (for a loan: the days since it
    was due, below zero while it is not). A copy that travels or stands for a reader is read by them first (`taken`)."""

    copy_id: int
    record_id: int
    work_id: int | None
    house_id: int
    holding: PaceKind
    since: float
    taken: bool = False
    from_house_id: int | None = None


class Wish(NamedTuple):
    """A request in the order of the queue. `wakes` days from now it waits again (0: it waits), `gives_up` after so many days."""

    request_id: int
    record_id: int | None
    work_id: int | None
    copy_id: int | None
    pickup_house_id: int
    wakes: float = 0.0
    gives_up: float = _NEVER


class Range(NamedTuple):
    """Days from now: not before, most likely by, not after (infinite where nobody can say). `served` is the share of futures that end well."""

    earliest: float
    likely: float
    latest: float
    served: float


PaceOf = Callable[[PaceKind, int], Pace]


def fills(supply: Supply, wish: Wish) -> bool:
    """Whether this copy could be lent for this request."""
    if wish.copy_id is not None:
        return wish.copy_id == supply.copy_id
    if wish.work_id is not None:
        return wish.work_id == supply.work_id
    return wish.record_id == supply.record_id


def foresee(
    wishes: Sequence[Wish],
    supplies: Sequence[Supply],
    *,
    pace: PaceOf,
    kilometres: Callable[[int, int], float],
    loan_days: float,
    about: Collection[int],
    seed: int,
    draws: int = DRAWS,
) -> dict[int, Range]:
    """When each request of `about` has its copy at its pickup house. The same seed gives the same answer.

    `pace(kind, house)` is how fast things go at a house; only so many copies that stand on shelves count as there are readers who wait.
    """
    chance = Random(seed)  # noqa: S311 - a game of possible futures, no secret
    ends: dict[int, list[float]] = {number: [] for number in about}
    used = _asked_first(wishes, supplies, kilometres)
    for _ in range(draws):
        ready = _play(wishes, used, _leaning(chance), pace, kilometres, loan_days, set(about))
        for number, days in ends.items():
            days.append(ready.get(number, _NEVER))
    return {number: _range(days) for number, days in ends.items()}


def _leaning(chance: Random) -> Callable[[], float]:
    """The chances of one future, all of them moved the same way: by all of the lean in the middle of what is habitual, not at its ends."""
    lean = 4.0 * chance.uniform(-LEAN, LEAN) / _HABITUAL**2

    def one() -> float:
        drawn = chance.random()
        return drawn + lean * drawn * max(_HABITUAL - drawn, 0.0)

    return one


def travel(pace: Pace, kilometres: float) -> Pace:
    """How long a journey takes: as measured at the house it goes to, else what is assumed of 100 km, longer and shorter with the distance."""
    if pace.number:
        return pace
    factor = 0.6 + min(kilometres, 1_000.0) / 250.0
    return pace._replace(quantiles=tuple(days * factor for days in pace.quantiles))


def _asked_first(
    wishes: Sequence[Wish], supplies: Sequence[Supply], kilometres: Callable[[int, int], float]
) -> list[Supply]:
    """All copies that do something, and of those on shelves no more than are asked for: the nearest to who is next."""
    shelf = [one for one in supplies if one.holding is PaceKind.FETCH]
    if len(shelf) <= len(wishes) or not wishes:
        return list(supplies)
    shelf.sort(key=lambda one: (kilometres(one.house_id, wishes[0].pickup_house_id), one.copy_id))
    kept = {one.copy_id for one in shelf[: len(wishes)]}
    return [one for one in supplies if one.holding is not PaceKind.FETCH or one.copy_id in kept]


def _play(
    wishes: Sequence[Wish],
    supplies: Sequence[Supply],
    chance: Callable[[], float],
    pace: PaceOf,
    kilometres: Callable[[int, int], float],
    loan_days: float,
    about: set[int],
) -> dict[int, float]:
    """One future: when each request of `about` has its copy."""
    waiting = list(wishes)
    ready: dict[int, float] = {}
    coming: list[tuple[float, int, int, int]] = []

    def read(at: float, house: int) -> float:
        """Lent, read, returned."""
        return at + loan_days + pace(PaceKind.RETURN, house).draw(chance(), after=-loan_days)

    def collected(at: float, house: int) -> float:
        """Fetched from the hold shelf, then read."""
        return read(at + pace(PaceKind.SHELF, house).draw(chance()), house)

    for number, supply in enumerate(supplies):
        at = _free(supply, chance, pace, kilometres, read, collected)
        if at < HORIZON:
            heapq.heappush(coming, (at, number, number, supply.house_id))
    tie = len(supplies)
    while coming and waiting and about:
        at, _, number, house = heapq.heappop(coming)
        supply = supplies[number]
        waiting = [wish for wish in waiting if wish.gives_up > at]
        place = next((n for n, wish in enumerate(waiting) if wish.wakes <= at and fills(supply, wish)), None)
        if place is None:
            later = [wish.wakes for wish in waiting if wish.wakes > at and fills(supply, wish)]
            if later:
                heapq.heappush(coming, (min(later), tie, number, house))
                tie += 1
            continue
        wish = waiting.pop(place)
        here = wish.pickup_house_id == house
        way = travel(pace(PaceKind.TRANSFER, wish.pickup_house_id), kilometres(house, wish.pickup_house_id))
        there = at if here else at + way.draw(chance())
        if wish.request_id in about and there <= HORIZON:
            ready[wish.request_id] = there
            about = about - {wish.request_id}
        again = collected(there, wish.pickup_house_id)
        if again < HORIZON:
            heapq.heappush(coming, (again, tie, number, wish.pickup_house_id))
            tie += 1
    return ready


def _free(
    supply: Supply,
    chance: Callable[[], float],
    pace: PaceOf,
    kilometres: Callable[[int, int], float],
    read: Callable[[float, int], float],
    collected: Callable[[float, int], float],
) -> float:
    """When the copy can fill a request for the first time."""
    kind, house = supply.holding, supply.house_id
    if kind is PaceKind.FETCH:
        at = pace(kind, house).draw(chance(), after=supply.since)
        tries = 0.0
        while at == _NEVER and tries < 3:
            tries += 1
            at = tries * _SILENCE + supply.since + pace(kind, house).draw(chance())
        return at - supply.since
    way = pace(kind, house)
    if kind is PaceKind.TRANSFER and supply.from_house_id is not None:
        way = travel(way, kilometres(supply.from_house_id, house))
    at = way.draw(chance(), after=supply.since) - supply.since
    if not supply.taken:
        return at
    return collected(at, house) if kind is PaceKind.TRANSFER else read(at, house)


def _range(days: list[float]) -> Range:
    days = sorted(days)
    last = len(days) - 1
    served = sum(day < _NEVER for day in days) / len(days)
    return Range(days[int(EARLY * last)], days[last // 2], days[math.ceil(LATE * last)], served)
