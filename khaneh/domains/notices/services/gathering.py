"""Gathering: from what was told to messages, one a reader and channel, at an hour at which it may be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry
from khaneh.domains.notices.models import Choice, InboxItem, Message, Notice, Part
from khaneh.domains.notices.queries.readers import Reader, readers
from khaneh.domains.notices.queries.texts import quiet_hours
from khaneh.domains.notices.rules import timing
from khaneh.domains.notices.services.finishing import finish_notices
from khaneh.domains.notices.types import Channel, EventType, QuietHours, State
from khaneh.infrastructure import db
from khaneh.kernel.refusal import NotFound

BATCH = 500
_Place = tuple[tuple[int | None, int | None], str]


def gather(*, now: datetime, limit: int = BATCH) -> int:
    """Make messages of the notices that are due; gives how many notices it took, 0 when none is left.

    Several may gather at the same time: each takes others' leavings (SKIP LOCKED). A bounded number of statements beside those for
    messages that grow.
    """
    with db.transaction():
        due = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(gathered_at__isnull=True, not_before__lte=now)
            .order_by("not_before", "pk")[:limit]
        )
        if not due:
            return 0
        people = readers(
            member_ids=(notice.member_id for notice in due), account_ids=(notice.account_id for notice in due)
        )
        members = sorted({one.member_id for one in people.values() if one.member_id is not None})
        chosen = {
            (member, event, channel): wanted
            for member, event, channel, wanted in Choice.objects.filter(member_id__in=members).values_list(
                "member_id", "event", "channel", "wanted"
            )
        }
        round_ = _Round(now, people.values())
        for notice in due:
            event, contact = _event(notice.event), people.get((notice.member_id, notice.account_id))
            if event is None or contact is None or contact.gone:
                continue
            wanted = [
                channel
                for channel in Channel
                if chosen.get((contact.member_id or 0, event.code, channel.value), channel in event.channels)
            ]
            refused = {
                channel
                for channel in Channel
                if chosen.get((contact.member_id or 0, event.code, channel.value)) is False
            }
            round_.place(notice, event, contact, wanted, refused)
        round_.write()
        numbers = [notice.pk for notice in due]
        Notice.objects.filter(pk__in=numbers).update(gathered_at=now)
        finish_notices(numbers, now=now)
    return len(due)


def _event(code: str) -> EventType | None:
    """The event, or None for one of a part that is not installed any more."""
    try:
        return registry.event(code)
    except NotFound:
        return None


class _Round:
    """The messages of one gathering, new ones and those that were waiting and take more."""

    def __init__(self, now: datetime, people: Iterable[Reader]) -> None:
        self.now = now
        self.parts: list[tuple[Message, Notice]] = []
        self.inbox: list[InboxItem] = []
        self.unreached: list[Message] = []
        self.quiet: dict[int, QuietHours] = {}
        self.grown: set[int] = set()
        # One that was tried already stays as it went: the same Message-ID must not carry two texts.
        waiting = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(
                Q(member_id__in=[one.member_id for one in people if one.member_id is not None])
                | Q(account_id__in=[one.account_id for one in people if one.member_id is None]),
                state=State.WAITING.value,
                attempts=0,
                together=True,
            )
            .order_by("pk")
        )
        self.open: dict[_Place, Message] = {((one.member_id, one.account_id), one.channel): one for one in waiting}

    def place(
        self, notice: Notice, event: EventType, contact: Reader, wanted: list[Channel], refused: set[Channel]
    ) -> None:
        """Put a notice into the messages of the channels that its reader wants and can be reached by; never into one they refused."""
        reached = False
        member_id, account_id = contact.key
        if Channel.APP in wanted and contact.signs_in:
            self.inbox.append(
                InboxItem(
                    member_id=member_id, account_id=account_id, house_id=notice.house_id, event=notice.event, facts=notice.facts,
                    told_at=self.now,
                )
            )  # fmt: skip
            reached = True
        outward = [channel for channel in wanted if channel is not Channel.APP]
        for channel in outward:
            if _address(contact, channel):
                self._join(notice, event, contact, channel)
                reached = True
        if not reached:
            # Nobody who can be reached at all is left untold because the usual way is closed: many have a telephone and no e-mail.
            for channel in (Channel.SMS, Channel.EMAIL):
                if outward and channel not in outward and channel not in refused and _address(contact, channel):
                    self._join(notice, event, contact, channel)
                    reached = True
                    break
        if outward and not reached:
            self.unreached.append(
                Message(
                    member_id=member_id, account_id=account_id, house_id=notice.house_id, channel=outward[0].value,
                    events=[notice.event], state=State.SUPPRESSED.value, reason="no_address", not_before=self.now,
                    created_at=self.now,
                )
            )  # fmt: skip

    def _join(self, notice: Notice, event: EventType, contact: Reader, channel: Channel) -> None:
        house = network.house_facts(notice.house_id)
        if house.id not in self.quiet:
            self.quiet[house.id] = quiet_hours(house)
        at = timing.may_go_at(
            now=self.now, urgency=event.urgency, channel=channel, quiet=self.quiet[house.id], zone=house.calendar.zone
        )
        place = (contact.key, channel.value)
        message = self.open.get(place)
        if message is None:
            message = self.open[place] = Message(
                member_id=contact.key[0], account_id=contact.key[1], house_id=house.id, channel=channel.value, events=[], not_before=at,
                created_at=self.now,
            )  # fmt: skip
        if event.code not in message.events:
            message.events = [*message.events, event.code]
        message.not_before = min(message.not_before, at)
        if message.pk is not None:
            self.grown.add(message.pk)
        self.parts.append((message, notice))

    def write(self) -> None:
        """Everything, in a few statements."""
        fresh = [one for one in self.open.values() if one.pk is None]
        Message.objects.bulk_create([*fresh, *self.unreached])
        Message.objects.bulk_update(
            [one for one in self.open.values() if one.pk in self.grown], ["events", "not_before"]
        )
        Part.objects.bulk_create(
            Part(message=message, notice=notice, channel=message.channel) for message, notice in self.parts
        )
        InboxItem.objects.bulk_create(self.inbox)


def _address(contact: Reader, channel: Channel) -> str:
    return contact.email if channel is Channel.EMAIL else contact.phone
