"""Mentoring as teams and mentors see it: times that suit both, sessions, and who could mentor a team."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import QuerySet

from khaneh.domains.events import queries as events
from khaneh.domains.learning import queries as learning
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_name
from khaneh.domains.people import queries as people
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.residencies.models import Mentorship, Residency, Session, Slot
from khaneh.domains.residencies.rules import fitting
from khaneh.domains.residencies.types import LIVE_SESSIONS, MentorFit, SessionRow, SessionState, SlotRow
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

# Of more mentors than these the latest are looked at.
MOST_MENTORS = 500
_LIVE = [state.value for state in LIVE_SESSIONS]


def slots_for(residency_id: int, *, now: datetime, limit: int = 60) -> list[SlotRow]:
    """Times of a team's mentors that nobody has taken, and at which neither the team, its founder nor the mentor is somewhere else, the soonest
    first: at another session, in something booked, in a course (learning or teaching), at an event.

    The caller has asked who may see the team. Nine statements.
    """
    one = Residency.objects.get(pk=residency_id)
    mentors = Mentorship.objects.filter(residency_id=residency_id, until__isnull=True).values_list("mentor_id")
    found = Slot.objects.filter(mentor_id__in=mentors, starts__gt=now).exclude(sessions__state__in=_LIVE)
    offered = list(found.order_by("starts", "pk"))
    sessions = Session.objects.filter(residency_id=residency_id, state__in=_LIVE, ends__gt=now)
    of_team = list(sessions.values_list("starts", "ends"))
    people_asked = {slot.mentor_id for slot in offered} | ({one.founder_id} if one.founder_id is not None else set())
    of_each: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for account_id, starts, ends in (
        *spaces.busy(people_asked, now=now),
        *learning.busy(people_asked, now=now),
        *events.busy(people_asked, now=now),
    ):
        of_each[account_id].append((starts, ends))
    of_team += of_each[one.founder_id or 0]
    free = [
        slot
        for slot in offered
        if not any(starts < slot.ends and slot.starts < ends for starts, ends in (*of_team, *of_each[slot.mentor_id]))
    ]
    return _slots(free[:limit], {})


def mentors_for(residency_id: int, *, limit: int = 8) -> list[MentorFit]:
    """Published mentors by how well what they can do fits a team's plan, name and organisation, the best first; at equal fit who has fewer teams.

    The caller has asked who may see the team. About ten statements.
    """
    one = Residency.objects.get(pk=residency_id)
    wanted = [one.plan, *one.names.values()]
    sectors: tuple[str, ...] = ()
    if one.organisation_id is not None:
        wanted += network.organisation_descriptions([one.organisation_id])[one.organisation_id]
        sectors = tuple(network.organisations_by_ids([one.organisation_id])[one.organisation_id].sectors)
    found = {
        row.account_id: row for row in profiles.mentors(limit=MOST_MENTORS).rows if row.account_id != one.founder_id
    }
    open_ = Mentorship.objects.filter(mentor_id__in=found, until__isnull=True)
    load = Counter(open_.values_list("mentor_id", flat=True))
    taken = set(open_.filter(residency_id=residency_id).values_list("mentor_id", flat=True))
    can = {
        account_id: fitting.Can(
            (
                *row.draft.headlines,
                *row.draft.about,
                *(" ".join(capability_name(code)) for code in row.draft.capabilities),
            ),
            tuple(row.draft.sectors),
        )
        for account_id, row in found.items()
    }
    matched = fitting.fits(wanted, sectors, can)
    fits = [
        MentorFit(
            account_id, row.name, matched[account_id].score, matched[account_id].words, load[account_id],
            account_id in taken,
        )
        for account_id, row in found.items()
    ]  # fmt: skip
    fits.sort(key=lambda fit: (-fit.score, fit.load, fit.account_id))
    return fits[:limit]


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
