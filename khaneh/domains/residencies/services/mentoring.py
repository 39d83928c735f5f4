"""Mentoring: who mentors whom, the times that mentors have, sessions taken of them, and how mentors find their teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from khaneh.domains.people import queries as people
from khaneh.domains.residencies import notices, permissions
from khaneh.domains.residencies.errors import (
    MentorHasConflict,
    NotTheMentor,
    NotYet,
    SlotOver,
    SlotTaken,
    StateRefused,
    TimesMeet,
)
from khaneh.domains.residencies.models import HealthCheck, Mentorship, Residency, Session, Slot
from khaneh.domains.residencies.queries.mentoring import TEAM, taken_times
from khaneh.domains.residencies.rules import drafts
from khaneh.domains.residencies.services import holding, ledger
from khaneh.domains.residencies.types import (
    LIVE_SESSIONS,
    MINUTES,
    ResidencyState,
    SessionState,
    SessionWish,
    SupportKind,
    session_hooks,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

_LIVE = [state.value for state in LIVE_SESSIONS]
MOST_SLOTS = 100


def appoint_mentor(*, actor: Actor, residency_id: int, account_id: int, now: datetime, why: str = "") -> None:
    """Somebody mentors a team from today on; `why` is what speaks for them. Twice it is once.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, MentorHasConflict, Invalid.
    """
    if len(why) > drafts.LONGEST_NOTE:
        raise Invalid(fields={"why": "too_long"})
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        holding.open_one(one)
        if not people.account(account_id).is_active:
            raise NotFound(what="account")
        if permissions.is_of_team(people.actor(account_id, now=now), one):
            raise MentorHasConflict
        made, new = Mentorship.objects.get_or_create(
            residency_id=one.pk, mentor_id=account_id, until=None,
            defaults={"since": holding.today_at(one.house_id, now), "why": why.strip()},
        )  # fmt: skip
        if new:
            journal.record(
                "residencies.mentor.appointed", actor=actor, house_id=one.house_id, residency_id=one.pk,
                mentorship_id=made.pk,
            )  # fmt: skip
            notices.tell_mentor("residencies.mentor", one, account_id, now=now)
            notices.tell_team("residencies.mentored", one, now=now)


def release_mentor(*, actor: Actor, mentorship_id: int, now: datetime) -> None:
    """Somebody mentors a team no longer: the house says so, or they themself. Sessions to come fall away. Raises NotFound, OwnTeam."""
    seen = Mentorship.objects.filter(pk=mentorship_id).values_list("residency_id", flat=True).first()
    if seen is None:
        raise NotFound(what="mentorship")
    with db.transaction():
        one = holding.held(seen)
        found = Mentorship.objects.get(pk=mentorship_id)
        if actor.account_id is None or found.mentor_id != actor.account_id:
            holding.run_by(actor, one)
        if found.until is not None:
            return
        today = holding.today_at(one.house_id, now)
        Mentorship.objects.filter(pk=mentorship_id).update(until=max(today, found.since))
        coming = Session.objects.filter(
            residency_id=one.pk, mentor_id=found.mentor_id, state=SessionState.BOOKED.value, starts__gt=now
        )
        coming.update(state=SessionState.CANCELLED.value, changed_at=now)
        journal.record(
            "residencies.mentor.released", actor=actor, house_id=one.house_id, residency_id=one.pk,
            mentorship_id=mentorship_id,
        )  # fmt: skip


def offer_slot(*, actor: Actor, starts: datetime, ends: datetime, place: str, now: datetime) -> int:
    """A mentor has time for a session, from a quarter of an hour to four. Gives the slot's number; the very same again is the same one.

    Raises NotAllowed to who mentors nobody, Invalid, TimesMeet.
    """
    wrong = drafts.slot_problems(starts, ends, now=now)
    if len(place) > drafts.LONGEST_NAME:
        wrong["place"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    mentor = actor.account_id
    if mentor is None or not Mentorship.objects.filter(mentor_id=mentor, until__isnull=True).exists():
        raise NotAllowed(act="residencies.offer_slot")
    with db.transaction():
        holding.hold(mentors=[mentor])
        near = Slot.objects.filter(mentor_id=mentor, starts__lt=ends, ends__gt=starts).first()
        if near is not None:
            if (near.starts, near.ends) == (starts, ends):
                return near.pk
            raise TimesMeet(who="mentor")
        if Slot.objects.filter(mentor_id=mentor, starts__gt=now).count() >= MOST_SLOTS:
            raise Invalid(fields={"starts": "too_many"})
        made = Slot.objects.create(mentor_id=mentor, starts=starts, ends=ends, place=place.strip())
        journal.record("residencies.slot.offered", actor=actor, slot_id=made.pk)
    return made.pk


def withdraw_slot(*, actor: Actor, slot_id: int, now: datetime) -> None:
    """The mentor has no time then after all; nobody has taken it. Raises NotFound, SlotTaken."""
    if actor.account_id is None:
        raise NotFound(what="slot")
    with db.transaction():
        holding.hold(mentors=[actor.account_id])
        found = Slot.objects.filter(pk=slot_id, mentor_id=actor.account_id).first()
        if found is None:
            raise NotFound(what="slot")
        if Session.objects.filter(slot_id=slot_id).exists():
            raise SlotTaken(slot_id=slot_id)
        found.delete()
        journal.record("residencies.slot.withdrawn", actor=actor, slot_id=slot_id)


def book_session(*, actor: Actor, residency_id: int, slot_id: int, topic: str, now: datetime) -> int:
    """A team takes a time of one of its mentors, at which neither it, whoever answers for it, nor the mentor has anything else to do.

    Gives the session's number; twice it is once.

    Raises NotFound, StateRefused, NotTheMentor, SlotTaken, SlotOver, TimesMeet, Invalid, and what whoever counts sessions refuses.
    """
    wrong = drafts.text_problem("topic", topic, longest=drafts.LONGEST_NAME)
    if wrong:
        raise Invalid(fields=wrong)
    mentor = Slot.objects.filter(pk=slot_id).values_list("mentor_id", flat=True).first()
    founder = Residency.objects.filter(pk=residency_id).values_list("founder_id", flat=True).first()
    with db.transaction():
        # Whoever answers for two teams, or mentors one and answers for another, is in one place at a time as well.
        one = holding.held(residency_id, mentors=[number for number in (mentor, founder) if number is not None])
        permissions.require_team(actor, one)
        holding.open_one(one, ResidencyState.MOVED_IN)
        slot = Slot.objects.filter(pk=slot_id).first()
        if slot is None:
            raise NotFound(what="slot")
        if not Mentorship.objects.filter(residency_id=one.pk, mentor_id=slot.mentor_id, until__isnull=True).exists():
            raise NotTheMentor
        if slot.starts <= now:
            raise SlotOver(slot_id=slot_id)
        taken = Session.objects.filter(slot_id=slot_id, state__in=_LIVE).first()
        if taken is not None:
            if taken.residency_id == one.pk:
                return taken.pk
            raise SlotTaken(slot_id=slot_id)
        calendars = taken_times(one, [slot.mentor_id], now=now)
        for who, account_id in (("team", TEAM), ("mentor", slot.mentor_id)):
            if calendars.meet(account_id, slot.starts, slot.ends):
                raise TimesMeet(who=who)
        wish = SessionWish(one.house_id, one.pk, slot.mentor_id, slot.starts, slot.ends)
        for hook in session_hooks():
            hook(wish, now=now)
        made = Session.objects.create(
            residency_id=one.pk, slot_id=slot_id, mentor_id=slot.mentor_id, starts=slot.starts, ends=slot.ends,
            topic=topic.strip(), booked_by_id=actor.account_id, booked_at=now, changed_at=now,
        )  # fmt: skip
        journal.record(
            "residencies.session.booked", actor=actor, house_id=one.house_id, residency_id=one.pk, session_id=made.pk
        )
        notices.tell_mentor("residencies.session", one, slot.mentor_id, now=now, session=made.pk)
    return made.pk


def cancel_session(*, actor: Actor, session_id: int, now: datetime) -> None:
    """The team or the mentor cannot come; the time can be taken again. Raises NotFound, StateRefused, SlotOver."""
    with db.transaction():
        one, session = _session(session_id)
        by_mentor = actor.account_id is not None and session.mentor_id == actor.account_id
        if not by_mentor:
            permissions.require_team(actor, one)
        if session.state == SessionState.CANCELLED:
            return
        _booked(session)
        if session.starts <= now:
            raise SlotOver(slot_id=session.slot_id)
        _write(one, session, SessionState.CANCELLED, actor, now)
        if by_mentor:
            notices.tell_team("residencies.session_gone", one, now=now, session=session_id)
        elif session.mentor_id is not None:
            notices.tell_mentor("residencies.session_gone", one, session.mentor_id, now=now, session=session_id)


def hold_session(*, actor: Actor, session_id: int, came: bool, summary: str, now: datetime) -> None:
    """The mentor notes that a session was held, or that nobody came. What was held goes into the ledger as minutes.

    Raises NotFound, StateRefused, NotYet, Invalid.
    """
    if len(summary) > drafts.LONGEST_NOTE:
        raise Invalid(fields={"summary": "too_long"})
    with db.transaction():
        one, session = _session(session_id, ledger_too=True)
        if actor.account_id is None or session.mentor_id != actor.account_id:
            raise NotFound(what="session")
        state = SessionState.HELD if came else SessionState.MISSED
        if session.state == state:
            return
        _booked(session)
        if now < session.starts:
            raise NotYet
        _write(one, session, state, actor, now, summary=summary.strip())
        if came:
            minutes = int((session.ends - session.starts).total_seconds()) // 60
            source = f"residencies.session:{session_id}"
            given = ledger.Given(
                SupportKind.MENTORING, MINUTES, minutes, holding.today_at(one.house_id, session.starts),
                note=session.topic, source=source,
            )  # fmt: skip
            ledger.write(one, given, actor=actor, key=source, now=now)


def check_health(*, actor: Actor, residency_id: int, scores: Mapping[str, int], note: str, now: datetime) -> None:
    """A mentor writes down how they find a team, once a day. The house sees it, and is told where something is bad.

    Raises NotFound, StateRefused, Invalid.
    """
    wrong = drafts.score_problems(scores)
    if len(note) > drafts.LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(residency_id)
        if not permissions.mentors(actor, one.pk):
            raise NotFound(what="residency")
        holding.open_one(one, ResidencyState.MOVED_IN)
        today = holding.today_at(one.house_id, now)
        if HealthCheck.objects.filter(residency_id=one.pk, by_id=actor.account_id, on=today).exists():
            raise StateRefused(what="health_check", state="written")
        made = HealthCheck.objects.create(
            residency_id=one.pk, by_id=actor.account_id, on=today, scores=dict(scores), note=note.strip(), at=now
        )
        journal.record(
            "residencies.health.checked", actor=actor, house_id=one.house_id, residency_id=one.pk, check_id=made.pk
        )
        if min(scores.values()) <= 2:
            notices.tell_house("residencies.worry", one, now=now, check=made.pk)


def _session(session_id: int, *, ledger_too: bool = False) -> tuple[Residency, Session]:
    seen = Session.objects.filter(pk=session_id).values_list("residency_id", "mentor_id", "residency__house_id").first()
    if seen is None:
        raise NotFound(what="session")
    mentors = [seen[1]] if seen[1] is not None else []
    one = holding.held(seen[0], mentors=mentors, ledgers=[seen[2]] if ledger_too else ())
    return one, Session.objects.get(pk=session_id)


def _booked(session: Session) -> None:
    if session.state != SessionState.BOOKED:
        raise StateRefused(what="session", state=session.state)


def _write(one: Residency, session: Session, state: SessionState, actor: Actor, now: datetime, **facts: str) -> None:
    Session.objects.filter(pk=session.pk).update(state=state.value, changed_at=now, **facts)
    journal.record(
        f"residencies.session.{state.value}", actor=actor, house_id=one.house_id, residency_id=one.pk,
        session_id=session.pk,
    )  # fmt: skip
