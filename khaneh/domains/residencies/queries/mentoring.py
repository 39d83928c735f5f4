"""Mentoring as teams and mentors see it: times that suit both, sessions, and who could mentor a team."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from khaneh.domains.events import queries as events
from khaneh.domains.learning import queries as learning
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.profiles.types import Told
from khaneh.domains.residencies.models import Mentorship, Residency, Session, Slot
from khaneh.domains.residencies.rules.fitting import with_sectors
from khaneh.domains.residencies.types import LIVE_SESSIONS, OPEN_STATES, MentorFit, SessionRow, SessionState, SlotRow
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

# Of more mentors than these the latest are looked at.
MOST_MENTORS = 500
TEAM = 0
_LIVE = [state.value for state in LIVE_SESSIONS]


class Calendars(NamedTuple):
    """When people have something to do: by account, and by TEAM for a team with whoever answers for it."""

    times: Mapping[int, Sequence[tuple[datetime, datetime]]]

    def meet(self, who: int, starts: datetime, ends: datetime) -> bool:
        """Whether they have something to do between two instants."""
        return any(first < ends and starts < last for first, last in self.times.get(who, ()))


def slots_for(residency_id: int, *, now: datetime, limit: int = 60) -> list[SlotRow]:
    """Times of a team's mentors that nobody has taken, and at which neither the team, its founder nor the mentor is somewhere else, the soonest
    first: at another session, in something booked, in a course (learning or teaching), at an event.

    The caller has asked who may see the team. Nine statements.
    """
    one = Residency.objects.get(pk=residency_id)
    mentors = Mentorship.objects.filter(residency_id=residency_id, until__isnull=True).values_list("mentor_id")
    found = Slot.objects.filter(mentor_id__in=mentors, starts__gt=now).exclude(sessions__state__in=_LIVE)
    offered = list(found.order_by("starts", "pk"))
    calendars = taken_times(one, {slot.mentor_id for slot in offered}, now=now)
    free = [
        slot
        for slot in offered
        if not any(calendars.meet(who, slot.starts, slot.ends) for who in (TEAM, slot.mentor_id))
    ]
    return _slots(free[:limit], {})


def taken_times(one: Residency, mentor_ids: Collection[int], *, now: datetime) -> Calendars:
    """What a team (with whoever answers for it) and these mentors have to do from `now` on: sessions, what they have booked, courses, events.

    Five statements.
    """
    people_asked = {*mentor_ids, *({one.founder_id} if one.founder_id is not None else ())}
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for account_id, starts, ends in (
        *spaces.busy(people_asked, now=now),
        *learning.busy(people_asked, now=now),
        *events.busy(people_asked, now=now),
    ):
        found[account_id].append((starts, ends))
    mine = Q(residency_id=one.pk) | Q(residency__founder_id__in=people_asked) | Q(mentor_id__in=people_asked)
    sessions = Session.objects.filter(mine, state__in=_LIVE, ends__gt=now)
    for residency_id, founder_id, mentor_id, starts, ends in sessions.values_list(
        "residency_id", "residency__founder_id", "mentor_id", "starts", "ends"
    ):
        for who in {TEAM if residency_id == one.pk else founder_id, founder_id, mentor_id} - {None}:
            found[who].append((starts, ends))
    if one.founder_id is not None:
        found[TEAM] += found[one.founder_id]
    return Calendars(found)


def mentors_for(residency_id: int, *, limit: int = 8) -> list[MentorFit]:
    """Published mentors by how well what they can do fits a team's plan, name and organisation, the best first; at equal fit who has fewer teams.

    The caller has asked who may see the team. About twelve statements.
    """
    one = Residency.objects.get(pk=residency_id)
    sectors: tuple[str, ...] = ()
    if one.organisation_id is not None:
        sectors = tuple(network.organisations_by_ids([one.organisation_id])[one.organisation_id].sectors)
    found = {
        row.account_id: row for row in profiles.mentors(limit=MOST_MENTORS).rows if row.account_id != one.founder_id
    }
    open_ = Mentorship.objects.filter(mentor_id__in=found, until__isnull=True)
    load = Counter(open_.values_list("mentor_id", flat=True))
    taken = set(open_.filter(residency_id=residency_id).values_list("mentor_id", flat=True))
    tell = profiles.mentors_tell(found)
    matched = profiles.fits(
        {account_id: tell.get(account_id, ()) for account_id in found}, {one.pk: _teams_tell([one])[one.pk]}
    )
    fits = [
        MentorFit(
            account_id, row.name, with_sectors(matched[account_id, one.pk], sectors, row.draft.sectors), load[account_id],
            account_id in taken,
        )
        for account_id, row in found.items()
    ]  # fmt: skip
    fits.sort(key=lambda fit: (-fit.fit.score, fit.load, fit.account_id))
    return fits[:limit]


def compared() -> Iterator[Told]:
    """What the teams want to do for which mentors are looked for. Two statements for each 500."""
    open_ = Residency.objects.filter(state__in=[state.value for state in OPEN_STATES]).order_by("pk")
    last = 0
    while some := list(open_.filter(pk__gt=last)[:500]):
        last = some[-1].pk
        yield from _teams_tell(some).values()


def _teams_tell(teams: Iterable[Residency]) -> dict[int, Told]:
    """What teams want to do, each as one text: the plan, and what their names and organisations say. One statement."""
    listed = list(teams)
    said = network.organisation_descriptions({one.organisation_id for one in listed if one.organisation_id is not None})
    found = {}
    for one in listed:
        more = said[one.organisation_id] if one.organisation_id is not None else ()
        plan = profiles.told(one.plan)
        text = "\n".join(dict.fromkeys(part for part in (one.plan.strip(), *one.names.values(), *more) if part))
        found[one.pk] = Told(text, plan[0].language if plan else "")
    return found


def slots_of(actor: Actor, *, now: datetime) -> list[SlotRow]:
    """A mentor's own times to come, with what takes them, the soonest first. Three statements."""
    if actor.account_id is None:
        return []
    found = list(Slot.objects.filter(mentor_id=actor.account_id, ends__gt=now).order_by("starts", "pk"))
    taken = Session.objects.filter(slot_id__in=[one.pk for one in found], state__in=_LIVE)
    return _slots(found, dict(taken.values_list("slot_id", "pk")))


def sessions_of(actor: Actor, *, limit: int = 100) -> list[SessionRow]:
    """A mentor's sessions, the latest first. Two statements."""
    if actor.account_id is None:
        return []
    return session_rows(Session.objects.filter(mentor_id=actor.account_id).order_by("-starts", "-pk")[:limit])


def session_rows(found: QuerySet[Session]) -> list[SessionRow]:
    """Rows in the order of the query. Two statements."""
    listed = list(found.select_related("residency", "slot"))
    names = people.account_names(one.mentor_id for one in listed)
    return [
        SessionRow(
            id=one.pk,
            residency_id=one.residency_id,
            team=Label.from_dict(one.residency.names),
            mentor_id=one.mentor_id,
            mentor=names.get(one.mentor_id or 0, ""),
            starts=one.starts,
            ends=one.ends,
            place=one.slot.place,
            topic=one.topic,
            state=SessionState(one.state),
            summary=one.summary,
        )
        for one in listed
    ]


def _slots(found: list[Slot], taken: dict[int, int]) -> list[SlotRow]:
    names = people.account_names(one.mentor_id for one in found)
    return [
        SlotRow(one.pk, one.mentor_id, names.get(one.mentor_id, ""), one.starts, one.ends, one.place, taken.get(one.pk))
        for one in found
    ]
