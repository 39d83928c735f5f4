"""Who may say what qualifications there are, and who may award them and take them back."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

AWARDERS: frozenset[str] = frozenset({Role.TRAINER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def may_define(actor: Actor) -> bool:
    """Make and change qualifications, which hold in every house: whoever administers an authority. At most one statement."""
    return network.may_publish_indexes(actor)


def require_define(actor: Actor) -> None:
    """As `may_define`. Raises NotAllowed."""
    if not may_define(actor):
        raise NotAllowed(act="qualifications.define")


def may_award(actor: Actor, *, house_id: int) -> bool:
    """Award, renew and take back in the name of a house. Raises NotFound for no house."""
    return actor.holds(AWARDERS, network.house_facts(house_id).place)


def require_award(actor: Actor, *, house_id: int) -> None:
    """As `may_award`. Raises NotAllowed, NotFound."""
    if not may_award(actor, house_id=house_id):
        raise NotAllowed(act="qualifications.award")


def awards(actor: Actor) -> bool:
    """Whether the actor awards anywhere: then they may see who holds what, since it is honoured everywhere."""
    return actor.is_system or actor.holds_somewhere(AWARDERS)


def may_see(actor: Actor, account_id: int) -> bool:
    """What somebody holds is seen by themself and by whoever awards anywhere, since it is honoured everywhere."""
    return (actor.account_id is not None and actor.account_id == account_id) or awards(actor)
