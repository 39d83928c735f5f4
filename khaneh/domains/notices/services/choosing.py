"""What a member wants to be told, and by what; and the messages in their account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from khaneh.domains.notices import registry
from khaneh.domains.notices.models import Choice
from khaneh.domains.notices.queries.personal import items_of
from khaneh.domains.notices.types import Channel
from khaneh.infrastructure import db


def choose(*, member_id: int, wanted: Mapping[tuple[str, Channel], bool]) -> None:
    """Keep a member's choices by event and channel; what equals what the event does by itself is not kept. Two statements and one an event.

    The caller has identified the member. Raises NotFound for an unknown event.
    """
    with db.transaction():
        for code in {event for event, _ in wanted}:
            registry.event(code)
        Choice.objects.filter(member_id=member_id, event__in={event for event, _ in wanted}).delete()
        Choice.objects.bulk_create(
            Choice(member_id=member_id, event=event, channel=channel.value, wanted=yes)
            for (event, channel), yes in sorted(wanted.items())
            if yes != (channel in registry.event(event).channels)
        )


def read(*, member_id: int | None = None, account_id: int | None = None, item_ids: list[int], now: datetime) -> int:
    """Mark messages of a member's account, or of one without a membership, as read; gives how many were not. One statement."""
    return items_of(member_id, account_id).filter(pk__in=item_ids, read_at__isnull=True).update(read_at=now)


def throw_away(*, member_id: int | None = None, account_id: int | None = None, item_id: int) -> None:
    """Delete a message from such an account, if it is there. One statement."""
    items_of(member_id, account_id).filter(pk=item_id).delete()
