"""Who keeps programmes, who sees what was handed in, and who writes an application."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

MANAGERS: frozenset[str] = frozenset({Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def may_manage(actor: Actor, *, house_id: int) -> bool:
    """Keep the programmes and calls of a house, and see what was handed in. Raises NotFound for no house."""
    return actor.holds(MANAGERS, network.house_facts(house_id).place)


def require_manage(actor: Actor, *, house_id: int) -> None:
    """As `may_manage`. Raises NotAllowed."""
    if not may_manage(actor, house_id=house_id):
        raise NotAllowed(act="programmes.manage")


def represented(actor: Actor) -> list[int]:
    """The organisations for which the actor may apply: those where they have a role themselves."""
    return sorted(
        {
            grant.organisation_id
            for grant in actor.grants
            if grant.organisation_id is not None and grant.role in MANAGERS
        }
    )


def require_account(actor: Actor) -> int:
    """The account of who acts. Raises NotAllowed for a visitor."""
    if actor.account_id is None:
        raise NotAllowed(act="programmes.apply")
    return actor.account_id
