"""How large the network is. One number, the spaces, says it; the rest follows in the proportions of the goal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

FULL_SPACES = 2_000
_CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = _CHECKOUT / "var" / "benchmark-spaces"


class Sizes(NamedTuple):
    """What is made. The first house has 60 spaces at any size, so that its week is that of the goal."""

    spaces: int
    bookings: int
    members: int
    houses: int


def sizes(spaces: int) -> Sizes:
    """The sizes that go with so many spaces; at two thousand those of the goal."""
    share = spaces / FULL_SPACES
    return Sizes(
        spaces=spaces,
        bookings=int(500_000 * share),
        members=max(int(100_000 * share), 500),
        houses=min(max(int(400 * share), 40), 400),
    )


def arguments(description: str | None, **extra: tuple[Any, str]) -> argparse.Namespace:
    """The flags that every benchmark of bookings has, and its own whole numbers as `name=(default, help)`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the goal: 2,000 spaces, 500,000 bookings, 100,000 members"
    )
    parser.add_argument("--spaces", type=int, default=200)
    parser.add_argument(
        "--folder", type=Path, default=DEFAULT_FOLDER, help="where the network is kept for the next run"
    )
    parser.add_argument("--dry", action="store_true", help="print the figures and keep nothing of them")
    for name, (default, text) in extra.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default, help=text)
    chosen = parser.parse_args()
    if chosen.full:
        chosen.spaces = FULL_SPACES
    return chosen
