"""Interviews: times are offered, whoever is invited takes one."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes import services as acting
from khaneh.domains.programmes.types import ApplicationState, Part
from khaneh.domains.selection import notices
from khaneh.domains.selection.errors import ApplicationStateRefused, SlotOver, SlotTaken
from khaneh.domains.selection.models import Round, Slot
from khaneh.domains.selection.services import holding, writing
from khaneh.domains.selection.types.lists import LetterKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

MOST_SLOTS = 60
_LONGEST_PLACE = 300


def add_slots(
    *, actor: Actor, round_id: int, starts_at: datetime, minutes: int, count: int, place: str, now: datetime
) -> int:
    """Offer so many times one after the other at one place. Those that are offered already stay. Gives how many are new.

    Raises NotFound, Invalid.
    """
    wrong = {}
    if starts_at <= now:
        wrong["starts_at"] = "past"
    if not 5 <= minutes <= 480:
        wrong["minutes"] = "out_of_range"
    if not 1 <= count <= MOST_SLOTS:
        wrong["count"] = "out_of_range"
    if not place.strip():
        wrong["place"] = "required"
    elif len(place) > _LONGEST_PLACE:
        wrong["place"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        known = set(Slot.objects.filter(round=found, place=place.strip()).values_list("starts_at", flat=True))
        times = [starts_at + timedelta(minutes=minutes * turn) for turn in range(count)]
        new = [one for one in times if one not in known]
        Slot.objects.bulk_create(Slot(round=found, starts_at=one, minutes=minutes, place=place.strip()) for one in new)
        holding.note("slots.added", actor=actor, of=found, now=now, count=len(new))
    return len(new)


def remove_slot(*, actor: Actor, slot_id: int, now: datetime) -> None:
    """Offer a time no more that nobody has taken. Raises NotFound, SlotTaken."""
    with db.transaction():
        found, slot = _held(slot_id, actor)
        if slot.application_id is not None:
            raise SlotTaken(slot_id=slot_id)
        slot.delete()
        holding.note("slots.removed", actor=actor, of=found, now=now, slot_id=slot_id)


def invite(*, actor: Actor, application_id: int, now: datetime) -> None:
    """Invite to an interview whoever is under review; they choose the time. Raises NotFound, ApplicationStateRefused."""
    with db.transaction():
        row = programmes.application(application_id)
        found = holding.held_round(_round_of(row.call_id), actor=actor, applications=[application_id])
        row = programmes.application(application_id)
        if row.state is ApplicationState.INTERVIEW:
            return
        if row.state is not ApplicationState.UNDER_REVIEW:
            raise ApplicationStateRefused(application_id=application_id, state=row.state.value)
        acting.advance(actor=actor, application_id=application_id, to=ApplicationState.INTERVIEW, reason="", now=now)
        writing.write(found, row, LetterKind.INTERVIEW, now=now)
        holding.note("interview.invited", actor=actor, of=found, now=now, application_id=application_id)
        notices.tell_applicants("selection.letter", found, row, now=now, key="interview")


def take_slot(*, actor: Actor, application_id: int, slot_id: int, now: datetime) -> None:
    """Take a time for the interview, instead of the one that the application had. Who only reads an application cannot.

    Raises NotFound, ApplicationStateRefused, SlotTaken, SlotOver.
    """
    with db.transaction():
        row = programmes.application(application_id)
        found = _of_team(actor, application_id, row.call_id)
        row = programmes.application(application_id)
        if row.state is not ApplicationState.INTERVIEW:
            raise ApplicationStateRefused(application_id=application_id, state=row.state.value)
        slot = Slot.objects.filter(pk=slot_id, round=found).first()
        if slot is None:
            raise NotFound(what="slot")
        if slot.application_id == application_id:
            return
        if slot.application_id is not None:
            raise SlotTaken(slot_id=slot_id)
        mine = Slot.objects.filter(application_id=application_id)
        if slot.starts_at <= now or mine.filter(starts_at__lte=now).exists():
            raise SlotOver(slot_id=slot_id)
        mine.update(application=None, taken_at=None)
        Slot.objects.filter(pk=slot_id).update(application_id=application_id, taken_at=now)
        holding.note(
            "interview.slot_taken", actor=actor, of=found, now=now, application_id=application_id, slot_id=slot_id
        )


def _of_team(actor: Actor, application_id: int, call_id: int) -> Round:
    """The round with its lock and the application's, for whom of its team may write. Raises NotFound."""
    if programmes.part_of(application_id, actor) not in (Part.LEAD, Part.WRITER):
        raise NotFound(what="application")
    number = _round_of(call_id)
    holding.hold(rounds=[number], applications=[application_id])
    return Round.objects.get(pk=number)


def _round_of(call_id: int) -> int:
    number = Round.objects.filter(call_id=call_id).values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(what="round")
    return number


def _held(slot_id: int, actor: Actor) -> tuple[Round, Slot]:
    round_id = Slot.objects.filter(pk=slot_id).values_list("round_id", flat=True).first()
    if round_id is None:
        raise NotFound(what="slot")
    found = holding.held_round(round_id, actor=actor)
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        raise NotFound(what="slot")
    return found, slot
