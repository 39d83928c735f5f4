"""Pictures of the demonstration's showcase, drawn by the program: it has no photographs. The same key gives the same picture."""

from __future__ import annotations

import colorsys
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

WIDTH, HEIGHT = 720, 480  # pixels


# Around the circle of colours, 0 to 1: earth, leaves, water; and what else goes with the pages' turquoise.
_HUES = {"field": 0.25, "water": 0.54, "wall": 0.06, "sun": 0.58, "tile": 0.52}
_CALM = (0.48, 0.56, 0.06, 0.93, 0.68, 0.36)


class _Paint(NamedTuple):
    """The colours of one picture, and what it is varied by."""

    ground: str
    soft: str
    mid: str
    deep: str
    spark: str
    random: Random


def showcase_picture(motif: str, key: str) -> bytes:
    """A PNG of 720 × 480 pixels. Raises KeyError for a motif that there is not."""
    import pyvips

    body = MOTIFS[motif](_paint(motif, key))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 720 480">{body}</svg>'
    )
    return bytes(pyvips.Image.svgload_buffer(svg.encode()).flatten(background=255).pngsave_buffer())


def _paint(motif: str, key: str) -> _Paint:
    seed = hashlib.sha256(key.encode()).digest()
    hue = _HUES.get(motif, _CALM[seed[1] % len(_CALM)]) + (seed[0] / 256 - 0.5) * 0.06
    # What catches the eye: saffron, and turquoise where all is warm already.
    spark = 0.11 if abs(hue - 0.11) > 0.12 else 0.49

    def colour(turn: float, light: float, full: float) -> str:
        red, green, blue = colorsys.hls_to_rgb((hue + turn) % 1, light, full)
        return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

    return _Paint(
        colour(0, 0.91, 0.35), colour(0.04, 0.79, 0.36), colour(0.02, 0.52, 0.38), colour(-0.03, 0.26, 0.42),
        colour(spark - hue, 0.53, 0.72), Random(seed),  # noqa: S311 - a picture, no secret
    )  # fmt: skip


def _rect(x: float, y: float, width: float, height: float, fill: str, round_: float = 0, more: str = "") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_}" fill="{fill}" {more}/>'
    )


