"""Courses, runs and enrolments in words: when, where, how many seats, and every refusal with its rule and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.learning.types import (
    COURSE_KINDS,
    COURSE_STATES,
    ENROLMENT_STATES,
    LARGEST_FILE,
    RUN_STATES,
    Clash,
    ClashKind,
    CourseRow,
    CourseState,
    EnrolmentState,
    RunRow,
    RunState,
)
from khaneh.interfaces.web.desk.templatetags.desk import size
from khaneh.interfaces.web.phrases import number, picked
from khaneh.interfaces.web.reasons import Facts, Reasons, Said, Why
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid

RUN_TONES = {
    RunState.PLANNED: "warn",
    RunState.OPEN: "good",
    RunState.RUNNING: "accent",
    RunState.FINISHED: "",
    RunState.CANCELLED: "bad",
}
TONES = {
    EnrolmentState.REQUESTED: "warn",
    EnrolmentState.WAITING: "accent",
    EnrolmentState.OFFERED: "accent",
    EnrolmentState.ENROLLED: "good",
    EnrolmentState.COMPLETED: "action",
    EnrolmentState.FAILED: "bad",
    EnrolmentState.NO_SHOW: "bad",
    EnrolmentState.WITHDRAWN: "",
    EnrolmentState.REFUSED: "bad",
    EnrolmentState.CANCELLED: "",
}


def kind(course: CourseRow) -> str:
    """A kind of course."""
    return picked(COURSE_KINDS[course.kind])


def given_by(course: CourseRow) -> str:
    """The house or organisation that gives it."""
    giver = course.house or course.organisation
    return picked(giver.names) if giver is not None else ""


def hours(course: CourseRow) -> str:
    """How long it takes in all; nothing where nobody has said."""
    if not course.hours:
        return ""
    return ngettext("%(number)s hour", "%(number)s hours", course.hours) % {"number": number(course.hours)}


def price(course: CourseRow) -> str:
    """What one person pays."""
    if course.price is None or not course.price.amount:
        return _("Free of charge")
    return _("%(sum)s for each person") % {"sum": spaces.amount(course.price)}


def when(run: RunRow) -> str:
    """From when until when a run is held: the one meeting, or the first day with how many there are."""
    first = run.meetings[0] if run.meetings else None
    if first is None:
        return spaces.when(run.starts, run.ends, run.zone)
    said = spaces.when(first.starts, first.ends, run.zone)
    more = len(run.meetings) - 1
    if not more:
        return said
    others = ngettext("and %(number)s more meeting", "and %(number)s more meetings", more) % {"number": number(more)}
    return _("%(first)s, %(others)s") % {"first": said, "others": others}


def where(run: RunRow) -> str:
    """The rooms and the house."""
    rooms = [picked(place.names) for meeting in run.meetings for place in meeting.places]
    return _(", ").join(dict.fromkeys([*rooms, picked(run.house.names)]))


def seats(run: RunRow) -> str:
    """How many seats are left, or how many people wait for one."""
    left = max(0, run.free - run.waiting)
    if run.waiting or not left:
        taken = _("All %(number)s seats are taken.") % {"number": number(run.capacity)}
        if not run.waiting:
            return taken
        waiting = ngettext("%(number)s person waits.", "%(number)s people wait.", run.waiting)
        return f"{taken} {waiting % {'number': number(run.waiting)}}"
    said = ngettext("%(left)s of %(number)s seats is free.", "%(left)s of %(number)s seats are free.", left)
    return said % {"left": number(left), "number": number(run.capacity)}


def run_state(run: RunRow) -> str:
    """A run's state."""
    return picked(RUN_STATES[run.state])


def course_state(state: CourseState) -> str:
    """A course's state."""
    return picked(COURSE_STATES[state])


def enrolment_state(state: EnrolmentState) -> str:
    """An enrolment's state."""
    return picked(ENROLMENT_STATES[state])


def _room_taken(facts: Facts, zone: str) -> list[Why]:
    meeting = number(int(facts.get("meeting") or 1))
    inner = spaces.reasons_of(str(facts.get("refusal", "")), facts, zone=zone)
    said = _("The room for meeting %(number)s cannot be had.") % {"number": meeting}
    return [Why(f"{said} {one.said}".strip(), one.remedy) for one in inner]


def clash(one: Clash, zone: str) -> str:
    """What somebody has at that time, as far as the reader may know."""
    what = {
        ClashKind.RUN: lambda: _("the course “%(name)s”") if any(one.names) else _("another course"),
        ClashKind.TEACHING: lambda: _("teaching “%(name)s”") if any(one.names) else _("a course that they teach"),
        ClashKind.BOOKING: lambda: _("your booking of “%(name)s”"),
    }[one.kind]() % {"name": picked(one.names)}
    return f"{spaces.when(one.starts, one.ends, zone)}: {what}"


