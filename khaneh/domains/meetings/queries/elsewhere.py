"""When participants cannot meet, for whatever reason: they said so, they meet somebody, or their people are elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from khaneh.domains.events import queries as events
from khaneh.domains.learning import queries as learning
from khaneh.domains.meetings.models import Absence, Matchmaking, Meeting, Person, Round, Sitting, Table
from khaneh.domains.meetings.types import SEATED_MEETINGS, PersonState, RoundRow
from khaneh.domains.residencies import queries as residencies
from khaneh.domains.spaces import queries as spaces

_SEATED = [state.value for state in SEATED_MEETINGS]
# What somebody has for longer, a team's desk for months, keeps them from nothing.
_LONGEST_HELD = timedelta(days=1)
_Times = list[tuple[datetime, datetime]]


def elsewhere(
    one: Matchmaking, participants: Collection[int], rounds: Iterable[Round | RoundRow], *, now: datetime
) -> dict[int, set[int]]:
    """The rounds at which somebody who comes for each of these is at something else: booked, taught, learned, mentored, at another event or
    session. The event that the session belongs to keeps nobody from it. Eight statements.
    """
    people: dict[int, list[int]] = defaultdict(list)
    coming = Person.objects.filter(participant_id__in=participants, state=PersonState.COMING.value)
    for account_id, participant_id in coming.values_list("account_id", "participant_id"):
        people[account_id].append(participant_id)
    times: dict[int, _Times] = {number: [] for number in participants}
    but = [one.event_id] if one.event_id is not None else []
    others = Sitting.objects.filter(account_id__in=people, ends__gt=now).exclude(meeting__matchmaking_id=one.pk)
    for account_id, starts, ends in (
        *(one for one in spaces.busy(people, now=now) if one[2] - one[1] <= _LONGEST_HELD),
        *learning.busy(people, now=now),
        *events.busy(people, now=now, but=but),
        *residencies.busy(people, now=now),
        *others.values_list("account_id", "starts", "ends"),
    ):
        for participant_id in people[account_id or 0]:
            times[participant_id].append((starts, ends))
    listed = list(rounds)
    return {
        participant_id: {
            _id(each) for each in listed if any(starts < each.ends and each.starts < ends for starts, ends in taken)
        }
        for participant_id, taken in times.items()
    }


def absent(participants: Collection[int]) -> dict[int, set[int]]:
    """The rounds at which each of these has said that they cannot. One statement."""
    found: dict[int, set[int]] = {number: set() for number in participants}
    rows = Absence.objects.filter(participant_id__in=participants).values_list("participant_id", "round_id")
    for participant_id, round_id in rows:
        found[participant_id].add(round_id)
    return found


def meeting_rounds(one: Matchmaking, *, but: int = 0) -> list[tuple[int, int, int, int]]:
    """Round, table and the two participants of every meeting that has its seat, but one. One statement."""
    seated = Meeting.objects.filter(matchmaking_id=one.pk, state__in=_SEATED, round__isnull=False).exclude(pk=but)
    rows = seated.values_list("round_id", "table_id", "asker_id", "asked_id")
    return [(at or 0, table or 0, asker, asked) for at, table, asker, asked in rows]


def why_not(one: Matchmaking, pair: tuple[int, int], each: Round, *, meeting_id: int, now: datetime) -> str:
    """What keeps two from meeting in a round: over, absent, meets, elsewhere, tables; nothing where they can. At most twelve statements."""
    if each.starts <= now:
        return "over"
    if any(each.pk in rounds for rounds in absent(pair).values()):
        return "absent"
    there = [row for row in meeting_rounds(one, but=meeting_id) if row[0] == each.pk]
    if any(who in pair for _, _, *both in there for who in both):
        return "meets"
    if len(there) >= Table.objects.filter(matchmaking_id=one.pk).count():
        return "tables"
    if any(elsewhere(one, pair, [each], now=now).values()):
        return "elsewhere"
    return ""


def mutual(one: Matchmaking, meetings: Iterable[Meeting], *, now: datetime) -> dict[int, list[Round]]:
    """For each meeting the rounds to come at which it could be: both are there, meet nobody else and are nowhere else, and a table is free.

    Eleven statements, whatever the number of meetings.
    """
    listed = list(meetings)
    who = {side for meeting in listed for side in (meeting.asker_id, meeting.asked_id)}
    rounds = list(Round.objects.filter(matchmaking_id=one.pk, starts__gt=now).order_by("number"))
    tables = Table.objects.filter(matchmaking_id=one.pk).count()
    away, other = absent(who), elsewhere(one, who, rounds, now=now)
    seated = Meeting.objects.filter(matchmaking_id=one.pk, state__in=_SEATED, round__isnull=False)
    taken = list(seated.values_list("pk", "round_id", "asker_id", "asked_id"))
    found = {}
    for meeting in listed:
        pair = {meeting.asker_id, meeting.asked_id}
        shut = {at for side in pair for at in away[side] | other[side]}
        shut |= {at for number, at, *both in taken if number != meeting.pk and pair & set(both)}
        load = Counter(at for number, at, *_ in taken if number != meeting.pk)
        found[meeting.pk] = [each for each in rounds if each.pk not in shut and load[each.pk] < tables]
    return found


def free_table(one: Matchmaking, each: Round, *, meeting_id: int) -> Table | None:
    """The first table that nobody sits at in a round. Two statements."""
    taken = {table for at, table, *_ in meeting_rounds(one, but=meeting_id) if at == each.pk}
    return next(
        (row for row in Table.objects.filter(matchmaking_id=one.pk).order_by("number") if row.pk not in taken), None
    )


def _id(each: Round | RoundRow) -> int:
    return each.pk if isinstance(each, Round) else each.id