def _circle(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" {more}/>'


def _line(points: Sequence[tuple[float, float]], stroke: str, width: float, fill: str = "none") -> str:
    path = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round"/>'


def _table(paint: _Paint, top: float = 360) -> str:
    return _rect(0, 0, WIDTH, HEIGHT, paint.ground) + _rect(0, top, WIDTH, HEIGHT - top, paint.soft)


def _books(paint: _Paint) -> str:
    """Shelves with books, one of them leaning out."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.ground)
    for board in (170, 330, 490):
        x = 40.0
        while x < 660:
            width, height = paint.random.uniform(16, 38), paint.random.uniform(84, 132)
            fill = paint.random.choice((paint.soft, paint.mid, paint.mid, paint.deep, paint.spark))
            found += _rect(x, board - height, width, height, fill, 3) + _rect(
                x, board - height + 16, width, 5, paint.ground
            )
            x += width + paint.random.choice((2, 2, 3, 14))
        found += _rect(24, board, 672, 12, paint.deep, 3)
    return found


def _device(paint: _Paint) -> str:
    """Something to hold, with a screen and keys."""
    lines = "".join(_rect(306, 128 + 26 * n, paint.random.uniform(50, 108), 9, paint.mid, 4) for n in range(5))
    keys = "".join(_circle(318 + 28 * (n % 4), 316 + 26 * (n // 4), 9, paint.soft) for n in range(8))
    body = _rect(270, 60, 180, 330, paint.deep, 28) + _rect(288, 92, 144, 186, paint.ground, 10) + lines + keys
    rays = "".join(
        f'<path d="M{470 + 34 * n},{130 - 20 * n} A{60 + 46 * n},{60 + 46 * n} 0 0 1 {470 + 34 * n},{230 + 20 * n}" fill="none" '
        f'stroke="{paint.spark}" stroke-width="10" stroke-linecap="round" opacity="{1 - n * 0.28:.2f}"/>'
        for n in range(3)
    )
    return _table(paint) + f'<g transform="rotate(-8 360 240)">{body}</g>' + rays


def _screen(paint: _Paint) -> str:
    """A screen with lines of text, a picture and a measure."""
    lines = "".join(_rect(190, 130 + 24 * n, paint.random.uniform(90, 190), 10, paint.soft, 5) for n in range(7))
    bars = "".join(
        _rect(
            430 + 30 * n,
            290 - (high := paint.random.uniform(30, 150)),
            20,
            high,
            paint.spark if n == 2 else paint.mid,
            3,
        )
        for n in range(4)
    )
    stand = _rect(330, 350, 60, 44, paint.mid) + _rect(270, 390, 180, 14, paint.deep, 7)
    return (
        _table(paint, 396)
        + stand
        + _rect(140, 70, 440, 284, paint.deep, 16)
        + _rect(158, 88, 404, 248, paint.ground, 6)
        + lines
        + bars
    )


def _tile(paint: _Paint) -> str:
    """Eight-pointed stars and crosses, as on walls from Kashan to Bat Trang."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.mid)
    for row in range(5):
        for column in range(7):
            x, y = 60 + column * 100 + 0, 40 + row * 100
            points = [
                (
                    x + (48 if n % 2 == 0 else 36) * math.cos(n * math.pi / 8),
                    y + (48 if n % 2 == 0 else 36) * math.sin(n * math.pi / 8),
                )
                for n in range(17)
            ]
            fill = paint.random.choice((paint.ground, paint.ground, paint.soft, paint.deep))
            found += _line(points, paint.deep, 2, fill) + _circle(
                x, y, 12, paint.spark if fill != paint.deep else paint.ground
            )
    return found


def _field(paint: _Paint) -> str:
    """Furrows to the horizon, a sun above."""
    found = _rect(0, 0, WIDTH, 220, paint.ground) + _circle(paint.random.uniform(160, 560), 130, 54, paint.spark)
    found += f'<path d="M0,200 Q180,120 360,190 T720,170 V260 H0 Z" fill="{paint.soft}"/>' + _rect(
        0, 218, WIDTH, 262, paint.mid
    )
    for n in range(-14, 15):
        found += _line([(360 + n * 12, 220), (360 + n * 92, 480)], paint.deep if n % 2 else paint.soft, 5)
    return found


def _water(paint: _Paint) -> str:
    """Waves, and a gauge that stands in them."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.ground) + _rect(440, 60, 34, 380, paint.spark, 8)
    found += "".join(_rect(440, 84 + 32 * n, 20 if n % 2 else 34, 5, paint.deep) for n in range(11))
    for n, fill in enumerate((paint.soft, paint.mid, paint.deep)):
        high, shift = 250 + n * 70, paint.random.uniform(0, 120)
        waves = "".join("q60,-34 120,0 t120,0 " for _ in range(4))
        found += f'<path d="M{-shift:.0f},{high} {waves} V500 H-200 Z" fill="{fill}" opacity="0.92"/>'
    return found


def _paper(paint: _Paint) -> str:
    """Sheets with writing, one mended."""
    found = _table(paint, 400)
    for n, (turn, fill) in enumerate(((-9, paint.soft), (5, "#fffdf8"), (-2, "#fffefb"))):
        lines = "".join(
            _rect(250, 120 + 28 * one, paint.random.uniform(120, 220), 8, paint.mid if one else paint.spark, 4)
            for one in range(9)
        )
        found += (
            f'<g transform="rotate({turn} 360 240)">{_rect(220, 70, 280, 350, fill, 4)}{lines if n == 2 else ""}</g>'
        )
    return found + _line([(470, 110), (540, 250), (520, 300)], paint.deep, 12) + _circle(519, 304, 9, paint.spark)


def _sound(paint: _Paint) -> str:
    """A voice as it is drawn, and a microphone."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.deep)
    for n in range(48):
        high = (60 + 150 * abs(math.sin(n / 5.3))) * paint.random.uniform(0.35, 1)
        found += _rect(24 + n * 14, 240 - high / 2, 8, high, paint.spark if 18 < n < 29 else paint.mid, 4)
    body = _rect(310, 96, 100, 176, paint.ground, 50) + "".join(
        _rect(330, 130 + 26 * n, 60, 8, paint.soft, 4) for n in range(4)
    )
    return (
        found
        + body
        + _line([(280, 220), (290, 300), (360, 330), (430, 300), (440, 220)], paint.ground, 12)
        + _line([(360, 330), (360, 400), (300, 400), (420, 400)], paint.ground, 12)
    )


def _cloth(paint: _Paint) -> str:
    """Warp and weft, with a band of brocade."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.soft)
    for row in range(16):
        for column in range(24):
            if (row + column) % 2:
                found += _rect(column * 30, row * 30, 30, 30, paint.mid, 6, 'opacity="0.75"')
    for x in range(0, 720, 60):
        rhomb = [(x, 240), (x + 30, 170), (x + 60, 240), (x + 30, 310), (x, 240)]
        found += _line(rhomb, paint.ground, 4, paint.deep) + _circle(x + 30, 240, 13, paint.spark)
    return found + _rect(0, 150, WIDTH, 10, paint.deep) + _rect(0, 320, WIDTH, 10, paint.deep)


def _wall(paint: _Paint) -> str:
    """A wall in layers, as a nozzle lays it, with an arch."""
    found = _table(paint, 400)
    for n in range(18):
        found += _rect(110 + 6 * math.sin(n), 400 - 18 * n - 18, 500, 18, paint.mid if n % 2 else paint.soft, 9)
    arch = f'<path d="M290,400 V250 Q290,160 360,120 Q430,160 430,250 V400 Z" fill="{paint.deep}"/>'
    return found + arch + _rect(430, 20, 24, 52, paint.deep, 4) + _line([(442, 72), (442, 92)], paint.spark, 8)


def _machine(paint: _Paint) -> str:
    """A drum on its frame, with a panel."""
    holes = "".join(
        _circle(300 + 96 * math.cos(n * math.pi / 5), 220 + 96 * math.sin(n * math.pi / 5), 14, paint.soft)
        for n in range(10)
    )
    panel = _rect(470, 140, 120, 170, paint.mid, 12) + _rect(488, 158, 84, 50, paint.ground, 6)
    panel += "".join(
        _circle(506 + 48 * (n % 2), 240 + 40 * (n // 2), 13, paint.spark if n == 1 else paint.soft) for n in range(4)
    )
    legs = _rect(180, 330, 26, 90, paint.deep) + _rect(394, 330, 26, 90, paint.deep)
    return (
        _table(paint, 400)
        + legs
        + _circle(300, 220, 150, paint.deep)
        + _circle(300, 220, 126, paint.mid)
        + holes
        + _circle(300, 220, 34, paint.spark)
        + panel
    )


def _sun(paint: _Paint) -> str:
    """Panels under the sun."""
    found = _rect(0, 0, WIDTH, HEIGHT, paint.ground) + _circle(560, 110, 60, paint.spark)
    found += "".join(
        _line(
            [(560 + 78 * math.cos(n * math.pi / 6), 110 + 78 * math.sin(n * math.pi / 6)), (560 + 104 * math.cos(n * math.pi / 6), 110 + 104 * math.sin(n * math.pi / 6))],
            paint.spark, 8,
        )
        for n in range(12)
    )  # fmt: skip
    found += _rect(0, 400, WIDTH, 80, paint.soft)
    for left in (70, 360):
        found += _line(
            [(left, 380), (left + 60, 210), (left + 270, 210), (left + 210, 380), (left, 380)],
            paint.ground,
            6,
            paint.deep,
        )
        for n in range(1, 4):
            found += _line([(left + 52.5 * n, 380), (left + 60 + 52.5 * n, 210)], paint.mid, 3)
        found += _line([(left + 30, 295), (left + 240, 295)], paint.mid, 3) + _rect(left + 120, 382, 12, 40, paint.mid)
    return found


MOTIFS: Mapping[str, Callable[[_Paint], str]] = {
    "books": _books, "device": _device, "screen": _screen, "tile": _tile, "field": _field, "water": _water, "paper": _paper,
    "sound": _sound, "cloth": _cloth, "wall": _wall, "machine": _machine, "sun": _sun,
}  # fmt: skip
