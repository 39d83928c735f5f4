"""What drafts of houses name by codes, read at once: however many drafts, a handful of statements.

Whoever holds one also holds the lock of the tree of houses, or another might move what it knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.queries.houses import visible
from khaneh.domains.network.queries.places import Authorities, nearest_first
from khaneh.domains.network.types import HouseDraft
from khaneh.kernel.actor import Actor, Place


@dataclass(frozen=True, slots=True)
class _Known:
    path: list[int]
    region_id: int
    operator_id: int | None


class References:
    """Regions, organisations and houses by code, and the places of houses, those that are being entered among them."""

    def __init__(self, drafts: Iterable[HouseDraft], *, actor: Actor) -> None:
        """At most seven statements."""
        wanted = list(drafts)
        codes = {draft.code for draft in wanted} | {draft.parent_code for draft in wanted}
        named = House.objects.filter(code__in=codes)
        self.houses: dict[str, int] = dict(named.filter(visible(actor)).values_list("code", "pk"))
        self._taken = set(named.values_list("code", flat=True))
        columns = ("pk", "path", "region_id", "operator_id")
        rows = list(named.values_list(*columns))
        above = {number for _, path, _, _ in rows for number in path} - {row[0] for row in rows}
        rows += House.objects.filter(pk__in=above).values_list(*columns)
        self._houses = {pk: _Known(list(path), region, operator) for pk, path, region, operator in rows}
        region_codes = {draft.region_code for draft in wanted}
        self._regions = {
            pk: (code, path, country)
            for pk, code, path, country in (
                Region.objects.filter(code__in=region_codes)
                | Region.objects.filter(pk__in={known.region_id for known in self._houses.values()})
            ).values_list("pk", "code", "path", "country")
        }
        self.regions = {code: pk for pk, (code, _, _) in self._regions.items()}
        operators = {draft.operator_code for draft in wanted}
        self._operators = {
            pk: (code, path)
            for pk, code, path in (
                Organisation.objects.filter(code__in=operators)
                | Organisation.objects.filter(pk__in={known.operator_id for known in self._houses.values()})
            ).values_list("pk", "code", "path")
        }
        self.organisations = {code: pk for pk, (code, _) in self._operators.items()}
        self._authorities: Authorities | None = None

    def is_taken(self, code: str) -> bool:
        """Whether a house has this code, one that the actor may not see too."""
        return code in self._taken

    def place_of_house(self, house_id: int) -> Place:
        """As `queries.place_of_house`, without a statement."""
        known = self._houses[house_id]
        runners = self._runners(known.path)
        return Place(tuple(reversed(known.path)), nearest_first(runners or self._of_region(known.region_id)))

    def place_of_new_house(self, *, parent_id: int | None, operator_id: int | None, region_id: int) -> Place:
        """As `queries.place_of_new_house`, without a statement."""
        inside = self.place_of_house(parent_id) if parent_id is not None else Place()
        runners = [self._operators[operator_id][1]] if operator_id is not None else []
        organisations = (*nearest_first(runners), *inside.organisations)
        return Place(inside.houses, organisations or nearest_first(self._of_region(region_id)))

    def entered(self, house: House) -> None:
        """Know a house that was just entered."""
        above = self._houses[house.parent_id].path if house.parent_id is not None else []
        self._houses[house.pk] = _Known([*above, house.pk], house.region_id, house.operator_id)
        self.houses[house.code] = house.pk
        self._taken.add(house.code)

    def _runners(self, path: list[int]) -> list[list[int]]:
        operators = (self._houses[number].operator_id for number in reversed(path))
        return [self._operators[number][1] for number in operators if number is not None]

    def _of_region(self, region_id: int) -> list[list[int]]:
        self._authorities = self._authorities or Authorities()
        _code, path, country = self._regions[region_id]
        return self._authorities.of(path, country)
