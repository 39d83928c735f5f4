"""Who sees whose ledger, takes money, confirms work, corrects, and says what credits there are."""

from __future__ import annotations

from khaneh.domains.credits.types import Holder
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

DESK: frozenset[str] = frozenset(
    {Role.CIRCULATION, Role.LIBRARIAN, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR}
)
CONFIRMERS: frozenset[str] = frozenset(
    {Role.LIBRARIAN, Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR}
)
MANAGERS: frozenset[str] = frozenset({Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def may_see(actor: Actor, holder: Holder, *, at_house: int | None = None) -> bool:
    """One's own ledger, that of an organisation at which one has a role, and at the desk of a house anybody's: people pay where they are.
    At most two statements.
    """
    if actor.is_system or (actor.account_id is not None and holder.account_id == actor.account_id):
        return True
    if at_house is not None and may_desk(actor, house_id=at_house):
        return True
    return holder.organisation_id is not None and acts_for(actor, holder.organisation_id)


def acts_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor has any role at the organisation, or above it. At most two statements."""
    return actor.is_system or (
        bool(actor.grants) and actor.holds(frozenset(Role), network.place_of_organisation(organisation_id))
    )


def may_desk(actor: Actor, *, house_id: int) -> bool:
    """Take money, record work for others."""
    return actor.holds(DESK, network.house_facts(house_id).place)


def require_desk(actor: Actor, *, house_id: int) -> None:
    """As `may_desk`. Raises NotAllowed, NotFound."""
    if not may_desk(actor, house_id=house_id):
        raise NotAllowed(act="credits.desk")


def may_confirm(actor: Actor, *, house_id: int) -> bool:
    """Say that work was done, or that it was not."""
    return actor.holds(CONFIRMERS, network.house_facts(house_id).place)


def require_confirm(actor: Actor, *, house_id: int) -> None:
    """As `may_confirm`. Raises NotAllowed, NotFound."""
    if not may_confirm(actor, house_id=house_id):
        raise NotAllowed(act="credits.confirm")


def may_manage(actor: Actor, *, house_id: int) -> bool:
    """Correct balances, pay out, say what work earns."""
    return actor.holds(MANAGERS, network.house_facts(house_id).place)


def require_manage(actor: Actor, *, house_id: int | None) -> None:
    """As `may_manage`; what is the whole network's, whoever administers an authority. At most one statement. Raises NotAllowed, NotFound."""
    if not (network.may_publish_indexes(actor) if house_id is None else may_manage(actor, house_id=house_id)):
        raise NotAllowed(act="credits.manage")
