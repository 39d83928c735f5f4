"""Who may do what in the founding of houses. Judged at the place of the house, or of what it shall be in."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed

PROPOSERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})
ASSESSORS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})
DECIDERS: frozenset[str] = frozenset({Role.ADMINISTRATOR})
FITTERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER})
READERS: frozenset[str] = PROPOSERS | ASSESSORS | {Role.COUNCIL_MEMBER}
# Organisations that publish standards: those that answer for a territory.
AUTHORITIES = frozenset({"library_authority", "ministry_office"})


def may_author(actor: Actor, organisation_id: int) -> bool:
    """Write and publish the standards of an authority: its administrator. Raises NotFound for no organisation."""
    facts = network.organisation_facts(organisation_id)
    return facts.kind in AUTHORITIES and actor.holds(DECIDERS, facts.place)


def may_propose(actor: Actor, place: Place) -> bool:
    """Propose a house there."""
    return actor.holds(PROPOSERS, place)


def may_see(actor: Actor, place: Place) -> bool:
    """See what is proposed there, with what assessors wrote."""
    return actor.holds(READERS, place)


def may_assess(actor: Actor, place: Place) -> bool:
    """Judge what is there by a standard. Whether they are impartial is asked apart."""
    return actor.holds(ASSESSORS, place)


def may_judge(actor: Actor, place: Place) -> bool:
    """Judge a house in service: an assessor there or above who does not keep it themselves."""
    return may_assess(actor, place) and (actor.is_system or not keeps(actor, place))


def keeps(actor: Actor, place: Place) -> bool:
    """Whether the actor manages the house, or one that it is in: they do not judge it. Who answers for it from an organisation does."""
    return any(grant.house_id in place.houses and grant.role in FITTERS for grant in actor.grants)


def may_decide(actor: Actor, place: Place) -> bool:
    """Approve, refuse, and say how much money there is."""
    return actor.holds(DECIDERS, place)


def may_fit(actor: Actor, place: Place) -> bool:
    """Keep the tasks and the expenses, and open the house."""
    return actor.holds(FITTERS, place)


def require(may: bool, act: str) -> None:
    """Raises NotAllowed."""
    if not may:
        raise NotAllowed(act=f"founding.{act}")


def seen(actor: Actor, house_ids: Iterable[int]) -> set[int]:
    """Those of the houses of which the actor may see what is proposed. At most three statements."""
    numbers = set(house_ids)
    if actor.is_system or not actor.holds_somewhere(READERS):
        return numbers if actor.is_system else set()
    return {number for number, place in network.places_of_houses(numbers).items() if may_see(actor, place)}
