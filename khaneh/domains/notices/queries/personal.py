"""What a member sees of notices: choices, and the messages in their account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry
from khaneh.domains.notices.frame import FRAME
from khaneh.domains.notices.models import Choice, InboxItem
from khaneh.domains.notices.queries.readers import Reader
from khaneh.domains.notices.queries.texts import common, texts_in_force
from khaneh.domains.notices.rules import writing
from khaneh.domains.notices.types import Channel, ChoiceRow, InboxRow, Reading
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.refusal import NotFound


def choices(*, member_id: int) -> list[ChoiceRow]:
    """What a member is told by which channel, an event a row. One statement."""
    chosen = {
        (event, channel): wanted
        for event, channel, wanted in Choice.objects.filter(member_id=member_id).values_list(
            "event", "channel", "wanted"
        )
    }
    rows = []
    for event in registry.events():
        if event.chosen:
            default = {channel: channel in event.channels for channel in Channel}
            wanted = {channel: chosen.get((event.code, channel.value), default[channel]) for channel in Channel}
            rows.append(ChoiceRow(event.code, event.label, wanted, default))
    return rows


def members_wanting(*, event: str) -> set[int]:
    """The members who chose an event by some channel beyond what it does by itself; for events that nobody gets unasked. One statement."""
    return set(Choice.objects.filter(event=event, wanted=True).values_list("member_id", flat=True))


def unread(*, member_id: int | None = None, account_id: int | None = None) -> int:
    """How many messages in an account, of a member or of somebody who is none, nobody has read. One statement."""
    return items_of(member_id, account_id).filter(read_at__isnull=True).count()


def inbox(*, contact: Reader, language: str, calendar: Calendar, now: datetime, limit: int = 50) -> list[InboxRow]:
    """The messages in somebody's account, newest first, written in the language of the page. What is no longer true is left out.

    One statement, one a house and those of the events' resolvers.
    """
    member_id, account_id = contact.key
    items = list(items_of(member_id, account_id).order_by("-pk")[:limit])
    said = _resolved(items, language, now)
    rows = []
    for house_id in {item.house_id for item in items}:
        mine = [item for item in items if item.house_id == house_id and said.get(item.pk) is not None]
        house = network.house_facts(house_id)
        texts = texts_in_force(
            house=house, channel=Channel.APP, language=language, events={item.event for item in mine}
        )
        reading = Reading(language, calendar, house.calendar.zone)
        for item in mine:
            letter = writing.letter(
                channel=Channel.APP, reading=reading, frame=texts[FRAME.code],
                sections=[(registry.event(item.event), texts[item.event], [said[item.pk]])],
                common=common(house, name=contact.name, language=language),
            )  # fmt: skip
            rows.append(InboxRow(item.pk, item.event, letter.subject, letter.plain, item.told_at, item.read_at))
    return sorted(rows, key=lambda row: row.id, reverse=True)


def items_of(member_id: int | None, account_id: int | None) -> QuerySet[InboxItem]:
    """The messages of a member, or of an account without a membership."""
    if member_id is not None:
        return InboxItem.objects.filter(member_id=member_id)
    return InboxItem.objects.filter(account_id=account_id or 0)


def _resolved(items: Sequence[InboxItem], language: str, now: datetime) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for code in {item.event for item in items}:
        try:
            event = registry.event(code)
        except NotFound:
            continue
        mine = [item for item in items if item.event == code]
        facts = [item.facts for item in mine]
        values = event.resolve(facts, language, now) if event.resolve is not None else facts
        found |= {item.pk: value for item, value in zip(mine, values, strict=True) if value is not None}
    return found
