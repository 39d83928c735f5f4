"""What the rules of a round can be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from khaneh.domains.selection.types.ranking import POINT, EquityWeight, FactorKind, Group
from khaneh.domains.selection.types.rows import RoundDraft

# Each number of a draft with the least and the most that it can be; points are thousandths.
RANGES: Mapping[str, tuple[int, int]] = {
    "waiting": (0, 1000),
    "reviews_wanted": (1, 9),
    "load": (1, 500),
    "shrink": (0, 50),
    "tie_step": (1, 10 * POINT),
    "spread": (1, 100 * POINT),
    "lowest": (0, 100 * POINT),
    "cap": (0, 100 * POINT),
    "appeal_days": (0, 90),
}
NUMBERS = tuple(RANGES)
MOST_WEIGHTS = 12
# Where nothing else is said: three points for the three most deprived tenths, two more for the most deprived, two for villages.
USUAL_EQUITY = (
    EquityWeight(Group(FactorKind.DECILE, "3"), 3 * POINT),
    EquityWeight(Group(FactorKind.DECILE, "1"), 2 * POINT),
    EquityWeight(Group(FactorKind.RURAL), 2 * POINT),
)


def problems(draft: RoundDraft, regions: Collection[str]) -> dict[str, str]:
    """What is wrong, by field; the weights by `equity-0` and so on."""
    wrong = {
        name: "out_of_range" for name, (least, most) in RANGES.items() if not least <= getattr(draft, name) <= most
    }
    for place, weight in enumerate(draft.equity):
        value = weight.group.value
        known = {
            FactorKind.RURAL: value == "",
            FactorKind.REGION: value in regions,
            FactorKind.DECILE: value.isascii() and value.isdigit() and 1 <= int(value) <= 10,
        }[weight.group.kind]
        if not known:
            wrong[f"equity-{place}"] = "not_in_list"
        elif not 0 < weight.points <= 100 * POINT:
            wrong[f"equity-{place}"] = "out_of_range"
    if len(draft.equity) > MOST_WEIGHTS:
        wrong["equity"] = "too_many"
    elif len({weight.group for weight in draft.equity}) < len(draft.equity):
        wrong["equity"] = "twice"
    return wrong


def equity_stored(weights: Iterable[EquityWeight]) -> list[dict[str, Any]]:
    """The stored form."""
    return [{"kind": one.group.kind.value, "value": one.group.value, "points": one.points} for one in weights]


def equity_from(stored: Iterable[Mapping[str, Any]]) -> tuple[EquityWeight, ...]:
    """From the stored form."""
    return tuple(EquityWeight(Group(FactorKind(one["kind"]), one["value"]), int(one["points"])) for one in stored)
