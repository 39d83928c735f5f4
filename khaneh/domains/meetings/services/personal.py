"""What is kept of a member here: told, and forgotten; and what ends when an organisation withdraws."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.meetings.models import Interest, Meeting, Participant, Person, Pitch, Plan, Said
from khaneh.domains.meetings.services import holding
from khaneh.domains.meetings.services.registering import end_participant
from khaneh.domains.meetings.types import InterestState, MatchmakingState, ParticipantState, PersonState
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor


def export_member(member_id: int) -> dict[str, Any]:
    """Sessions that somebody comes to, their meetings, what they said of them, and contact asked for, as JSON values. Six statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"sessions": [], "meetings": [], "outcomes": [], "interests": []}
    comes = Person.objects.filter(account_id=account_id).order_by("pk")
    sides = list(comes.exclude(state=PersonState.ASKED.value).values_list("participant_id", flat=True))
    mine = Meeting.objects.filter(asker_id__in=sides) | Meeting.objects.filter(asked_id__in=sides)
    return {
        "sessions": list(
            comes.values(
                "matchmaking__names", "state", "participant__kind", "participant__offers", "participant__seeks",
                "participant__published",
            )
        ),
        "meetings": list(mine.order_by("pk").values("state", "message", "answer", "starts", "ends")),
        "outcomes": list(Said.objects.filter(participant_id__in=sides).order_by("pk").values("outcome", "note", "at")),
        "interests": list(
            Interest.objects.filter(account_id=account_id).order_by("pk").values("pitch__title", "message", "state", "at")
        ),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: nobody comes any more by their name; who was the last of a participant takes it out of the session."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed. What a mentor offered and looked for goes; what organisations said is theirs."""
    with db.transaction():
        rows = list(
            Person.objects.filter(account_id=account_id).select_related("participant").order_by("matchmaking_id")
        )
        for row in rows:
            one = holding.held(row.matchmaking_id)
            row.participant.refresh_from_db()
            last = (
                row.state == PersonState.COMING
                and not Person.objects.filter(participant_id=row.participant_id, state=PersonState.COMING.value)
                .exclude(pk=row.pk)
                .exists()
            )
            if last and row.participant.state == ParticipantState.REGISTERED:
                end_participant(one, row.participant, actor=SYSTEM, reason="", now=now)
        Person.objects.filter(account_id=account_id).delete()
        alone = Participant.objects.filter(mentor_id=account_id)
        sides = list(alone.values_list("pk", flat=True))
        Said.objects.filter(participant_id__in=sides).update(note="")
        Meeting.objects.filter(asker_id__in=sides).update(message="")
        Meeting.objects.filter(asked_id__in=sides).update(answer="")
        alone.update(mentor=None, offers="", seeks="", reason="", published=False)
        Meeting.objects.filter(asked_by_id=account_id).update(asked_by=None)
        Plan.objects.filter(made_by_id=account_id).update(made_by=None)
        open_ = Interest.objects.filter(account_id=account_id, state=InterestState.ASKED.value)
        open_.update(state=InterestState.WITHDRAWN.value, changed_at=now)
        Interest.objects.filter(account_id=account_id).update(account=None, message="")
        Interest.objects.filter(answered_by_id=account_id).update(answered_by=None)


def withdraw_organisation(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    """An organisation leaves the network: it leaves sessions that are not over and running orders, and whoever would have met it is told."""
    rows = Participant.objects.filter(
        organisation_id=organisation_id, state=ParticipantState.REGISTERED.value,
        matchmaking__state=MatchmakingState.OPEN.value, matchmaking__rounds__ends__gt=now,
    ).distinct().order_by("matchmaking_id")  # fmt: skip
    for row in rows:
        one = holding.held(row.matchmaking_id)
        end_participant(one, row, actor=actor, reason="", now=now)
    Participant.objects.filter(organisation_id=organisation_id).update(published=False)
    gone = Pitch.objects.filter(organisation_id=organisation_id, withdrawn_at__isnull=True, day__event__ends__gt=now)
    for pitch in gone.select_related("day__event"):
        Interest.objects.filter(pitch=pitch, state=InterestState.ASKED.value).update(
            state=InterestState.DECLINED.value, changed_at=now
        )
        Pitch.objects.filter(pk=pitch.pk).update(withdrawn_at=now)
        journal.record("meetings.pitch.withdrawn", actor=actor, house_id=pitch.day.event.house_id, pitch_id=pitch.pk)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
