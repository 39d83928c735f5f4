"""What became of those who graduated, as numbers that tell of nobody in particular."""

from __future__ import annotations

from collections import defaultdict

from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.models import FollowUp
from khaneh.domains.residencies.rules import figures
from khaneh.domains.residencies.types import Fate, Fates
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed


def fates(house_id: int, *, actor: Actor) -> list[Fates]:
    """The teams that graduated from a house, so many years after, by years that have come; who did not say is unknown. One statement.

    Raises NotAllowed, NotFound for no house.
    """
    if not permissions.may_read_figures(actor, house_id=house_id):
        raise NotAllowed(act="residencies.figures")
    found: dict[int, list[figures.Known]] = defaultdict(list)
    asked = FollowUp.objects.filter(residency__house_id=house_id, asked=True) | FollowUp.objects.filter(
        residency__house_id=house_id, answered_at__isnull=False
    )
    for year, fate, people, exports in asked.values_list("year", "fate", "people", "exports"):
        found[year].append(figures.Known(Fate(fate) if fate else None, people, exports))
    return [figures.summed(year, found[year]) for year in sorted(found)]
