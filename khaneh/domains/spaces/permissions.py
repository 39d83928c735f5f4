"""Who may keep spaces, answer requests, work at the desk, and pass over which refusal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed

DESK: frozenset[str] = frozenset(
    {Role.CIRCULATION, Role.LIBRARIAN, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR}
)
LEADS: frozenset[str] = frozenset({Role.LIBRARIAN, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
MANAGERS: frozenset[str] = frozenset({Role.HOUSE_MANAGER, Role.ADMINISTRATOR})

_ANY: frozenset[str] = frozenset(Role)

# Named rights: which roles may set a refusal aside, always with a reason.
RIGHT_HOLDERS: Mapping[str, frozenset[str]] = {
    "book_over_limit": LEADS,
    "book_for_blocked": LEADS,
    "book_outside_hours": LEADS,
    "book_unqualified": MANAGERS,
}


def place_of(house_id: int) -> Place:
    """Where a house is. No statement where it was asked for lately. Raises NotFound."""
    return network.house_facts(house_id).place


def may_desk(actor: Actor, *, house_id: int) -> bool:
    """Book for others, check in, cancel, see who has booked what."""
    return actor.holds(DESK, place_of(house_id))


def require_desk(actor: Actor, *, house_id: int) -> None:
    """As `may_desk`. Raises NotAllowed, NotFound."""
    if not may_desk(actor, house_id=house_id):
        raise NotAllowed(act="spaces.desk")


def may_lead(actor: Actor, *, house_id: int) -> bool:
    """Answer requests, close a space for a while."""
    return actor.holds(LEADS, place_of(house_id))


def require_lead(actor: Actor, *, house_id: int) -> None:
    """As `may_lead`. Raises NotAllowed, NotFound."""
    if not may_lead(actor, house_id=house_id):
        raise NotAllowed(act="spaces.lead")


def may_manage(actor: Actor, *, house_id: int) -> bool:
    """Enter, change and retire spaces."""
    return actor.holds(MANAGERS, place_of(house_id))


def require_manage(actor: Actor, *, house_id: int) -> None:
    """As `may_manage`. Raises NotAllowed, NotFound."""
    if not may_manage(actor, house_id=house_id):
        raise NotAllowed(act="spaces.manage")


def rights_of(actor: Actor, *, house_id: int) -> frozenset[str]:
    """The named rights that the actor has at a house."""
    place = place_of(house_id)
    return frozenset(right for right, roles in RIGHT_HOLDERS.items() if actor.holds(roles, place))


def require_rights(actor: Actor, *, house_id: int, rights: Collection[str]) -> None:
    """Pass over refusals by these rights. Raises NotAllowed for one that the actor has not."""
    if rights and not set(rights) <= rights_of(actor, house_id=house_id):
        raise NotAllowed(act="spaces.override")


def acts_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor has any role at the organisation, or above it: then they may book in its name. No statement where the organisation
    was asked for lately. Raises NotFound."""
    return actor.is_system or (
        bool(actor.grants) and actor.holds(_ANY, network.organisation_facts(organisation_id).place)
    )
