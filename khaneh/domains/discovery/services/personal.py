"""What discovery keeps about members: told, merged and forgotten with them."""

from __future__ import annotations

from typing import Any

from khaneh.domains.discovery.models import ReaderList, SavedSearch


def export_member(member_id: int) -> dict[str, Any]:
    """A member's lists and searches as JSON values. Three statements."""
    lists = ReaderList.objects.filter(member_id=member_id).order_by("pk").prefetch_related("items")
    return {
        "lists": [
            {
                "name": one.name, "note": one.note, "shared": one.key is not None, "created_at": one.created_at.isoformat(),
                "things": [
                    {"kind": item.subject, "id": item.number, "note": item.note, "added_at": item.added_at.isoformat()}
                    for item in sorted(one.items.all(), key=lambda item: (item.position, item.pk))
                ],
            }
            for one in lists
        ],
        "searches": [
            {"name": one.name, "text": one.text, "filters": one.filters, "tells": one.tells, "created_at": one.created_at.isoformat()}
            for one in SavedSearch.objects.filter(member_id=member_id).order_by("pk")
        ],
    }  # fmt: skip


def erase_member(member_id: int) -> None:
    """Nothing of a member's lists and searches is left; an address that was shared opens nothing. Three statements."""
    ReaderList.objects.filter(member_id=member_id).delete()
    SavedSearch.objects.filter(member_id=member_id).delete()


def merge_members(*, kept_id: int, gone_id: int) -> None:
    """The lists and searches of one membership become another's. Two statements."""
    ReaderList.objects.filter(member_id=gone_id).update(member_id=kept_id)
    SavedSearch.objects.filter(member_id=gone_id).update(member_id=kept_id)
