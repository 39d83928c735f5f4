"""Sessions as everybody, their participants and their organisers see them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from khaneh.domains.meetings import permissions
from khaneh.domains.meetings.models import Matchmaking, Meeting, Participant, Person, Plan, Said, Sitting
from khaneh.domains.meetings.queries import elsewhere as times
from khaneh.domains.meetings.queries.rows import (
    matchmaking_rows,
    meeting_rows,
    participant_rows,
    round_rows,
    table_rows,
)
from khaneh.domains.meetings.queries.suggesting import suggestions
from khaneh.domains.meetings.rules import figures as counting
from khaneh.domains.meetings.rules import planning
from khaneh.domains.meetings.types import (
    DeskPage,
    Figures,
    MatchmakingRow,
    MatchmakingState,
    MeetingRow,
    MeetingState,
    Outcome,
    OwnPage,
    ParticipantRow,
    ParticipantState,
    PersonState,
    PlanRow,
    RoundRow,
)
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import NotFound


def matchmaking(matchmaking_id: int, *, actor: Actor = VISITOR) -> MatchmakingRow:
    """A session. At most six statements. Raises NotFound, also for a draft, but for its house."""
    found = matchmaking_rows(Matchmaking.objects.filter(pk=matchmaking_id))
    if not found:
        raise NotFound(what="matchmaking")
    if found[0].state is MatchmakingState.DRAFT and not permissions.may_run(actor, house_id=found[0].house.id):
        raise NotFound(what="matchmaking")
    return found[0]


def matchmakings_coming(*, now: datetime, limit: int = 60) -> list[MatchmakingRow]:
    """Those that everybody sees and that are not over, the soonest first. Four statements."""
    open_ = Matchmaking.objects.filter(state=MatchmakingState.OPEN.value, rounds__ends__gt=now).distinct()
    return sorted(matchmaking_rows(open_[:limit]), key=lambda one: (one.starts, one.id))


def matchmakings_of_event(event_id: int) -> list[MatchmakingRow]:
    """Those of an event that everybody sees. Four statements, one where there are none."""
    found = Matchmaking.objects.filter(event_id=event_id, state=MatchmakingState.OPEN.value)
    return matchmaking_rows(found.order_by("pk")) if found.exists() else []


def matchmakings_of_house(house_id: int, *, actor: Actor, limit: int = 200) -> list[MatchmakingRow]:
    """All of one house, the latest first; nothing for who does not run them there. Four statements."""
    if not permissions.may_run(actor, house_id=house_id):
        return []
    return sorted(
        matchmaking_rows(Matchmaking.objects.filter(house_id=house_id).order_by("-pk")[:limit]),
        key=lambda one: (one.starts, one.id), reverse=True,
    )  # fmt: skip


def published(matchmaking_id: int) -> list[ParticipantRow]:
    """Participants who want everybody to see them, without their people. The caller has asked who may see the session. At most nine statements."""
    found = Participant.objects.filter(
        matchmaking_id=matchmaking_id, state=ParticipantState.REGISTERED.value, published=True
    )
    return participant_rows(found.order_by("pk"))


def rounds(matchmaking_id: int) -> tuple[RoundRow, ...]:
    """Its rounds by time. One statement."""
    return round_rows(matchmaking_id)


def matchmakings_of(actor: Actor, *, now: datetime) -> list[tuple[MatchmakingRow, ParticipantRow, int, int]]:
    """Where somebody comes, or is asked to: the session, the participant, how many questions wait for them, how many meetings have a time.

    The soonest first. At most sixteen statements.
    """
    if actor.account_id is None:
        return []
    mine = Person.objects.filter(account_id=actor.account_id).exclude(state=PersonState.DECLINED.value)
    people = list(mine.filter(participant__state=ParticipantState.REGISTERED.value).select_related("participant"))
    rows = {
        one.id: one
        for one in matchmaking_rows(Matchmaking.objects.filter(pk__in=[one.matchmaking_id for one in people]))
    }
    sides = {one.id: one for one in participant_rows([one.participant for one in people])}
    found = []
    meetings = list(
        Meeting.objects.filter(Q(asker_id__in=sides) | Q(asked_id__in=sides)).values_list(
            "asker_id", "asked_id", "state", "round_id"
        )
    )
    for one in people:
        side = one.participant_id
        waiting = sum(asked == side and state == MeetingState.ASKED for _, asked, state, _ in meetings)
        placed = sum(side in (asker, asked) and at is not None for asker, asked, _, at in meetings)
        found.append((rows[one.matchmaking_id], sides[side], waiting, placed))
    return sorted(found, key=lambda line: (line[0].starts, line[0].id))


def own_page(matchmaking_id: int, *, actor: Actor, now: datetime) -> OwnPage:
    """A session as whoever comes to it sees it: their meetings by time and by what waits, whom to meet. At most 50 statements. Raises NotFound."""
    row = matchmaking(matchmaking_id, actor=actor)
    mine = permissions.own(actor, matchmaking_id)
    one = Matchmaking.objects.get(pk=matchmaking_id)
    found = Meeting.objects.filter(Q(asker_id=mine.pk) | Q(asked_id=mine.pk), matchmaking_id=matchmaking_id)
    open_ = found.filter(state__in=[MeetingState.ASKED.value, MeetingState.ACCEPTED.value])
    listed = round_rows(matchmaking_id)
    (me,) = participant_rows([mine])
    return OwnPage(
        row=row,
        me=me,
        rounds=listed,
        meetings=tuple(meeting_rows(found.order_by("starts", "pk"), by=mine.pk)),
        suggestions=tuple(suggestions(mine)) if row.registers(now) or now < row.ends else (),
        free=_free(one, open_, now),
        elsewhere=frozenset(times.elsewhere(one, [mine.pk], listed, now=now)[mine.pk]),
    )


def free_times(meeting_id: int, *, actor: Actor, now: datetime) -> list[RoundRow]:
    """The rounds at which both sides of a meeting can, and a table is free. At most sixteen statements. Raises NotFound."""
    found = Meeting.objects.select_related("matchmaking").filter(pk=meeting_id).first()
    if found is None:
        raise NotFound(what="meeting")
    one = found.matchmaking
    if not permissions.may_run(actor, house_id=one.house_id):
        mine = permissions.own(actor, one.pk)
        if mine.pk not in (found.asker_id, found.asked_id):
            raise NotFound(what="meeting")
    return list(_free(one, [found], now)[meeting_id])


def _free(one: Matchmaking, meetings: Iterable[Meeting], now: datetime) -> dict[int, tuple[RoundRow, ...]]:
    found = times.mutual(one, meetings, now=now)
    return {
        number: tuple(RoundRow(each.pk, each.number, each.starts, each.ends) for each in rows)
        for number, rows in found.items()
    }


def desk_page(matchmaking_id: int, *, actor: Actor, now: datetime) -> DeskPage:
    """A session as whoever runs it sees it. At most 40 statements. Raises NotFound, NotAllowed."""
    row = matchmaking(matchmaking_id, actor=actor)
    permissions.require_run(actor, house_id=row.house.id)
    accepted = Meeting.objects.filter(matchmaking_id=matchmaking_id, state=MeetingState.ACCEPTED.value)
    sides = Participant.objects.filter(matchmaking_id=matchmaking_id).order_by("state", "pk")
    made = Plan.objects.filter(matchmaking_id=matchmaking_id).order_by("-pk").first()
    return DeskPage(
        row=row,
        rounds=round_rows(matchmaking_id),
        tables=table_rows(matchmaking_id),
        participants=tuple(participant_rows(sides)),
        meetings=tuple(
            meeting_rows(
                Meeting.objects.filter(matchmaking_id=matchmaking_id).order_by("starts", "table__number", "pk")
            )
        ),
        plan=PlanRow(made.pk, made.made_at, made.placed, made.wanted, made.digest) if made else None,
        figures=figures(matchmaking_id),
        free=_free(Matchmaking.objects.get(pk=matchmaking_id), accepted.filter(round__isnull=True), now),
    )


def figures(matchmaking_id: int) -> Figures:
    """What a session came to. The caller has asked who may see it. Three statements."""
    states = list(Meeting.objects.filter(matchmaking_id=matchmaking_id).values_list("state", "round_id"))
    said = Said.objects.filter(meeting__matchmaking_id=matchmaking_id).values_list("outcome", flat=True)
    parts, answered = counting.outcomes(Outcome(one) for one in said)
    agreed = (MeetingState.ACCEPTED, MeetingState.HELD, MeetingState.MISSED)
    return Figures(
        participants=Participant.objects.filter(
            matchmaking_id=matchmaking_id, state=ParticipantState.REGISTERED.value
        ).count(),
        asked=len(states),
        accepted=sum(state in agreed for state, _ in states),
        placed=sum(state in agreed and at is not None for state, at in states),
        held=sum(state == MeetingState.HELD for state, _ in states),
        missed=sum(state == MeetingState.MISSED for state, _ in states),
        outcomes=parts,
        answered=answered,
    )


def plan_again(plan_id: int, *, actor: Actor) -> tuple[PlanRow, bool]:
    """A plan, and whether its file gives the same seats when it is made again. Raises NotFound, NotAllowed."""
    made = Plan.objects.select_related("matchmaking").filter(pk=plan_id).first()
    if made is None or not permissions.may_run(actor, house_id=made.matchmaking.house_id):
        raise NotFound(what="plan")
    problem = planning.Problem.read(json.loads(made.problem))
    same = planning.digest(problem, planning.plan(problem)) == made.digest
    return PlanRow(made.pk, made.made_at, made.placed, made.wanted, made.digest), same


def meetings_of(actor: Actor, *, first: datetime, last: datetime) -> list[tuple[MeetingRow, MatchmakingRow, int]]:
    """Somebody's meetings that have a time between two instants, each with its session and their own side. At most seventeen statements."""
    if actor.account_id is None:
        return []
    sat = Sitting.objects.filter(account_id=actor.account_id, starts__lt=last, ends__gt=first)
    sides = dict(sat.values_list("meeting_id", "participant_id"))
    if not sides:
        return []
    rows = meeting_rows(Meeting.objects.filter(pk__in=sides).order_by("starts", "pk"))
    sessions = {
        one.id: one for one in matchmaking_rows(Matchmaking.objects.filter(pk__in={row.matchmaking_id for row in rows}))
    }
    return [(row, sessions[row.matchmaking_id], sides[row.id]) for row in rows]


def clashes(participant_id: int, account_id: int) -> bool:
    """Whether somebody sits in a meeting of another session while this participant meets. Two statements."""
    mine = list(
        Sitting.objects.filter(participant_id=participant_id, account__isnull=True).values_list("starts", "ends")
    )
    theirs = Sitting.objects.filter(account_id=account_id).values_list("starts", "ends")
    return any(starts < until and begins < ends for starts, ends in mine for begins, until in theirs)
