"""Who has a place once what is owed to groups is given to them. Pure, whole numbers, no chance: the same answer on every machine.

A group is owed as many places as its quota says, of those who reach the lowest score; who belongs to several groups counts for each of them. The rule,
as the call publishes it:

1. Each quota, in the published order, is given as much as can be given together with those before it.
2. Of all ways to do so, that one is taken in which the best has a place, then the second best, and so on: nobody gives way unless otherwise a
   quota that could be filled would not be.

So a place goes from the last who can give it up to the first who is needed, and one person who belongs to two groups is not asked for twice. Whether what
is still owed can be met by so many people is a set cover; groups are few, who belongs to the same groups is interchangeable but for the order, and
whoever belongs to more of them goes first, so that it is found or refuted at once. Where that takes more than _LOOKS looks in all (many groups that all
cross each other), somebody may give way who need not have: what is owed is given all the same while no more is owed than there are places, which
calls see to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from khaneh.domains.selection.types.ranking import Candidate, Quota

_LOOKS = 100_000  # at people of one signature: about a second

Signature = frozenset[int]  # the quotas that somebody counts for, by place in the list


class Swap(NamedTuple):
    """Somebody came in by a quota, or gave way for it, and who stands on the other side."""

    key: str
    quota: str
    gave_way: bool
    other: str


class Filled(NamedTuple):
    """Who has a place, each exchange from both its sides, and the quotas that stay short with by how much."""

    kept: frozenset[str]
    swaps: tuple[Swap, ...]
    short: tuple[tuple[str, int], ...]


def fill(
    order: Sequence[str],
    able: Collection[str],
    places: int,
    quotas: Sequence[Quota],
    candidates: Mapping[str, Candidate],
) -> Filled:
    """Give `places` to those of `order` who are `able`, as the module says."""
    line = [key for key in order if key in able]
    room = min(places, len(line))
    marked = {key: frozenset(n for n, quota in enumerate(quotas) if quota.group.holds(candidates[key])) for key in line}
    looks = [_LOOKS]
    owed, plan = _owed(quotas, Counter(marked.values()), room, looks)
    kept = _walk(line, marked, owed, plan, room, looks)
    have = Counter(n for key in kept for n in marked[key])
    short = tuple((quota.code, quota.places - have[n]) for n, quota in enumerate(quotas) if have[n] < quota.places)
    return Filled(frozenset(kept), _swaps(line, kept, room, marked, owed, quotas), short)


def _owed(
    quotas: Sequence[Quota], stock: Counter[Signature], room: int, looks: list[int]
) -> tuple[list[int], Counter[Signature]]:
    """What each quota is given, and people of which groups would do."""
    owed = [0] * len(quotas)
    plan: Counter[Signature] = Counter()
    for n, quota in enumerate(quotas):
        there = sum(number for signature, number in stock.items() if n in signature)
        for wanted in range(min(quota.places, there, room), 0, -1):
            found = _cover([*owed[:n], wanted, *owed[n + 1 :]], stock, room, looks)
            if found is not None:
                owed[n], plan = wanted, found
                break
    return owed, plan


def _walk(
    line: Sequence[str],
    marked: Mapping[str, Signature],
    owed: Sequence[int],
    plan: Counter[Signature],
    room: int,
    looks: list[int],
) -> list[str]:
    """Down the order: in comes whoever leaves enough room for what is owed still. `plan` always says who could meet it."""
    need, stock = list(owed), Counter(marked.values())
    shut: set[Signature] = set()
    kept: list[str] = []
    for key in line:
        if len(kept) == room:
            break
        signature = marked[key]
        stock[signature] -= 1
        left = room - len(kept) - 1
        if plan[signature]:
            plan[signature] -= 1
        elif plan.total() > left:
            # Whoever could not come in before cannot later: what is left has only become less.
            found = (
                None
                if signature in shut
                else _cover([_less(need, n, signature) for n in range(len(need))], stock, left, looks)
            )
            if found is None:
                shut.add(signature)
                continue
            plan = found
        kept.append(key)
        need = [_less(need, n, signature) for n in range(len(need))]
    return kept


def _less(need: Sequence[int], n: int, signature: Signature) -> int:
    return max(0, need[n] - (n in signature))


def _cover(
    need: Sequence[int], stock: Mapping[Signature, int], most: int, looks: list[int]
) -> Counter[Signature] | None:
    """At most `most` people out of the stock who meet what is needed; None where there are none, or too many ways to look through."""
    there = {one: number for one, number in stock.items() if number > 0}
    if sum(need) <= most:
        return _each(list(need), there)
    return _search(tuple(need), there, most, looks)


def _each(need: list[int], stock: Mapping[Signature, int]) -> Counter[Signature] | None:
    """People enough where there is room for all that is needed one by one; None where a group has too few."""
    found: Counter[Signature] = Counter()
    for one in sorted(stock, key=lambda one: (-len(one), sorted(one))):
        while found[one] < stock[one] and any(need[n] for n in one):
            found[one] += 1
            for n in one:
                need[n] = max(0, need[n] - 1)
    return None if any(need) else found


def _search(
    need: tuple[int, ...], stock: Mapping[Signature, int], most: int, looks: list[int]
) -> Counter[Signature] | None:
    wanting = frozenset(n for n, number in enumerate(need) if number)
    if not wanting:
        return Counter()
    useful = {one: own for one in stock if (own := one & wanting)}
    looks[0] -= len(useful) + 1
    widest = min(useful, key=lambda one: (-len(useful[one]), sorted(one)), default=None)
    if (
        looks[0] < 0
        or widest is None
        or max(need) > most
        or sum(need) > most * len(useful[widest])
        or any(sum(stock[one] for one in useful if n in one) < need[n] for n in wanting)
    ):
        return None
    greatest = min(stock[widest], most, max(need[n] for n in useful[widest]))
    # Who counts for everything that anybody counts for is taken before all others; else fewer of them may do as well.
    least = greatest if all(own <= useful[widest] for own in useful.values()) else 0
    rest = {one: stock[one] for one in useful if one != widest}
    for number in range(greatest, least - 1, -1):
        after = tuple(max(0, wanted - number * (n in widest)) for n, wanted in enumerate(need))
        found = _search(after, rest, most - number, looks)
        if found is not None:
            return found + Counter({widest: number})
    return None


def _swaps(
    line: Sequence[str],
    kept: Sequence[str],
    room: int,
    marked: Mapping[str, Signature],
    owed: Sequence[int],
    quotas: Sequence[Quota],
) -> tuple[Swap, ...]:
    """Who came in for whom: the first who came in for the last who gave way, by the first quota that would have less than is owed to it."""
    first = line[:room]
    entering = [key for key in kept if key not in set(first)]
    leaving = [key for key in reversed(first) if key not in set(kept)]
    have = Counter(n for key in kept for n in marked[key])
    swaps = []
    for one, other in zip(entering, leaving, strict=True):
        only = marked[one] - marked[other]
        tight = sorted(n for n in only if have[n] <= owed[n])
        code = quotas[(tight or sorted(marked[one]))[0]].code
        swaps += [Swap(one, code, False, other), Swap(other, code, True, one)]
    return tuple(swaps)
