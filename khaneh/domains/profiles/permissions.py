"""Who speaks for an organisation, who verifies one that signs up, and who takes in tables of companies."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

REPRESENTATIVES: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER})
VERIFIERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.BROKER})
IMPORTERS: frozenset[str] = frozenset({Role.ADMINISTRATOR})


def represents(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor speaks for an organisation: a role at that very one, never from above."""
    return actor.is_system or any(
        grant.organisation_id == organisation_id and grant.role in REPRESENTATIVES for grant in actor.grants
    )


def require_represent(actor: Actor, organisation_id: int) -> None:
    """As `represents`. Raises NotAllowed."""
    if not represents(actor, organisation_id):
        raise NotAllowed(act="profiles.represent")


def represented(actor: Actor) -> list[int]:
    """The organisations that the actor speaks for."""
    return sorted(
        {
            grant.organisation_id
            for grant in actor.grants
            if grant.organisation_id is not None and grant.role in REPRESENTATIVES
        }
    )


def may_verify(actor: Actor, *, region_id: int) -> bool:
    """Decide sign-ups of a region: administrator or broker of an authority of it, of a region above, or of its country. Two statements."""
    return actor.is_system or actor.holds(VERIFIERS, network.place_of_region(region_id))


def require_verify(actor: Actor, *, region_id: int) -> None:
    """As `may_verify`. Raises NotAllowed, NotFound for no region."""
    if not may_verify(actor, region_id=region_id):
        raise NotAllowed(act="profiles.verify")


def may_withdraw(actor: Actor, organisation_id: int) -> bool:
    """Withdraw an organisation: who speaks for it, or an administrator above it. Two statements."""
    return represents(actor, organisation_id) or actor.holds(
        {Role.ADMINISTRATOR}, network.place_of_organisation(organisation_id)
    )


def require_import(actor: Actor) -> None:
    """Take in tables; where each line may be entered is judged line by line. Raises NotAllowed."""
    if not actor.holds_somewhere(IMPORTERS):
        raise NotAllowed(act="profiles.import")
