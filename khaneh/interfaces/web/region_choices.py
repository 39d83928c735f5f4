"""The regions that a form offers to choose from."""

from __future__ import annotations

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import RegionLevel
from khaneh.interfaces.web import reader


def region_choices(*chosen: str) -> list[tuple[str, str]]:
    """Provinces and districts by code, in the order of the tree and set in as deep as they lie. Communes are too many to choose from at once:
    those of a district that is chosen are there, and of the district in which a chosen commune lies. At most five statements.
    """
    language = reader.current().language
    rows = network.regions()
    wanted = {code for code in chosen if code}
    opened = {
        row.ancestors[-1].code if row.level is RegionLevel.COMMUNE and row.ancestors else row.code
        for row in rows
        if row.code in wanted and row.level is not RegionLevel.PROVINCE
    }
    return [
        (row.code, "\u2003" * (row.level.value - 1) + row.names.pick(language))
        for row in rows
        if row.level is not RegionLevel.COMMUNE or (row.ancestors and row.ancestors[-1].code in opened)
    ]
