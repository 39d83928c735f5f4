"""When an act without a line happened, told from a clock that may be wrong and one that stops while the device sleeps. Pure. Spec: CIRC-OFF-4.

A device has a wall clock, which anybody may set, and one that only counts (`ticks`, milliseconds since the page was opened; `run` names that
life of the page), which nobody can set but which some devices stop while they sleep. With each entry it says both, and what both said when it
last heard the server's time. When the log arrives, the server hears both once more.

Two guesses follow: from the last time the server was heard, going by the wall clock, and from the moment of arrival, going back by it. They
agree unless the wall clock was set in between. Then ticks bound the truth: at least so much had passed since the server was heard, at least so
much before the log arrived, and an act is never before the one that stands before it in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_SAME = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Reading:
    """A look at both clocks: `wall` in milliseconds since 1970, `ticks` in milliseconds of the page's life `run`."""

    wall: float
    run: str
    ticks: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """The clocks at an act, and at the last time the server told its own time (None: never)."""

    reading: Reading
    known: Reading | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The time of an act, and by how much the guesses differ: zero when nothing speaks against it."""

    at: datetime
    unsure: timedelta


def told(stamps: Sequence[Stamp], *, arrival: Reading, now: datetime, after: datetime | None = None) -> list[Told]:
    """The times of acts in the order of their log. `arrival` is what the device's clocks said at `now`; `after` is the time of the entry
    before the first. Times never run backwards and never lie in the future."""
    found: list[Told] = []
    floor = min(after, now) if after is not None else None
    for stamp in stamps:
        one = _one(stamp, arrival, now, floor)
        if floor is not None and one.at < floor:
            one = Told(floor, one.unsure)
        found.append(one)
        floor = one.at
    return found


def _one(stamp: Stamp, arrival: Reading, now: datetime, floor: datetime | None) -> Told:
    reading = stamp.reading
    by_arrival = _moved(now, reading.wall - arrival.wall)
    latest = _moved(now, -max(arrival.ticks - reading.ticks, 0.0)) if reading.run == arrival.run else now
    earliest = floor
    by_server: datetime | None = None
    awake = False
    if stamp.known is not None and stamp.known_at is not None:
        by_server = _moved(stamp.known_at, reading.wall - stamp.known.wall)
        passed = max(reading.ticks - stamp.known.ticks, 0.0) if reading.run == stamp.known.run else 0.0
        least = _moved(stamp.known_at, passed)
        earliest = least if earliest is None else max(earliest, least)
        awake = reading.run == stamp.known.run and abs(by_server - least) <= _SAME
    earliest = min(earliest, latest) if earliest is not None else None
    if by_server is None:
        return Told(_within(by_arrival, earliest, latest), _beyond(by_arrival, earliest, latest))
    if abs(by_server - by_arrival) <= _SAME:
        return Told(_within(by_arrival, earliest, latest), _beyond(by_arrival, earliest, latest))
    # The wall clock was set between the last word of the server and the arrival. Both clocks walked together up to the act: it was not yet.
    if awake:
        return Told(_within(by_server, earliest, latest), timedelta(0))
    slept = latest - by_arrival
    if reading.run == arrival.run and abs(slept) <= _SAME:
        return Told(_within(by_arrival, earliest, latest), timedelta(0))
    fitting = [
        one
        for one in (by_server, by_arrival)
        if (earliest is None or one >= earliest - _SAME) and one <= latest + _SAME
    ]
    if len(fitting) == 1:
        return Told(_within(fitting[0], earliest, latest), timedelta(0))
    room = latest - earliest if earliest is not None else abs(by_server - by_arrival)
    return Told(_within(by_server, earliest, latest), min(abs(by_server - by_arrival), room))


def _moved(instant: datetime, milliseconds: float) -> datetime:
    """As far as a date reaches: a clock that says the year 9999 is wrong, not an error."""
    try:
        return instant + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return instant


def _within(instant: datetime, earliest: datetime | None, latest: datetime) -> datetime:
    return min(max(instant, earliest) if earliest is not None else instant, latest)


def _beyond(instant: datetime, earliest: datetime | None, latest: datetime) -> timedelta:
    """How far a guess had to be moved, beyond what a slow clock explains."""
    moved = abs(_within(instant, earliest, latest) - instant)
    return moved if moved > _SAME else timedelta(0)
