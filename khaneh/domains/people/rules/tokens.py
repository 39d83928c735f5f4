"""What a token may do. Pure: no ORM, no clock, no settings."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping

from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Grant, Place

PREFIX = "kh_"
CALENDAR_PREFIX = "kc_"

# Who holds the first may do whatever the others may, at the same place: so a token may be given less than a whole role. That every domain's
# permissions agree is held by tests/domains/people/test_tokens.py.
CONTAINED: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(
        {Role.HOUSE_MANAGER, Role.LIBRARIAN, Role.CATALOGUER, Role.CIRCULATION, Role.COURIER}
    ),
    Role.HOUSE_MANAGER: frozenset({Role.CIRCULATION, Role.COURIER}),
    Role.LIBRARIAN: frozenset({Role.CIRCULATION, Role.COURIER}),
    Role.CIRCULATION: frozenset({Role.COURIER}),
}


def contained(role: Role) -> frozenset[Role]:
    """The role and those that it contains."""
    return CONTAINED.get(role, frozenset()) | {role}


def containing(role: Role) -> frozenset[Role]:
    """The role and those that contain it."""
    return frozenset(one for one in Role if role in contained(one))


def still_held(grants: Iterable[Grant], maker: Actor, place_of: Callable[[Grant], Place]) -> tuple[Grant, ...]:
    """Those of a token's grants whose maker could act so at this moment: with the role or one that contains it, there or above."""
    found = []
    for grant in grants:
        roles = containing(Role(grant.role))
        exactly = any(
            one.role in roles and one[1:] == grant[1:] for one in maker.grants
        )  # asks for no place in the usual case
        if exactly or (maker.grants and maker.holds(roles, place_of(grant))):
            found.append(grant)
    return tuple(found)


def digest(secret: str) -> bytes:
    """What is kept of a key. It holds 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(secret.encode()).digest()


def seal(secret: str) -> bytes:
    """What answers to a key are sealed with: it follows from the key and is nowhere kept."""
    return hmac.digest(secret.encode(), b"khaneh.people.token.answers", "sha256")
