"""Who speaks for an employer, who keeps the list of skills, and whose cohorts somebody sees."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

REPRESENTATIVES: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})
# Who knows trainees by name; a council sees numbers alone.
RECORDERS: frozenset[str] = frozenset({Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
READERS: frozenset[str] = frozenset(
    {Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR, Role.COUNCIL_MEMBER}
)


def represents(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor speaks for an organisation: a role at that very one.

    Not from above: an authority answers for the organisations of its region, but what an employer confirms it cannot confirm for them.
    """
    return actor.is_system or any(
        grant.organisation_id == organisation_id and grant.role in REPRESENTATIVES for grant in actor.grants
    )


def require_represent(actor: Actor, organisation_id: int) -> None:
    """As `represents`. Raises NotAllowed."""
    if not represents(actor, organisation_id):
        raise NotAllowed(act="placements.employer")


def represented(actor: Actor) -> list[int]:
    """The organisations that the actor speaks for."""
    return sorted(
        {
            grant.organisation_id
            for grant in actor.grants
            if grant.organisation_id is not None and grant.role in REPRESENTATIVES
        }
    )


def may_define(actor: Actor) -> bool:
    """Enter and change skills, which all employers share: whoever administers an authority. At most one statement."""
    return network.may_publish_indexes(actor)


def require_define(actor: Actor) -> None:
    """As `may_define`. Raises NotAllowed."""
    if not may_define(actor):
        raise NotAllowed(act="placements.define_skill")


def may_read_figures(actor: Actor, *, house_id: int) -> bool:
    """See what became of those who finished something in a house. Raises NotFound for no house."""
    return actor.holds(READERS, network.house_facts(house_id).place)


def may_record(actor: Actor, *, house_id: int) -> bool:
    """See by name who finished something in a house, and note what became of them. Raises NotFound for no house."""
    return actor.holds(RECORDERS, network.house_facts(house_id).place)