def _in_two_places(facts: Facts, zone: str) -> list[Why]:
    remedy = _("Choose another date, or enrol all the same.")
    found = [_clash_of(one) for one in facts.get("clashes", ())]
    said = _("At that time there is already: %(clash)s.")
    return [Why(said % {"clash": clash(one, zone)}, remedy if one is found[-1] else "") for one in found]


def _clash_of(told: Facts) -> Clash:
    starts, ends = (datetime.fromisoformat(told[name]) for name in ("starts", "ends"))
    return Clash(ClashKind(told["kind"]), told["id"], told["account_id"], Label.from_dict(told["names"]), starts, ends)


def _teacher_busy(facts: Facts, zone: str) -> Why:
    starts, ends = (datetime.fromisoformat(str(facts[name])) for name in ("starts", "ends"))
    said = _("%(name)s teaches “%(course)s” then: %(when)s.") % {
        "name": facts["name"], "course": picked(Label.from_dict(facts["course"])), "when": spaces.when(starts, ends, zone),
    }  # fmt: skip
    return Why(said, _("Choose another time or another teacher."))


def _too_many(facts: Facts, zone: str) -> Why:
    most = int(facts.get("capacity") or 0)
    said = ngettext("There is %(number)s seat in all.", "There are %(number)s seats in all.", most)
    return Why(said % {"number": number(most)}, _("Come with fewer, or ask the house for a run of your own."))


def _not_enrolling(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    said = picked(RUN_STATES[RunState(state)]) if state in set(RunState) else ""
    return Why(_("Nobody can enrol in it any more. Its state: %(state)s.") % {"state": said}, _("Choose another date."))


def _run_state(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    said = picked(RUN_STATES[RunState(state)]) if state in set(RunState) else ""
    return Why(_("That is not possible in its state: %(state)s.") % {"state": said}, "")


def _course_state(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    said = picked(COURSE_STATES[CourseState(state)]) if state in set(CourseState) else ""
    return Why(
        _("That is not possible in the course’s state: %(state)s.") % {"state": said}, _("Publish the course first.")
    )


def _ended(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    said = picked(ENROLMENT_STATES[EnrolmentState(state)]) if state in set(EnrolmentState) else ""
    return Why(_("That is not possible any more. The enrolment’s state: %(state)s.") % {"state": said}, "")


def _too_late(facts: Facts, zone: str) -> Why:
    return Why(
        _("One could withdraw until %(when)s.") % {"when": spaces.moment(facts, "until", zone)},
        _("Please call the house: it can still withdraw you."),
    )


def _not_yet(facts: Facts, zone: str) -> Why:
    return Why(_("This begins on %(when)s.") % {"when": spaces.moment(facts, "from", zone)}, _("Come back then."))


def _in_use(facts: Facts, zone: str) -> Why:
    taken = number(int(facts.get("taken") or 0))
    return Why(_("%(number)s seats are taken already.") % {"number": taken}, _("Leave at least as many."))


def _unassessed(facts: Facts, zone: str) -> Why:
    left = len(facts.get("enrolment_ids") or [])
    said = ngettext("%(number)s person has no result yet.", "%(number)s people have no result yet.", left)
    return Why(said % {"number": number(left)}, _("Enter the results, then finish the run."))


def _plain(said: Callable[[], str], remedy: Callable[[], str]) -> Said:
    return lambda facts, zone: Why(said(), remedy())


_SAID: Mapping[str, Said] = {
    "learning.room_taken": _room_taken,
    "learning.teacher_busy": _teacher_busy,
    "learning.in_two_places": _in_two_places,
    "learning.not_enrolling": _not_enrolling,
    "learning.too_many_people": _too_many,
    "learning.run_state_refused": _run_state,
    "learning.course_state_refused": _course_state,
    "learning.enrolment_ended": _ended,
    "learning.too_late_to_withdraw": _too_late,
    "learning.not_yet": _not_yet,
    "learning.capacity_in_use": _in_use,
    "learning.unassessed": _unassessed,
    "kernel.not_allowed": _plain(
        lambda: _("Your role does not permit this here."), lambda: _("Ask whoever leads the house.")
    ),
}  # fmt: skip

_REASONS = Reasons(_SAID, below=spaces.REASONS)
reasons, sentence, before = _REASONS.of, _REASONS.sentence, _REASONS.before


def file_problem(refusal: Invalid) -> str:
    """Why a file is not taken; empty where something else is wrong."""
    said = {
        "required": _("Choose a file."),
        "too_large": _("The file is larger than %(size)s.") % {"size": size(LARGEST_FILE)},
        "empty": _("The document is empty."),
        "ending": _("Documents of this kind are not taken: send a PDF, a picture, an office document or text."),
        "content": _("The document is not what its name says. Save it again in the program that made it."),
        "macros": _("Documents with macros are not taken. Save it without them, or as a PDF."),
        "packed": _("The document unpacks to far more than it is. Save it as a PDF."),
        "together": _("All documents together are too large."),
    }
    fields = refusal.facts.get("fields", {})
    if fields.get("names") == "too_many":
        return _("A course has a hundred materials at most: remove one first.")
    return said.get(str(fields.get("file", "")), "")
