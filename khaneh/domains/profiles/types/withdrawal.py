"""Who takes part when an organisation withdraws: higher domains register what they do, so that it vanishes everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from khaneh.kernel.actor import Actor


class WithdrawalHook(Protocol):
    """Called in the transaction that withdraws, with the organisation held; what it raises undoes the withdrawal."""

    def __call__(self, *, organisation_id: int, actor: Actor, now: datetime) -> None:
        """Take the organisation out of what the domain shows, and end what can still be ended."""


_hooks: dict[str, WithdrawalHook] = {}


def on_withdrawn(name: str, hook: WithdrawalHook) -> None:
    """Take part under a domain's name; registered in `AppConfig.ready`. The same name again takes the place of the first."""
    _hooks[name] = hook


def forget_withdrawn(name: str) -> None:
    """Take a registration back; for tests."""
    _hooks.pop(name, None)


def withdrawal_hooks() -> tuple[WithdrawalHook, ...]:
    """Who takes part, in the order of their names."""
    return tuple(hook for _, hook in sorted(_hooks.items()))
