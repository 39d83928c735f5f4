"""What each house lies in: for whoever keeps things by place and asks for them with every act."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.network.models import House


class Territory(NamedTuple):
    """A house and the houses it is in, and its region and those above, each nearest first."""

    houses: tuple[int, ...]
    regions: tuple[int, ...]


def territories() -> dict[int, Territory]:
    """The territory of every house, whatever its state. One statement."""
    rows = House.objects.order_by().values_list("pk", "path", "region__path")
    return {pk: Territory(tuple(reversed(path)), tuple(reversed(region))) for pk, path, region in rows}
