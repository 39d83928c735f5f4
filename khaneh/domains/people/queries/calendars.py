"""The keys to somebody's own calendar."""

from __future__ import annotations

from khaneh.domains.people.models import CalendarKey
from khaneh.domains.people.types import CalendarKeyRow
from khaneh.kernel.actor import Actor


def calendar_keys_of(actor: Actor) -> list[CalendarKeyRow]:
    """The actor's keys, the newest first; none for a visitor or a program. One statement."""
    if actor.account_id is None or actor.token_id is not None:
        return []
    found = CalendarKey.objects.filter(account_id=actor.account_id).order_by("-pk")
    return [CalendarKeyRow(one.pk, one.name, one.made_at, one.used_at) for one in found]
