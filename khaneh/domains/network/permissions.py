"""Who may change what in the network. A role counts at the place it is held and everywhere below it; there is no global one."""

from __future__ import annotations

from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed

MANAGERS = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def may_manage_house(actor: Actor, place: Place) -> bool:
    """Change a house's description, hours and holidays, or suspend and reopen it."""
    return actor.holds(MANAGERS, place)


def require_manage_house(actor: Actor, place: Place) -> None:
    """As `may_manage_house`. Raises NotAllowed."""
    if not may_manage_house(actor, place):
        raise NotAllowed(act="network.manage_house")


def may_administer(actor: Actor, place: Place) -> bool:
    """Make, move, assess, approve or close a house below the place; change an organisation; keep regions and their holidays."""
    return actor.holds(ADMINISTRATORS, place)


def require_administer(actor: Actor, place: Place) -> None:
    """As `may_administer`. Raises NotAllowed."""
    if not may_administer(actor, place):
        raise NotAllowed(act="network.administer")


def may_import(actor: Actor) -> bool:
    """Offer the import pages; each line is judged by itself."""
    return actor.holds_somewhere(MANAGERS)
