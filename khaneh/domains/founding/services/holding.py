"""The locks of every act on proposals and passports, in whose name lower domains are asked, and steps that several acts take.

One statement at the beginning of an act: the proposal, or the house where there is none yet or no more. The tree of houses, which the
network holds itself, comes after.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from khaneh.domains.founding import permissions
from khaneh.domains.founding.errors import ProposalStateRefused
from khaneh.domains.founding.models import Proposal
from khaneh.domains.founding.types import ProposalState
from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.types import HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotFound

_ORDER = (HouseState.PROPOSED, HouseState.ASSESSED, HouseState.APPROVED, HouseState.FITTING_OUT, HouseState.OPEN)


def held_proposal(proposal_id: int, *, actor: Actor) -> tuple[Proposal, Place]:
    """A proposal with its lock, and the place of its house. Raises NotFound, also for who may not see it."""
    db.lock(("founding.proposal", proposal_id))
    found = Proposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(what="proposal")
    place = network.place_of_house(found.house_id)
    if not permissions.may_see(actor, place):
        raise NotFound(what="proposal")
    return found, place


def move(proposal: Proposal, state: ProposalState, *, actor: Actor, now: datetime, **values: object) -> None:
    """Write another state with what belongs to it, and note it."""
    before = proposal.state
    Proposal.objects.filter(pk=proposal.pk).update(state=state.value, changed_at=now, **values)
    journal.record(
        "founding.proposal.state_changed", actor=actor, house_id=proposal.house_id, proposal_id=proposal.pk,
        before=before, after=state.value,
    )  # fmt: skip


def require_state(proposal: Proposal, *wanted: ProposalState, act: str) -> None:
    """Raises ProposalStateRefused."""
    if ProposalState(proposal.state) not in wanted:
        raise ProposalStateRefused(state=proposal.state, wanted=act)


def take_house_to(house_id: int, state: HouseState, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take the house to a state, through those between; one that has come as far by an earlier proposal stays there.

    Whether the actor may was judged here; the network's journal has who it was.
    """
    facts = network.house_by_id(house_id, actor=founder(actor), now=now)
    if facts.state not in _ORDER:
        return
    for one in _ORDER[_ORDER.index(facts.state) + 1 : _ORDER.index(state) + 1]:
        network_services.change_house_state(
            actor=founder(actor), code=facts.code, state=one, now=now, reason=reason[:300]
        )


def founder(actor: Actor) -> Actor:
    """The same person, with the right that founding gives for what it does in the network."""
    # Field by field: what a request carries is an actor that is looked up when it is first asked, and no dataclass.
    return Actor(actor.account_id, actor.name, actor.grants, actor.language, True, actor.token_id)


def today_at(house_id: int, now: datetime) -> date:
    """The day that it is in a house."""
    return now.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()
