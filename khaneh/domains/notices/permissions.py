"""Who may write texts, look into the queue, and choose for a member."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

WRITERS: frozenset[str] = frozenset({Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
QUEUE_READERS: frozenset[str] = frozenset({Role.CIRCULATION, Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def may_write(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor may write the texts and quiet hours of a house."""
    return actor.holds(WRITERS, network.house_facts(house_id).place)


def require_write(actor: Actor, *, house_id: int) -> None:
    """Write the texts and quiet hours of a house. Raises NotAllowed, NotFound."""
    if not may_write(actor, house_id=house_id):
        raise NotAllowed(act="notices.write")


def require_queue(actor: Actor, *, house_id: int) -> None:
    """See and settle the messages of a house. Raises NotAllowed, NotFound."""
    if not actor.holds(QUEUE_READERS, network.house_facts(house_id).place):
        raise NotAllowed(act="notices.queue")
