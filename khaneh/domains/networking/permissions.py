"""Who follows, who shares, who sees what houses run."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

SHARERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.HOUSE_MANAGER, Role.PROGRAMME_MANAGER})
READERS: frozenset[str] = SHARERS | {Role.REVIEWER, Role.COUNCIL_MEMBER, Role.BROKER}
SPEAKERS: frozenset[str] = frozenset({Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.BROKER})


def may_share(actor: Actor, *, house_id: int) -> bool:
    """Offer what a house has, and answer what others offer it. Raises NotFound for no house."""
    return actor.holds(SHARERS, network.house_facts(house_id).place)


def require_share(actor: Actor, *, house_id: int) -> None:
    """As `may_share`. Raises NotAllowed, NotFound."""
    if not may_share(actor, house_id=house_id):
        raise NotAllowed(act="networking.share")


def houses_shared_for(actor: Actor) -> list[int]:
    """The houses for which the actor shares, those first where they hold a role themselves. No statement where houses were asked for lately."""
    if not actor.holds_somewhere(SHARERS):
        return []
    own = [one.house_id for one in actor.grants if one.house_id is not None and one.role in SHARERS]
    wider = sorted(number for number, place in network.public_places().items() if actor.holds(SHARERS, place))
    return list(dict.fromkeys([*own, *wider]))


def require_read(actor: Actor) -> None:
    """See what other houses run, with numbers: whoever has to do with programmes anywhere. Raises NotAllowed."""
    if not actor.holds_somewhere(READERS):
        raise NotAllowed(act="networking.read")


def speaks_for(actor: Actor, organisation_id: int) -> bool:
    """Follow for an organisation: a role at that very one."""
    return any(grant.organisation_id == organisation_id and grant.role in SPEAKERS for grant in actor.grants)


def spoken_for(actor: Actor) -> list[int]:
    """The organisations for which the actor may follow."""
    return sorted(
        {one.organisation_id for one in actor.grants if one.organisation_id is not None and one.role in SPEAKERS}
    )
