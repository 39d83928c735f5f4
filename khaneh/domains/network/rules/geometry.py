"""Outlines of regions: whether one is sound, and a simpler one for a map of the whole network. GeoJSON (RFC 7946), degrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Point = tuple[float, float]
# About 500 m: a province still looks like itself at the width of a screen.
OUTLINE_TOLERANCE = 0.005
LONGEST_RING = 100_000
_EARTH_KM = 6371.0


def geometry_problem(geometry: Any) -> str | None:
    """Why this is no Polygon or MultiPolygon: `type`, `rings`, `position`, `size`; None when it is a sound one."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return "type"
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    if not isinstance(polygons, list) or not polygons:
        return "rings"
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            return "rings"
        for ring in polygon:
            if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
                return "rings"
            if len(ring) > LONGEST_RING:
                return "size"
            if not all(_is_position(position) for position in ring):
                return "position"
    return None


def _is_position(position: Any) -> bool:
    if not isinstance(position, list) or len(position) < 2:
        return False
    longitude, latitude = position[:2]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in (longitude, latitude)):
        return False
    return bool(-180 <= longitude <= 180 and -90 <= latitude <= 90)


def simplified(geometry: Mapping[str, Any], tolerance: float = OUTLINE_TOLERANCE) -> dict[str, Any]:
    """The same shape with fewer points (Ramer-Douglas-Peucker), rounded to about 10 m. A ring keeps at least its four points."""
    if geometry["type"] == "Polygon":
        coordinates: Any = [_ring(ring, tolerance) for ring in geometry["coordinates"]]
    else:
        coordinates = [[_ring(ring, tolerance) for ring in polygon] for polygon in geometry["coordinates"]]
    return {"type": geometry["type"], "coordinates": coordinates}


def _ring(ring: Sequence[Sequence[float]], tolerance: float) -> list[list[float]]:
    points = [(position[0], position[1]) for position in ring]
    # A closed line has no two ends to draw a chord between: it is cut at the point farthest from its start.
    far = max(range(len(points)), key=lambda number: math.dist(points[number], points[0]))
    kept = _line(points[: far + 1], tolerance)[:-1] + _line(points[far:], tolerance)
    if len(kept) < 4:
        kept = points
    return [[round(longitude, 4), round(latitude, 4)] for longitude, latitude in kept]


def _line(points: list[Point], tolerance: float) -> list[Point]:
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        distances = [_distance(points[number], points[first], points[last]) for number in range(first + 1, last)]
        farthest = max(range(len(distances)), key=distances.__getitem__)
        if distances[farthest] > tolerance:
            middle = first + 1 + farthest
            keep.add(middle)
            stack += [(first, middle), (middle, last)]
    return [points[number] for number in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    width, height = end[0] - start[0], end[1] - start[1]
    length = math.hypot(width, height)
    if length == 0:
        return math.dist(point, start)
    return abs(height * (point[0] - start[0]) - width * (point[1] - start[1])) / length


def kilometres(left: Point, right: Point) -> float:
    """The great-circle distance between two (latitude, longitude), by the haversine formula on a sphere of 6371 km."""
    latitude, other = math.radians(left[0]), math.radians(right[0])
    a = (
        math.sin((other - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other) * math.sin(math.radians(right[1] - left[1]) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(a)))
