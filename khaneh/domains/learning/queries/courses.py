"""Courses and runs for pages: the catalogue, one, what is coming."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Course, Material, Run
from khaneh.domains.learning.queries.rows import course_rows, run_rows
from khaneh.domains.learning.types import (
    JUDGED,
    LIVE_RUNS,
    PUBLIC_RUNS,
    CourseKind,
    CoursePage,
    CourseRow,
    CourseState,
    CourseWithRuns,
    EnrolmentState,
    LostRoom,
    MaterialRow,
    MeetingRow,
    RunRow,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.types import KIND_GROUPS, SpaceRow
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.orthography import search_key
from khaneh.kernel.refusal import NotFound

MOST_LOST, MOST_SEEN, MOST_OFFERED = 5, 60, 5
_PUBLIC = [state.value for state in PUBLIC_RUNS]
_LIVE = [state.value for state in LIVE_RUNS]
# Who has to do with the course: its materials are for them.
_INSIDE = (EnrolmentState.ENROLLED, *JUDGED)


def courses(
    *,
    actor: Actor = VISITOR,
    now: datetime,
    text: str = "",
    kind: CourseKind | None = None,
    region_id: int | None = None,
    house_id: int | None = None,
    organisation_id: int | None = None,
    awarding: Collection[int] = (),
    enrolling: bool = False,
    states: Collection[CourseState] = (CourseState.PUBLISHED,),
    offset: int = 0,
    limit: int = 50,
) -> CoursePage:
    """The catalogue by code. `region_id` and `house_id` mean where it is given or a run to come is held; `awarding` any of these
    qualifications; `enrolling` only what somebody may still enrol in. About nine statements.

    Drafts and what is retired are seen by those who keep courses somewhere.
    """
    wanted = set(states)
    if not actor.holds_somewhere(permissions.GIVERS):
        wanted &= {CourseState.PUBLISHED}
    found = Course.objects.filter(state__in=[state.value for state in wanted])
    for word in search_key(text).split()[:10]:
        found = found.filter(search_key__contains=word)
    if kind is not None:
        found = found.filter(kind=kind.value)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    houses = _houses(region_id, house_id)
    coming = Run.objects.filter(course_id=OuterRef("pk"), state__in=_LIVE)
    if houses is not None:
        found = found.filter(Q(house_id__in=houses) | Exists(coming.filter(house_id__in=houses)))
    if awarding:
        found = found.filter(awards__qualification_id__in=set(awarding)).distinct()
    if enrolling:
        found = found.filter(Exists(_enrolling(coming, now)))
    return CoursePage(tuple(course_rows(found.order_by("code")[offset : offset + limit])), found.count())


def course(code: str, *, actor: Actor = VISITOR, now: datetime) -> CourseWithRuns:
    """A course with its runs to come and its materials, as the actor may see them. About 25 statements. Raises NotFound."""
    rows = course_rows(Course.objects.filter(code=code))
    if not rows:
        raise NotFound(what="course")
    row, keeps = rows[0], _keeps(rows[0], actor)
    if row.state is CourseState.DRAFT and not keeps:
        raise NotFound(what="course")
    coming = Run.objects.filter(course_id=row.id, ends__gt=now, state__in=_LIVE)
    runs = _seen(coming, actor)
    return CourseWithRuns(
        row,
        tuple(run_rows(runs.order_by("starts", "pk")[:100], account_id=actor.account_id)),
        tuple(materials_of(row.id, everything=keeps)),
    )


def courses_by_ids(ids: Iterable[int]) -> dict[int, CourseRow]:
    """Those that exist, whatever their state. Five statements."""
    return {row.id: row for row in course_rows(Course.objects.filter(pk__in=set(ids)))}


def runs_of(
    *,
    actor: Actor = VISITOR,
    course_id: int | None = None,
    house_id: int | None = None,
    region_id: int | None = None,
    first: datetime | None = None,
    last: datetime | None = None,
    states: Collection[RunState] = LIVE_RUNS,
    limit: int = 200,
) -> list[RunRow]:
    """Runs of a course, of a house, of a region, that touch a period; by start. Planned ones for who plans there. At most 18 statements."""
    found = Run.objects.filter(state__in=[state.value for state in states])
    if course_id is not None:
        found = found.filter(course_id=course_id)
    houses = _houses(region_id, house_id)
    if houses is not None:
        found = found.filter(house_id__in=houses)
    if first is not None:
        found = found.filter(ends__gt=first)
    if last is not None:
        found = found.filter(starts__lt=last)
    return run_rows(_seen(found, actor).order_by("starts", "pk")[:limit], account_id=actor.account_id)


def run(run_id: int, *, actor: Actor = VISITOR) -> RunRow:
    """One run. At most 18 statements. Raises NotFound, also for one that is not for the actor's eyes."""
    rows = run_rows(_seen(Run.objects.filter(pk=run_id), actor), account_id=actor.account_id)
    if not rows:
        raise NotFound(what="run")
    return rows[0]


