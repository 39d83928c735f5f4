"""Who may give roles, close an account, and serve members."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import rules
from khaneh.domains.people.types import TokenKind
from khaneh.kernel.actor import Actor, Grant, Place
from khaneh.kernel.refusal import NotAllowed

# One card opens every house, so whoever works at any desk serves every member there; what concerns a membership itself is for the desk of
# its home house or of a place above it.
DESK: frozenset[str] = frozenset({Role.CIRCULATION, Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
LEADS: frozenset[str] = frozenset({Role.LIBRARIAN, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
# Keys for machines and partners act in nobody's name, so whoever answers for the place makes them.
TOKEN_MAKERS: frozenset[str] = frozenset({Role.HOUSE_MANAGER, Role.ADMINISTRATOR})


def require_grant(actor: Actor, role: Role, place: Place) -> None:
    """Give or take a role at a place. Raises NotAllowed."""
    if role not in rules.grantable(actor, place):
        raise NotAllowed(act="people.grant_role")


def require_self(actor: Actor, account_id: int) -> None:
    """An account is its holder's own. Raises NotAllowed."""
    if not actor.is_system and actor.account_id != account_id:
        raise NotAllowed(act="people.account")


def is_holder(actor: Actor, account_id: int | None) -> bool:
    """Whether a membership with this account is the actor's own."""
    return actor.is_system or (account_id is not None and actor.account_id == account_id)


def may_serve(actor: Actor) -> bool:
    """Find members and see their pages: whoever works at a desk anywhere."""
    return actor.holds_somewhere(DESK)


def require_serve(actor: Actor) -> None:
    """As `may_serve`. Raises NotAllowed."""
    if not may_serve(actor):
        raise NotAllowed(act="people.serve_members")


def may_work_at(actor: Actor, house_id: int) -> bool:
    """Register, issue cards, renew, block and leave messages at the desk of a house. Raises NotFound for no house."""
    return actor.holds(DESK, network.house_facts(house_id).place)


def require_desk(actor: Actor, house_id: int) -> None:
    """As `may_work_at`. Raises NotAllowed, NotFound."""
    if not may_work_at(actor, house_id):
        raise NotAllowed(act="people.desk")


def may_lead_at(actor: Actor, house_id: int) -> bool:
    """Merge memberships of a house, erase one, give out what is kept about somebody. Raises NotFound for no house."""
    return actor.holds(LEADS, network.house_facts(house_id).place)


def require_lead(actor: Actor, house_id: int) -> None:
    """As `may_lead_at`. Raises NotAllowed, NotFound."""
    if not may_lead_at(actor, house_id):
        raise NotAllowed(act="people.lead")


def require_token_role(maker: Actor, grant: Grant, kind: TokenKind) -> None:
    """Put a role at a place into a key: one that the maker holds there or above, or that such a one contains. Raises NotAllowed, NotFound."""
    if grant.house_id is not None:
        place = network.house_facts(grant.house_id).place
    else:
        place = network.place_of_organisation(grant.organisation_id or 0)
    if not maker.holds(rules.containing(Role(grant.role)), place):
        raise NotAllowed(act="people.token_role")
    if kind is TokenKind.MACHINE and not maker.holds(TOKEN_MAKERS, place):
        raise NotAllowed(act="people.machine_token")
