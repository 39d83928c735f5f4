"""Regions and their deprivation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from khaneh.domains.network.models import DeprivationIndex, House, Region, RegionDecile
from khaneh.domains.network.queries.keeping import kept
from khaneh.domains.network.types import DeprivationIndexRow, HouseState, Ref, RegionLevel, RegionRow
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def deprivation_indexes() -> list[DeprivationIndexRow]:
    """Every version of every index, the newest first. One statement."""
    return [
        DeprivationIndexRow(
            id=index.pk,
            code=index.code,
            version=index.version,
            names=Label.from_dict(index.names),
            notes=Label.from_dict(index.notes),
            published_on=index.published_on,
            illustrative=index.illustrative,
        )
        for index in DeprivationIndex.objects.order_by("-published_on", "code", "-version")
    ]


def newest_index_id(on: date | None = None) -> int | None:
    """The version that holds on a day (or the newest of all). One statement."""
    known = DeprivationIndex.objects.filter(published_on__lte=on) if on else DeprivationIndex.objects.all()
    return known.order_by("-published_on", "-pk").values_list("pk", flat=True).first()


def deciles_of(region_ids: Iterable[int], *, index_id: int | None) -> dict[int, int]:
    """The decile of each region that has one itself. One statement, none without an index."""
    if index_id is None:
        return {}
    rows = RegionDecile.objects.filter(index_id=index_id, region_id__in=list(region_ids))
    return dict(rows.values_list("region_id", "decile"))


def decile_on_path(path: Iterable[int], deciles: dict[int, int]) -> int | None:
    """A region's own decile, or that of the nearest region above it."""
    return next((deciles[number] for number in reversed(list(path)) if number in deciles), None)


def region_refs(ids: Iterable[int]) -> dict[int, Ref]:
    """Regions to link to, by id. One statement."""
    rows = Region.objects.filter(pk__in=set(ids)).values_list("pk", "code", "names")
    return {pk: Ref(pk, code, Label.from_dict(names)) for pk, code, names in rows}


def region_names() -> dict[str, Label]:
    """The names of all regions by code; kept for some seconds, as every facet of every page asks. One statement at most."""

    def read() -> dict[str, Label]:
        return {code: Label.from_dict(names) for code, names in Region.objects.values_list("code", "names")}

    return kept("regions", read)


def regions(
    *,
    country: str = "",
    below: str = "",
    level: RegionLevel | None = None,
    index_id: int | None = None,
    limit: int = 20_000,
) -> list[RegionRow]:
    """Regions in tree order: each before what is below it, sisters by code. `below` is a region's code, itself included.

    Deciles are those of `index_id`, else of the newest version. Five statements.
    """
    wanted = Region.objects.all()
    if country:
        wanted = wanted.filter(country=country)
    if below:
        wanted = wanted.filter(path__overlap=list(Region.objects.filter(code=below).values_list("pk", flat=True)))
    if level is not None:
        wanted = wanted.filter(level=level)
    columns = (
        "pk", "code", "level", "country", "names", "parent_id", "path", "population", "rural", "latitude", "longitude",
    )  # fmt: skip
    rows = list(wanted.order_by("level", "code").values(*columns)[:limit])
    above = {number for row in rows for number in row["path"]}
    refs = region_refs(above)
    deciles = deciles_of(above, index_id=index_id if index_id is not None else newest_index_id())
    houses = _open_houses()
    found = [
        RegionRow(
            id=row["pk"],
            code=row["code"],
            level=RegionLevel(row["level"]),
            country=row["country"],
            names=Label.from_dict(row["names"]),
            parent_id=row["parent_id"],
            ancestors=tuple(refs[number] for number in row["path"][:-1]),
            population=row["population"],
            rural=row["rural"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            decile=decile_on_path(row["path"], deciles),
            houses=houses.get(row["pk"], 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (*(above.code for above in row.ancestors), row.code))


def region(code: str, *, index_id: int | None = None) -> RegionRow:
    """One region. Five statements. Raises NotFound."""
    found = [row for row in regions(below=code, index_id=index_id) if row.code == code]
    if not found:
        raise NotFound(what="region")
    return found[0]


def _open_houses() -> dict[int, int]:
    counts: dict[int, int] = {}
    rows = House.objects.filter(state=HouseState.OPEN).values_list("region__path").annotate(number=Count("pk"))
    for path, number in rows:
        for region_id in path:
            counts[region_id] = counts.get(region_id, 0) + number
    return counts
