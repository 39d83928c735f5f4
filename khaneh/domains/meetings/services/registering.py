"""Who takes part, who comes for them, and when they can meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from khaneh.domains.meetings import notices, permissions, queries
from khaneh.domains.meetings.errors import AlreadyRegistered, MeetingThen, NobodyComes, NotInvited, StateRefused
from khaneh.domains.meetings.models import Absence, Matchmaking, Meeting, Participant, Person, Round
from khaneh.domains.meetings.rules import admission, drafts
from khaneh.domains.meetings.services import holding
from khaneh.domains.meetings.types import (
    SEATED_MEETINGS,
    GuestKind,
    MeetingState,
    ParticipantDraft,
    ParticipantState,
    PersonState,
)
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

MOST_PEOPLE = 6


def register(*, actor: Actor, matchmaking_id: int, standing: str, draft: ParticipantDraft, now: datetime) -> int:
    """Take part, as one of `queries.standings`; who registers comes. Gives the participant's number; twice it is once.

    Raises NotFound, NotAllowed, NotOpen, NotInvited, AlreadyRegistered, Invalid.
    """
    wrong = drafts.participant_problems(draft)
    if wrong:
        raise Invalid(fields=wrong)
    if actor.account_id is None:
        raise NotAllowed(act="meetings.register")
    who = next((one for one in queries.standings(actor, now=now) if one.key == standing), None)
    if who is None:
        raise NotAllowed(act="meetings.register")
    with db.transaction():
        one = holding.held(matchmaking_id)
        permissions.require_see(actor, one)
        holding.registering(one, now)
        why = admission.why_not(who.kind, who.sectors, guests=one.guests, wanted=one.sectors)
        if why:
            raise NotInvited(why=why)
        there = Participant.objects.filter(matchmaking_id=one.pk, state=ParticipantState.REGISTERED.value)
        own: dict[str, int | None] = {
            "organisation_id": who.organisation_id,
            "residency_id": who.residency_id,
            "mentor_id": actor.account_id if who.kind is GuestKind.MENTOR else None,
        }
        same = there.filter(Q(**own)).first()  # fmt: skip
        mine = Person.objects.filter(
            matchmaking_id=one.pk, account_id=actor.account_id, state=PersonState.COMING.value
        ).first()
        if same is not None and mine is not None and mine.participant_id == same.pk:
            return same.pk
        if same is not None or mine is not None:
            raise AlreadyRegistered(participant_id=same.pk if same is not None else None)
        made = Participant.objects.create(
            matchmaking=one, kind=who.kind.value, organisation_id=who.organisation_id, residency_id=who.residency_id,
            mentor_id=actor.account_id if who.kind is GuestKind.MENTOR else None, offers=draft.offers.strip(),
            seeks=draft.seeks.strip(), published=draft.published, made_at=now, changed_at=now,
        )  # fmt: skip
        Person.objects.create(
            matchmaking=one, participant=made, account_id=actor.account_id, state=PersonState.COMING.value,
            asked_at=now, answered_at=now,
        )  # fmt: skip
        journal.record(
            "meetings.participant.registered", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
            participant_id=made.pk,
        )  # fmt: skip
    return made.pk


def change_participant(*, actor: Actor, matchmaking_id: int, draft: ParticipantDraft, now: datetime) -> None:
    """Say something else of what one offers and looks for, or whether everybody sees it. Raises NotFound, StateRefused, Invalid."""
    wrong = drafts.participant_problems(draft)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(matchmaking_id)
        holding.not_over(one)
        mine = permissions.own(actor, one.pk)
        Participant.objects.filter(pk=mine.pk).update(
            offers=draft.offers.strip(), seeks=draft.seeks.strip(), published=draft.published, changed_at=now
        )
        journal.record(
            "meetings.participant.changed", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
            participant_id=mine.pk,
        )  # fmt: skip


def say_when(*, actor: Actor, matchmaking_id: int, available: Iterable[int], now: datetime) -> None:
    """Say at which rounds one can meet: at all others one cannot. Raises NotFound, StateRefused, MeetingThen."""
    with db.transaction():
        one = holding.held(matchmaking_id)
        holding.not_over(one)
        mine = permissions.own(actor, one.pk)
        rounds = {row.pk: row for row in Round.objects.filter(matchmaking_id=one.pk)}
        away = set(rounds) - set(available)
        meets = Meeting.objects.filter(
            matchmaking_id=one.pk, state__in=[state.value for state in SEATED_MEETINGS], round_id__in=away
        )
        mine_then = [row.round_id or 0 for row in meets if mine.pk in (row.asker_id, row.asked_id)]
        if mine_then:
            raise MeetingThen(rounds=sorted(rounds[number].number for number in mine_then))
        Absence.objects.filter(participant_id=mine.pk).exclude(round_id__in=away).delete()
        stand = set(Absence.objects.filter(participant_id=mine.pk).values_list("round_id", flat=True))
        Absence.objects.bulk_create(Absence(participant=mine, round_id=number) for number in sorted(away - stand))
        journal.record(
            "meetings.participant.available", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
            participant_id=mine.pk, rounds=len(rounds) - len(away),
        )  # fmt: skip


def ask_person(*, actor: Actor, matchmaking_id: int, email: str, now: datetime) -> None:
    """Ask a colleague to come as well. Whether there is an account of this address is not told. Raises NotFound, NotOpen, Invalid."""
    with db.transaction():
        one = holding.held(matchmaking_id)
        mine = permissions.own(actor, one.pk)
        holding.going_on(one, now)
        if (
            Person.objects.filter(participant_id=mine.pk).exclude(state=PersonState.DECLINED.value).count()
            >= MOST_PEOPLE
        ):
            raise Invalid(fields={"email": "too_many"})
        found = people.account_by_email(email.strip())
        if found is None or not found.is_active:
            return
        made, new = Person.objects.get_or_create(
            participant=mine, account_id=found.id, defaults={"matchmaking": one, "asked_at": now}
        )
        if new:
            journal.record(
                "meetings.person.asked", actor=actor, house_id=one.house_id, matchmaking_id=one.pk, person_id=made.pk
            )
            notices.tell_one("meetings.come", one, mine, found.id, now=now)


def answer_person(*, actor: Actor, person_id: int, comes: bool, now: datetime) -> None:
    """Say oneself whether one comes, also later. Raises NotFound, AlreadyRegistered, NobodyComes, MeetingThen, StateRefused."""
    seen = Person.objects.filter(pk=person_id, account_id=actor.account_id).first() if actor.account_id else None
    if seen is None:
        raise NotFound(what="person")
    with db.transaction():
        one = holding.held(seen.matchmaking_id)
        holding.not_over(one)
        found = Person.objects.get(pk=person_id)
        wanted = PersonState.COMING if comes else PersonState.DECLINED
        if found.state == wanted:
            return
        participant = holding.registered(one, found.participant_id)
        if comes:
            _free_for(one, participant, actor.account_id or 0)
        elif found.state == PersonState.COMING and not _others(found):
            raise NobodyComes
        Person.objects.filter(pk=person_id).update(state=wanted.value, answered_at=now)
        journal.record(
            f"meetings.person.{wanted.value}", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
            person_id=person_id,
        )  # fmt: skip


def withdraw_participant(
    *, actor: Actor, matchmaking_id: int, participant_id: int | None, reason: str, now: datetime
) -> None:
    """A participant does not come: they say so themselves, or who runs the session. Their meetings end, the others are told.

    Without `participant_id` it is the actor's own. Raises NotFound, NotAllowed, Invalid.
    """
    wrong = drafts.note_problem("reason", reason)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(matchmaking_id)
        if participant_id is None:
            mine = permissions.own(actor, one.pk)
        else:
            permissions.require_see(actor, one)
            permissions.require_run(actor, house_id=one.house_id)
            mine = holding.registered(one, participant_id)
        end_participant(one, mine, actor=actor, reason=reason, now=now)
        if participant_id is not None:
            notices.tell("meetings.taken_off", one, mine, now=now)


def end_participant(one: Matchmaking, mine: Participant, *, actor: Actor, reason: str, now: datetime) -> None:
    """The same within an act that holds the session: what is asked or agreed ends, whoever would have met them is told."""
    rows = Meeting.objects.filter(
        matchmaking_id=one.pk, state__in=[MeetingState.ASKED.value, MeetingState.ACCEPTED.value]
    )
    for meeting in [row for row in rows.order_by("pk") if mine.pk in (row.asker_id, row.asked_id)]:
        if meeting.state == MeetingState.ACCEPTED and meeting.starts is not None and meeting.starts <= now:
            continue
        state = MeetingState.CANCELLED if meeting.state == MeetingState.ACCEPTED else MeetingState.WITHDRAWN
        Meeting.objects.filter(pk=meeting.pk).update(state=state.value, changed_at=now)
        other = meeting.asked_id if meeting.asker_id == mine.pk else meeting.asker_id
        notices.tell_about("meetings.cancelled", one, other, meeting, now=now)
    Participant.objects.filter(pk=mine.pk).update(
        state=ParticipantState.WITHDRAWN.value, reason=reason.strip(), published=False, changed_at=now
    )
    # Who came for them may come for somebody else.
    Person.objects.filter(participant_id=mine.pk).exclude(state=PersonState.DECLINED.value).update(
        state=PersonState.DECLINED.value, answered_at=now
    )
    journal.record(
        "meetings.participant.withdrawn", actor=actor, house_id=one.house_id, matchmaking_id=one.pk,
        participant_id=mine.pk,
    )  # fmt: skip


def _free_for(one: Matchmaking, participant: Participant, account_id: int) -> None:
    """Whoever comes for another participant, or is in another session's meeting at that time, cannot come. Raises AlreadyRegistered, StateRefused."""
    others = Person.objects.filter(
        matchmaking_id=one.pk, account_id=account_id, state=PersonState.COMING.value,
        participant__state=ParticipantState.REGISTERED.value,
    ).exclude(participant_id=participant.pk)  # fmt: skip
    if others.exists():
        raise AlreadyRegistered(participant_id=None)
    db.lock(("meetings.person", account_id))
    if queries.clashes(participant.pk, account_id):
        raise StateRefused(what="person", state="elsewhere")


def _others(found: Person) -> bool:
    return (
        Person.objects.filter(participant_id=found.participant_id, state=PersonState.COMING.value)
        .exclude(pk=found.pk)
        .exists()
    )
