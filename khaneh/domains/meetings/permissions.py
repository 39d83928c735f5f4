"""Who runs matchmaking sessions and demo days, who speaks for an organisation there, and who comes for a participant."""

from __future__ import annotations

from khaneh.domains.meetings.models import Matchmaking, Participant, Person
from khaneh.domains.meetings.types import MatchmakingState, ParticipantState, PersonState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound

ORGANISERS: frozenset[str] = frozenset({Role.PROGRAMME_MANAGER, Role.BROKER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
SPEAKERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER, Role.BROKER})


def may_run(actor: Actor, *, house_id: int) -> bool:
    """Make sessions and demo days of a house, plan them, see who meets whom. Raises NotFound for no house."""
    return actor.holds(ORGANISERS, network.house_facts(house_id).place)


def require_run(actor: Actor, *, house_id: int) -> None:
    """As `may_run`. Raises NotAllowed, NotFound."""
    if not may_run(actor, house_id=house_id):
        raise NotAllowed(act="meetings.run")


def require_see(actor: Actor, found: Matchmaking) -> None:
    """A draft is there for its house alone. Raises NotFound."""
    if found.state == MatchmakingState.DRAFT and not may_run(actor, house_id=found.house_id):
        raise NotFound(what="matchmaking")


def houses_run(actor: Actor) -> list[int]:
    """The open houses whose sessions the actor runs. No statement where houses were asked for lately."""
    if not actor.holds_somewhere(ORGANISERS):
        return []
    return sorted(number for number, place in network.public_places().items() if actor.holds(ORGANISERS, place))


def speaks_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor speaks for an organisation: a role at that very one, never from above."""
    return any(grant.organisation_id == organisation_id and grant.role in SPEAKERS for grant in actor.grants)


def spoken_for(actor: Actor) -> list[int]:
    """The organisations that the actor speaks for."""
    return sorted(
        {one.organisation_id for one in actor.grants if one.organisation_id is not None and one.role in SPEAKERS}
    )


def own(actor: Actor, matchmaking_id: int) -> Participant:
    """The participant for which the actor comes. One statement. Raises NotFound."""
    found = (
        Person.objects.filter(
            matchmaking_id=matchmaking_id, account_id=actor.account_id, state=PersonState.COMING.value,
            participant__state=ParticipantState.REGISTERED.value,
        ).select_related("participant").first()
        if actor.account_id is not None else None
    )  # fmt: skip
    if found is None:
        raise NotFound(what="participant")
    return found.participant
