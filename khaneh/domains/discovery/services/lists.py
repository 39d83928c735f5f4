"""A reader's lists: made, filled, ordered, noted, shared. The caller has identified the member; a list that is not theirs is not there."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import Max

from khaneh.domains.discovery.errors import TooMany
from khaneh.domains.discovery.models import ListItem, ReaderList
from khaneh.infrastructure import db
from khaneh.kernel.refusal import Invalid, NotFound

MOST_LISTS = 100
MOST_ITEMS = 1_000
LONGEST_NAME = 120
LONGEST_NOTE = 1_000
LISTED = ("record", "work")


def make_list(*, member_id: int, name: str, now: datetime, note: str = "") -> int:
    """Make an empty list; gives its id. Raises Invalid, TooMany."""
    name, note = _sound(name, note)
    with db.transaction():
        # Two windows at once: the count is right only while nobody else of this member counts.
        db.lock(("discovery.lists", member_id))
        if ReaderList.objects.filter(member_id=member_id).count() >= MOST_LISTS:
            raise TooMany(what="lists", most=MOST_LISTS)
        made = ReaderList.objects.create(member_id=member_id, name=name, note=note, created_at=now, changed_at=now)
    return made.pk


def change_list(*, member_id: int, list_id: int, name: str, note: str, now: datetime) -> None:
    """Another name or another note. Raises NotFound, Invalid."""
    name, note = _sound(name, note)
    with db.transaction():
        _held(member_id, list_id, now)
        ReaderList.objects.filter(pk=list_id).update(name=name, note=note)


def delete_list(*, member_id: int, list_id: int) -> None:
    """The list and everything on it. Raises NotFound."""
    if not ReaderList.objects.filter(pk=list_id, member_id=member_id).delete()[0]:
        raise NotFound(what="list")


def share_list(*, member_id: int, list_id: int, shared: bool, now: datetime) -> str:
    """Give a list an address that opens it to whoever has it, or take the address away for good; gives the address's key or nothing.

    Shared again it has another address. Raises NotFound.
    """
    with db.transaction():
        found = _held(member_id, list_id, now)
        if shared == (found.key is not None):
            return found.key or ""
        found.key = secrets.token_urlsafe(24) if shared else None
        found.save(update_fields=["key"])
    return found.key or ""


def add_to_list(*, member_id: int, list_id: int, subject: str, number: int, now: datetime) -> bool:
    """Put a thing at the end of a list; False when it is on it already. Raises NotFound, Invalid, TooMany."""
    if subject not in LISTED:
        raise Invalid(fields={"subject": "not_in_list"})
    with db.transaction():
        found = _held(member_id, list_id, now)
        if found.items.filter(subject=subject, number=number).exists():
            return False
        if found.items.count() >= MOST_ITEMS:
            raise TooMany(what="items", most=MOST_ITEMS)
        last = found.items.aggregate(last=Max("position"))["last"] or 0
        ListItem.objects.create(of=found, subject=subject, number=number, position=last + 1, added_at=now)
    return True


def remove_from_list(*, member_id: int, list_id: int, item_id: int, now: datetime) -> None:
    """Take a thing off a list. Raises NotFound."""
    with db.transaction():
        found = _held(member_id, list_id, now)
        if not found.items.filter(pk=item_id).delete()[0]:
            raise NotFound(what="item")


def note_item(*, member_id: int, list_id: int, item_id: int, note: str, now: datetime) -> None:
    """Write something beside a thing. Raises NotFound, Invalid."""
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    with db.transaction():
        found = _held(member_id, list_id, now)
        if not found.items.filter(pk=item_id).update(note=note.strip()):
            raise NotFound(what="item")


def move_item(*, member_id: int, list_id: int, item_id: int, up: bool, now: datetime) -> None:
    """Change places with the thing before or after. At the end of the list nothing happens. Raises NotFound."""
    with db.transaction():
        found = _held(member_id, list_id, now)
        items = list(found.items.order_by("position", "pk"))
        at = next((place for place, item in enumerate(items) if item.pk == item_id), None)
        if at is None:
            raise NotFound(what="item")
        to = at - 1 if up else at + 1
        if 0 <= to < len(items):
            items[at], items[to] = items[to], items[at]
            for place, item in enumerate(items):
                item.position = place
            ListItem.objects.bulk_update(items, ["position"])


def _held(member_id: int, list_id: int, now: datetime) -> ReaderList:
    """The member's list, held and marked as changed. Raises NotFound."""
    found = ReaderList.objects.select_for_update(no_key=True).filter(pk=list_id, member_id=member_id).first()
    if found is None:
        raise NotFound(what="list")
    ReaderList.objects.filter(pk=list_id).update(changed_at=now)
    return found


def _sound(name: str, note: str) -> tuple[str, str]:
    name, note = " ".join(name.split()), note.strip()
    problems = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        problems["name"] = "missing" if not name else "too_long"
    if len(note) > LONGEST_NOTE:
        problems["note"] = "too_long"
    if problems:
        raise Invalid(fields=problems)
    return name, note
