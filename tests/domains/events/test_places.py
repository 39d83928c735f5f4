"""Who gets places: what holds for every queue, by trying many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.events.rules.places import COMMON, Pool, Settled, Waiter, most, settle

_HOUSES = (COMMON, 7, 8)
_pools = st.fixed_dictionaries(
    {number: st.integers(0, 12).flatmap(lambda n: st.integers(0, n).map(lambda t: Pool(n, t))) for number in _HOUSES}
)
_waiters = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from(_HOUSES), st.booleans()), max_size=12
).map(lambda found: [Waiter(n, people, share, people if rides else 0) for n, (people, share, rides) in enumerate(found, 1)])  # fmt: skip
_seats = st.none() | st.integers(0, 20)


@given(_waiters, _pools, _seats, st.booleans())
def test_nobody_gets_what_is_not_there(
    waiters: list[Waiter], pools: dict[int, Pool], seats: int | None, strict: bool
) -> None:
    done = settle(waiters, pools, seats=seats, strict=strict)
    by_id = {one.id: one for one in waiters}
    used = dict.fromkeys(_HOUSES, 0)
    for one in done.given:
        who = by_id[one.id]
        assert one.from_share + one.from_common == who.people, "all or nothing"
        assert one.from_share == 0 or who.share != COMMON
        used[who.share] += one.from_share
        used[COMMON] += one.from_common
    assert all(used[number] <= pools[number].free for number in _HOUSES)
    assert all(0 <= done.left[number] <= pools[number].free - used[number] for number in _HOUSES)
    if seats is not None:
        assert sum(by_id[one.id].seats for one in done.given) <= seats


@given(_waiters, _pools, _seats)
def test_who_is_younger_takes_nothing_that_an_older_one_could_use(
    waiters: list[Waiter], pools: dict[int, Pool], seats: int | None
) -> None:
    """Taking all younger ones away changes nothing for an older one."""
    everybody = {one.id: one for one in settle(waiters, pools, seats=seats, strict=True).given}
    for count in range(len(waiters)):
        alone = {one.id: one for one in settle(waiters[:count], pools, seats=seats, strict=True).given}
        assert alone == {number: one for number, one in everybody.items() if number <= count}


@given(_waiters, _pools, _seats)
def test_the_first_who_could_ever_fit_is_served_when_enough_becomes_free(
    waiters: list[Waiter], pools: dict[int, Pool], seats: int | None
) -> None:
    """However the younger ones stand: with their need free again, the oldest who waits has it."""
    done = settle(waiters, pools, seats=seats, strict=True)
    left = {one.id for one in done.given}
    first = next((one for one in waiters if one.id not in left and one.people <= most(one.share, pools)), None)
    if first is None:
        return
    empty = {number: Pool(pool.places, 0) for number, pool in pools.items()}
    again = settle([first, *(one for one in waiters if one.id > first.id)], empty, seats=None, strict=True)
    assert again.given[0].id == first.id


def test_a_group_is_not_overtaken_until_little_time_is_left() -> None:
    pools = {COMMON: Pool(10, 8)}
    queue = [Waiter(1, 3), Waiter(2, 1)]
    assert settle(queue, pools, seats=None, strict=True) == Settled((), {COMMON: 0}, None)
    assert [one.id for one in settle(queue, pools, seats=None, strict=False).given] == [2]


def test_whoever_can_never_fit_keeps_nobody_waiting() -> None:
    assert [
        one.id for one in settle([Waiter(1, 11), Waiter(2, 1)], {COMMON: Pool(10, 8)}, seats=None, strict=True).given
    ] == [2]
