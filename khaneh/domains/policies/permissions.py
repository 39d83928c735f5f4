"""Who may write the rules of a place. Rules in force are no secret; drafts are seen by those who may write them."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.network import queries as network
from khaneh.domains.network.permissions import ADMINISTRATORS, MANAGERS
from khaneh.domains.network.types import Role
from khaneh.domains.policies.types import Scope
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed, NotFound

# Who answers for what was decided at a house, and so may read its decisions.
READERS = MANAGERS | {Role.LIBRARIAN, Role.CIRCULATION, Role.TRAINER, Role.PROGRAMME_MANAGER}


def writable(actor: Actor, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Those of the places whose rules the actor may write. At most six statements, whatever their number.

    A house's by its manager or administrator; a region's by an administrator of an authority that answers for it; the network's by
    whoever administers the authorities of all of its countries.
    """
    wanted = frozenset(scopes)
    if actor.is_system or not actor.holds_somewhere(MANAGERS):
        return wanted if actor.is_system else frozenset()
    houses = {scope.id for scope in wanted if scope.kind == "house" and scope.id is not None}
    regions = {scope.id for scope in wanted if scope.kind == "region" and scope.id is not None}
    found = set()
    if houses:
        places = network.places_of_houses(houses)
        found |= {Scope("house", pk) for pk, place in places.items() if actor.holds(MANAGERS, place)}
    if regions:
        places = network.places_of_regions(regions)
        found |= {Scope("region", pk) for pk, place in places.items() if actor.holds(ADMINISTRATORS, place)}
    if Scope("network") in wanted:
        national = network.places_of_countries()
        countries = network.countries()
        if countries and all(actor.holds(ADMINISTRATORS, national.get(one, Place())) for one in countries):
            found.add(Scope("network"))
    return frozenset(found)


def require_write(actor: Actor, scope: Scope) -> None:
    """Write the rules of a place. Raises NotAllowed, and NotFound for a place that is not there."""
    if scope not in writable(actor, [scope]):
        if scope.kind == "house":
            network.place_of_house(scope.id or 0)
        elif scope.kind == "region":
            network.place_of_region(scope.id or 0)
        raise NotAllowed(act="policies.write")


def require_read_decision(actor: Actor, house_id: int) -> None:
    """See a decision of a house. Raises NotFound: unseen and missing look the same."""
    if actor.is_system:
        return
    place = network.places_of_houses([house_id]).get(house_id)
    if place is None or not actor.holds(READERS, place):
        raise NotFound(what="decision")
