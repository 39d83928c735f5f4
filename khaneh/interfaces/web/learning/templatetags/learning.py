"""Words of learning: when, where, seats, labels of the lists."""

from __future__ import annotations

from datetime import datetime

from django import template

from khaneh.domains.learning.types import LIVE_RUNS, CourseRow, EnrolmentState, RunRow
from khaneh.interfaces.web import phrases
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.spaces import wording as spaces

register = template.Library()


@register.filter
def course_kind(course: CourseRow) -> str:
    """A kind of course."""
    return wording.kind(course)


@register.filter
def course_hours(course: CourseRow) -> str:
    """How long it takes in all."""
    return wording.hours(course)


@register.filter
def course_price(course: CourseRow) -> str:
    """What one person pays."""
    return wording.price(course)


@register.filter
def given_by(course: CourseRow) -> str:
    """Who gives it."""
    return wording.given_by(course)


@register.filter
def misses_room(run: RunRow) -> bool:
    """Whether a meeting of a run to come has lost its room."""
    return run.state in LIVE_RUNS and any(one.lost and not one.places for one in run.meetings)


@register.filter
def run_when(run: RunRow) -> str:
    """When it is held."""
    return wording.when(run)


@register.filter
def run_where(run: RunRow) -> str:
    """Where it is held."""
    return wording.where(run)


@register.filter
def run_seats(run: RunRow) -> str:
    """How many seats are left."""
    return wording.seats(run)


@register.filter
def run_state(run: RunRow) -> str:
    """Its state."""
    return wording.run_state(run)


@register.filter
def run_tone(run: RunRow) -> str:
    """The colour of its state."""
    return wording.RUN_TONES[run.state]


@register.filter
def enrolment_state(state: EnrolmentState) -> str:
    """An enrolment's state."""
    return wording.enrolment_state(state)


@register.filter
def enrolment_tone(state: EnrolmentState) -> str:
    """The colour of it."""
    return wording.TONES[state]


@register.filter
def learners(count: int) -> str:
    """So many people."""
    return phrases.people(count)


@register.simple_tag
def run_instant(value: datetime, run: RunRow) -> str:
    """Day and time of an instant on the clocks of the run's house."""
    return spaces.instant(value, run.zone)


@register.simple_tag
def meeting_when(starts: datetime, ends: datetime, run: RunRow) -> str:
    """From when until when, on the clocks of the run's house."""
    return spaces.when(starts, ends, run.zone)
