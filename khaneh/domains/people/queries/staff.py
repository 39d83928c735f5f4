"""Who works where: for figures over many houses. Whether the asker may see names is for the caller to judge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from khaneh.domains.people.models import RoleAssignment


class Post(NamedTuple):
    """One role of one open account at one house, and since when."""

    account_id: int
    house_id: int
    role: str
    since: datetime


def posts(*, at: datetime, roles: Collection[str], house_ids: Collection[int] | None = None) -> list[Post]:
    """The roles that were held at houses themselves (not above them) at an instant, by house and account. One statement."""
    found = RoleAssignment.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        valid_from__lte=at,
        role__in=set(roles),
        house__isnull=False,
        account__is_active=True,
    )
    if house_ids is not None:
        found = found.filter(house_id__in=set(house_ids))
    rows = found.order_by("house_id", "account_id", "valid_from", "pk")
    return [Post._make(row) for row in rows.values_list("account_id", "house_id", "role", "valid_from")]