def rooms_instead(run_id: int, *, actor: Actor, now: datetime) -> list[LostRoom]:
    """The meetings of a run to come that have lost a room, each with what is free at its time for as many people: of the same kind first, then
    the nearest. The lost room is among them where it is free again. For who plans in the house, in the houses of its region where they do.

    About fifteen statements each, five meetings at most.
    """
    row = run(run_id, actor=actor)
    if row.state not in LIVE_RUNS or not permissions.may_plan(actor, house_id=row.house.id):
        return []
    lost = [(one, place) for one in row.meetings if one.ends > now for place in one.lost][:MOST_LOST]
    known = spaces.spaces_by_ids({place.space_id for _, place in lost}) if lost else {}
    return [LostRoom(one, place, _free_instead(row, one, known[place.space_id], actor, now)) for one, place in lost]


def _free_instead(
    row: RunRow, meeting: MeetingRow, lost: SpaceRow, actor: Actor, now: datetime
) -> tuple[SpaceRow, ...]:
    house = network.house_facts(row.house.id)
    around = network.house_ids_in_region(house.regions[0]) if house.regions else [row.house.id]
    found = spaces.free_spaces(
        now=now,
        group=KIND_GROUPS.get(lost.kind),
        house_ids=[number for number in around if permissions.may_plan(actor, house_id=number)],
        near=(house.latitude, house.longitude) if house.latitude is not None and house.longitude is not None else None,
        first=meeting.starts.astimezone(ZoneInfo(row.zone)).date(),
        days=1,
        minutes=int((meeting.ends - meeting.starts).total_seconds() // 60),
        # Of what a meeting takes beside its room, nobody has to fit into.
        people=row.capacity if lost.capacity >= row.capacity else 1,
        limit=MOST_SEEN,
    )
    fits = [one.space for one in found if any(free.first <= meeting.starts <= free.last for free in one.free)]
    fits.sort(key=lambda space: space.kind != lost.kind)
    return tuple(fits[:MOST_OFFERED])


def runs_by_ids(ids: Iterable[int]) -> dict[int, RunRow]:
    """Those that exist, whatever their state. At most 18 statements."""
    return {row.id: row for row in run_rows(Run.objects.filter(pk__in=set(ids)))}


def runs_taught_by(account_id: int, *, now: datetime, past: bool = False, limit: int = 100) -> list[RunRow]:
    """Runs that somebody teaches: those to come and under way by start, or those that are over, the latest first. At most 18 statements."""
    found = Run.objects.filter(teachers__account_id=account_id)
    if past:
        return run_rows(found.exclude(state__in=_LIVE).order_by("-starts", "-pk")[:limit], account_id=account_id)
    return run_rows(found.filter(state__in=_LIVE).order_by("starts", "pk")[:limit], account_id=account_id)


def next_runs_awarding(
    qualification_ids: Iterable[int],
    *,
    now: datetime,
    region_id: int | None = None,
    near: tuple[float, float] | None = None,
    account_id: int | None = None,
    limit: int = 3,
) -> dict[int, list[RunRow]]:
    """For each qualification the next runs that award it and still take people in: those with a free seat first, then the soonest.

    `near` is a point (latitude, longitude): then the nearest of those with a free seat come first. At most 20 statements.
    """
    wanted = set(qualification_ids)
    found = Run.objects.filter(course__awards__qualification_id__in=wanted, course__state=CourseState.PUBLISHED.value)
    if region_id is not None:
        found = found.filter(house_id__in=network.house_ids_in_region(region_id))
    distances = network.kilometres_from(*near) if near is not None else {}
    soonest = _enrolling(found, now).order_by("starts", "pk").distinct()[:200]
    rows = run_rows(soonest, account_id=account_id, distances=distances)
    far = float("inf")
    rows.sort(
        key=lambda row: (row.free <= row.waiting, distances.get(row.house.id, far) if near else 0, row.starts, row.id)
    )
    return {
        number: [row for row in rows if any(number == award for award, _ in row.course.awards)][:limit]
        for number in wanted
    }


def next_runs(course_ids: Iterable[int], *, now: datetime) -> dict[int, RunRow]:
    """The soonest run of each course that still takes people in. At most 19 statements."""
    soonest = (
        _enrolling(Run.objects.filter(course_id__in=set(course_ids)), now)
        .order_by("course_id", "starts", "pk")
        .distinct("course_id")
        .values_list("pk", flat=True)
    )
    return {row.course.id: row for row in run_rows(Run.objects.filter(pk__in=list(soonest)))}


def public_course_ids() -> Iterator[list[int]]:
    """Courses that everybody may find, in lists of at most 1,000: for the search index. One statement a list."""
    last = 0
    while ids := list(
        Course.objects.filter(pk__gt=last, state=CourseState.PUBLISHED.value)
        .order_by("pk")
        .values_list("pk", flat=True)[:1000]
    ):
        yield ids
        last = ids[-1]


def held_in(course_ids: Iterable[int]) -> dict[int, dict[int, bool]]:
    """For each course the houses in which runs of it are open or under way, and whether one of them still takes people in. One statement."""
    found: dict[int, dict[int, bool]] = {}
    live = Run.objects.filter(course_id__in=set(course_ids), state__in=[RunState.OPEN.value, RunState.RUNNING.value])
    for course_id, house_id, state in live.order_by("starts", "pk").values_list("course_id", "house_id", "state"):
        houses = found.setdefault(course_id, {})
        houses[house_id] = houses.get(house_id, False) or state == RunState.OPEN
    return found


def course_ids_of_house(house_id: int) -> list[int]:
    """Courses that a house gives, or that are held in it at some time to come. One statement."""
    live = Run.objects.filter(course_id=OuterRef("pk"), house_id=house_id, state__in=_LIVE)
    found = Course.objects.filter(Q(house_id=house_id) | Q(Exists(live)))
    return list(found.order_by("pk").values_list("pk", flat=True))


def materials_of(course_id: int, *, everything: bool) -> list[MaterialRow]:
    """What a course is taught with; only what is for everybody, unless `everything`. One statement."""
    found = Material.objects.filter(course_id=course_id)
    if not everything:
        found = found.filter(public=True)
    return [_material(one) for one in found.order_by("pk")]


def materials(run_id: int, *, actor: Actor) -> list[MaterialRow]:
    """The materials of a run's course as its teachers, its learners and the desk see them; to others what is for everybody. Raises NotFound."""
    row = run(run_id, actor=actor)
    inside = row.mine is not None and row.mine[1] in _INSIDE
    everything = inside or permissions.may_scan(actor, run_id=run_id, house_id=row.house.id)
    return materials_of(row.course.id, everything=everything)


def material(material_id: int, *, actor: Actor) -> MaterialRow:
    """One, for who may see it. Raises NotFound."""
    found = Material.objects.select_related("course").filter(pk=material_id).first()
    if found is None:
        raise NotFound(what="material")
    course_row = course_rows(Course.objects.filter(pk=found.course_id))[0]
    keeps = _keeps(course_row, actor)
    public = found.public and course_row.state is not CourseState.DRAFT
    if not (public or keeps or _is_inside(found.course_id, actor)):
        raise NotFound(what="material")
    return _material(found)


def _is_inside(course_id: int, actor: Actor) -> bool:
    if actor.account_id is None:
        return False
    runs = Run.objects.filter(course_id=course_id)
    mine = Q(teachers__account_id=actor.account_id) | Q(
        enrolments__account_id=actor.account_id, enrolments__state__in=[state.value for state in _INSIDE]
    )
    return runs.filter(mine).exists()


def _material(one: Material) -> MaterialRow:
    return MaterialRow(
        one.pk, one.course_id, Label.from_dict(one.names), one.url, one.digest, one.media_type, one.size, one.public
    )


def _keeps(row: CourseRow, actor: Actor) -> bool:
    if actor.is_system:
        return True
    if not actor.holds_somewhere(permissions.GIVERS):
        return False
    place = (
        network.house_facts(row.house.id).place
        if row.house is not None
        else network.place_of_organisation(row.organisation.id if row.organisation is not None else 0)
    )
    return permissions.may_keep(actor, place)


def _seen(found: QuerySet[Run], actor: Actor) -> QuerySet[Run]:
    """Runs for the actor's eyes: plans are for those who plan in the house and who teach."""
    if actor.is_system:
        return found
    public = Q(state__in=_PUBLIC, course__state__in=[CourseState.PUBLISHED.value, CourseState.RETIRED.value])
    if actor.account_id is None:
        return found.filter(public)
    theirs = Q(Exists(Run.objects.filter(pk=OuterRef("pk"), teachers__account_id=actor.account_id)))
    if actor.holds_somewhere(permissions.DESK):
        houses = [number for number in set(found.values_list("house_id", flat=True)[:1000]) if _desk(actor, number)]
        theirs |= Q(house_id__in=houses)
    return found.filter(public | theirs)


def _desk(actor: Actor, house_id: int) -> bool:
    return permissions.may_desk(actor, house_id=house_id)


def _enrolling(found: QuerySet[Run], now: datetime) -> QuerySet[Run]:
    in_time = Q(enrol_until__gt=now) | Q(enrol_until__isnull=True, starts__gt=now)
    return found.filter(in_time, state=RunState.OPEN.value)


def _houses(region_id: int | None, house_id: int | None) -> set[int] | None:
    if region_id is None and house_id is None:
        return None
    houses = set(network.house_ids_in_region(region_id)) if region_id is not None else None
    if house_id is not None:
        houses = {house_id} if houses is None else houses & {house_id}
    return houses
