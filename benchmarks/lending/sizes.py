"""How large the network is. One number, the copies, says it; the rest follows in the proportions of the goal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

FULL_COPIES = 3_000_000
_CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = _CHECKOUT / "var" / "benchmark-lending"


class Sizes(NamedTuple):
    """What is made. Open loans are drawn for each member, about 1.1 of them; `heavy` members have 200 loans and 20 requests each."""

    records: int
    copies: int
    members: int
    past_loans: int
    houses: int
    waiting: int
    on_shelf: int
    in_transit: int
    going_home: int
    heavy: int


def sizes(copies: int) -> Sizes:
    """The sizes that go with so many copies; at three million those of the goal."""
    share = copies / FULL_COPIES
    return Sizes(
        records=max(int(1_000_000 * share), 500),
        copies=copies,
        members=max(int(300_000 * share), 300),
        past_loans=int(5_000_000 * share),
        houses=400,
        waiting=max(int(50_000 * share), 50),
        on_shelf=int(8_000 * share) or 1,
        in_transit=int(3_000 * share) or 1,
        going_home=int(5_000 * share) or 1,
        heavy=min(max(int(30 * share), 2), 30),
    )


def arguments(description: str | None, **extra: tuple[Any, str]) -> argparse.Namespace:
    """The flags that every benchmark of lending has, and its own whole numbers as `name=(default, help)`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the goal: 3,000,000 copies and what goes with them"
    )
    parser.add_argument("--copies", type=int, default=30_000)
    parser.add_argument(
        "--folder", type=Path, default=DEFAULT_FOLDER, help="where the network is kept for the next run"
    )
    parser.add_argument("--dry", action="store_true", help="print the figures and keep nothing of them")
    for name, (default, text) in extra.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default, help=text)
    chosen = parser.parse_args()
    if chosen.full:
        chosen.copies = FULL_COPIES
    return chosen
