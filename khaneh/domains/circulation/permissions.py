"""Who may lend, and who may pass over which refusal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed

DESK: frozenset[str] = frozenset({Role.CIRCULATION, Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
# Who drives a round, and nothing else of the desk.
ROUNDS: frozenset[str] = DESK | {Role.COURIER}
LEADS: frozenset[str] = frozenset({Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
MANAGERS: frozenset[str] = frozenset({Role.HOUSE_MANAGER, Role.ADMINISTRATOR})

# Named rights: which roles may set a refusal aside, always with a reason.
RIGHT_HOLDERS: Mapping[str, frozenset[str]] = {
    "lend_to_blocked": LEADS,
    "lend_to_expired": DESK,
    "lend_over_limit": LEADS,
    "lend_not_for_loan": LEADS,
    "lend_reserved": LEADS,
    "renew_over_limit": DESK,
    "request_over_limit": DESK,
    "waive_fee": LEADS,
    "change_due_date": LEADS,
    "reorder_queue": LEADS,
    "enrol_device": LEADS,
}


def require_desk(actor: Actor, *, house_id: int) -> Place:
    """Work at the desk of a house. No statement where the house was asked for lately. Raises NotAllowed, NotFound."""
    place = network.house_facts(house_id).place
    if not actor.holds(DESK, place):
        raise NotAllowed(act="circulation.desk")
    return place


def require_lead(actor: Actor, *, house_id: int) -> Place:
    """Decide what a desk alone may not: forgive, change a due date, close an inventory. Raises NotAllowed, NotFound."""
    place = network.house_facts(house_id).place
    if not actor.holds(LEADS, place):
        raise NotAllowed(act="circulation.lead")
    return place


def works_at_desk(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor works at the desk of a house."""
    return actor.holds(DESK, network.house_facts(house_id).place)


def drives_for(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor drives the rounds of a house: as its courier, or because they work at its desk."""
    return actor.holds(ROUNDS, network.house_facts(house_id).place)


def rights_of(actor: Actor, place: Place) -> frozenset[str]:
    """The named rights that the actor has at a place."""
    return frozenset(right for right, roles in RIGHT_HOLDERS.items() if actor.holds(roles, place))


def require_rights(actor: Actor, place: Place, rights: Collection[str]) -> None:
    """Pass over refusals by these rights. Raises NotAllowed for one that the actor has not."""
    if not set(rights) <= rights_of(actor, place):
        raise NotAllowed(act="circulation.override")
