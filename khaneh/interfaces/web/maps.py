"""Maps as SVG: boundaries and points projected on the server, one drawing a province, so that no script and no tile server is needed.

With a tile address (`KHANEH_TILE_URL`, `{z}/{x}/{y}`) the same drawing lies on tiles: both are in Web Mercator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

WIDTH = 640.0
_MARGIN = 18.0
_TILE = 256
_MOST_TILES = 24
_TALLEST = 1.15  # of the width


class Outline(NamedTuple):
    """A region's border as an SVG path."""

    code: str
    name: str
    path: str
    whole: bool  # the province itself
    x: float
    y: float


class Point(NamedTuple):
    """A house on the map."""

    code: str
    name: str
    x: float
    y: float
    is_library: bool
    chosen: bool


class Tile(NamedTuple):
    """A picture of the ground below."""

    url: str
    x: float
    y: float
    size: float


class Drawing(NamedTuple):
    """One map: everything in units of its own view box, `width` by `height`."""

    code: str
    name: str
    width: float
    height: float
    outlines: tuple[Outline, ...]
    points: tuple[Point, ...]
    tiles: tuple[Tile, ...]


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Web Mercator (EPSG:3857) on a square of side 1, from the north-west."""
    sine = math.sin(math.radians(max(-85.0, min(85.0, latitude))))
    return longitude / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        for ring in polygon:
            yield [mercator(position[0], position[1]) for position in ring]


def _tiles(template: str, left: float, top: float, scale: float, height: float) -> Iterator[Tile]:
    zoom = max(0, min(18, round(math.log2(scale / _TILE))))
    count = 2**zoom
    size = scale / count
    columns = range(max(0, int(left * count)), min(count - 1, int((left + WIDTH / scale) * count)) + 1)
    rows = range(max(0, int(top * count)), min(count - 1, int((top + height / scale) * count)) + 1)
    if len(columns) * len(rows) > _MOST_TILES:
        return
    for column in columns:
        for row in rows:
            url = template.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))
            yield Tile(url, (column / count - left) * scale, (row / count - top) * scale, size)


def _root(code: str, roots: Iterable[str]) -> str:
    return next((root for root in roots if code == root or code.startswith(f"{root}-")), "")


def drawings(
    collection: Mapping[str, Any], *, libraries: frozenset[str], chosen: str = "", tile_url: str = ""
) -> list[Drawing]:
    """A drawing for each province of a FeatureCollection of `network.queries.map_of` that has a house or stands alone.

    A region belongs to the province whose code its own begins with; a house to the province it lies in.
    """
    regions = [feature for feature in collection["features"] if feature["properties"]["thing"] == "region"]
    houses = [feature for feature in collection["features"] if feature["properties"]["thing"] == "house"]
    provinces = {feature["properties"]["code"]: feature for feature in regions if feature["properties"]["level"] == 1}
    inside: dict[str, list[Mapping[str, Any]]] = {code: [] for code in provinces}
    for feature in regions:
        root = _root(feature["properties"]["code"], provinces)
        if root:
            inside[root].append(feature)
    borders = {code: list(_rings(feature["geometry"])) for code, feature in provinces.items()}
    points: dict[str, list[Mapping[str, Any]]] = {code: [] for code in provinces}
    for house in houses:
        where = mercator(*house["geometry"]["coordinates"])
        code = next((code for code, rings in borders.items() if any(_holds(ring, where) for ring in rings)), "")
        code = code or min(borders, key=lambda c: _distance(borders[c], where), default="")
        if code:
            points[code].append(house)
    return [
        _drawing(provinces[code], inside[code], points[code], libraries=libraries, chosen=chosen, tile_url=tile_url)
        for code in provinces
        if points[code] or len(provinces) == 1
    ]


def _holds(ring: list[tuple[float, float]], point: tuple[float, float]) -> bool:
    x, y = point
    crossings = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings = not crossings
    return crossings


def _distance(rings: list[list[tuple[float, float]]], point: tuple[float, float]) -> float:
    return min(math.dist(corner, point) for ring in rings for corner in ring)


def _drawing(
    province: Mapping[str, Any],
    regions: list[Mapping[str, Any]],
    houses: list[Mapping[str, Any]],
    *,
    libraries: frozenset[str],
    chosen: str,
    tile_url: str,
) -> Drawing:
    corners = [corner for ring in _rings(province["geometry"]) for corner in ring]
    corners += [mercator(*house["geometry"]["coordinates"]) for house in houses]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    room = WIDTH - 2 * _MARGIN
    scale = min(room / max(right - left, 1e-6), room * _TALLEST / max(bottom - top, 1e-6))
    height = (bottom - top) * scale + 2 * _MARGIN
    left -= (WIDTH / scale - (right - left)) / 2
    top -= _MARGIN / scale

    def place(x: float, y: float) -> tuple[float, float]:
        return round((x - left) * scale, 1), round((y - top) * scale, 1)

    outlines = []
    for feature in regions:
        rings = [[place(*corner) for corner in ring] for ring in _rings(feature["geometry"])]
        longest = max(rings, key=len)
        path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
        x, y = sum(x for x, _ in longest) / len(longest), sum(y for _, y in longest) / len(longest)
        whole = feature["properties"]["level"] == 1
        outlines.append(
            Outline(feature["properties"]["code"], feature["properties"]["name"], path, whole, round(x, 1), round(y, 1))
        )
    # The province's own border goes on top, or its districts would cover it.
    outlines.sort(key=lambda outline: outline.whole)
    found = []
    for house in houses:
        x, y = place(*mercator(*house["geometry"]["coordinates"]))
        own = house["properties"]
        found.append(Point(own["code"], own["name"], x, y, own["kind"] in libraries, own["code"] == chosen))
    return Drawing(
        code=province["properties"]["code"],
        name=province["properties"]["name"],
        width=WIDTH,
        height=round(height, 1),
        outlines=tuple(outlines),
        points=tuple(sorted(found, key=lambda point: (point.chosen, point.y))),
        tiles=tuple(_tiles(tile_url, left, top, scale, height)) if tile_url else (),
    )
