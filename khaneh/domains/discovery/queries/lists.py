"""A reader's lists and kept searches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count

from khaneh.domains.discovery.models import ListItem, ReaderList, SavedSearch
from khaneh.kernel.refusal import NotFound


class ListRow(NamedTuple):
    """A list in short. `key` is the end of its address where it is shared, else empty."""

    id: int
    name: str
    note: str
    key: str
    size: int
    changed_at: datetime


class ItemRow(NamedTuple):
    """A thing on a list: a document of the index by kind and number."""

    id: int
    subject: str
    number: int
    note: str
    added_at: datetime


class SearchRow(NamedTuple):
    """A kept search."""

    id: int
    name: str
    text: str
    filters: Mapping[str, list[str]]
    sort: str
    tells: bool
    created_at: datetime


def lists_of(member_id: int) -> list[ListRow]:
    """A member's lists, the one changed last first. One statement."""
    rows = ReaderList.objects.filter(member_id=member_id).annotate(size=Count("items")).order_by("-changed_at", "-pk")
    return [_row(row, row.size) for row in rows]


def list_of(member_id: int, list_id: int) -> tuple[ListRow, list[ItemRow]]:
    """One list of a member with what is on it, in order. Two statements. Raises NotFound."""
    return _with_items(ReaderList.objects.filter(pk=list_id, member_id=member_id).first())


def shared_list(key: str) -> tuple[ListRow, list[ItemRow]]:
    """The list that an address opens, for everybody. Two statements. Raises NotFound."""
    return _with_items(ReaderList.objects.filter(key=key).first() if key else None)


def searches_of(member_id: int) -> list[SearchRow]:
    """A member's kept searches, the newest first. One statement."""
    rows = SavedSearch.objects.filter(member_id=member_id).order_by("-pk")
    return [_search(row) for row in rows]


def searches(search_ids: Iterable[int]) -> dict[int, SearchRow]:
    """Kept searches by id, for those who write about them. One statement."""
    return {row.pk: _search(row) for row in SavedSearch.objects.filter(pk__in=set(search_ids))}


def _with_items(found: ReaderList | None) -> tuple[ListRow, list[ItemRow]]:
    if found is None:
        raise NotFound(what="list")
    items: Any = ListItem.objects.filter(of=found).order_by("position", "pk")
    rows = [ItemRow(item.pk, item.subject, item.number, item.note, item.added_at) for item in items]
    return _row(found, len(rows)), rows


def _row(found: ReaderList, size: int) -> ListRow:
    return ListRow(found.pk, found.name, found.note, found.key or "", size, found.changed_at)


def _search(row: SavedSearch) -> SearchRow:
    return SearchRow(row.pk, row.name, row.text, row.filters, row.sort, row.tells, row.created_at)
