"""The time of an act without a line, from clocks that are wrong. Spec: CIRC-OFF-4."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.circulation.rules.clock import Reading, Stamp, told

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = 3_600_000.0


def look(hours: float, *, off: float = 0, run: str = "a", opened: float = 0, asleep: float = 0) -> Reading:
    """The clocks after so many hours; the wall clock `off` by hours, the page opened after `opened`, its ticks stopped for `asleep`."""
    return Reading(BEGAN.timestamp() * 1000 + (hours + off) * HOUR, run, (hours - opened - asleep) * HOUR)


def hours_of(*stamps: Stamp, arrival: Reading, now: float) -> list[float]:
    found = told(stamps, arrival=arrival, now=BEGAN + timedelta(hours=now))
    return [round((one.at - BEGAN) / timedelta(hours=1), 3) for one in found]


def test_a_clock_that_is_right() -> None:
    stamps = [Stamp(look(turn), look(0), BEGAN) for turn in (1, 2, 3)]
    assert hours_of(*stamps, arrival=look(5), now=5) == [1, 2, 3]


def test_a_clock_that_is_wrong_all_the_time_is_off_by_the_same() -> None:
    for off in (-8760 * 3, -5, 0.5, 12, 8760 * 20):
        stamps = [Stamp(look(turn, off=off), look(0, off=off), BEGAN) for turn in (1, 2)]
        assert hours_of(*stamps, arrival=look(5, off=off), now=5) == [1, 2]


def test_a_clock_that_never_heard_the_server() -> None:
    assert hours_of(Stamp(look(2, off=70)), arrival=look(5, off=70), now=5) == [2]


def test_set_between_two_acts_in_one_life_of_the_page() -> None:
    """Ticks and wall agree up to the first; the second was after the change, and the arrival knows it."""
    first, second = Stamp(look(1), look(0), BEGAN), Stamp(look(3, off=-30), look(0), BEGAN)
    assert hours_of(first, second, arrival=look(4, off=-30), now=4) == [1, 3]


def test_set_back_and_the_browser_killed() -> None:
    """Only what is possible is left: going by the server's word the act would be before it was heard."""
    stamp = Stamp(look(6, off=-48, run="b", opened=5), look(0), BEGAN)
    assert hours_of(stamp, arrival=look(8, off=-48, run="c", opened=7), now=8) == [6]


def test_set_forward_and_the_browser_killed() -> None:
    """Going by the server's word the act would be after it arrived."""
    stamp = Stamp(look(6, off=48, run="b", opened=5), look(0), BEGAN)
    assert hours_of(stamp, arrival=look(8, off=48, run="c", opened=7), now=8) == [6]


def test_set_and_set_right_again_is_told_to_be_unsure() -> None:
    stamp = Stamp(look(48, off=-20, run="b", opened=47), look(0), BEGAN)
    [found] = told([stamp], arrival=look(96, run="c", opened=95), now=BEGAN + timedelta(hours=96))
    assert BEGAN <= found.at <= BEGAN + timedelta(hours=96)
    wild = Stamp(look(48, off=-900, run="b", opened=47), look(0), BEGAN)
    [found] = told([wild], arrival=look(96, run="c", opened=95), now=BEGAN + timedelta(hours=96))
    assert found.at == BEGAN
    assert found.unsure > timedelta(days=30)


def test_a_device_that_slept_is_not_one_whose_clock_was_set() -> None:
    """Ticks stopped for ten hours of the night; the wall clock is right."""
    stamps = [Stamp(look(12, asleep=10), look(0), BEGAN)]
    assert hours_of(*stamps, arrival=look(14, asleep=10), now=14) == [12]


def test_a_clock_beyond_all_dates() -> None:
    mad = Reading(1e18, "b", 5.0)
    [found] = told([Stamp(mad, look(0), BEGAN)], arrival=look(5, run="c", opened=5), now=BEGAN + timedelta(hours=5))
    assert BEGAN <= found.at <= BEGAN + timedelta(hours=5)


_LOOKS = st.builds(
    Reading,
    st.floats(-1e15, 1e15),
    st.sampled_from(["a", "b", "c"]),
    st.floats(0, 1e10),
)
_STAMPS = st.builds(
    Stamp,
    _LOOKS,
    st.one_of(st.none(), _LOOKS),
    st.one_of(st.none(), st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))),
)


@given(st.lists(_STAMPS, max_size=6), _LOOKS)
def test_whatever_the_clocks_say_times_go_forward_and_never_into_the_future(
    stamps: list[Stamp], arrival: Reading
) -> None:
    found = told(stamps, arrival=arrival, now=BEGAN)
    times = [one.at for one in found]
    assert times == sorted(times)
    assert all(time <= BEGAN for time in times)


@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=6).map(sorted),
    st.floats(-9000, 9000),
    st.lists(st.integers(0, 2), min_size=6, max_size=6).map(sorted),
)
def test_a_clock_that_is_only_wrong_gives_every_time_to_the_minute(
    hours: list[float], off: float, runs: list[int]
) -> None:
    """However often the page was opened."""
    stamps = [
        Stamp(look(hour, off=off, run=str(run)), look(0, off=off, run="0"), BEGAN)
        for hour, run in zip(hours, runs, strict=False)
    ]
    found = told(stamps, arrival=look(201, off=off, run="2"), now=BEGAN + timedelta(hours=201))
    for one, hour in zip(found, hours, strict=True):
        assert abs(one.at - BEGAN - timedelta(hours=hour)) < timedelta(minutes=1)
        assert not one.unsure
