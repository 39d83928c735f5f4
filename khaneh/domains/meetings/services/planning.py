"""The whole day planned: accepted meetings are put into rounds and at tables, so that many take place and nobody is left with few."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.meetings import notices
from khaneh.domains.meetings.models import Matchmaking, Meeting, Plan, Round, Table
from khaneh.domains.meetings.queries import elsewhere
from khaneh.domains.meetings.rules import planning
from khaneh.domains.meetings.rules.planning import Problem, Seat, Wanted
from khaneh.domains.meetings.services import holding, seating
from khaneh.domains.meetings.types import SEATED_MEETINGS, MeetingState, PlanRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor


def plan(*, actor: Actor, matchmaking_id: int, afresh: bool, now: datetime) -> PlanRow:
    """Give accepted meetings their times. What was chosen by hand and what has begun stays; `afresh` moves what earlier plans have placed, else
    only what has no time yet is placed. Everybody whose meetings have another time is told.

    Raises NotFound, NotAllowed, NotOpen.
    """
    with db.transaction():
        one = holding.run_by(actor, matchmaking_id)
        holding.going_on(one, now)
        rows = list(
            Meeting.objects.filter(matchmaking_id=one.pk, state__in=[state.value for state in SEATED_MEETINGS])
            .select_related("round").order_by("pk")
        )  # fmt: skip
        holding.hold_people({who for row in rows for who in (row.asker_id, row.asked_id)})
        problem = _problem(one, rows, afresh, now)
        found = planning.plan(problem)
        moved = [
            row for row in rows
            if row.state == MeetingState.ACCEPTED and _seat(row) != found.get(row.pk) and not _stays(row, False, now)
        ]  # fmt: skip
        # All up first: two that change places would else meet.
        for row in moved:
            if row.round_id is not None:
                seating.lift(row, now)
        for row in moved:
            if row.pk in found:
                seating.seat(row, found[row.pk].round, found[row.pk].table, by_hand=False, now=now)
        made = Plan.objects.create(
            matchmaking=one, problem=problem.canonical(),
            seats={str(key): list(seat) for key, seat in sorted(found.items())},
            digest=planning.digest(problem, found), placed=len(found), wanted=len(rows), made_by_id=actor.account_id,
            made_at=now,
        )  # fmt: skip
        journal.record(
            "meetings.plan.made", actor=actor, house_id=one.house_id, matchmaking_id=one.pk, plan_id=made.pk,
            placed=made.placed, wanted=made.wanted, digest=made.digest,
        )  # fmt: skip
        _tell(one, [row.pk for row in moved], now)
    return PlanRow(made.pk, made.made_at, made.placed, made.wanted, made.digest)


def _problem(one: Matchmaking, rows: list[Meeting], afresh: bool, now: datetime) -> Problem:
    rounds = list(Round.objects.filter(matchmaking_id=one.pk).order_by("number"))
    coming = [row for row in rounds if row.starts > now]
    who = sorted({side for row in rows for side in (row.asker_id, row.asked_id)})
    away = elsewhere.absent(who)
    other = elsewhere.elsewhere(one, who, coming, now=now)
    return Problem(
        rounds=tuple(row.pk for row in rounds),
        tables=tuple(Table.objects.filter(matchmaking_id=one.pk).order_by("number").values_list("pk", flat=True)),
        wanted=tuple(Wanted(row.pk, row.asker_id, row.asked_id) for row in rows),
        can={number: frozenset(row.pk for row in coming) - away[number] - other[number] for number in who},
        fixed={row.pk: seat for row in rows if (seat := _seat(row)) is not None and _stays(row, not afresh, now)},
        most=one.most_meetings,
    )


def _stays(row: Meeting, all_placed: bool, now: datetime) -> bool:
    return row.round is not None and (all_placed or row.by_hand or row.round.starts <= now)


def _seat(row: Meeting) -> Seat | None:
    return Seat(row.round_id, row.table_id) if row.round_id is not None and row.table_id is not None else None


def _tell(one: Matchmaking, moved: list[int], now: datetime) -> None:
    for row in Meeting.objects.filter(pk__in=moved).order_by("starts", "pk"):
        for who in (row.asker_id, row.asked_id):
            notices.tell_about("meetings.placed" if row.round_id else "meetings.lifted", one, who, row, now=now)
