"""Who may give which role. Pure: no ORM, no clock, no settings."""

from __future__ import annotations

from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place

# A house manager staffs the house; whoever answers for more than one house is for an administrator to choose.
_BY_HOUSE_MANAGER = frozenset(
    {Role.LIBRARIAN, Role.CATALOGUER, Role.CIRCULATION, Role.COURIER, Role.TRAINER, Role.PROGRAMME_MANAGER}
)


def grantable(actor: Actor, place: Place) -> frozenset[Role]:
    """The roles that the actor may give and take at a place.

    An administrator of the place or of anything above it gives every role there, a house manager those of a house's staff. Nobody
    reaches above where their own role is held, because a place holds only what is above it.
    """
    if actor.holds({Role.ADMINISTRATOR}, place):
        return frozenset(Role)
    if place.houses and actor.holds({Role.HOUSE_MANAGER}, place):
        return _BY_HOUSE_MANAGER
    return frozenset()


def sees_roles(actor: Actor, place: Place) -> bool:
    """Whether the actor sees who holds which role at a place: those who staff it do."""
    return actor.holds({Role.ADMINISTRATOR, Role.HOUSE_MANAGER}, place)
