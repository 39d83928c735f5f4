"""Demo days: the running order with its times, and contact as each side sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from khaneh.domains.events import queries as events
from khaneh.domains.meetings import permissions
from khaneh.domains.meetings.models import DemoDay, Interest, Pitch
from khaneh.domains.meetings.types import DemoDayRow, InterestRow, InterestState, PitchOrder, PitchRow
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.residencies import queries as residencies
from khaneh.domains.residencies.queries import Team
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor

_SHOWN = (InterestState.ASKED, InterestState.ACCEPTED)


def demo_day(event_id: int, *, actor: Actor = VISITOR) -> DemoDayRow | None:
    """The running order of an event, with when each begins; None where nobody pitches. At most thirty statements. Raises NotFound for no event.

    How many asked for contact is told to who runs the day, and to each team of itself.
    """
    event = events.event(event_id, actor=actor)
    day = DemoDay.objects.filter(event_id=event_id).first()
    if day is None:
        return None
    listed = list(Pitch.objects.filter(day=day, withdrawn_at__isnull=True).order_by("number"))
    teams = residencies.teams({one.residency_id for one in listed if one.residency_id is not None})
    ids = {one.organisation_id for one in listed} | {team.organisation_id for team in teams.values()}
    organisations = network.organisation_refs(number for number in ids if number is not None)
    runs = permissions.may_run(actor, house_id=event.house.id)
    asked = Counter(
        Interest.objects.filter(pitch__in=listed, state__in=[state.value for state in _SHOWN]).values_list(
            "pitch_id", flat=True
        )
    )
    mine = {one.pk: _is_own(actor, one, teams) for one in listed}
    own = {row.pitch_id: row for row in interests_by(actor, pitches=[one.pk for one in listed])}
    rows, at = [], event.starts
    for place, one in enumerate(listed, 1):
        team = teams.get(one.residency_id or 0)
        organisation = organisations.get(one.organisation_id or (team.organisation_id if team else None) or 0)
        names = team.names if team is not None else organisation.names if organisation is not None else None
        if names is None:
            continue
        rows.append(
            PitchRow(
                id=one.pk, event_id=event_id, number=place, names=names, organisation=organisation, title=one.title,
                summary=one.summary, speaker=one.speaker, minutes=one.minutes, starts=at, mine=mine[one.pk],
                interest=own.get(one.pk), interests=asked[one.pk] if runs or mine[one.pk] else 0,
            )
        )  # fmt: skip
        at += timedelta(minutes=one.minutes + day.pause_minutes)
    return DemoDayRow(event_id, PitchOrder(day.order), day.seed, day.pause_minutes, tuple(rows))


def is_demo_day(event_id: int) -> bool:
    """Whether somebody pitches at an event. One statement."""
    return Pitch.objects.filter(day__event_id=event_id, withdrawn_at__isnull=True).exists()


def interests_for(event_id: int, *, actor: Actor) -> list[InterestRow]:
    """Who asked the actor's own teams for contact at an event, the oldest first. At most eight statements."""
    listed = list(Pitch.objects.filter(day__event_id=event_id, withdrawn_at__isnull=True))
    teams = residencies.teams({one.residency_id for one in listed if one.residency_id is not None})
    mine = [one.pk for one in listed if _is_own(actor, one, teams)]
    found = Interest.objects.filter(pitch_id__in=mine).exclude(state=InterestState.WITHDRAWN.value)
    rows = list(found.select_related("pitch").order_by("pk"))
    return _rows(rows, {one.account_id for one in rows if one.state == InterestState.ACCEPTED})


def interests_by(actor: Actor, *, pitches: Collection[int]) -> list[InterestRow]:
    """What the actor asked of these pitches, with the team's contact where it said yes. At most seven statements."""
    if actor.account_id is None or not pitches:
        return []
    found = Interest.objects.filter(account_id=actor.account_id, pitch_id__in=pitches)
    rows = list(found.exclude(state=InterestState.WITHDRAWN.value).select_related("pitch").order_by("pk"))
    return _rows(rows, (), answered=True)


def is_own_pitch(actor: Actor, pitch: Pitch) -> bool:
    """Whether the actor answers for the team: its founder, or who speaks for its organisation. At most one statement."""
    known = residencies.teams([pitch.residency_id]) if pitch.residency_id is not None else {}
    return _is_own(actor, pitch, known)


def answer_for(pitch: Pitch, *, now: datetime) -> list[int]:
    """The accounts that answer for a pitch: the team's founder, else who administers its organisation. At most three statements."""
    team = residencies.teams([pitch.residency_id]).get(pitch.residency_id) if pitch.residency_id is not None else None
    if team is not None and team.founder_id is not None:
        return [team.founder_id]
    organisation_id = pitch.organisation_id or (team.organisation_id if team is not None else None)
    if organisation_id is None:
        return []
    held = people.roles_at(actor=SYSTEM, organisation_id=organisation_id, now=now)
    return sorted({row.account_id for row in held if row.role in permissions.SPEAKERS and row.is_valid(now)})


def _is_own(actor: Actor, pitch: Pitch, teams: dict[int, Team]) -> bool:
    if actor.account_id is None:
        return False
    team = teams.get(pitch.residency_id or 0)
    spoken = {pitch.organisation_id, team.organisation_id if team is not None else None} - {None}
    return (team is not None and team.founder_id == actor.account_id) or any(
        permissions.speaks_for(actor, number) for number in spoken if number is not None
    )


def _rows(rows: Iterable[Interest], shown: Collection[int | None], *, answered: bool = False) -> list[InterestRow]:
    listed = list(rows)
    asked = {one.account_id for one in listed}
    gave = {one.answered_by_id for one in listed if one.state == InterestState.ACCEPTED} if answered else set()
    names = people.account_names(asked | gave)
    emails = people.account_emails(set(shown) | gave)
    organisations = network.organisation_refs(
        {one.organisation_id for one in listed if one.organisation_id is not None}
    )
    found = []
    for one in listed:
        who = one.answered_by_id if answered else one.account_id
        of = organisations.get(one.organisation_id or 0)
        seen = one.state == InterestState.ACCEPTED and who in emails
        found.append(
            InterestRow(
                id=one.pk, pitch_id=one.pitch_id, pitch=one.pitch.title, asked_by=names.get(one.account_id or 0, "—"),
                of=of.names if of is not None else None, message=one.message, state=InterestState(one.state), at=one.at,
                contact=f"{names.get(who or 0, '')} · {emails[who or 0]}" if seen else "",
            )
        )  # fmt: skip
    return found
