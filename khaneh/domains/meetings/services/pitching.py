"""Demo days: who pitches in which order, and contact that is asked for and given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from khaneh.domains.events import queries as events
from khaneh.domains.events.types import EventRow
from khaneh.domains.meetings import notices, permissions, queries
from khaneh.domains.meetings.errors import AlreadyRegistered, NotAnInvestor, OwnPitch, StateRefused
from khaneh.domains.meetings.models import DemoDay, Interest, Pitch
from khaneh.domains.meetings.rules import drafts
from khaneh.domains.meetings.rules.drawing import drawn
from khaneh.domains.meetings.types import GuestKind, InterestState, PitchDraft, PitchOrder
from khaneh.domains.network import queries as network
from khaneh.domains.residencies import queries as residencies
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

MOST_PITCHES = 60


def add_pitch(*, actor: Actor, event_id: int, draft: PitchDraft, now: datetime) -> int:
    """Another pitch, at the end of the order; the first makes the event a demo day. Gives its number.

    Raises NotFound, NotAllowed, Invalid, AlreadyRegistered for a team that pitches already.
    """
    event = _run(actor, event_id)
    wrong = drafts.pitch_problems(draft)
    if draft.residency_id is not None and draft.residency_id not in residencies.teams([draft.residency_id]):
        wrong["who"] = "unknown"
    if draft.organisation_id is not None:
        found = network.organisations_by_ids([draft.organisation_id]).get(draft.organisation_id)
        if found is None or found.withdrawn:
            wrong["who"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        day = _held(event_id, now)
        there = Pitch.objects.filter(day=day, withdrawn_at__isnull=True)
        same = (
            there.filter(residency_id=draft.residency_id)
            if draft.residency_id is not None
            else there.filter(organisation_id=draft.organisation_id or 0)
        )
        if same.exists():
            raise AlreadyRegistered(participant_id=None)
        if there.count() >= MOST_PITCHES:
            raise Invalid(fields={"title": "too_many"})
        last = Pitch.objects.filter(day=day).aggregate(last=Max("number"))["last"] or 0
        made = Pitch.objects.create(
            day=day, number=last + 1, residency_id=draft.residency_id, organisation_id=draft.organisation_id,
            title=draft.title.strip(), summary=draft.summary.strip(), speaker=draft.speaker.strip(),
            minutes=draft.minutes,
        )  # fmt: skip
        # A drawn order holds for those who were drawn.
        _ordered(day, PitchOrder.BY_HAND, "", now)
        journal.record(
            "meetings.pitch.added", actor=actor, house_id=event.house.id, event_id=event_id, pitch_id=made.pk
        )
    return made.pk


def remove_pitch(*, actor: Actor, pitch_id: int, now: datetime) -> None:
    """A team does not pitch after all; who asked it for contact waits no longer. Raises NotFound, NotAllowed."""
    found = _pitch(pitch_id)
    event = _run(actor, found.day.event_id)
    with db.transaction():
        _held(event.id, now)
        if Pitch.objects.filter(pk=pitch_id, withdrawn_at__isnull=True).update(withdrawn_at=now):
            Interest.objects.filter(pitch_id=pitch_id, state=InterestState.ASKED.value).update(
                state=InterestState.DECLINED.value, changed_at=now
            )
            journal.record(
                "meetings.pitch.withdrawn", actor=actor, house_id=event.house.id, event_id=event.id, pitch_id=pitch_id
            )


def order_pitches(*, actor: Actor, event_id: int, pitch_ids: Sequence[int], now: datetime) -> None:
    """The order by hand: exactly the pitches that there are. Raises NotFound, NotAllowed, Invalid."""
    event = _run(actor, event_id)
    with db.transaction():
        day = _held(event_id, now)
        _renumber(day, pitch_ids)
        _ordered(day, PitchOrder.BY_HAND, "", now)
        journal.record("meetings.pitch.ordered", actor=actor, house_id=event.house.id, event_id=event_id, seed="")


def draw_order(*, actor: Actor, event_id: int, seed: str, now: datetime) -> None:
    """The order by lot, from a seed that is shown, so that anybody can draw it again. Raises NotFound, NotAllowed, Invalid."""
    event = _run(actor, event_id)
    if not seed.strip() or len(seed) > 100:
        raise Invalid(fields={"seed": "required" if not seed.strip() else "too_long"})
    with db.transaction():
        day = _held(event_id, now)
        stand = list(Pitch.objects.filter(day=day, withdrawn_at__isnull=True).values_list("pk", flat=True))
        _renumber(day, drawn(stand, seed=seed.strip()))
        _ordered(day, PitchOrder.DRAWN, seed.strip(), now)
        journal.record(
            "meetings.pitch.ordered", actor=actor, house_id=event.house.id, event_id=event_id, seed=seed.strip()
        )


def ask_contact(*, actor: Actor, pitch_id: int, organisation_id: int | None, message: str, now: datetime) -> int:
    """Ask a team for contact, for an organisation that one speaks for, or as a mentor. Nobody's address is told before the team's yes.

    Twice it is once. Raises NotFound, NotAnInvestor, OwnPitch, AlreadyRegistered after a no, Invalid.
    """
    wrong = drafts.note_problem("message", message)
    if wrong:
        raise Invalid(fields=wrong)
    found = _pitch(pitch_id)
    event = events.event(found.day.event_id, actor=actor)
    if not _may_ask(actor, organisation_id, now):
        raise NotAnInvestor
    if queries.is_own_pitch(actor, found):
        raise OwnPitch
    with db.transaction():
        db.lock(("meetings.pitch", pitch_id))
        found = _pitch(pitch_id)
        before = Interest.objects.filter(pitch_id=pitch_id, account_id=actor.account_id or 0)
        stands = before.exclude(state=InterestState.WITHDRAWN.value).order_by("pk").last()
        if stands is not None:
            if stands.state == InterestState.DECLINED:
                raise AlreadyRegistered(participant_id=None)
            return stands.pk
        made = Interest.objects.create(
            pitch_id=pitch_id, account_id=actor.account_id, organisation_id=organisation_id, message=message.strip(),
            at=now, changed_at=now,
        )  # fmt: skip
        journal.record(
            "meetings.interest.asked", actor=actor, house_id=event.house.id, pitch_id=pitch_id, interest_id=made.pk
        )
        for account_id in queries.answer_for(found, now=now):
            notices.tell_of_interest("meetings.interest", made, found, account_id, house_id=event.house.id, now=now)
    return made.pk


def answer_contact(*, actor: Actor, interest_id: int, accepts: bool, now: datetime) -> None:
    """The team says yes, and both sides see each other's name and address, or no. Raises NotFound, StateRefused."""
    with db.transaction():
        found = _interest(interest_id)
        if not queries.is_own_pitch(actor, found.pitch):
            raise NotFound(what="interest")
        wanted = InterestState.ACCEPTED if accepts else InterestState.DECLINED
        if found.state == wanted:
            return
        if found.state != InterestState.ASKED:
            raise StateRefused(what="interest", state=found.state)
        Interest.objects.filter(pk=interest_id).update(
            state=wanted.value, answered_by_id=actor.account_id, changed_at=now
        )
        found.state = wanted.value
        house_id = events.events_by_ids([found.pitch.day.event_id])[found.pitch.day.event_id].house.id
        journal.record(
            f"meetings.interest.{wanted.value}", actor=actor, house_id=house_id, pitch_id=found.pitch_id,
            interest_id=interest_id,
        )  # fmt: skip
        if found.account_id is not None:
            notices.tell_of_interest(
                "meetings.contact", found, found.pitch, found.account_id, house_id=house_id, now=now
            )


