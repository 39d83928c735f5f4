"""Assessing who is in a run, and finishing it: who completed it has a certificate and is trusted with what the course awards."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from khaneh.domains.learning import notices, permissions
from khaneh.domains.learning.errors import EnrolmentEnded, NoAssessment, RunStateRefused, Unassessed
from khaneh.domains.learning.models import Attendance, Course, Enrolment, Meeting, Result, Run
from khaneh.domains.learning.queries.rows import course_rows
from khaneh.domains.learning.rules import outcomes
from khaneh.domains.learning.services import certifying, waiting
from khaneh.domains.learning.services.judging import hold
from khaneh.domains.learning.services.planning import require_ended
from khaneh.domains.learning.types import CourseRow, EnrolmentState, Finished, ResultRow, RunState
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_NOTE = 2000


def assess(
    *,
    actor: Actor,
    enrolment_id: int,
    now: datetime,
    score: int | None = None,
    passed: bool | None = None,
    note: str = "",
) -> ResultRow:
    """Write down how somebody did: a score of 0 to 100, or whether they passed; by its pass mark where only the score is given.

    May be done again until the run is finished: the latest counts. Raises NotFound, EnrolmentEnded, NoAssessment, RunStateRefused, Invalid.
    """
    wrong = {}
    if score is None and passed is None:
        wrong["score"] = "required"
    if score is not None and not 0 <= score <= 100:
        wrong["score"] = "out_of_range"
    if len(note) > LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        run_id = Enrolment.objects.filter(pk=enrolment_id).values_list("run_id", flat=True).first()
        if run_id is None:
            raise NotFound(what="enrolment")
        run, course = _held(actor, run_id, what="enrolment")
        found = Enrolment.objects.get(pk=enrolment_id)
        if found.state != EnrolmentState.ENROLLED:
            raise EnrolmentEnded(enrolment_id=enrolment_id, state=found.state)
        if course.pass_mark is None:
            raise NoAssessment(course=course.code)
        won = passed if passed is not None else score is not None and score >= course.pass_mark
        made = Result.objects.create(
            enrolment_id=enrolment_id, score=score, passed=won, note=note.strip(), by_id=actor.account_id, at=now
        )
        journal.record(
            "learning.enrolment.assessed", actor=actor, house_id=run.house_id, run_id=run_id, enrolment_id=enrolment_id
        )
    name = people.account_names([made.by_id]).get(made.by_id or 0, "")
    return ResultRow(made.score, made.passed, name, made.at, made.note)


def finish_run(*, actor: Actor, run_id: int, now: datetime) -> Finished:
    """End a run once its last meeting has begun: who came often enough and passed has completed it.

    Each of them is given a certificate and awarded, or renewed, what the course awards. Raises NotFound, RunStateRefused, NotYet, Unassessed
    where somebody came and has no result. About ten statements, and some twenty a person.
    """
    with db.transaction():
        run, course = _held(actor, run_id)
        require_ended(run, now=now)
        meetings = Meeting.objects.filter(run_id=run_id).count()
        enrolled = list(
            Enrolment.objects.filter(run_id=run_id, state=EnrolmentState.ENROLLED.value).order_by("seat", "pk")
        )
        came = Counter(Attendance.objects.filter(enrolment__in=enrolled).values_list("enrolment_id", flat=True))
        latest = {one.enrolment_id: one for one in Result.objects.filter(enrolment__in=enrolled).order_by("at", "pk")}
        judged: dict[int, EnrolmentState | None] = {
            one.pk: outcomes.outcome(
                attended=came[one.pk], meetings=meetings, least_share=course.attendance, pass_mark=course.pass_mark,
                passed=latest[one.pk].passed if one.pk in latest else None,
            )
            for one in enrolled
        }  # fmt: skip
        if open_ := [number for number, state in judged.items() if state is None]:
            raise Unassessed(enrolment_ids=open_)
        Run.objects.filter(pk=run_id).update(state=RunState.FINISHED.value, ended_at=now, changed_at=now)
        waiting.end_queue(run_id, now=now)
        for state in (EnrolmentState.COMPLETED, EnrolmentState.FAILED, EnrolmentState.NO_SHOW):
            numbers = [number for number, found in judged.items() if found is state]
            Enrolment.objects.filter(pk__in=numbers).update(state=state.value, finished_at=now, changed_at=now)
        completed = [one for one in enrolled if judged[one.pk] is EnrolmentState.COMPLETED]
        known = [one for one in completed if one.account_id is not None]
        key = certifying.signing_key(now) if known else None
        issued = [
            certifying.issue(
                one, course, house_id=run.house_id, result=latest.get(one.pk), key=key, actor=actor, now=now
            )
            for one in known
            if key is not None
        ]
        counted = Counter(judged.values())
        journal.record(
            "learning.run.finished", actor=actor, house_id=run.house_id, run_id=run_id, course_id=course.id,
            completed=len(completed), enrolled=len(enrolled),
        )  # fmt: skip
        failed = [one.pk for one in enrolled if judged[one.pk] is EnrolmentState.FAILED]
        notices.tell("failed", failed, house_id=run.house_id, now=now)
    return Finished(
        run_id=run_id,
        certificates=tuple(one.certificate_id for one in issued),
        completed=len(completed),
        failed=counted[EnrolmentState.FAILED],
        no_shows=counted[EnrolmentState.NO_SHOW],
        qualifications=sum(one.awarded for one in issued),
        not_awarded=tuple((one.certificate_id, names) for one in issued for names in one.not_awarded),
    )


def _held(actor: Actor, run_id: int, *, what: str = "run") -> tuple[Run, CourseRow]:
    """A run that is open or under way, held, for who leads it, with its course. Raises NotFound, RunStateRefused."""
    hold(run_ids=[run_id])
    run = Run.objects.filter(pk=run_id).first()
    if run is None or not permissions.may_lead(actor, run_id=run_id, house_id=run.house_id):
        raise NotFound(what=what)
    if run.state not in (RunState.OPEN, RunState.RUNNING):
        raise RunStateRefused(run_id=run_id, state=run.state)
    return run, course_rows(Course.objects.filter(pk=run.course_id))[0]
