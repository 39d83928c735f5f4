"""What became of everybody who finished something: the figures that offices and councils look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from khaneh.domains.learning import queries as learning
from khaneh.domains.learning.types import CourseKind, CourseRow, FinishedRow
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import queries as people
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Confirmation, Placement
from khaneh.domains.placements.queries.statements import day_of, finishes_of, judged, row_of, said_of
from khaneh.domains.placements.rules import cohorts, days, hiding
from khaneh.domains.placements.types import (
    PLACED,
    SAID_WORKING,
    SMALLEST_SHOWN,
    UNKNOWNS,
    Cohort,
    CohortFilter,
    CohortLine,
    GraduatePage,
    GraduateRow,
    Grouping,
    Outcome,
    PlacementState,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_OUTCOMES = len(Outcome)
_Courses = dict[int, CourseRow]


class _Counted(NamedTuple):
    """The table before anything is hidden, by the id of its headings."""

    counts: dict[int, list[int]]
    refs: dict[int, Ref]
    houses: tuple[Ref, ...]


def cohort(wanted: CohortFilter, *, actor: Actor, now: datetime) -> Cohort:
    """Who finished in the houses whose figures the actor may see, each trainee once, and what became of them. At most eleven statements.

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
        said_working=cohorts.rate(total, SAID_WORKING, UNKNOWNS),
        hidden=bool(gone),
        houses=found.houses,
    )


def graduates(
    wanted: CohortFilter,
    *,
    actor: Actor,
    now: datetime,
    only_unknown: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> GraduatePage:
    """By name who finished in the houses of which the actor is staff, each once, the latest first; only those of whom nothing is known, if
    wanted. Of who asked to be forgotten there is no name to show. At most eleven statements.
    """
    finished, courses = _finished(wanted, lambda house_id: permissions.may_record(actor, house_id=house_id))
    houses = network.house_refs({row.house_id for row in finished})
    if wanted.house_id is not None:
        finished = [row for row in finished if row.house_id == wanted.house_id]
    last = {row.account_id: row for row in sorted(finished, key=_moment) if row.account_id is not None}
    rows = _graduates(list(last.values()), courses, now)
    if only_unknown:
        rows = [row for row in rows if row.outcome in UNKNOWNS]
    rows.sort(key=lambda row: (-row.finished_on.toordinal(), row.name, row.account_id))
    shown = tuple(rows[offset : offset + limit])
    return GraduatePage(len(rows), shown, tuple(sorted(houses.values(), key=lambda ref: ref.code)))


def graduate(account_id: int, *, actor: Actor, now: datetime) -> GraduateRow:
    """One of them, by the last that they finished where the actor is staff. At most eleven statements. Raises NotFound."""
    found = [row for row in finishes_of(account_id) if permissions.may_record(actor, house_id=row.house_id)]
    found, courses = _of_trainees(found)
    if not found:
        raise NotFound(what="graduate")
    return _graduates([max(found, key=_moment)], courses, now)[0]


def _graduates(finished: list[FinishedRow], courses: _Courses, now: datetime) -> list[GraduateRow]:
    """Rows of people, each of whom stands in it once. Five statements."""
    ids = {row.account_id for row in finished if row.account_id is not None}
    known, said, names = _known(ids, now), said_of(ids), people.account_names(ids)
    houses = network.house_refs({row.house_id for row in finished})
    rows = []
    for row in finished:
        account_id, course = row.account_id or 0, courses[row.course_id]
        stated, finished_on = said.get(account_id, []), day_of(row.house_id, row.finished_at)
        latest = max(stated, key=lambda one: (one.told_on, one.pk), default=None)
        rows.append(
            GraduateRow(
                account_id=account_id,
                name=names.get(account_id, ""),
                course=Ref(course.id, course.code, course.names),
                house=houses[row.house_id],
                finished_on=finished_on,
                outcome=cohorts.outcome(finished_on, known.get(account_id, []), judged(stated)),
                statement=row_of(latest) if latest is not None else None,
            )
        )
    return rows


def _moment(row: FinishedRow) -> tuple[datetime, int]:
    return row.finished_at, row.enrolment_id


def _counted(wanted: CohortFilter, actor: Actor, now: datetime) -> _Counted:
    finished, courses = _finished(wanted, lambda house_id: permissions.may_read_figures(actor, house_id=house_id))
    houses = network.house_refs({row.house_id for row in finished})
    if wanted.house_id is not None:
        finished = [row for row in finished if row.house_id == wanted.house_id]
    by_course = wanted.grouping is Grouping.COURSE
    finishes = [
        cohorts.Finish(
            row.account_id, row.course_id if by_course else row.house_id, day_of(row.house_id, row.finished_at)
        )
        for row in finished
    ]
    refs = {number: Ref(number, row.code, row.names) for number, row in courses.items()} if by_course else houses
    ids = {one.account_id for one in finishes if one.account_id is not None}
    said = {number: judged(stated) for number, stated in said_of(ids).items()}
    counts = cohorts.table(finishes, _known(ids, now), said)
    return _Counted(counts, refs, tuple(sorted(houses.values(), key=lambda ref: ref.code)))


def _finished(wanted: CohortFilter, may_see: Callable[[int], bool]) -> tuple[list[FinishedRow], _Courses]:
    """Who finished in the period, by the clocks of each house, in the houses that may be seen, and what. Six statements."""
    # A day more on either side: midnight is not everywhere at once.
    first = datetime.combine(wanted.first - timedelta(days=1), time(), UTC)
    last = datetime.combine(wanted.last + timedelta(days=2), time(), UTC)
    rows, courses = _of_trainees(learning.finished(first=first, last=last))
    seen = {number for number in {row.house_id for row in rows} if may_see(number)}
    rows = [
        row
        for row in rows
        if row.house_id in seen and wanted.first <= day_of(row.house_id, row.finished_at) <= wanted.last
    ]
    return rows, courses


def _of_trainees(rows: list[FinishedRow]) -> tuple[list[FinishedRow], _Courses]:
    """Without the training of the network's own staff, who have their work; and the courses by number. Five statements."""
    courses = learning.courses_by_ids({row.course_id for row in rows})
    return [row for row in rows if courses[row.course_id].kind is not CourseKind.STAFF_TRAINING], courses


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
