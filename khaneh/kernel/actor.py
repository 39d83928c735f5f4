"""Who acts, and with which roles. A role always belongs to a house or an organisation; nobody is simply "staff"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where an act happens: a house or organisation with everything above it, nearest first.

    `houses` are the house and the houses it is in; `organisations` those that run any of them, and their parents.
    """

    houses: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()


class Grant(NamedTuple):
    """One role that is valid now, at exactly one house or organisation. It covers what is below it in the tree."""

    role: str
    house_id: int | None = None
    organisation_id: int | None = None

    def covers(self, place: Place) -> bool:
        """Whether the grant's house or organisation is the place or above it."""
        if self.house_id is not None:
            return self.house_id in place.houses
        return self.organisation_id in place.organisations


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system, or a visitor) at the moment of the act. `token_id` is the key with which a program acts, if one does."""

    account_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    language: str = "en"
    is_system: bool = False
    token_id: int | None = None

    def holds(self, roles: Collection[str], place: Place) -> bool:
        """Whether the actor has one of these roles at the place, directly or from above. The system always has."""
        return self.is_system or any(grant.role in roles and grant.covers(place) for grant in self.grants)

    def holds_somewhere(self, roles: Collection[str]) -> bool:
        """Whether the actor has one of these roles anywhere: enough to show a menu, never enough to act."""
        return self.is_system or any(grant.role in roles for grant in self.grants)


VISITOR = Actor()
SYSTEM = Actor(name="system", is_system=True)
