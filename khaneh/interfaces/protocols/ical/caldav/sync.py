"""What changed since a program last asked (RFC 6578). What a calendar held is remembered for a month under a name made of what it held, so
that the name alone tells whether anything changed, whatever the calendar is made of; who comes later reads everything again.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

from khaneh.interfaces.protocols.ical.caldav.resources import ROOT, Collection, Item

KEPT_SECONDS = 31 * 24 * 3600


class Changes(NamedTuple):
    """Objects that are new or differ, and the names of those that are there no more."""

    changed: list[Item]
    gone: list[str]


def token(collection: Collection) -> str:
    """The state of a calendar as an address (RFC 6578, 4): the same state, the same token."""
    return f"{settings.SITE_URL}{ROOT}sync/{collection.tag}"


def since(collection: Collection, told: str) -> Changes | None:
    """What changed since a token, everything for an empty one; None for one that is unknown or too old. Remembers what is told."""
    items = collection.items
    if not told:
        before: dict[str, str] | None = {}
    elif told == token(collection):
        before = dict(collection.state)
    else:
        prefix, _, tag = told.rpartition("/")
        before = cache.get(_key(collection, tag)) if f"{prefix}/" == f"{settings.SITE_URL}{ROOT}sync/" else None
    if before is None:
        return None
    cache.set(_key(collection, collection.tag), dict(collection.state), KEPT_SECONDS)
    changed = [item for name, item in items.items() if before.get(name) != item.etag]
    return Changes(changed, sorted(before.keys() - items.keys()))


def _key(collection: Collection, tag: str) -> str:
    known = tag if tag.isascii() and tag.isalnum() and len(tag) <= 64 else "none"
    return f"ical.sync.{collection.actor.account_id}.{collection.name}.{known}"
