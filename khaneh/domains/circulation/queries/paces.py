"""How fast things go, as measured lately, else as assumed. Spec: CIRC-QUEUE-4."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q

from khaneh.domains.circulation.models import Pace
from khaneh.domains.circulation.rules import waiting
from khaneh.domains.circulation.types import PaceKind


def paces(house_ids: Collection[int]) -> Callable[[PaceKind, int], waiting.Pace]:
    """A function that tells the pace of a kind at a house: its own where enough was measured, the network's, or the assumed. One statement."""
    rows = Pace.objects.filter(Q(house_id__in=set(house_ids)) | Q(house=None), number__gte=waiting.ENOUGH)
    known: dict[tuple[str, int | None], waiting.Pace] = {
        (kind, house): waiting.Pace(tuple(quantiles), never, number)
        for kind, house, quantiles, never, number in rows.values_list(
            "kind", "house_id", "quantiles", "never", "number"
        )
    }

    def pace(kind: PaceKind, house_id: int) -> waiting.Pace:
        return known.get((kind, house_id)) or known.get((kind, None)) or waiting.ASSUMED[kind]

    return pace
