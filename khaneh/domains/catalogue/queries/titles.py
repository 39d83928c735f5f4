"""What records are called, for a line in a letter or a list."""

from __future__ import annotations

import json
from collections.abc import Iterable

from khaneh.domains.catalogue.models import Record


def titles(record_ids: Iterable[int]) -> dict[int, str]:
    """The titles of records as their document has them, empty where it has none. One statement."""
    rows = Record.objects.filter(pk__in=set(record_ids)).values_list("pk", "document")
    return {pk: str(json.loads(document or "{}").get("title", "")) for pk, document in rows}


def work_titles(work_ids: Iterable[int]) -> dict[int, str]:
    """The titles of works: that of the oldest record of each. One statement."""
    rows = (
        Record.objects.filter(work_id__in=set(work_ids), merged_into__isnull=True)
        .order_by("work_id", "pk")
        .distinct("work_id")
        .values_list("work_id", "document")
    )
    return {pk: str(json.loads(document or "{}").get("title", "")) for pk, document in rows if pk is not None}
