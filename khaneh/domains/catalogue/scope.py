"""How far an actor's roles reach in the catalogue. Permissions decide acts by it and queries filter lists by it; nothing else is here."""

from __future__ import annotations

from collections.abc import Collection

from khaneh.domains.network import queries as network
from khaneh.kernel.actor import Actor

IMPORTERS = frozenset({"cataloguer", "librarian", "administrator"})
CATALOGUERS = frozenset({"cataloguer", "administrator"})


def may_see_workbench(actor: Actor) -> bool:
    """Show the import, quarantine and review pages at all; each act is judged by itself. No statement."""
    return actor.holds_somewhere(IMPORTERS)


def house_scope(actor: Actor, roles: Collection[str] = IMPORTERS) -> frozenset[int] | None:
    """The houses for which the actor holds one of these roles; None for all, sources without a house among them.

    A bounded number of statements.
    """
    if actor.is_system or answers_for_a_country(actor, roles):
        return None
    if not actor.holds_somewhere(roles):
        return frozenset()
    places = network.places_of_houses(number for numbers in network.public_house_ids() for number in numbers)
    return frozenset(number for number, place in places.items() if actor.holds(roles, place))


def answers_for_a_country(actor: Actor, roles: Collection[str]) -> bool:
    """Whether the actor holds one of these roles at an authority of a whole country: one of the network's that has no region.

    At most one statement.
    """
    if not any(grant.organisation_id is not None and grant.role in roles for grant in actor.grants):
        return False
    return any(actor.holds(roles, place) for place in network.places_of_countries().values())
