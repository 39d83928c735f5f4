"""Records whose shelves stand elsewhere now: a house that moved takes the facets of everything on its shelves along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, jobs

AT_ONCE = 1_000  # records that are touched in the transaction of the move; the rest is work for the background
_SOME = 20_000  # copies at a time
_SHELVES = """
SELECT id, record_id FROM catalogue_copy WHERE house_id = ANY(%s::bigint[]) AND id > %s ORDER BY id LIMIT %s
"""
# What a record's document holds of a house: the codes of the houses around it and of its regions.
_FIELDS_OF_HOUSE = frozenset({"code", "parent_id", "region_id"})
_FIELDS_OF_REGION = frozenset({"code", "parent_id"})


def follow(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    """Hear of a change in the network, in its transaction (`journal.follow`). Names are asked for when they are shown: no record holds any."""
    fields = set(facts.get("fields", ()))
    if kind == "network.house.changed" and house_id is not None and fields & _FIELDS_OF_HOUSE:
        _touch(network.house_ids_below(house_id))
    elif kind == "network.region.changed" and fields & _FIELDS_OF_REGION:
        _touch(network.house_ids_in_region(facts["region_id"]))


def touch_records_of_houses(*, house_ids: Iterable[int], after: int = 0) -> int:
    """Say to discovery that the records on these shelves changed, from the copy after `after` on. Says how many copies were looked at.

    Some thousand copies are a transaction; run twice, it says the same twice.
    """
    houses = sorted(house_ids)
    looked_at = 0
    while True:
        with db.transaction():
            last, count = _some(houses, after, _SOME)
        if not count:
            return looked_at
        after, looked_at = last, looked_at + count


def _touch(houses: list[int]) -> None:
    if not houses:
        return
    last, count = _some(houses, 0, AT_ONCE)
    if count == AT_ONCE:
        jobs.defer("catalogue.touch_records_of_houses", house_ids=houses, after=last)


def _some(houses: list[int], after: int, limit: int) -> tuple[int, int]:
    """The last copy that was looked at and how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES, [houses, after, limit])
        found = cursor.fetchall()
    discovery.touch("record", {record for _, record in found})
    return (found[-1][0], len(found)) if found else (after, 0)
