"""Spaces as frozen rows, with what they take from the spaces that they are in."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.models import Space, SpaceHours, SpaceRequirement
from khaneh.domains.spaces.types import KIND_GROUPS, PriceUnit, SpaceRow, SpaceState, WeeklyHours
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


def rows(found: QuerySet[Space], *, house: Ref | None = None) -> list[SpaceRow]:
    """Rows in the order of the query. Five statements at most, whatever their number. `house` is that of all of them, where it is known."""
    spaces = list(found)
    above = {number for one in spaces for number in one.path}
    states = {one.pk: one.state for one in spaces}
    if elsewhere := above - states.keys():
        states |= dict(Space.objects.filter(pk__in=elsewhere).values_list("pk", "state"))
    requires: dict[int, list[tuple[int, str]]] = defaultdict(list)
    asked = SpaceRequirement.objects.filter(space_id__in=above).order_by("qualification__code")
    for space_id, number, code in asked.values_list("space_id", "qualification_id", "qualification__code"):
        requires[space_id].append((number, code))
    hours: dict[int, list[WeeklyHours]] = defaultdict(list)
    for row in SpaceHours.objects.filter(space_id__in=[one.pk for one in spaces]).order_by("weekday", "opens"):
        hours[row.space_id].append(WeeklyHours(row.weekday, row.opens, row.closes))
    houses = network.house_refs(one.house_id for one in spaces) if house is None else {house.id: house}
    return [
        SpaceRow(
            id=one.pk,
            code=one.code,
            house=houses[one.house_id],
            kind=one.kind,
            group=KIND_GROUPS[one.kind],
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            parent_id=one.parent_id,
            path=tuple(one.path),
            capacity=one.capacity,
            quantity=one.quantity,
            facilities=tuple(one.facilities),
            slot_minutes=one.slot_minutes,
            min_minutes=one.min_minutes,
            max_minutes=one.max_minutes,
            setup_minutes=one.setup_minutes,
            cleanup_minutes=one.cleanup_minutes,
            approval=one.approval,
            self_service=one.self_service,
            needs_code=one.needs_code,
            instructions=Label.from_dict(one.instructions),
            price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
            price_unit=PriceUnit(one.price_unit),
            state=SpaceState(one.state),
            in_service=all(states.get(number) == SpaceState.ACTIVE for number in one.path),
            hours=tuple(hours[one.pk]),
            requires=tuple(dict.fromkeys(pair for number in one.path for pair in requires[number])),
        )
        for one in spaces
    ]


def by_ids(ids: set[int]) -> dict[int, SpaceRow]:
    """Those that exist. Five statements."""
    return {row.id: row for row in rows(Space.objects.filter(pk__in=ids))}
