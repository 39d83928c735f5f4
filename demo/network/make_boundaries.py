"""Draws `boundaries.geojson`: generalised shapes of the demonstration's provinces and districts.

The province outlines below were drawn by hand, from memory of the map, as a few dozen points each; they are an illustration and
prove nothing about where a border runs. A district is the part of its province that lies nearest to the district's centre
(a Voronoi cell), and every line is then roughened a little, so that it looks like a map and neighbours still share their border.
No shape of anybody else's is used. Standard library only; the same input gives the same bytes.

    python -m demo.network.make_boundaries
"""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

Point = tuple[float, float]  # longitude, latitude in degrees

HERE = Path(__file__).parent
DIGITS = 4  # about 11 m: finer than the drawing deserves, coarse enough to give shared corners one spelling

# Anticlockwise or clockwise does not matter here; `ring` turns them the way GeoJSON asks for (RFC 7946, 3.1.6).
OUTLINES: dict[str, list[Point]] = {
    "vn-na": [
        (105.81, 19.31), (105.76, 19.17), (105.72, 19.10), (105.63, 19.02), (105.62, 18.95), (105.70, 18.87),
        (105.75, 18.80), (105.77, 18.75), (105.71, 18.68), (105.68, 18.62), (105.60, 18.58), (105.52, 18.56),
        (105.40, 18.57), (105.27, 18.55), (105.18, 18.60), (105.10, 18.70), (105.00, 18.74), (104.92, 18.80),
        (104.78, 18.87), (104.62, 18.95), (104.52, 19.06), (104.42, 19.16), (104.27, 19.21), (104.10, 19.25),
        (104.02, 19.38), (103.89, 19.45), (103.98, 19.60), (104.08, 19.68), (104.26, 19.70), (104.42, 19.68),
        (104.56, 19.62), (104.66, 19.70), (104.64, 19.80), (104.75, 19.87), (104.88, 19.98), (104.99, 19.93),
        (105.03, 19.82), (105.13, 19.71), (105.26, 19.66), (105.30, 19.56), (105.42, 19.52), (105.52, 19.49),
        (105.60, 19.43), (105.66, 19.36), (105.73, 19.36),
    ],
    "ir-yz": [
        (52.83, 31.15), (52.95, 31.38), (53.02, 31.62), (53.02, 31.88), (53.20, 32.02), (53.18, 32.28), (53.02, 32.47),
        (53.20, 32.72), (53.45, 32.90), (53.58, 33.20), (53.92, 33.32), (54.25, 33.46), (54.62, 33.40), (54.95, 33.44),
        (55.28, 33.30), (55.52, 33.08), (55.60, 32.82), (55.86, 32.66), (56.22, 32.62), (56.52, 32.42), (56.66, 32.12),
        (56.58, 31.78), (56.32, 31.60), (56.06, 31.42), (55.92, 31.14), (55.66, 30.98), (55.42, 30.90), (55.20, 30.72),
        (54.98, 30.58), (54.78, 30.34), (54.72, 30.08), (54.86, 29.86), (54.62, 29.64), (54.32, 29.57), (54.02, 29.70),
        (53.86, 29.92), (53.80, 30.20), (53.66, 30.42), (53.46, 30.56), (53.26, 30.74), (53.04, 30.84), (52.90, 30.96),
    ],
    "ir-qm": [
        (50.08, 34.72), (50.18, 34.58), (50.32, 34.50), (50.38, 34.36), (50.56, 34.27), (50.70, 34.16), (50.88, 34.14),
        (51.04, 34.19), (51.16, 34.30), (51.30, 34.40), (51.48, 34.47), (51.70, 34.50), (51.90, 34.56), (51.97, 34.72),
        (51.88, 34.88), (51.72, 34.97), (51.56, 35.09), (51.34, 35.16), (51.14, 35.18), (50.98, 35.08), (50.82, 35.04),
        (50.64, 35.06), (50.48, 34.98), (50.36, 34.88), (50.20, 34.84),
    ],
    "ir-kr": [
        (56.28, 35.06), (56.40, 35.30), (56.62, 35.46), (56.58, 35.72), (56.40, 35.94), (56.52, 36.20), (56.62, 36.44),
        (56.80, 36.62), (56.92, 36.84), (57.22, 36.90), (57.48, 36.98), (57.78, 36.86), (58.00, 36.92), (58.16, 37.10),
        (58.12, 37.34), (58.30, 37.52), (58.56, 37.68), (58.84, 37.64), (59.10, 37.52), (59.34, 37.50), (59.46, 37.28),
        (59.66, 37.13), (59.92, 37.06), (60.14, 37.00), (60.34, 36.84), (60.36, 36.64), (60.66, 36.62), (60.98, 36.64),
        (61.16, 36.56), (61.20, 36.28), (61.16, 36.02), (61.24, 35.80), (61.22, 35.54), (61.28, 35.30), (61.10, 35.20),
        (61.06, 34.94), (61.00, 34.78), (60.86, 34.56), (60.70, 34.46), (60.68, 34.30), (60.50, 34.12), (60.20, 34.06),
        (59.92, 34.14), (59.70, 34.02), (59.44, 34.04), (59.20, 33.92), (58.96, 33.98), (58.72, 34.04), (58.40, 33.98),
        (58.10, 34.12), (57.88, 34.30), (57.84, 34.56), (57.62, 34.72), (57.30, 34.70), (56.98, 34.80), (56.62, 34.84),
    ],
}  # fmt: skip


