"""Who runs residencies at a house, who acts for a team, who mentors one, and who sees figures."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.residencies.models import Mentorship, Residency
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound

MANAGERS: frozenset[str] = frozenset({Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
READERS: frozenset[str] = MANAGERS | {Role.COUNCIL_MEMBER}
SPEAKERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})


def may_run(actor: Actor, *, house_id: int) -> bool:
    """Offer residencies, decide on milestones, allot desks, give support. Raises NotFound for no house."""
    return actor.holds(MANAGERS, network.house_facts(house_id).place)


def require_run(actor: Actor, *, house_id: int) -> None:
    """As `may_run`. Raises NotAllowed, NotFound."""
    if not may_run(actor, house_id=house_id):
        raise NotAllowed(act="residencies.run")


def may_read_figures(actor: Actor, *, house_id: int) -> bool:
    """See what was given and what became of those who graduated, as numbers. Raises NotFound for no house."""
    return actor.holds(READERS, network.house_facts(house_id).place)


def houses_run(actor: Actor) -> list[int]:
    """The open houses whose residencies the actor runs. No statement where houses were asked for lately."""
    if not actor.holds_somewhere(MANAGERS):
        return []
    return sorted(number for number, place in network.public_places().items() if actor.holds(MANAGERS, place))


def is_of_team(actor: Actor, residency: Residency) -> bool:
    """Whether the actor answers for the team: its founder, or who speaks for its very organisation."""
    if actor.account_id is None:
        return False
    return residency.founder_id == actor.account_id or any(
        residency.organisation_id is not None
        and grant.organisation_id == residency.organisation_id
        and grant.role in SPEAKERS
        for grant in actor.grants
    )


def mentors(actor: Actor, residency_id: int) -> bool:
    """Whether the actor mentors the team at present. One statement."""
    return (
        actor.account_id is not None
        and Mentorship.objects.filter(
            residency_id=residency_id, mentor_id=actor.account_id, until__isnull=True
        ).exists()
    )


def require_team(actor: Actor, residency: Residency) -> None:
    """As `is_of_team`. Raises NotFound: to all others it looks as if it were not there."""
    if not is_of_team(actor, residency):
        raise NotFound(what="residency")
