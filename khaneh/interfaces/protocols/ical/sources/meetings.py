"""Meetings: those of somebody that have a time stand in their own calendar, with whom, where and in which session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from khaneh.domains.meetings import queries
from khaneh.domains.meetings.types import MeetingState
from khaneh.domains.people import queries as people
from khaneh.formats.ical import Occurrence
from khaneh.interfaces.protocols.ical import wording
from khaneh.interfaces.protocols.ical.registry import Asked, add_source, page, uid


def register() -> None:
    """What meetings have to say in the calendars of people."""
    add_source("person", own_meetings)


def own_meetings(asked: Asked) -> Iterator[Occurrence]:
    """Somebody's meetings that have a time; one that is cancelled or has lost it disappears. At most nineteen statements."""
    who = people.actor(asked.id, now=datetime.now(UTC))
    for row, session, mine in queries.meetings_of(who, first=asked.first, last=asked.last):
        if row.round is None or row.state is MeetingState.MISSED:
            continue
        other = row.other(mine)
        table = row.table.name if row.table is not None else ""
        lines = [session.names.pick(asked.language), *(person.name for person in other.coming)]
        online = row.table.online_url if row.table is not None else ""
        where = [table, session.place.pick(asked.language), session.house.names.pick(asked.language)]
        yield Occurrence(
            uid=uid("meeting", row.id),
            starts=row.round.starts,
            ends=row.round.ends,
            summary=wording.say(wording.MEETING_WITH, asked.language, name=other.names.pick(asked.language)),
            changed_at=row.changed_at,
            revision=row.revision,
            description="\n".join(line for line in [*lines, online] if line),
            location=", ".join(part for part in where if part),
            url=page(f"/account/matchmaking/{session.id}"),
            private=True,
        )
