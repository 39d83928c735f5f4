"""Everything that reads notices, as frozen rows."""

from khaneh.domains.notices.queries.personal import choices, inbox, members_wanting, unread
from khaneh.domains.notices.queries.queue import address_problems, counts, messages, messages_of, told_counts
from khaneh.domains.notices.queries.texts import (
    own_quiet_hours,
    preview,
    problems,
    queue_houses,
    quiet_hours,
    shown_sample,
    templates_of,
    texts_in_force,
    variables,
    writable_houses,
    written_at,
)
from khaneh.domains.notices.registry import event, events

__all__ = [
    "address_problems",
    "choices",
    "counts",
    "event",
    "events",
    "inbox",
    "members_wanting",
    "messages",
    "messages_of",
    "own_quiet_hours",
    "preview",
    "problems",
    "queue_houses",
    "quiet_hours",
    "shown_sample",
    "templates_of",
    "texts_in_force",
    "told_counts",
    "unread",
    "variables",
    "writable_houses",
    "written_at",
]