def take_back_interest(*, actor: Actor, interest_id: int, now: datetime) -> None:
    """Who asked does not want to any more, before there was an answer. Raises NotFound, StateRefused."""
    with db.transaction():
        found = _interest(interest_id)
        if actor.account_id is None or found.account_id != actor.account_id:
            raise NotFound(what="interest")
        if found.state == InterestState.WITHDRAWN:
            return
        if found.state != InterestState.ASKED:
            raise StateRefused(what="interest", state=found.state)
        Interest.objects.filter(pk=interest_id).update(state=InterestState.WITHDRAWN.value, changed_at=now)
        journal.record("meetings.interest.withdrawn", actor=actor, interest_id=interest_id, pitch_id=found.pitch_id)


def _run(actor: Actor, event_id: int) -> EventRow:
    event = events.event(event_id, actor=actor)
    permissions.require_run(actor, house_id=event.house.id)
    return event


def _held(event_id: int, now: datetime) -> DemoDay:
    db.lock(("meetings.demo_day", event_id))
    return DemoDay.objects.get_or_create(event_id=event_id, defaults={"changed_at": now})[0]


def _ordered(day: DemoDay, order: PitchOrder, seed: str, now: datetime) -> None:
    DemoDay.objects.filter(pk=day.pk).update(order=order.value, seed=seed, changed_at=now)


def _renumber(day: DemoDay, wanted: Sequence[int]) -> None:
    stand = set(Pitch.objects.filter(day=day, withdrawn_at__isnull=True).values_list("pk", flat=True))
    if set(wanted) != stand or len(wanted) != len(stand):
        raise Invalid(fields={"order": "unknown"})
    gone = Pitch.objects.filter(day=day, withdrawn_at__isnull=False).order_by("number")
    for number, pitch_id in enumerate([*wanted, *gone.values_list("pk", flat=True)], 1):
        Pitch.objects.filter(pk=pitch_id).update(number=number)


def _pitch(pitch_id: int) -> Pitch:
    found = Pitch.objects.select_related("day").filter(pk=pitch_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound(what="pitch")
    return found


def _interest(interest_id: int) -> Interest:
    number = Interest.objects.filter(pk=interest_id).values_list("pitch_id", flat=True).first()
    if number is None:
        raise NotFound(what="interest")
    db.lock(("meetings.pitch", number))
    return Interest.objects.select_related("pitch__day").get(pk=interest_id)


def _may_ask(actor: Actor, organisation_id: int | None, now: datetime) -> bool:
    if actor.account_id is None:
        return False
    if organisation_id is not None:
        return permissions.speaks_for(actor, organisation_id)
    return any(one.kind is GuestKind.MENTOR for one in queries.standings(actor, now=now))
