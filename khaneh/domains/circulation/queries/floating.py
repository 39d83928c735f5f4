"""Floating collections: what each house has and may have. Spec: CIRC-FLOAT."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import FloatLimit
from khaneh.domains.circulation.rules.floating import Stand
from khaneh.kernel.actor import Actor

# On the shelves, and on the way to even out; what is lent stands nowhere.
_STANDS = with_catalogue(
    """
WITH here AS (
    SELECT coalesce(c.current_house_id, c.house_id) AS house_id, count(*) AS number FROM {bare_copies} c
    WHERE c.floating AND c.state = 'available' AND (%(collection)s = '' OR c.location = %(collection)s) AND c.id <> %(but)s
      AND (%(house)s::bigint IS NULL OR coalesce(c.current_house_id, c.house_id) = %(house)s) GROUP BY 1
), coming AS (
    SELECT t.to_house_id AS house_id, count(*) AS number FROM circulation_transfer t JOIN {bare_copies} c ON c.id = t.copy_id
    WHERE t.state = 'sent' AND t.reason = 'rebalance' AND c.floating AND (%(collection)s = '' OR c.location = %(collection)s)
      AND (%(house)s::bigint IS NULL OR t.to_house_id = %(house)s) GROUP BY 1
)
SELECT f.house_id, coalesce(here.number, 0) + coalesce(coming.number, 0), f.least, f.most FROM circulation_float_limit f
LEFT JOIN here ON here.house_id = f.house_id LEFT JOIN coming ON coming.house_id = f.house_id
WHERE f.collection = %(collection)s AND (%(house)s::bigint IS NULL OR f.house_id = %(house)s) ORDER BY f.house_id
"""
)
_COLLECTIONS = with_catalogue(
    """
SELECT c.location, count(*), count(*) FILTER (WHERE c.floating) FROM {bare_copies} c
WHERE c.house_id = %(house)s AND c.state <> 'withdrawn' GROUP BY c.location ORDER BY c.location LIMIT 500
"""
)


class CollectionRow(NamedTuple):
    """A shelving location of a house: the copies it owns there, and how many of them float."""

    collection: str
    copies: int
    floating: int


class LimitRow(NamedTuple):
    """What a house shall have of a collection, and has."""

    id: int
    collection: str
    stand: Stand

    @property
    def surplus(self) -> int:
        """How many are too many."""
        return max(self.stand.number - self.stand.most, 0)

    @property
    def lacking(self) -> int:
        """How many are too few."""
        return max(self.stand.least - self.stand.number, 0)


def stands(*, collection: str, house_id: int | None = None, but_copy_id: int = 0) -> list[Stand]:
    """How the houses that take part stand in a collection, or one of them; a copy in hand is not counted. One statement."""
    facts = {"collection": collection, "house": house_id, "but": but_copy_id}
    return [Stand(*row) for row in _rows(_STANDS, facts)]


def collection_of(*, house_id: int, location: str) -> str | None:
    """The collection whose limit a house has for a copy of this location: the location's own, else that of all; None without. One statement."""
    found = FloatLimit.objects.filter(house_id=house_id, collection__in=[location, ""])
    return max(found.values_list("collection", flat=True), default=None, key=len)


def limits(actor: Actor, *, house_id: int) -> list[LimitRow]:
    """The limits of a house. One statement, and one for each. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    found = FloatLimit.objects.filter(house_id=house_id).order_by("collection").values_list("pk", "collection")
    return [LimitRow(pk, name, stands(collection=name, house_id=house_id)[0]) for pk, name in found]


def others(actor: Actor, *, house_id: int, collection: str) -> list[Stand]:
    """How all houses that take part in a collection stand. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    return stands(collection=collection)


def collections(actor: Actor, *, house_id: int) -> list[CollectionRow]:
    """The shelving locations of a house's own copies. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    return [CollectionRow._make(row) for row in _rows(_COLLECTIONS, {"house": house_id})]


def _rows(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
