"""Keys that programs act with: what they are for, what they may do, and how their holders see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khaneh.domains.network.types import Ref, Role
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label


class TokenKind(StrEnum):
    """For whom a token acts: for the person who made it, or for a machine or partner in nobody's name."""

    PERSONAL = "personal"
    MACHINE = "machine"


TOKEN_KINDS: dict[TokenKind, Label] = {
    TokenKind.PERSONAL: Label("For my own programs", "برای برنامه‌های خودم", "Cho chương trình của tôi"),
    TokenKind.MACHINE: Label("For a machine or partner", "برای یک دستگاه یا همکار", "Cho máy hoặc đối tác"),
}


class TokenAccess(StrEnum):
    """Whether a token may change anything."""

    READ = "read"
    WRITE = "write"


TOKEN_ACCESS: dict[TokenAccess, Label] = {
    TokenAccess.READ: Label("Read only", "فقط خواندن", "Chỉ đọc"),
    TokenAccess.WRITE: Label("Read and write", "خواندن و نوشتن", "Đọc và ghi"),
}


@dataclass(frozen=True, slots=True)
class TokenRole:
    """A role of a token at one house or organisation. `counts` says whether its maker could still act so at this moment."""

    role: Role
    house: Ref | None
    organisation: Ref | None
    counts: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its maker sees it; the key itself is nowhere. `hint` is how it begins."""

    id: int
    name: str
    hint: str
    kind: TokenKind
    access: TokenAccess
    own_account: bool
    roles: tuple[TokenRole, ...]
    made_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything at an instant, as far as its own days say."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class TokenChoice:
    """A role at a place that the actor may put into a token; `kinds` say into which."""

    role: Role
    house: Ref | None
    organisation: Ref | None
    kinds: frozenset[TokenKind]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls with a token: the actor, what the token permits, and the secret with which answers to it are sealed (32 bytes)."""

    token_id: int
    actor: Actor
    access: TokenAccess
    own_account: bool
    seal: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call was answered: HTTP status, media type, body. `again` says that the act was done before."""

    status: int
    media_type: str
    body: bytes
    again: bool = False
