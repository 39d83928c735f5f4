"""As whom somebody could take part in a session."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.meetings import permissions
from khaneh.domains.meetings.rules import admission
from khaneh.domains.meetings.types import GuestKind, Standing
from khaneh.domains.network import queries as network
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.residencies import queries as residencies
from khaneh.domains.residencies.types import ResidencyState
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label


def standings(actor: Actor, *, now: datetime) -> list[Standing]:
    """The organisations that somebody speaks for, the teams that they answer for and that have moved in, and themselves where they are a mentor.

    At most eleven statements.
    """
    if actor.account_id is None:
        return []
    spoken = permissions.spoken_for(actor)
    found = [
        Standing(f"organisation-{one.id}", admission.guest_kind(one.kind), one.names, one.sectors, one.id)
        for one in network.organisations_by_ids(spoken).values()
        if not one.withdrawn
    ]
    teams = [one for one in residencies.residencies_of(actor, now=now) if one.state is ResidencyState.MOVED_IN]
    known = network.organisations_by_ids(one.organisation.id for one in teams if one.organisation is not None)
    for one in teams:
        sectors = known[one.organisation.id].sectors if one.organisation is not None else ()
        found.append(Standing(f"team-{one.id}", GuestKind.TEAM, one.names, sectors, residency_id=one.id))
    mentor = profiles.mentors_by_accounts([actor.account_id]).get(actor.account_id)
    if mentor is not None and mentor.published:
        name = Label(mentor.name, mentor.name, mentor.name)
        found.append(Standing("mentor", GuestKind.MENTOR, name, tuple(mentor.draft.sectors)))
    return found
