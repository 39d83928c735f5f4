"""Who runs a call's selection, and who has a part in it."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

OFFICERS: frozenset[str] = frozenset({Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def runs(actor: Actor, house_id: int) -> bool:
    """Whether the actor may run the selection of a house's calls: see everything but the seed, assign, rank, decide. At most one statement."""
    return actor.holds(OFFICERS, network.house_facts(house_id).place)


def require_run(actor: Actor, house_id: int) -> None:
    """As `runs`. Raises NotFound: for anybody else there is no selection to see."""
    if not runs(actor, house_id):
        raise NotFound(what="round")
