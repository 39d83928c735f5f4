"""Who may propose events, open them, work at their door and see who comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

DESK: frozenset[str] = frozenset(
    {Role.CIRCULATION, Role.LIBRARIAN, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR}
)
# Those who speak for an organisation, by a role at that very one: they are told of what is registered in its name.
CONTACTS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})
LEADS: frozenset[str] = frozenset({Role.LIBRARIAN, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})

# Named rights: which roles may set a refusal of the policies aside, always with a reason.
RIGHT_HOLDERS: Mapping[str, frozenset[str]] = {"register_over_limit": LEADS, "register_for_blocked": LEADS}


def may_desk(actor: Actor, *, house_ids: Iterable[int]) -> bool:
    """Propose, check in, see who comes: whoever works in one of the houses of an event. No statement where they were asked for lately."""
    return actor.is_system or any(actor.holds(DESK, network.house_facts(number).place) for number in house_ids)


def require_desk(actor: Actor, *, house_ids: Iterable[int]) -> None:
    """As `may_desk`. Raises NotAllowed, NotFound."""
    if not may_desk(actor, house_ids=house_ids):
        raise NotAllowed(act="events.desk")


def may_lead(actor: Actor, *, house_id: int) -> bool:
    """Open, change and cancel events of a house, answer requests."""
    return actor.holds(LEADS, network.house_facts(house_id).place)


def require_lead(actor: Actor, *, house_id: int) -> None:
    """As `may_lead`. Raises NotAllowed, NotFound."""
    if not may_lead(actor, house_id=house_id):
        raise NotAllowed(act="events.lead")


def rights_of(actor: Actor, *, house_id: int) -> frozenset[str]:
    """The named rights that the actor has at a house."""
    place = network.house_facts(house_id).place
    return frozenset(right for right, roles in RIGHT_HOLDERS.items() if actor.holds(roles, place))


def require_rights(actor: Actor, *, house_id: int, rights: Collection[str]) -> None:
    """Pass over refusals by these rights. Raises NotAllowed for one that the actor has not."""
    if rights and not set(rights) <= rights_of(actor, house_id=house_id):
        raise NotAllowed(act="events.override")


def spoken_for(actor: Actor) -> list[int]:
    """The organisations for which the actor speaks: they see what is registered in their name, and change it or give it up. No statement."""
    return sorted(
        {one.organisation_id for one in actor.grants if one.organisation_id is not None and one.role in CONTACTS}
    )


def acts_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor has any role at the organisation, or above it: then they register in its name. At most two statements."""
    return actor.is_system or (
        bool(actor.grants) and actor.holds(frozenset(Role), network.place_of_organisation(organisation_id))
    )
