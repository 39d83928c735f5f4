"""The regions that a form offers to choose from."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import RegionLevel
from khaneh.interfaces.web import reader


def region_choices(chosen: str = "") -> list[tuple[str, str]]:
    """Provinces and districts by code, in the order of the tree and set in as deep as they lie; communes are too many to
    choose from, but the one that is chosen is there. At most five statements.
    """
    language = reader.current().language
    return [
        (row.code, "\u2003" * (row.level.value - 1) + row.names.pick(language))
        for row in network.regions()
        if row.level is not RegionLevel.COMMUNE or row.code == chosen
    ]
