"""The ornaments of covers and empty rooms, computed: khatam stars, a shamsa, a Đông Sơn drum, waves, kilim steps, brickwork.

`python -m khaneh.interfaces.web.patterns` writes them as black SVG masks into static/khaneh/patterns; CSS gives them their colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "static/khaneh/patterns"
Point = tuple[float, float]


def _polar(center: Point, radius: float, degrees: float) -> Point:
    angle = math.radians(degrees)
    return center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)


def _path(points: Iterable[Point], *, close: bool = True) -> str:
    body = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return f"M{body}{'Z' if close else ''}"


def _star(center: Point, outer: float, inner: float, tips: int, turn: float = 0) -> str:
    radii = (outer, inner)
    return _path(_polar(center, radii[i % 2], turn + i * 180 / tips) for i in range(2 * tips))


def _svg(width: float, height: float, body: str, *, stroke: float = 1.4) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f'<g fill="none" stroke="#000" stroke-width="{stroke:g}" stroke-linejoin="round">{body}</g></svg>\n'
    )


def khatam() -> str:
    """Eight-pointed stars with crosses between them: two squares turned, at every corner of the tile and in its middle."""
    size, reach = 48.0, 24 / math.sqrt(2) * 1.0
    parts = []
    for center in ((0.0, 0.0), (size, 0.0), (0.0, size), (size, size)):
        parts += [_path(_polar(center, reach * 1.414, turn + 90 * i) for i in range(4)) for turn in (0, 45)]
        parts.append(_star(center, 9, 4.6, 8, 22.5))
    middle = (size / 2, size / 2)
    parts.append(_path(_polar(middle, 6.2, 45 + 90 * i) for i in range(4)))
    return _svg(size, size, f'<path d="{"".join(parts)}"/>', stroke=1.1)


def shamsa() -> str:
    """A sunburst medallion as on the first page of an illuminated book."""
    center = (100.0, 100.0)
    petals = []
    for i in range(16):
        turn = i * 22.5
        tip, left, right = (_polar(center, r, turn + d) for r, d in ((94, 0), (62, -11.25), (62, 11.25)))
        out_left, out_right = _polar(center, 86, turn - 8), _polar(center, 86, turn + 8)
        petals.append(
            f"M{left[0]:.2f} {left[1]:.2f}Q{out_left[0]:.2f} {out_left[1]:.2f} {tip[0]:.2f} {tip[1]:.2f}"
            f"Q{out_right[0]:.2f} {out_right[1]:.2f} {right[0]:.2f} {right[1]:.2f}"
        )
    rays = "".join(
        _path([_polar(center, 95, i * 22.5), _polar(center, 99.5, i * 22.5)], close=False) for i in range(16)
    )
    rings = "".join(f'<circle cx="100" cy="100" r="{r}"/>' for r in (62, 56, 30, 12))
    stars = _star(center, 56, 40, 16) + _star(center, 56, 34, 8, 11.25) + _star(center, 30, 17, 8)
    return _svg(200, 200, f'<path d="{"".join(petals)}{rays}{stars}"/>{rings}', stroke=1.6)


def drum() -> str:
    """The face of a bronze drum: a star of fourteen rays, then rings of dots, combs, and circles joined by tangents."""
    center = (200.0, 200.0)
    rings = "".join(f'<circle cx="200" cy="200" r="{r}"/>' for r in (62, 68, 88, 94, 128, 134, 160, 166, 192, 198))
    star = _star(center, 58, 16, 14)
    combs = "".join(
        _path([_polar(center, 69, i * 5), _polar(center, 87, i * 5)], close=False) for i in range(72)
    ) + "".join(_path([_polar(center, 167, i * 3), _polar(center, 191, i * 3)], close=False) for i in range(120))
    circles = ""
    for i in range(24):
        x, y = _polar(center, 111, i * 15)
        circles += f'<circle cx="{x:.2f}" cy="{y:.2f}" r="9"/><circle cx="{x:.2f}" cy="{y:.2f}" r="2.5" fill="#000"/>'
    teeth = "".join(
        _path([_polar(center, 135, i * 6), _polar(center, 158, i * 6 + 3), _polar(center, 135, i * 6 + 6)], close=False)
        for i in range(60)
    )
    return _svg(400, 400, f'<path d="{star}{combs}{teeth}"/>{rings}{circles}', stroke=1.8)


def waves() -> str:
    """Scales of water, as carved under the dragons of communal houses."""
    body = ""
    for x, y in ((0, 16), (40, 16), (80, 16), (20, 32), (60, 32), (-20, 32), (100, 32)):
        body += "".join(f'<path d="M{x - r} {y}A{r} {r} 0 0 1 {x + r} {y}"/>' for r in (20, 14.5, 9, 4))
    return _svg(80, 32, f'<svg width="80" height="32" overflow="hidden">{body}</svg>', stroke=1.3)


def kilim() -> str:
    """Stepped diamonds of a woven border."""
    steps = [
        (24, 0),
        (30, 0),
        (30, 6),
        (36, 6),
        (36, 12),
        (42, 12),
        (42, 18),
        (48, 18),
        (48, 30),
        (42, 30),
        (42, 36),
        (36, 36),
    ]
    steps += [(36, 42), (30, 42), (30, 48), (18, 48), (18, 42), (12, 42), (12, 36), (6, 36), (6, 30), (0, 30), (0, 18)]
    steps += [(6, 18), (6, 12), (12, 12), (12, 6), (18, 6), (18, 0)]
    inner = [(24 + (x - 24) * 0.5, 24 + (y - 24) * 0.5) for x, y in steps]
    return _svg(48, 48, f'<path d="{_path(steps)}{_path(inner)}" fill="#000" fill-rule="evenodd" stroke="none"/>')


def brick() -> str:
    """Hazarbaf brickwork: bricks in pairs, turned against each other."""
    blocks = [(0, 0, 22, 10), (0, 12, 22, 10), (24, 0, 10, 22), (36, 0, 10, 22), (0, 24, 10, 22), (12, 24, 10, 22)]
    blocks += [(24, 24, 22, 10), (24, 36, 22, 10)]
    body = "".join(f'<rect x="{x + 1}" y="{y + 1}" width="{w}" height="{h}" rx="1"/>' for x, y, w, h in blocks)
    return _svg(48, 48, body, stroke=1.2)


def lotus() -> str:
    """A lotus seen from the side, petals opening from one heart."""
    petals = []
    for turn, length, width in (
        (-90, 88, 20),
        (-122, 84, 20),
        (-58, 84, 20),
        (-150, 78, 19),
        (-30, 78, 19),
        (-174, 66, 15),
        (-6, 66, 15),
    ):
        tip = _polar((100, 112), length, turn)
        left, right = _polar((100, 112), length * 0.55, turn - width), _polar((100, 112), length * 0.55, turn + width)
        petals.append(
            f"M100 112Q{left[0]:.1f} {left[1]:.1f} {tip[0]:.1f} {tip[1]:.1f}Q{right[0]:.1f} {right[1]:.1f} 100 112Z"
        )
    water = "".join(f"M{100 - w} {y}Q100 {y + 9} {100 + w} {y}" for w, y in ((70, 122), (52, 134), (32, 146)))
    return _svg(200, 160, f'<path d="{"".join(petals)}{water}"/>', stroke=2)


def arch() -> str:
    """A doorway with a Persian point, filled: a mask that is stretched to whatever stands in it."""
    door = "M0 120V44C0 24 30 22 50 0C70 22 100 24 100 44V120Z"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 120" preserveAspectRatio="none">'
        f'<path d="{door}"/></svg>\n'
    )


PATTERNS = {f.__name__: f for f in (khatam, shamsa, drum, waves, kilim, brick, lotus, arch)}


def write() -> None:
    """Write every pattern into the static folder."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PATTERNS.items():
        (FOLDER / f"{name}.svg").write_text(draw())


if __name__ == "__main__":
    write()
