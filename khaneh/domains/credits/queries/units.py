"""What is counted: currencies and credits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from khaneh.domains.credits.models import Rate, Unit
from khaneh.domains.credits.types import UnitKind, UnitRow
from khaneh.domains.network import queries as network
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_credit
from khaneh.kernel.refusal import NotFound


def units(*, with_retired: bool = False) -> list[UnitRow]:
    """All credits by code. Three statements."""
    found = Unit.objects.filter(kind=UnitKind.CREDIT.value)
    return _rows((found if with_retired else found.filter(active=True)).order_by("code"))


def unit(code: str) -> UnitRow:
    """One, by its code. Three statements. Raises NotFound."""
    found = _rows(Unit.objects.filter(code=code))
    if not found:
        raise NotFound(what="unit")
    return found[0]


def units_by_code(codes: Iterable[str]) -> dict[str, UnitRow]:
    """Those that exist. Three statements."""
    return {row.code: row for row in _rows(Unit.objects.filter(code__in=set(codes)))}


def names(codes: Iterable[str]) -> dict[str, Label]:
    """The names of those that are credits. One statement, none where there is none."""
    wanted = {code for code in codes if is_credit(code)}
    if not wanted:
        return {}
    return {
        code: Label.from_dict(found)
        for code, found in Unit.objects.filter(code__in=wanted).values_list("code", "names")
    }


def credits_of_house(house_id: int) -> list[UnitRow]:
    """The credits in which a house may ask prices and pay for work: its own first, those of the houses it is in, the network's. Three
    statements where the house was asked for lately. Raises NotFound for no house.
    """
    path = network.house_facts(house_id).path
    near = {number: -depth for depth, number in enumerate(path)}
    found = [
        row
        for row in _rows(Unit.objects.filter(kind=UnitKind.CREDIT.value, active=True).order_by("code"))
        if row.house is None or row.house.id in near
    ]
    return sorted(found, key=lambda row: (near[row.house.id] if row.house is not None else 1, row.code))


def _rows(found: Iterable[Unit]) -> list[UnitRow]:
    listed = list(found)
    rates: dict[str, dict[str, int]] = defaultdict(dict)
    for code, kind, per_hour in (
        Rate.objects.filter(unit__in=[one.code for one in listed])
        .order_by("unit", "kind")
        .values_list("unit_id", "kind", "per_hour")
    ):
        rates[code][kind] = per_hour
    houses = network.house_refs({one.house_id for one in listed if one.house_id is not None})
    return [
        UnitRow(
            code=one.code,
            kind=UnitKind(one.kind),
            names=Label.from_dict(one.names),
            house=houses.get(one.house_id) if one.house_id is not None else None,
            rates=dict(rates[one.code]),
            active=one.active,
        )
        for one in listed
    ]
