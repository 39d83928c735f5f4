"""What became of each who finished, and the table of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from khaneh.domains.placements.types import CohortLine, Outcome, PlacementState, Rate, StatedKind


class Finish(NamedTuple):
    """Somebody finished something on a day, under a heading of the table. `account_id` is None where the person asked to be forgotten."""

    account_id: int | None
    key: int
    finished_on: date


class Known(NamedTuple):
    """A placement as far as cohorts care. `reached` are the milestones that the employer has confirmed; `silent`: they were asked and have
    not answered in time.
    """

    state: PlacementState
    offered_on: date
    started_on: date | None
    reached: frozenset[int] = frozenset()
    silent: bool = False


class Said(NamedTuple):
    """A statement that stands. `confirmed`: an employer says so."""

    kind: StatedKind
    since: date
    told_on: date
    confirmed: bool = False


_ORDER = list(Outcome)
# The furthest first. What employers confirm goes before what they once noted, that before what people say of themselves; but whoever was heard
# is not unknown because an employer was silent, and whoever left a place and found work is at work.
_FURTHEST = (
    Outcome.CONFIRMED_12,
    Outcome.CONFIRMED_3,
    Outcome.ELSEWHERE,
    Outcome.STARTED,
    Outcome.SAID_JOB,
    Outcome.SAID_BUSINESS,
    Outcome.LEFT,
    Outcome.SAID_STUDY,
    Outcome.SAID_NOT_WORKING,
    Outcome.NO_ANSWER,
    Outcome.OFFERED,
    Outcome.NOTHING_KNOWN,
)
_SAID = {
    StatedKind.JOB: Outcome.SAID_JOB,
    StatedKind.BUSINESS: Outcome.SAID_BUSINESS,
    StatedKind.STUDY: Outcome.SAID_STUDY,
    StatedKind.NOT_WORKING: Outcome.SAID_NOT_WORKING,
}


def outcome(finished_on: date, placements: Iterable[Known], said: Iterable[Said] = ()) -> Outcome:
    """The furthest that is known of somebody since they finished; where they worked before counts for nothing.

    Of statements, in the order in which they were made, the last on the latest day counts, and any that an employer confirms.
    """
    known = [_of(one) for one in placements if (one.started_on or one.offered_on) >= finished_on]
    since = [one for one in said if _is_after(one, finished_on)]
    known += [Outcome.ELSEWHERE for one in since if one.confirmed]
    if since:
        latest = max(one.told_on for one in since)
        known.append(_SAID[[one for one in since if one.told_on == latest][-1].kind])
    return min(known, key=_FURTHEST.index, default=Outcome.NOTHING_KNOWN)


def _is_after(one: Said, finished_on: date) -> bool:
    """Whether a statement speaks of the time since. Whoever had no work before and has none still says so of today."""
    return (one.told_on if one.kind is StatedKind.NOT_WORKING else one.since) >= finished_on


def once(finishes: Iterable[Finish]) -> list[Finish]:
    """Each person once, by the last that they finished; who is forgotten counts each time, as nobody can say that they are the same."""
    last: dict[int, Finish] = {}
    nobodys = []
    for one in finishes:
        if one.account_id is None:
            nobodys.append(one)
        elif one.account_id not in last or (one.finished_on, one.key) > (
            last[one.account_id][2],
            last[one.account_id][1],
        ):
            last[one.account_id] = one
    return [*last.values(), *nobodys]


def table(
    finishes: Iterable[Finish], placements: Mapping[int, list[Known]], said: Mapping[int, list[Said]] | None = None
) -> dict[int, list[int]]:
    """For each heading how many have which outcome, in the order of Outcome. Each person is in it once."""
    counts: dict[int, Counter[Outcome]] = {}
    for one in once(finishes):
        found = Outcome.NOTHING_KNOWN
        if one.account_id is not None:
            stated = said.get(one.account_id, []) if said else []
            found = outcome(one.finished_on, placements.get(one.account_id, []), stated)
        counts.setdefault(one.key, Counter())[found] += 1
    return {key: [found[which] for which in _ORDER] for key, found in counts.items()}


def rate(line: CohortLine, counted: Iterable[Outcome], unknown: Iterable[Outcome]) -> Rate:
    """How many of a line have one of these outcomes, as far as the numbers that are shown say it."""
    return Rate(_sum(line, set(counted)), line.finished, _sum(line, set(unknown)))


def _sum(line: CohortLine, which: set[Outcome]) -> int | None:
    inside = [line.number(one) for one in _ORDER if one in which]
    if None not in inside:
        return sum(number or 0 for number in inside)
    outside = [line.number(one) for one in _ORDER if one not in which]
    if line.finished is None or None in outside:
        return None
    return line.finished - sum(number or 0 for number in outside)


def _of(one: Known) -> Outcome:
    if 12 in one.reached:
        return Outcome.CONFIRMED_12
    if 3 in one.reached:
        return Outcome.CONFIRMED_3
    if one.state is PlacementState.UNKNOWN or (one.silent and one.state is PlacementState.STARTED):
        return Outcome.NO_ANSWER
    if one.state is PlacementState.STARTED:
        return Outcome.STARTED
    if one.state is PlacementState.ENDED:
        return Outcome.LEFT
    if one.state in (PlacementState.OFFERED, PlacementState.ACCEPTED):
        return Outcome.OFFERED
    return Outcome.NOTHING_KNOWN
