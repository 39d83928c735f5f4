"""Deprivation through its versions: what each says of a region, and how far each reaches."""

from __future__ import annotations

from django.db.models import Count

from khaneh.domains.network.models import DeprivationIndex, Region, RegionDecile
from khaneh.domains.network.queries.regions import deprivation_indexes
from khaneh.domains.network.types import DecileHistory, DecileOfVersion, IndexReach, Ref, RegionLevel
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def index_reaches() -> list[IndexReach]:
    """Every version of every index, the newest first, with the number of regions in each decile. Two statements."""
    counts: dict[int, dict[int, int]] = {}
    rows = RegionDecile.objects.values_list("index_id", "decile").annotate(number=Count("pk")).order_by()
    for index_id, decile, number in rows:
        counts.setdefault(index_id, {})[decile] = number
    return [
        IndexReach(index, tuple(counts.get(index.id, {}).get(decile, 0) for decile in range(1, 11)))
        for index in deprivation_indexes()
    ]


def decile_history(region_code: str) -> list[DecileOfVersion]:
    """What each version says of a region, itself or through the nearest region above it, the newest first. Three statements.

    Raises NotFound.
    """
    path = Region.objects.filter(code=region_code).values_list("path", flat=True).first()
    if path is None:
        raise NotFound(what="region")
    said: dict[int, dict[int, tuple[int, Ref]]] = {}
    rows = RegionDecile.objects.filter(region_id__in=path).values_list(
        "index_id", "decile", "region_id", "region__code", "region__names"
    )
    for index_id, decile, region_id, code, names in rows:
        said.setdefault(index_id, {})[region_id] = (decile, Ref(region_id, code, Label.from_dict(names)))
    history = []
    for index in deprivation_indexes():
        nearest = next((said[index.id][number] for number in reversed(path) if number in said.get(index.id, {})), None)
        if nearest is not None:
            history.append(DecileOfVersion(index, nearest[0], nearest[1], nearest[1].code == region_code))
    return history


def decile_table(index_code: str, *, below: str = "", limit: int = 500) -> list[DecileHistory]:
    """Every region that a version of the index speaks of, with what each said, in the order of codes; `below` is a region's code, itself
    included. Two statements."""
    indexes = DeprivationIndex.objects.filter(code=index_code)
    wanted = Region.objects.filter(deciles__index__in=indexes)
    if below:
        wanted = wanted.filter(path__overlap=list(Region.objects.filter(code=below).values_list("pk", flat=True)))
    regions = list(wanted.order_by("code").distinct().values_list("pk", "code", "names", "level")[:limit])
    deciles: dict[int, dict[int, int]] = {}
    rows = RegionDecile.objects.filter(index__in=indexes, region_id__in=[row[0] for row in regions])
    for region_id, index_id, decile in rows.values_list("region_id", "index_id", "decile"):
        deciles.setdefault(region_id, {})[index_id] = decile
    return [
        DecileHistory(Ref(pk, code, Label.from_dict(names)), RegionLevel(level), deciles.get(pk, {}))
        for pk, code, names, level in regions
    ]
