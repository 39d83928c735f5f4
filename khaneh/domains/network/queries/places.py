"""Where an act happens, for permissions: a place with everything above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotFound

# Those who answer for a territory and not only for the houses that they run.
_AUTHORITIES = ("library_authority", "ministry_office")


def places_of_houses(house_ids: Iterable[int]) -> dict[int, Place]:
    """The place of each house that exists: the houses it is in, nearest first, and the organisations that run any of them.

    Where nobody runs a house or one around it, the authorities of its region answer for it. Three statements.
    """
    found = House.objects.filter(pk__in=list(house_ids)).values_list("pk", "path", "region__path", "region__country")
    rows = {pk: (path, region_path, country) for pk, path, region_path, country in found}
    above = {number for path, _, _ in rows.values() for number in path}
    operators = dict(House.objects.filter(pk__in=above, operator__isnull=False).values_list("pk", "operator__path"))
    authorities: Authorities | None = None
    places = {}
    for house_id, (path, region_path, country) in rows.items():
        runners = [operators[number] for number in reversed(path) if number in operators]
        if not runners:
            authorities = authorities or Authorities()
            runners = authorities.of(region_path, country)
        places[house_id] = Place(houses=tuple(reversed(path)), organisations=nearest_first(runners))
    return places


def place_of_new_house(*, parent_id: int | None, operator_id: int | None, region_id: int) -> Place:
    """Where a house would be that does not exist yet. Four statements."""
    inside = place_of_house(parent_id) if parent_id is not None else Place()
    runners = Organisation.objects.filter(pk=operator_id or 0).values_list("path", flat=True)
    organisations = (*nearest_first(runners), *inside.organisations)
    return Place(inside.houses, organisations or place_of_region(region_id).organisations)


def place_of_house(house_id: int) -> Place:
    """As `places_of_houses`, for one. Raises NotFound."""
    place = places_of_houses([house_id]).get(house_id)
    if place is None:
        raise NotFound(what="house")
    return place


def places_of_organisations(organisation_ids: Iterable[int]) -> dict[int, Place]:
    """The place of each organisation that exists: it, its parents, and the authorities of its region. Two statements."""
    authorities = Authorities()
    found = Organisation.objects.filter(pk__in=list(organisation_ids))
    return {
        number: Place(organisations=nearest_first([path, *authorities.of(region_path or [], country)]))
        for number, path, region_path, country in found.values_list("pk", "path", "region__path", "country")
    }


def place_of_organisation(organisation_id: int) -> Place:
    """As `places_of_organisations`, for one. Raises NotFound."""
    place = places_of_organisations([organisation_id]).get(organisation_id)
    if place is None:
        raise NotFound(what="organisation")
    return place


def places_of_regions(region_ids: Iterable[int]) -> dict[int, Place]:
    """The place of each region that exists: its authorities, those of the regions above it and of its country. Two statements."""
    found = list(Region.objects.filter(pk__in=list(region_ids)).values_list("pk", "path", "country"))
    authorities = Authorities()
    return {pk: Place(organisations=nearest_first(authorities.of(path, country))) for pk, path, country in found}


def place_of_region(region_id: int) -> Place:
    """As `places_of_regions`, for one. Raises NotFound."""
    place = places_of_regions([region_id]).get(region_id)
    if place is None:
        raise NotFound(what="region")
    return place


def places_of_organisations_by_code(codes: Iterable[str]) -> dict[str, Place]:
    """As `places_of_organisations`, by code. Three statements."""
    ids = dict(Organisation.objects.filter(code__in=list(codes)).values_list("code", "pk"))
    places = places_of_organisations(ids.values())
    return {code: places[number] for code, number in ids.items()}


def places_of_regions_by_code(codes: Iterable[str]) -> dict[str, Place]:
    """As `place_of_region`, of many. Two statements."""
    authorities = Authorities()
    found = Region.objects.filter(code__in=list(codes)).values_list("code", "path", "country")
    return {code: Place(organisations=nearest_first(authorities.of(path, country))) for code, path, country in found}


def place_of_country(country: str) -> Place:
    """The authorities of the whole country: those that have no region. One statement."""
    return Place(organisations=nearest_first(Authorities().of([], country)))


def countries() -> list[str]:
    """The countries that the network reaches into: those with regions or with an authority of the whole country. One statement."""
    reached = (
        Region.objects.order_by()
        .values_list("country")
        .union(
            Organisation.objects.filter(kind__in=_AUTHORITIES, region__isnull=True).order_by().values_list("country")
        )
    )
    return sorted(country for (country,) in reached)


def places_of_countries() -> dict[str, Place]:
    """The place of each country that has an authority of its own. One statement."""
    return {country: Place(organisations=nearest_first(paths)) for country, paths in Authorities().national().items()}


def may_publish_indexes(actor: Actor) -> bool:
    """Whether the actor administers an authority of a region or a country, or what stands above one. One statement."""
    administered = [
        grant.organisation_id
        for grant in actor.grants
        if grant.organisation_id is not None and grant.role == Role.ADMINISTRATOR
    ]
    return actor.is_system or (
        bool(administered) and Organisation.objects.filter(kind__in=_AUTHORITIES, path__overlap=administered).exists()
    )


class Authorities:
    """Every authority, read once: there are as many as provinces. One statement."""

    def __init__(self) -> None:
        """Read them."""
        rows = (
            Organisation.objects.filter(kind__in=_AUTHORITIES)
            .order_by("pk")
            .values_list("country", "region_id", "path")
        )
        self._paths: dict[tuple[str, int | None], list[list[int]]] = {}
        for country, region_id, path in rows:
            self._paths.setdefault((country, region_id), []).append(path)

    def of(self, region_path: Sequence[int], country: str) -> list[list[int]]:
        """Those of the region, of the regions above it, and of the whole country, nearest first."""
        regions = [*reversed(region_path), None]
        return [path for region_id in regions for path in self._paths.get((country, region_id), [])]

    def national(self) -> dict[str, list[list[int]]]:
        """Those of each whole country."""
        return {country: paths for (country, region_id), paths in self._paths.items() if region_id is None}


def nearest_first(paths: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Organisations on these paths, each before those above it, none twice."""
    return tuple(dict.fromkeys(number for path in paths for number in reversed(path)))
