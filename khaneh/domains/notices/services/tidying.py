"""What is not kept: messages in accounts after a month, what nobody settled after a month, who got a message after three."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.notices import registry
from khaneh.domains.notices.models import AddressProblem, InboxItem, Message, Notice
from khaneh.domains.notices.services.finishing import finish_messages
from khaneh.domains.notices.types import State
from khaneh.infrastructure import db
from khaneh.kernel.refusal import NotFound

INBOX = timedelta(days=30)
UNSETTLED = timedelta(days=30)
WHO = timedelta(days=90)
COUNTED = timedelta(days=400)
_BATCH = 1000


def tidy(*, now: datetime) -> None:
    """Forget what is old, and take out of accounts what is no longer true: it would tell who had what. Safe to run at any time."""
    InboxItem.objects.filter(told_at__lt=now - INBOX).delete()
    forget_what_is_over(now=now)
    stale = Message.objects.filter(state__in=[State.FAILED.value, State.UNSURE.value], created_at__lt=now - UNSETTLED)
    while numbers := list(stale.values_list("pk", flat=True)[:_BATCH]):
        with db.transaction():
            Message.objects.filter(pk__in=numbers).update(state=State.SUPPRESSED.value, reason="too_late")
            finish_messages(numbers, now=now)
    closed = [State.SENT.value, State.SUPPRESSED.value]
    Message.objects.filter(state__in=closed, created_at__lt=now - WHO, member__isnull=False).update(member=None)
    Message.objects.filter(state__in=closed, created_at__lt=now - COUNTED).delete()
    AddressProblem.objects.filter(settled_at__lt=now - WHO).delete()
    Notice.objects.filter(done_at__lt=now - COUNTED).delete()


def forget_what_is_over(*, now: datetime) -> int:
    """Delete messages in accounts whose event says that they are no longer true; gives how many. Two statements for a thousand."""
    last, gone = 0, 0
    while rows := list(
        InboxItem.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "event", "facts")[:_BATCH]
    ):
        last = rows[-1][0]
        over = []
        for code in {row[1] for row in rows}:
            try:
                event = registry.event(code)
            except NotFound:
                continue
            if event.resolve is None:
                continue
            mine = [(pk, facts) for pk, name, facts in rows if name == code]
            items = event.resolve([facts for _, facts in mine], "en", now)
            over += [pk for (pk, _), item in zip(mine, items, strict=True) if item is None]
        gone += len(over)
        InboxItem.objects.filter(pk__in=over).delete()
    return gone
