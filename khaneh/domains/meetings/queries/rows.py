"""Rows of sessions, participants and meetings as frozen values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Max, Min, QuerySet

from khaneh.domains.meetings.models import Matchmaking, Meeting, Participant, Person, Round, Said, Table
from khaneh.domains.meetings.queries.elsewhere import absent
from khaneh.domains.meetings.types import (
    GuestKind,
    MatchmakingRow,
    MatchmakingState,
    MeetingRow,
    MeetingState,
    Outcome,
    ParticipantRow,
    ParticipantState,
    PersonRow,
    PersonState,
    RoundRow,
    TableRow,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.residencies import queries as residencies
from khaneh.kernel.labels import Label


def matchmaking_rows(found: QuerySet[Matchmaking]) -> list[MatchmakingRow]:
    """In the order of the query. Four statements."""
    listed = list(found)
    houses = network.house_refs(one.house_id for one in listed)
    ids = [one.pk for one in listed]
    spans = {
        number: (starts, ends)
        for number, starts, ends in Round.objects.filter(matchmaking_id__in=ids)
        .values("matchmaking_id")
        .annotate(starts=Min("starts"), ends=Max("ends"))
        .values_list("matchmaking_id", "starts", "ends")
    }
    counts = dict(
        Participant.objects.filter(matchmaking_id__in=ids, state=ParticipantState.REGISTERED.value)
        .values("matchmaking_id")
        .annotate(number=Count("pk"))
        .values_list("matchmaking_id", "number")
    )
    return [
        MatchmakingRow(
            id=one.pk,
            house=houses[one.house_id],
            zone=network.house_facts(one.house_id).calendar.zone,
            event_id=one.event_id,
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            place=Label.from_dict(one.place),
            state=MatchmakingState(one.state),
            reason=one.reason,
            starts=spans[one.pk][0],
            ends=spans[one.pk][1],
            slot_minutes=one.slot_minutes,
            pause_minutes=one.pause_minutes,
            guests=tuple(GuestKind(kind) for kind in one.guests),
            sectors=tuple(one.sectors),
            most_meetings=one.most_meetings,
            closes_at=one.closes_at,
            participants=counts.get(one.pk, 0),
            changed_at=one.changed_at,
        )
        for one in listed
    ]


def round_rows(matchmaking_id: int) -> tuple[RoundRow, ...]:
    """By time. One statement."""
    found = Round.objects.filter(matchmaking_id=matchmaking_id).order_by("number")
    return tuple(RoundRow(one.pk, one.number, one.starts, one.ends) for one in found)


def table_rows(matchmaking_id: int) -> tuple[TableRow, ...]:
    """By number. One statement."""
    found = Table.objects.filter(matchmaking_id=matchmaking_id).order_by("number")
    return tuple(TableRow(one.pk, one.number, one.name, one.online_url) for one in found)


def participant_names(listed: Iterable[Participant]) -> dict[int, Label]:
    """What participants are called: as their organisation, their team, or the mentor. At most three statements."""
    rows = list(listed)
    organisations = network.organisation_refs({one.organisation_id for one in rows if one.organisation_id is not None})
    teams = residencies.team_names({one.residency_id for one in rows if one.residency_id is not None})
    names = people.account_names(one.mentor_id for one in rows)
    found = {}
    for one in rows:
        if one.organisation_id is not None:
            found[one.pk] = organisations[one.organisation_id].names
        elif one.residency_id is not None:
            found[one.pk] = teams[one.residency_id]
        else:
            name = names.get(one.mentor_id or 0, "—")
            found[one.pk] = Label(name, name, name)
    return found


def participant_rows(listed: Iterable[Participant]) -> list[ParticipantRow]:
    """In their order. At most eight statements."""
    rows = list(listed)
    ids = [one.pk for one in rows]
    names = participant_names(rows)
    organisations = network.organisations_by_ids(
        {one.organisation_id for one in rows if one.organisation_id is not None}
    )
    refs = network.organisation_refs(organisations)
    come: dict[int, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(participant_id__in=ids).order_by("pk"):
        come[person.participant_id].append(person)
    called = people.account_names(person.account_id for some in come.values() for person in some)
    away = absent(ids)
    return [
        ParticipantRow(
            id=one.pk,
            kind=GuestKind(one.kind),
            names=names[one.pk],
            organisation=refs.get(one.organisation_id or 0),
            sectors=tuple(organisations[one.organisation_id].sectors) if one.organisation_id in organisations else (),
            offers=one.offers,
            seeks=one.seeks,
            published=one.published,
            state=ParticipantState(one.state),
            people=tuple(
                PersonRow(person.pk, person.account_id, called.get(person.account_id, "—"), PersonState(person.state))
                for person in come[one.pk]
            ),
            absent=frozenset(away[one.pk]),
            reason=one.reason,
        )
        for one in rows
    ]


def meeting_rows(found: QuerySet[Meeting], *, by: int | None = None) -> list[MeetingRow]:
    """In the order of the query; `by` is the participant whose own words on them are told. At most eleven statements."""
    listed = list(found.select_related("asker", "asked", "round", "table"))
    sides = {side.pk: side for one in listed for side in (one.asker, one.asked)}
    rows = {row.id: row for row in participant_rows(sides.values())}
    said = (
        {one.meeting_id: one for one in Said.objects.filter(meeting__in=listed, participant_id=by)}
        if by is not None and listed else {}
    )  # fmt: skip
    return [
        MeetingRow(
            id=one.pk,
            matchmaking_id=one.matchmaking_id,
            asker=rows[one.asker_id],
            asked=rows[one.asked_id],
            message=one.message,
            answer=one.answer,
            state=MeetingState(one.state),
            round=RoundRow(one.round.pk, one.round.number, one.round.starts, one.round.ends) if one.round else None,
            table=TableRow(one.table.pk, one.table.number, one.table.name, one.table.online_url) if one.table else None,
            by_hand=one.by_hand,
            absent_id=one.absent_id,
            changed_at=one.changed_at,
            revision=one.revision,
            outcome=Outcome(said[one.pk].outcome) if one.pk in said else None,
            note=said[one.pk].note if one.pk in said else "",
        )
        for one in listed
    ]
