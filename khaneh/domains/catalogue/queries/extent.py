"""How far the numbers of records go, for lists of all of them that must begin anywhere: site maps, harvesting."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from khaneh.domains.catalogue.models import Record


def last_record_id() -> int:
    """The highest number of a record, 0 without any. One statement."""
    return int(Record.objects.aggregate(last=Max("pk"))["last"] or 0)


def records_between(first: int, last: int) -> list[tuple[int, datetime]]:
    """Records that stand for themselves with numbers from `first` to `last`, and when each changed last. One statement."""
    rows = Record.objects.filter(pk__range=(first, last), merged_into_id__isnull=True).order_by("pk")
    return list(rows.values_list("pk", "changed_at"))
