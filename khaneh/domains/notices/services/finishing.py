"""What is done is emptied: a notice whose messages are over keeps neither what it told nor whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

# Whole days: an instant that a message shares would say whose notice it was. Locked in the order of ids, so that two that end the same
# notices do not wait for each other.
_FINISH = """
UPDATE notices_notice SET facts = '{}', member_id = NULL, account_id = NULL, until = NULL, done_at = date_trunc('day', %(now)s::timestamptz),
       told_at = date_trunc('day', told_at), not_before = date_trunc('day', not_before), gathered_at = date_trunc('day', gathered_at)
WHERE id IN (SELECT n.id FROM notices_notice n
             WHERE n.id = ANY (%(notices)s::bigint[]) AND n.done_at IS NULL AND n.gathered_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM notices_part p WHERE p.notice_id = n.id)
             ORDER BY n.id FOR UPDATE)
"""
_PARTS = "DELETE FROM notices_part WHERE message_id = ANY (%s::bigint[]) RETURNING notice_id"


def finish_notices(notice_ids: Sequence[int], *, now: datetime) -> None:
    """Empty those of the notices that no message holds any more. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, {"notices": list(notice_ids), "now": now})


def finish_messages(message_ids: Sequence[int], *, now: datetime) -> None:
    """The messages are over: they let go of their notices. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [list(message_ids)])
        notices = [row[0] for row in cursor.fetchall()]
    if notices:
        finish_notices(notices, now=now)
