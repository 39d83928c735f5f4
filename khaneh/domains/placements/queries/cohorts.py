"""What became of everybody who finished something: the figures that offices and councils look at."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khaneh.domains.learning import queries as learning
from khaneh.domains.learning.types import FinishedRow
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Confirmation, Placement
from khaneh.domains.placements.rules import cohorts, days, hiding
from khaneh.domains.placements.types import (
    PLACED,
    SMALLEST_SHOWN,
    UNKNOWNS,
    Cohort,
    CohortFilter,
    CohortLine,
    Grouping,
    Outcome,
    PlacementState,
)
from khaneh.kernel.actor import Actor

_OUTCOMES = len(Outcome)


class _Counted(NamedTuple):
    """The table before anything is hidden, by the id of its headings."""

    counts: dict[int, list[int]]
    refs: dict[int, Ref]
    houses: tuple[Ref, ...]


def cohort(wanted: CohortFilter, *, actor: Actor, now: datetime) -> Cohort:
    """Who finished in the houses whose figures the actor may see, each trainee once, and what became of them. At most ten statements.

    A number below five is hidden, and whatever it could be reckoned from. Somebody who finished twice stands where they finished last.
    """
    found = _counted(wanted, actor, now)
    headings = sorted(found.counts, key=lambda key: (-sum(found.counts[key]), key))
    table = [[*found.counts[key], sum(found.counts[key])] for key in headings]
    table.append([sum(column) for column in zip(*table, strict=True)] if table else [0] * (_OUTCOMES + 1))
    gone = hiding.hidden(table, smallest=SMALLEST_SHOWN)

    def line(i: int, of: Ref | None) -> CohortLine:
        shown = [None if (i, j) in gone else number for j, number in enumerate(table[i])]
        return CohortLine(of, shown[-1], tuple(shown[:-1]))

    total = line(len(headings), None)
    return Cohort(
        lines=tuple(line(i, found.refs.get(key)) for i, key in enumerate(headings)),
        total=total,
        placed=cohorts.rate(total, PLACED, [Outcome.NOTHING_KNOWN]),
        confirmed_3=cohorts.rate(total, [Outcome.CONFIRMED_3, Outcome.CONFIRMED_12], UNKNOWNS),
        confirmed_12=cohorts.rate(total, [Outcome.CONFIRMED_12], UNKNOWNS),
        hidden=bool(gone),
        houses=found.houses,
    )


def _counted(wanted: CohortFilter, actor: Actor, now: datetime) -> _Counted:
    finished = _finished(wanted, actor)
    houses = network.house_refs({row.house_id for row in finished})
    if wanted.house_id is not None:
        finished = [row for row in finished if row.house_id == wanted.house_id]
    by_course = wanted.grouping is Grouping.COURSE
    finishes = [
        cohorts.Finish(row.account_id, row.course_id if by_course else row.house_id, _day(row)) for row in finished
    ]
    if by_course:
        courses = learning.courses_by_ids({row.course_id for row in finished})
        refs = {number: Ref(number, row.code, row.names) for number, row in courses.items()}
    else:
        refs = houses
    known = _known({one.account_id for one in finishes if one.account_id is not None}, now)
    return _Counted(cohorts.table(finishes, known), refs, tuple(sorted(houses.values(), key=lambda ref: ref.code)))


def _finished(wanted: CohortFilter, actor: Actor) -> list[FinishedRow]:
    """Who finished in the period, by the clocks of each house, where the actor may see it. One statement."""
    # A day more on either side: midnight is not everywhere at once.
    first = datetime.combine(wanted.first - timedelta(days=1), time(), UTC)
    last = datetime.combine(wanted.last + timedelta(days=2), time(), UTC)
    rows = learning.finished(first=first, last=last)
    seen = {number for number in {row.house_id for row in rows} if permissions.may_read_figures(actor, house_id=number)}
    return [row for row in rows if row.house_id in seen and wanted.first <= _day(row) <= wanted.last]


def _day(row: FinishedRow) -> date:
    zone = ZoneInfo(network.house_facts(row.house_id).calendar.zone)
    return row.finished_at.astimezone(zone).date()


def _known(account_ids: set[int], now: datetime) -> dict[int, list[cohorts.Known]]:
    """The placements of these accounts. Two statements."""
    placements = list(Placement.objects.filter(account_id__in=account_ids).order_by("pk"))
    reached: dict[int, set[int]] = defaultdict(set)
    silent: set[int] = set()
    given_up = now.date() - days.SILENT_AFTER
    for asked in Confirmation.objects.filter(placement_id__in=[one.pk for one in placements]):
        if asked.still:
            reached[asked.placement_id].add(asked.months)
        elif asked.answered_at is None and asked.due_on <= given_up:
            silent.add(asked.placement_id)
    known: dict[int, list[cohorts.Known]] = defaultdict(list)
    for one in placements:
        if one.account_id is not None:
            known[one.account_id].append(
                cohorts.Known(
                    PlacementState(one.state),
                    one.offered_at.date(),
                    one.started_on,
                    frozenset(reached[one.pk]),
                    one.pk in silent,
                )
            )
    return known
