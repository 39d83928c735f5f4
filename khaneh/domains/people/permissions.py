"""Who may give roles, and who may close an account."""

from __future__ import annotations

from khaneh.domains.network.types import Role
from khaneh.domains.people import rules
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed


def require_grant(actor: Actor, role: Role, place: Place) -> None:
    """Give or take a role at a place. Raises NotAllowed."""
    if role not in rules.grantable(actor, place):
        raise NotAllowed(act="people.grant_role")


def require_self(actor: Actor, account_id: int) -> None:
    """An account is its holder's own. Raises NotAllowed."""
    if not actor.is_system and actor.account_id != account_id:
        raise NotAllowed(act="people.account")
