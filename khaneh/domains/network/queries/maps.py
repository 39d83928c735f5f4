"""The map's data: outlines of regions and points of houses, to be drawn without any tile server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.network.models import Region
from khaneh.domains.network.queries.houses import houses
from khaneh.domains.network.queries.regions import decile_on_path, deciles_of, newest_index_id
from khaneh.domains.network.types import HouseFilter, RegionLevel
from khaneh.kernel.actor import Actor

LONGEST_MAP = 20_000


def map_of(
    wanted: HouseFilter,
    *,
    actor: Actor,
    now: datetime,
    language: str,
    levels: tuple[RegionLevel, ...] = (RegionLevel.PROVINCE, RegionLevel.DISTRICT),
) -> dict[str, Any]:
    """One GeoJSON FeatureCollection: outlines first (large ones below small ones), then houses with coordinates. Eleven statements.

    Properties of a region: thing=region, code, name, level, population, decile. Of a house: thing=house, code, name, kind, state,
    open, address, km. Names are in the reader's language.
    """
    outlines = Region.objects.filter(level__in=levels, outline__isnull=False)
    if wanted.region_code:
        around = list(Region.objects.filter(code=wanted.region_code).values_list("path", flat=True))
        top = around[0][0] if around else 0
        outlines = outlines.filter(path__contains=[top])
    columns = ("pk", "code", "level", "names", "path", "population", "outline")
    rows = list(outlines.order_by("level", "code").values(*columns)[:LONGEST_MAP])
    deciles = deciles_of((number for row in rows for number in row["path"]), index_id=newest_index_id())
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "id": row["code"],
            "geometry": row["outline"],
            "properties": {
                "thing": "region",
                "code": row["code"],
                "name": row["names"].get(language) or row["names"].get("en") or row["code"],
                "level": row["level"],
                "population": row["population"],
                "decile": decile_on_path(row["path"], deciles),
            },
        }
        for row in rows
    ]
    for house in houses(wanted, actor=actor, now=now, language=language, limit=LONGEST_MAP).rows:
        if house.latitude is None or house.longitude is None:
            continue
        properties = {
            "thing": "house",
            "code": house.code,
            "name": house.names.pick(language),
            "kind": house.kind,
            "state": house.state.value,
            "open": house.status.is_open,
            "address": house.address,
            "km": None if house.distance_km is None else round(house.distance_km, 1),
        }
        point = {"type": "Point", "coordinates": [house.longitude, house.latitude]}
        features.append({"type": "Feature", "id": house.code, "geometry": point, "properties": properties})
    return {"type": "FeatureCollection", "features": features}
