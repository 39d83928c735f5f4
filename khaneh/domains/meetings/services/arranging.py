"""A session made, opened, changed, moved, given other tables, and cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from khaneh.domains.events import queries as events
from khaneh.domains.meetings import notices, permissions
from khaneh.domains.meetings.errors import StateRefused, TableInUse
from khaneh.domains.meetings.models import Absence, Matchmaking, Meeting, Participant, Round, Table
from khaneh.domains.meetings.queries import elsewhere
from khaneh.domains.meetings.rules import drafts
from khaneh.domains.meetings.rules.rounds import rounds
from khaneh.domains.meetings.services import holding, seating
from khaneh.domains.meetings.types import (
    Hours,
    MatchmakingDraft,
    MatchmakingState,
    MeetingState,
    ParticipantState,
    TableDraft,
)
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def add_matchmaking(*, actor: Actor, draft: MatchmakingDraft, key: str, now: datetime) -> int:
    """Make a session of a house, a draft at first. Gives its number; the same key again is the same one.

    Raises NotAllowed, NotFound for no house or event, Invalid.
    """
    permissions.require_run(actor, house_id=draft.house_id)
    _sound(actor, draft, now)
    with db.transaction():
        db.lock(("meetings.key", draft.house_id))
        made = Matchmaking.objects.filter(made_key=key).first()
        if made is not None:
            return made.pk
        one = Matchmaking.objects.create(made_key=key, made_at=now, changed_at=now, **_fields(draft))
        _write_rounds(one, draft)
        Table.objects.bulk_create(
            Table(matchmaking=one, number=number, name=table.name.strip(), online_url=table.online_url.strip())
            for number, table in enumerate(draft.tables, 1)
        )
        journal.record(
            "meetings.matchmaking.made",
            actor=actor,
            house_id=one.house_id,
            matchmaking_id=one.pk,
            event_id=one.event_id,
        )
    return one.pk


def open_matchmaking(*, actor: Actor, matchmaking_id: int, now: datetime) -> None:
    """Show it to everybody and let people register. Raises NotFound, NotAllowed, StateRefused."""
    with db.transaction():
        one = holding.run_by(actor, matchmaking_id)
        if one.state == MatchmakingState.OPEN:
            return
        holding.not_over(one)
        Matchmaking.objects.filter(pk=one.pk).update(state=MatchmakingState.OPEN.value, changed_at=now)
        journal.record("meetings.matchmaking.opened", actor=actor, house_id=one.house_id, matchmaking_id=one.pk)


def change_matchmaking(*, actor: Actor, matchmaking_id: int, draft: MatchmakingDraft, now: datetime) -> None:
    """Change it; where its hours are others, meetings move with their round, and those that no longer can wait for a time again.

    Rounds are the same by their number. Everybody who takes part is told of other hours. Raises NotFound, NotAllowed, StateRefused, Invalid,
    TableInUse.
    """
    with db.transaction():
        one = holding.run_by(actor, matchmaking_id)
        holding.not_over(one)
        if draft.house_id != one.house_id:
            raise Invalid(fields={"house_id": "unknown"})
        wanted = rounds(draft.hours, slot_minutes=draft.slot_minutes, pause_minutes=draft.pause_minutes)
        stand = [Hours(row.starts, row.ends) for row in Round.objects.filter(matchmaking_id=one.pk).order_by("number")]
        moved = wanted != stand
        # What has begun stays where it was: only a session of which all is to come is moved.
        if moved and stand[0].starts <= now:
            raise StateRefused(what="matchmaking", state="begun")
        _sound(actor, draft, now if moved else min(now, stand[0].starts - (stand[0].ends - stand[0].starts)))
        Matchmaking.objects.filter(pk=one.pk).update(changed_at=now, **_fields(draft))
        one.refresh_from_db()
        _change_tables(one, draft.tables)
        if moved:
            _move(one, wanted, now)
        journal.record(
            "meetings.matchmaking.changed", actor=actor, house_id=one.house_id, matchmaking_id=one.pk, moved=moved
        )
        if moved and one.state == MatchmakingState.OPEN:
            for participant in Participant.objects.filter(
                matchmaking_id=one.pk, state=ParticipantState.REGISTERED.value
            ):
                notices.tell("meetings.moved", one, participant, now=now)


def cancel_matchmaking(*, actor: Actor, matchmaking_id: int, reason: str, now: datetime) -> None:
    """It does not take place: its meetings end, everybody who takes part is told why. Raises NotFound, NotAllowed, Invalid."""
    wrong = drafts.note_problem("reason", reason) or ({} if reason.strip() else {"reason": "required"})
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.run_by(actor, matchmaking_id)
        if one.state == MatchmakingState.CANCELLED:
            return
        open_ = Meeting.objects.filter(matchmaking_id=one.pk)
        open_.filter(state=MeetingState.ASKED.value).update(state=MeetingState.WITHDRAWN.value, changed_at=now)
        open_.filter(state=MeetingState.ACCEPTED.value).update(state=MeetingState.CANCELLED.value, changed_at=now)
        Matchmaking.objects.filter(pk=one.pk).update(
            state=MatchmakingState.CANCELLED.value, reason=reason.strip(), changed_at=now
        )
        journal.record("meetings.matchmaking.cancelled", actor=actor, house_id=one.house_id, matchmaking_id=one.pk)
        for participant in Participant.objects.filter(matchmaking_id=one.pk, state=ParticipantState.REGISTERED.value):
            notices.tell("meetings.called_off", one, participant, now=now)


def _sound(actor: Actor, draft: MatchmakingDraft, now: datetime) -> None:
    wrong = drafts.matchmaking_problems(draft, now=now)
    if draft.event_id is not None and "event" not in wrong:
        event = events.event(draft.event_id, actor=actor)
        if draft.house_id not in {one.id for one in event.houses}:
            wrong["event"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)
    if draft.house_id not in network.house_refs([draft.house_id]):
        raise NotFound(what="house")


def _fields(draft: MatchmakingDraft) -> dict[str, object]:
    return {
        "house_id": draft.house_id, "event_id": draft.event_id, "names": draft.names._asdict(),
        "descriptions": draft.descriptions._asdict(), "place": draft.place._asdict(),
        "slot_minutes": draft.slot_minutes, "pause_minutes": draft.pause_minutes, "guests": list(draft.guests),
        "sectors": list(draft.sectors), "most_meetings": draft.most_meetings, "closes_at": draft.closes_at,
    }  # fmt: skip


def _write_rounds(one: Matchmaking, draft: MatchmakingDraft) -> None:
    made = rounds(draft.hours, slot_minutes=draft.slot_minutes, pause_minutes=draft.pause_minutes)
    Round.objects.bulk_create(
        Round(matchmaking=one, number=number, starts=each.starts, ends=each.ends) for number, each in enumerate(made, 1)
    )


def _move(one: Matchmaking, wanted: Sequence[Hours], now: datetime) -> None:
    """Lift all meetings, move the rounds, and put each back where both still can."""
    seated = list(
        Meeting.objects.filter(matchmaking_id=one.pk, round__isnull=False)
        .order_by("round__number", "table__number").select_related("round")
    )  # fmt: skip
    holding.hold_people({who for meeting in seated for who in (meeting.asker_id, meeting.asked_id)})
    before = {meeting.pk: (meeting.round.number, meeting.table_id) for meeting in seated if meeting.round}
    for meeting in seated:
        seating.lift(meeting, now)
    stand = {row.number: row for row in Round.objects.filter(matchmaking_id=one.pk)}
    for number, each in enumerate(wanted, 1):
        if number in stand:
            Round.objects.filter(pk=stand[number].pk).update(starts=each.starts, ends=each.ends)
        else:
            Round.objects.create(matchmaking=one, number=number, starts=each.starts, ends=each.ends)
    gone = [row.pk for number, row in stand.items() if number > len(wanted)]
    Absence.objects.filter(round_id__in=gone).delete()
    Round.objects.filter(pk__in=gone).delete()
    new = {row.number: row for row in Round.objects.filter(matchmaking_id=one.pk)}
    for meeting in seated:
        number, table_id = before[meeting.pk]
        if meeting.state != MeetingState.ACCEPTED or number not in new or table_id is None:
            continue
        pair = (meeting.asker_id, meeting.asked_id)
        if not elsewhere.why_not(one, pair, new[number], meeting_id=meeting.pk, now=now):
            seating.seat(meeting, new[number].pk, table_id, by_hand=meeting.by_hand, now=now)


def _change_tables(one: Matchmaking, wanted: Sequence[TableDraft]) -> None:
    """Tables by their number: names change, new ones are added, those beyond the last go where nobody sits at them."""
    stand = {row.number: row for row in Table.objects.filter(matchmaking_id=one.pk)}
    for number, table in enumerate(wanted, 1):
        facts = {"name": table.name.strip(), "online_url": table.online_url.strip()}
        if number in stand:
            Table.objects.filter(pk=stand[number].pk).update(**facts)
        else:
            Table.objects.create(matchmaking=one, number=number, **facts)
    gone = [row.pk for number, row in stand.items() if number > len(wanted)]
    used = Meeting.objects.filter(table_id__in=gone).order_by("-table__number").select_related("table").first()
    if used is not None and used.table is not None:
        raise TableInUse(needed=used.table.number)
    Table.objects.filter(pk__in=gone).delete()
