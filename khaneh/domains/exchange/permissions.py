"""Who speaks for an organisation or a house, and who stands between as a broker."""

from __future__ import annotations

from collections.abc import Mapping

from khaneh.domains.exchange.errors import OwnSide
from khaneh.domains.exchange.types import GatheringDecision
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

REPRESENTATIVES: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})
# In a house the librarians too say what is lacking.
HOUSE_SPEAKERS: frozenset[str] = REPRESENTATIVES | {Role.LIBRARIAN}
BROKERS: frozenset[str] = frozenset({Role.BROKER})
# Who sees to it that companies are found.
REACH_READERS: frozenset[str] = BROKERS | {Role.HOUSE_MANAGER, Role.ADMINISTRATOR}
# What becomes of needs that many have and nobody answers is a matter of programmes as well.
GATHERERS: frozenset[str] = BROKERS | {Role.PROGRAMME_MANAGER}
# Who answers in a house that is asked to make a call or a course of them, or to buy something: whoever does that there.
ANSWERERS: Mapping[GatheringDecision, frozenset[str]] = {
    GatheringDecision.CALL: REPRESENTATIVES,
    GatheringDecision.COURSE: REPRESENTATIVES | {Role.TRAINER},
    GatheringDecision.PURCHASE: frozenset({Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR}),
}
# Everybody who has something to do with them at the desk.
GATHERING_DESK: frozenset[str] = GATHERERS.union(*ANSWERERS.values())


def represents(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor speaks for an organisation: a role at that very one, never from above."""
    return actor.is_system or any(
        grant.organisation_id == organisation_id and grant.role in REPRESENTATIVES for grant in actor.grants
    )


def speaks_for(actor: Actor, *, organisation_id: int, house_id: int | None) -> bool:
    """Whether the actor may write and answer for what an organisation, or one of its houses, needs or offers."""
    if represents(actor, organisation_id):
        return True
    return house_id is not None and any(
        grant.house_id == house_id and grant.role in HOUSE_SPEAKERS for grant in actor.grants
    )


def require_speak(actor: Actor, *, organisation_id: int, house_id: int | None) -> None:
    """As `speaks_for`. Raises NotAllowed."""
    if not speaks_for(actor, organisation_id=organisation_id, house_id=house_id):
        raise NotAllowed(act="exchange.speak")


def brokers(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor is a broker of a house, there or above."""
    return actor.holds(BROKERS, network.house_facts(house_id).place)


def brokers_somewhere(actor: Actor) -> bool:
    """Whether there is a desk to show."""
    return actor.holds_somewhere(BROKERS)


def gathers(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor decides on repeated needs of a house: as its broker or programme manager, there or above."""
    return actor.holds(GATHERERS, network.house_facts(house_id).place)


def answers(actor: Actor, decision: GatheringDecision, *, house_id: int) -> bool:
    """Whether the actor answers for a house to which this was proposed, there or above."""
    return actor.holds(ANSWERERS.get(decision, frozenset()), network.house_facts(house_id).place)


def require_reach(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not actor.is_system and not actor.holds_somewhere(REACH_READERS):
        raise NotAllowed(act="exchange.reach")


def require_between(actor: Actor, *organisation_ids: int) -> None:
    """A broker who decides between sides speaks for none of them. Raises OwnSide."""
    if not actor.is_system and any(represents(actor, number) for number in organisation_ids):
        raise OwnSide


def represented(actor: Actor) -> list[int]:
    """The organisations that the actor speaks for as a whole."""
    return sorted(
        {
            grant.organisation_id
            for grant in actor.grants
            if grant.organisation_id is not None and grant.role in REPRESENTATIVES
        }
    )


def spoken_houses(actor: Actor) -> list[int]:
    """The houses for which the actor speaks by a role there."""
    return sorted(
        {grant.house_id for grant in actor.grants if grant.house_id is not None and grant.role in HOUSE_SPEAKERS}
    )
