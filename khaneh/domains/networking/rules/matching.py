"""Whether something new is what somebody follows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.domains.networking.types import NewsItem, NewsKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What is followed, each thing by itself and not with what is below it. A follower of a house follows all that is its own."""

    kinds: frozenset[NewsKind]
    sectors: frozenset[str]
    regions: frozenset[int]
    houses: frozenset[int]


def fits(wish: Wish, item: NewsItem) -> bool:
    """Of a followed house; or of a followed sector in a followed region, where both are followed, else of one of them.

    What belongs to no sector (a graduate without one, a call for all) is for followers of any sector, but only of a region that they name: else
    whoever follows one sector would be told of all calls of the network.
    """
    if item.kind not in wish.kinds:
        return False
    if item.houses & wish.houses:
        return True
    if not wish.sectors and not wish.regions:
        return False
    if wish.regions and not item.regions & wish.regions:
        return False
    if item.sectors is None:
        return bool(wish.regions)
    return not wish.sectors or bool(item.sectors & wish.sectors)
