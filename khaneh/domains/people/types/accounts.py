"""Accounts and roles as frozen rows, and what somebody prefers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from khaneh.domains.network.types import Ref, Role


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as its holder sees it. `calendar` is auto, jalali or gregorian; auto follows the language."""

    id: int
    email: str
    name: str
    language: str
    calendar: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody calls themself and how they read."""

    name: str
    language: str
    calendar: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role somebody holds, held or will hold, at a house or an organisation. The period's end is not in it; None is open."""

    id: int
    account_id: int
    account_name: str
    role: Role
    house: Ref | None
    organisation: Ref | None
    valid_from: datetime
    valid_until: datetime | None
    granted_by: str
    reason: str
    revoked_by: str = ""

    def is_valid(self, now: datetime) -> bool:
        """Whether the role counts at an instant."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)