def rounded(point: Point) -> Point:
    return (round(point[0], DIGITS), round(point[1], DIGITS))


def rough(start: Point, end: Point, *, depth: int, amount: float) -> list[Point]:
    """Points strictly between two corners. The same for both directions, so that neighbours agree on their common line."""
    if depth == 0:
        return []
    low, high = sorted((start, end))
    offset = random.Random(f"{low}{high}").uniform(-amount, amount)
    middle = rounded(
        ((low[0] + high[0]) / 2 - (high[1] - low[1]) * offset, (low[1] + high[1]) / 2 + (high[0] - low[0]) * offset)
    )
    before = rough(low, middle, depth=depth - 1, amount=amount)
    after = rough(middle, high, depth=depth - 1, amount=amount)
    points = [*before, middle, *after]
    return points if start == low else points[::-1]


def nearer(polygon: list[Point], here: Point, there: Point, stretch: float) -> list[Point]:
    """The part of a polygon nearer to `here` than to `there`. `stretch`: how much shorter a degree of longitude is."""

    def side(point: Point) -> float:
        def distance(a: Point) -> float:
            return ((point[0] - a[0]) * stretch) ** 2 + (point[1] - a[1]) ** 2

        return distance(there) - distance(here)

    kept: list[Point] = []
    for index, current in enumerate(polygon):
        previous = polygon[index - 1]
        was, now = side(previous), side(current)
        if (was < 0) != (now < 0):
            # Always cut from the same end, or the two neighbours could differ in the last digit.
            (a, at), (b, bt) = sorted(((previous, was), (current, now)))
            share = at / (at - bt)
            kept.append((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))
        if now >= 0:
            kept.append(current)
    return kept


def area(polygon: list[Point]) -> float:
    """Signed, in square degrees; positive when anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)) / 2


def ring(polygon: list[Point]) -> list[list[float]]:
    """A closed GeoJSON ring, anticlockwise."""
    points = polygon if area(polygon) > 0 else polygon[::-1]
    return [list(point) for point in [*points, points[0]]]


def coast(outline: list[Point]) -> list[Point]:
    """A province's outline, roughened once: districts are cut from the result."""
    points: list[Point] = []
    for index, corner in enumerate(outline):
        points += [corner, *rough(corner, outline[(index + 1) % len(outline)], depth=1, amount=0.12)]
    return points


def district(outline: list[Point], here: Point, others: list[Point], stretch: float) -> list[Point]:
    cell = outline
    for there in others:
        cell = nearer(cell, here, there, stretch)
    corners: list[Point] = []
    for point in map(rounded, cell):
        if not corners or corners[-1] != point:
            corners.append(point)
    if corners[0] == corners[-1]:
        corners.pop()
    border = set(outline)
    drawn: list[Point] = []
    for index, corner in enumerate(corners):
        following = corners[(index + 1) % len(corners)]
        drawn.append(corner)
        if corner not in border and following not in border:
            drawn += rough(corner, following, depth=2, amount=0.13)
    return drawn


def collection() -> dict[str, object]:
    """The GeoJSON FeatureCollection: provinces first, then districts in the order of `regions.csv`."""
    with (HERE / "regions.csv").open(encoding="utf-8", newline="") as stream:
        regions = list(csv.DictReader(stream))
    centres = {
        row["code"]: (float(row["longitude"]), float(row["latitude"])) for row in regions if row["level"] == "district"
    }
    coasts = {code: coast(outline) for code, outline in OUTLINES.items()}
    features: list[dict[str, object]] = []
    for row in regions:
        if row["level"] == "province":
            polygon = coasts[row["code"]]
        elif row["level"] == "district":
            outline = coasts[row["parent"]]
            others = [
                centres[other["code"]] for other in regions
                if other["parent"] == row["parent"] and other["code"] != row["code"]
            ]  # fmt: skip
            stretch = 0.945 if row["parent"].startswith("vn") else 0.83
            polygon = district(outline, centres[row["code"]], others, stretch)
        else:
            continue
        features.append(
            {
                "type": "Feature",
                "id": row["code"],
                "properties": {
                    "code": row["code"],
                    "level": row["level"],
                    "names": {language: row[f"name_{language}"] for language in ("fa", "vi", "en")},
                },
                "geometry": {"type": "Polygon", "coordinates": [ring(polygon)]},
            }
        )
    return {
        "type": "FeatureCollection",
        "name": "Generalised outlines, drawn for the demonstration",
        "features": features,
    }


def text() -> str:
    """The file's text: a feature a line, so that a change can be read."""
    data = collection()
    features = data.pop("features")
    assert isinstance(features, list)
    head = json.dumps(data, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{head}, "features": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    (HERE / "boundaries.geojson").write_text(text(), encoding="utf-8")
