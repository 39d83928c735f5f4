"""Courses: a course's meetings to come, those that are held in a house, and one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from khaneh.domains.learning import queries
from khaneh.domains.learning.types import EnrolmentRow, EnrolmentState, RunRow, RunState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseRow
from khaneh.formats.ical import Occurrence, Status
from khaneh.interfaces.protocols.ical import wording
from khaneh.interfaces.protocols.ical.registry import Asked, Head, add_kind, add_source, uid
from khaneh.interfaces.protocols.ical.wording import say
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.calendars import calendar_for, show_instant, show_number

_DAY = timedelta(days=1)
_HELD = (RunState.OPEN, RunState.RUNNING, RunState.FINISHED)
# A place that is kept is told as not yet certain; whoever waits has nothing to come to.
_MINE = (EnrolmentState.ENROLLED, EnrolmentState.OFFERED, EnrolmentState.COMPLETED, EnrolmentState.FAILED)
_MOST = 200


def register() -> None:
    """The calendars of courses; what is told in those of houses and people."""
    add_kind("course", find=_course, back=_DAY, ahead=timedelta(days=366))
    add_source("course", meetings_of_course)
    add_source("house", meetings_in_house)
    add_source("person", own_meetings)


def meetings_of_course(asked: Asked) -> Iterator[Occurrence]:
    """The meetings of a course's runs that everybody may see. At most 25 statements."""
    found = queries.runs_of(course_id=asked.id, first=asked.first, last=asked.last, states=_HELD, limit=_MOST)
    yield from _public(asked, found)


def meetings_in_house(asked: Asked) -> Iterator[Occurrence]:
    """The meetings that are held in a house and that everybody may see. At most 25 statements."""
    found = queries.runs_of(house_id=asked.id, first=asked.first, last=asked.last, states=_HELD, limit=_MOST)
    yield from _public(asked, found)


def own_meetings(asked: Asked) -> Iterator[Occurrence]:
    """The meetings of the runs in which somebody has a place, or is offered one. At most 60 statements."""
    now = datetime.now(UTC)
    mine = [
        *queries.enrolments_of(asked.id, now=now, limit=_MOST),
        *queries.enrolments_of(asked.id, now=now, past=True, limit=_MOST),
    ]
    mine = [one for one in mine if one.state in _MINE and one.run.state in _HELD]
    houses = _houses(one.run for one in mine)
    for one in mine:
        status = Status.TENTATIVE if one.state is EnrolmentState.OFFERED else Status.CONFIRMED
        for occurrence in _meetings(asked, one.run, houses.get(one.run.house.id), _told(one, asked.language)):
            yield replace(occurrence, status=status, private=True)


def _public(asked: Asked, runs: list[RunRow]) -> Iterator[Occurrence]:
    houses = _houses(runs)
    for run in runs:
        seats = say(wording.SEATS_FREE, asked.language, free=show_number(run.free, asked.language))
        lines = [seats] if run.state is RunState.OPEN and run.free else []
        for one in _meetings(asked, run, houses.get(run.house.id), lines):
            # Whoever looks at what is on is not taken up by it.
            yield replace(one, busy=False)


def _meetings(asked: Asked, run: RunRow, house: HouseRow | None, lines: list[str]) -> Iterator[Occurrence]:
    name = run.course.names.pick(asked.language)
    count = len(run.meetings)
    told = [*lines, say(wording.ONLINE_AT, asked.language, address=run.online)] if run.online else lines
    for one in run.meetings:
        if one.ends <= asked.first or one.starts >= asked.last:
            continue
        number, of = show_number(one.number, asked.language), show_number(count, asked.language)
        rooms = one.places[0].names.pick(asked.language) if one.places else ""
        yield Occurrence(
            # By its number in the run: a meeting that is moved is the same meeting.
            uid=uid("course", run.id, one.number),
            starts=one.starts,
            ends=one.ends,
            summary=name
            if count == 1
            else say(wording.MEETING_OF, asked.language, course=name, number=number, count=of),
            changed_at=run.changed_at,
            description="\n".join(told),
            location=", ".join(
                part for part in (rooms, run.house.names.pick(asked.language), house.address if house else "") if part
            ),
            place=(house.latitude, house.longitude)
            if house and house.latitude is not None and house.longitude is not None
            else None,
        )


def _told(one: EnrolmentRow, language: str) -> list[str]:
    if one.answer_by is None:
        return []
    when = show_instant(one.answer_by, zone=one.run.zone, language=language, calendar=calendar_for("auto", language))
    return [say(wording.ANSWER_BY, language, when=when)]


def _houses(runs: Iterable[RunRow]) -> dict[int, HouseRow]:
    return network.houses_by_ids({run.house.id for run in runs}, actor=SYSTEM, now=datetime.now(UTC))


def _course(key: str, language: str, actor: Actor) -> Head:
    found = queries.course(key, now=datetime.now(UTC)).course
    zone = network.house_facts(found.house.id).calendar.zone if found.house is not None else "UTC"
    name = found.names.pick(language)
    return Head(found.id, name, zone, say(wording.COURSE_TOLD, language, course=name))
