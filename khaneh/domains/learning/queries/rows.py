"""Courses and runs as frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet

from khaneh.domains.learning.models import (
    Course,
    CourseAward,
    CourseRequirement,
    Enrolment,
    Meeting,
    MeetingPlace,
    Run,
    RunTeacher,
)
from khaneh.domains.learning.types import (
    OPEN_ENROLMENTS,
    SEATED,
    CourseKind,
    CourseRow,
    CourseState,
    EnrolmentState,
    MeetingRow,
    Person,
    PlaceRow,
    RunRow,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.types import HOLDING, BookingState
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

_SEATED = [state.value for state in SEATED]
# A booking that the desk or a closure has ended is no place any more.
KEPT = [*(state.value for state in HOLDING), BookingState.DONE.value]
# Of several enrolments in one run the one that is open says how somebody stands, else the last.
_OPEN_FIRST = (*OPEN_ENROLMENTS, EnrolmentState.COMPLETED)


def course_rows(found: QuerySet[Course]) -> list[CourseRow]:
    """Rows in the order of the query. Five statements, whatever their number."""
    courses = list(found)
    ids = [one.pk for one in courses]
    requires = _pairs(
        CourseRequirement.objects.filter(course_id__in=ids)
        .order_by("qualification__code")
        .values_list("course_id", "qualification_id", "qualification__code")
    )
    awards = _pairs(
        CourseAward.objects.filter(course_id__in=ids)
        .order_by("qualification__code")
        .values_list("course_id", "qualification_id", "qualification__code")
    )
    houses = network.house_refs(one.house_id for one in courses if one.house_id is not None)
    organisations = network.organisation_refs(one.organisation_id for one in courses if one.organisation_id is not None)
    return [
        CourseRow(
            id=one.pk,
            code=one.code,
            kind=CourseKind(one.kind),
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            house=houses.get(one.house_id) if one.house_id is not None else None,
            organisation=organisations.get(one.organisation_id) if one.organisation_id is not None else None,
            hours=one.hours,
            requires=requires[one.pk],
            awards=awards[one.pk],
            pass_mark=one.pass_mark,
            attendance=one.attendance,
            price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
            approval=one.approval,
            state=CourseState(one.state),
        )
        for one in courses
    ]


def run_rows(
    found: QuerySet[Run], *, account_id: int | None = None, distances: Mapping[int, float] | None = None
) -> list[RunRow]:
    """Rows in the order of the query; with what `account_id` has to do with each. At most eighteen statements, whatever their number."""
    runs = list(found)
    ids = [one.pk for one in runs]
    courses = {row.id: row for row in course_rows(Course.objects.filter(pk__in={one.course_id for one in runs}))}
    houses = network.house_refs(one.house_id for one in runs)
    meetings = _meetings(ids)
    teachers: dict[int, list[int]] = defaultdict(list)
    for run_id, number in RunTeacher.objects.filter(run_id__in=ids).order_by("pk").values_list("run_id", "account_id"):
        teachers[run_id].append(number)
    names = people.account_names(number for numbers in teachers.values() for number in numbers)
    counted = {
        run_id: (taken, waiting)
        for run_id, taken, waiting in Enrolment.objects.filter(run_id__in=ids)
        .values("run_id")
        .annotate(
            taken=Count("pk", filter=Q(state__in=_SEATED)),
            waiting=Count("pk", filter=Q(state=EnrolmentState.WAITING.value)),
        )
        .values_list("run_id", "taken", "waiting")
    }
    mine = _mine(ids, account_id) if account_id is not None else {}
    rows = []
    for one in runs:
        taken, waiting = counted.get(one.pk, (0, 0))
        own = meetings[one.pk]
        starts, ends = own[0].starts, own[-1].ends
        kilometres = (distances or {}).get(one.house_id)
        rows.append(
            RunRow(
                id=one.pk,
                course=courses[one.course_id],
                house=houses[one.house_id],
                zone=network.house_facts(one.house_id).calendar.zone,
                state=RunState(one.state),
                capacity=one.capacity,
                least=one.least,
                taken=taken,
                waiting=waiting,
                starts=starts,
                ends=ends,
                enrol_until=one.enrol_until or starts,
                meetings=tuple(own),
                teachers=tuple(Person(number, names.get(number, "")) for number in teachers[one.pk]),
                online=one.online,
                notes=Label.from_dict(one.notes),
                changed_at=one.changed_at,
                reason=one.reason,
                finished_at=one.ended_at if one.state == RunState.FINISHED else None,
                mine=mine.get(one.pk),
                kilometres=round(kilometres, 1) if kilometres is not None else None,
            )
        )
    return rows


def _meetings(run_ids: list[int]) -> dict[int, list[MeetingRow]]:
    """Two statements, and five for the spaces."""
    # By meeting, and whether the booking still holds or did to its end.
    places: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    taken = MeetingPlace.objects.filter(meeting__run_id__in=run_ids).order_by("pk")
    rows = taken.values_list("meeting_id", "booking__space_id", "booking_id", "booking__state")
    for meeting_id, space_id, booking_id, state in rows:
        places[meeting_id, state in KEPT].append((space_id, booking_id))
    known = spaces.spaces_by_ids({space_id for pairs in places.values() for space_id, _ in pairs}) if places else {}

    def listed(meeting_id: int, *, kept: bool) -> tuple[PlaceRow, ...]:
        return tuple(
            PlaceRow(space_id, known[space_id].code, known[space_id].names, booking_id)
            for space_id, booking_id in places[meeting_id, kept]
        )

    found: dict[int, list[MeetingRow]] = defaultdict(list)
    for one in Meeting.objects.filter(run_id__in=run_ids).order_by("run_id", "starts"):
        found[one.run_id].append(
            MeetingRow(
                one.pk,
                one.number,
                one.starts,
                one.ends,
                listed(one.pk, kept=True),
                listed(one.pk, kept=False),
            )
        )
    return found


def _mine(run_ids: list[int], account_id: int) -> dict[int, tuple[int, EnrolmentState]]:
    rows = Enrolment.objects.filter(run_id__in=run_ids, account_id=account_id).order_by("pk")
    found: dict[int, tuple[int, EnrolmentState]] = {}
    for number, run_id, state in rows.values_list("pk", "run_id", "state"):
        if run_id not in found or found[run_id][1] not in _OPEN_FIRST:
            found[run_id] = (number, EnrolmentState(state))
    return found


def _pairs(rows: Iterable[tuple[int, int, str]]) -> dict[int, tuple[tuple[int, str], ...]]:
    found: dict[int, tuple[tuple[int, str], ...]] = defaultdict(tuple)
    for course_id, number, code in rows:
        found[course_id] = (*found[course_id], (number, code))
    return found
