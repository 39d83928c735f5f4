"""The locks of every act on residencies, one statement at its beginning (`db.lock` sorts): ledgers of houses, budget lines, mentors, residencies.

An organisation to which something is offered, or that withdraws, is held before these. What is booked in `spaces` is held after these, by its own acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from khaneh.domains.network import queries as network
from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.errors import OwnTeam, StateRefused
from khaneh.domains.residencies.models import Residency
from khaneh.domains.residencies.rules import days
from khaneh.domains.residencies.types import OPEN_STATES, ResidencyState
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def hold(
    *,
    residencies: Iterable[int] = (),
    lines: Iterable[int] = (),
    mentors: Iterable[int] = (),
    ledgers: Iterable[int] = (),
) -> None:
    """Hold these until the transaction ends; `ledgers` are houses. One statement, none for nothing."""
    things = [("residencies.residency", number) for number in residencies]
    things += [("residencies.line", number) for number in lines]
    things += [("residencies.mentor", number) for number in mentors]
    things += [("residencies.ledger", number) for number in ledgers]
    if things:
        db.lock(*things)


def hold_organisation(organisation_id: int) -> None:
    """Hold an organisation, before anything else: what is offered to it and its withdrawal come one after the other. One statement."""
    db.lock(("residencies.organisation", organisation_id))


def held(
    residency_id: int,
    *,
    lines: Iterable[int] = (),
    mentors: Iterable[int] = (),
    ledgers: Iterable[int] = (),
) -> Residency:
    """A residency with its lock, and these. Raises NotFound."""
    hold(residencies=[residency_id], lines=lines, mentors=mentors, ledgers=ledgers)
    found = Residency.objects.filter(pk=residency_id).first()
    if found is None:
        raise NotFound(what="residency")
    return found


def run_by(actor: Actor, residency: Residency) -> None:
    """Whoever runs residencies of its house, and is not of the team. Raises NotFound to who may not even see it, NotAllowed, OwnTeam."""
    if not permissions.may_run(actor, house_id=residency.house_id):
        permissions.require_team(actor, residency)
        permissions.require_run(actor, house_id=residency.house_id)
    if permissions.is_of_team(actor, residency):
        raise OwnTeam


def open_one(residency: Residency, *states: ResidencyState) -> None:
    """Only while it is in one of these states, by default while it is not over. Raises StateRefused."""
    if ResidencyState(residency.state) not in (states or OPEN_STATES):
        raise StateRefused(what="residency", state=residency.state)


def today_at(house_id: int, now: datetime) -> date:
    """The day that it is at a house. No statement where the house was asked for lately."""
    return days.day_at(network.house_facts(house_id).calendar.zone, now)
