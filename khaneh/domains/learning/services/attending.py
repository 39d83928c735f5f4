"""Who came: by the card that is scanned, by the code that they show, by hand. The same again changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.learning import permissions
from khaneh.domains.learning.errors import NotOnTheList, NotYet, RunStateRefused
from khaneh.domains.learning.models import Attendance, Enrolment, Meeting, Run
from khaneh.domains.learning.services.judging import hold
from khaneh.domains.learning.types import Attended, EnrolmentState, Means, RunState
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# How long before a meeting its doors are open.
EARLY = timedelta(hours=1)


def record_attendance(
    *,
    actor: Actor,
    run_id: int,
    meeting: int,
    now: datetime,
    card: str = "",
    code: str = "",
    account_id: int | None = None,
) -> Attended:
    """Write down that somebody is, or was, at a meeting (by its number), until the run is finished. For its teachers and the desk.

    One of `card`, `code` and `account_id` says who. Raises NotFound, Invalid, NotYet, RunStateRefused, NotOnTheList.
    """
    if sum((bool(card), bool(code), account_id is not None)) != 1:
        raise Invalid(fields={"card": "one_of_three"})
    with db.transaction():
        run, found = _meeting(actor, run_id, meeting)
        if now < found.starts - EARLY:
            raise NotYet(**{"from": (found.starts - EARLY).isoformat()})
        means = Means.CARD if card else Means.CODE if code else Means.HAND
        inside = Enrolment.objects.filter(run_id=run_id, state=EnrolmentState.ENROLLED.value)
        if code:
            inside = inside.filter(code=code.strip().upper())
        else:
            member = people.standing(now=now, card=card.strip()) if card else None
            account_id = member.account_id if member is not None else account_id
            inside = inside.filter(account_id=account_id) if account_id is not None else inside.none()
        enrolment = inside.first()
        if enrolment is None or enrolment.account_id is None:
            raise NotOnTheList(run_id=run_id)
        _, made = Attendance.objects.get_or_create(
            meeting_id=found.pk, enrolment_id=enrolment.pk,
            defaults={"means": means.value, "at": now, "by_id": actor.account_id},
        )  # fmt: skip
        if made:
            journal.record(
                "learning.attendance.recorded", actor=actor, house_id=run.house_id, run_id=run_id, meeting=meeting,
                enrolment_id=enrolment.pk, means=means.value,
            )  # fmt: skip
    name = people.account_names([enrolment.account_id]).get(enrolment.account_id, "")
    return Attended(enrolment.pk, enrolment.account_id, name, meeting, means, not made)


def undo_attendance(*, actor: Actor, run_id: int, meeting: int, enrolment_id: int, now: datetime) -> None:
    """They were not there after all. Raises NotFound, RunStateRefused."""
    with db.transaction():
        run, found = _meeting(actor, run_id, meeting)
        gone, _ = Attendance.objects.filter(
            meeting_id=found.pk, enrolment_id=enrolment_id, enrolment__state=EnrolmentState.ENROLLED.value
        ).delete()
        if gone:
            journal.record(
                "learning.attendance.undone", actor=actor, house_id=run.house_id, run_id=run_id, meeting=meeting,
                enrolment_id=enrolment_id,
            )  # fmt: skip


def _meeting(actor: Actor, run_id: int, number: int) -> tuple[Run, Meeting]:
    """A meeting of a run that has not ended, for who may write down who came, with the run held. Raises NotFound, RunStateRefused."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None or not permissions.may_scan(actor, run_id=run_id, house_id=run.house_id):
        raise NotFound(what="run")
    hold(run_ids=[run_id])
    run.refresh_from_db()
    if run.state not in (RunState.OPEN, RunState.RUNNING):
        raise RunStateRefused(run_id=run_id, state=run.state)
    found = Meeting.objects.filter(run_id=run_id, number=number).first()
    if found is None:
        raise NotFound(what="meeting")
    return run, found
