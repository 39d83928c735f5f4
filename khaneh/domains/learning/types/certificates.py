"""Certificates as their holders and whoever checks one see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from khaneh.domains.learning.types.lists import CourseKind
from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as it was given: names and hours are those of its day. `key` opens the public page; nobody can guess it.

    `awards` are the qualifications that came with it: code, name, and until when they were valid when it was given.
    """

    id: int
    number: str
    key: str
    enrolment_id: int
    account_id: int | None
    holder: str
    course_code: str
    course_names: Label
    kind: CourseKind
    hours: int
    score: int | None
    house: Ref
    issued_at: datetime
    awards: tuple[tuple[str, Label, datetime | None], ...]
    revoked_at: datetime | None
    reason: str

    @property
    def is_valid(self) -> bool:
        """Whether it has not been taken back."""
        return self.revoked_at is None


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """An Open Badge 3.0: the credential as JSON and, signed, as a compact JWS (`token`); the address of the key that signed it."""

    key: str
    token: str
    credential: dict[str, object]
    key_id: str
    revoked: bool
