"""A refusal is a value with a stable code: what a service answers when the act may not happen. No HTTP, no language."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar


class RefusalKind(StrEnum):
    """What sort of no it is; each interface has one translation for each (HTTP status, exit code, protocol diagnostic)."""

    INVALID = "invalid"  # the input itself is wrong
    NOT_ALLOWED = "not_allowed"  # this actor may not
    NOT_FOUND = "not_found"  # missing, or unseen by this actor: the two look the same
    CONFLICT = "conflict"  # the state does not permit it
    LIMIT = "limit"  # a limit is reached
    UNAVAILABLE = "unavailable"  # a part the act needs does not answer


class Refusal(Exception):
    """The base of every refusal. A subclass sets `code` (`domain.name`, stable for ever) and `kind`; facts are JSON values.

    Facts are for the person's message and for machines; they never hold a credential or what somebody reads.
    """

    code: ClassVar[str] = "kernel.refused"
    kind: ClassVar[RefusalKind] = RefusalKind.INVALID

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({facts})"


class NotAllowed(Refusal):
    """The actor's roles do not cover this. Facts: act."""

    code = "kernel.not_allowed"
    kind = RefusalKind.NOT_ALLOWED


class NotFound(Refusal):
    """There is no such thing, or the actor may not see it. Facts: what."""

    code = "kernel.not_found"
    kind = RefusalKind.NOT_FOUND


class Invalid(Refusal):
    """One or more fields are wrong. Facts: fields, a mapping of a field's name to a stable reason."""

    code = "kernel.invalid"
    kind = RefusalKind.INVALID
