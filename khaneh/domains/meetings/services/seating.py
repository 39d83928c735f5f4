"""A meeting gets its round and table, or loses them. The caller holds the session and the people, and has judged that it may be."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from khaneh.domains.meetings.models import Meeting


def seat(meeting: Meeting, round_id: int, table_id: int, *, by_hand: bool, now: datetime) -> None:
    """A time and a table. One statement; the database copies the round's times and writes who sits there."""
    Meeting.objects.filter(pk=meeting.pk).update(
        round_id=round_id, table_id=table_id, by_hand=by_hand, changed_at=now, revision=F("revision") + 1
    )


def lift(meeting: Meeting, now: datetime) -> None:
    """Neither a time nor a table. One statement."""
    Meeting.objects.filter(pk=meeting.pk).update(
        round_id=None, table_id=None, changed_at=now, revision=F("revision") + 1
    )
