"""What notices hold of one member: handed out, erased, or moved to another membership."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.notices.models import AddressProblem, Choice, InboxItem, Message, Notice
from khaneh.domains.notices.services.finishing import finish_messages, finish_notices
from khaneh.domains.notices.types import OPEN_STATES, State
from khaneh.infrastructure import db


def export_member(member_id: int) -> dict[str, Any]:
    """Everything that is kept of a member, as JSON values. Five statements."""
    return {
        "choices": list(
            Choice.objects.filter(member_id=member_id).order_by("pk").values("event", "channel", "wanted")
        ),
        "account": [
            {"event": event, "facts": facts, "told_at": told.isoformat(), "read_at": read.isoformat() if read else None}
            for event, facts, told, read in InboxItem.objects.filter(member_id=member_id)
            .order_by("pk")
            .values_list("event", "facts", "told_at", "read_at")
        ],
        "messages": [
            {
                "channel": channel, "events": events, "state": state,
                "created_at": created.isoformat(), "sent_at": sent.isoformat() if sent else None,
            }
            for channel, events, state, created, sent in Message.objects.filter(member_id=member_id)
            .order_by("pk")
            .values_list("channel", "events", "state", "created_at", "sent_at")
        ],
        "waiting": [
            {"event": event, "facts": facts, "told_at": told.isoformat()}
            for event, facts, told in Notice.objects.filter(member_id=member_id)
            .order_by("pk")
            .values_list("event", "facts", "told_at")
        ],
        "addresses_that_failed": list(
            AddressProblem.objects.filter(member_id=member_id).order_by("pk").values("channel", "address", "reason")
        ),
    }  # fmt: skip


def erase_member(member_id: int, *, now: datetime) -> None:
    """Forget a member: nothing waiting is sent, and what was sent is not theirs any more."""
    with db.transaction():
        _forget({"member_id": member_id}, now)
        Choice.objects.filter(member_id=member_id).delete()
        AddressProblem.objects.filter(member_id=member_id).delete()


def erase_account(account_id: int, *, now: datetime) -> None:
    """The same for an account that is closed, of what was told to its holder, who was no member."""
    with db.transaction():
        _forget({"account_id": account_id}, now)


def _forget(reader: dict[str, int], now: datetime) -> None:
    messages = list(Message.objects.select_for_update().filter(**reader).order_by("pk"))
    opened = [one.pk for one in messages if one.state in OPEN_STATES]
    Message.objects.filter(pk__in=opened).update(state=State.SUPPRESSED.value, reason="not_member")
    finish_messages([one.pk for one in messages], now=now)
    Notice.objects.filter(gathered_at__isnull=True, **reader).update(gathered_at=now)
    finish_notices(list(Notice.objects.filter(**reader).values_list("pk", flat=True)), now=now)
    Message.objects.filter(**reader).update(member=None, account=None, detail="")
    InboxItem.objects.filter(**reader).delete()


def merge_members(*, kept_id: int, gone_id: int) -> None:
    """Two memberships were one person's: what was told the one was told the other. The kept one's own choices stay."""
    with db.transaction():
        Notice.objects.filter(member_id=gone_id).update(member_id=kept_id)
        Message.objects.filter(member_id=gone_id).update(member_id=kept_id)
        InboxItem.objects.filter(member_id=gone_id).update(member_id=kept_id)
        taken = set(Choice.objects.filter(member_id=kept_id).values_list("event", "channel"))
        for choice in Choice.objects.filter(member_id=gone_id):
            if (choice.event, choice.channel) in taken:
                choice.delete()
            else:
                Choice.objects.filter(pk=choice.pk).update(member_id=kept_id)
        AddressProblem.objects.filter(member_id=gone_id).delete()
