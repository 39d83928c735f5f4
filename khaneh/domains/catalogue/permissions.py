"""Who may change what in the catalogue. A source of a house is the business of those who hold a role there or above.

The union belongs to all: judging that two records are one takes a cataloguer's role at every house concerned, or at an authority that
answers for a country. A source without a house is the authorities' too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from khaneh.domains.catalogue.scope import (
    CATALOGUERS,
    IMPORTERS,
    answers_for_a_country,
    house_scope,
    may_see_workbench,
)
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

__all__ = [
    "CATALOGUERS",
    "IMPORTERS",
    "house_scope",
    "may_see_workbench",
    "require_catalogue",
    "require_import",
    "require_profiles",
    "require_quarantine",
]


def require_import(actor: Actor, *, house_id: int | None) -> None:
    """Import for a house, or with None for a source that has none. Raises NotAllowed. A bounded number of statements."""
    _require(actor, IMPORTERS, [house_id], "catalogue.import")


def require_quarantine(actor: Actor, *, house_id: int | None) -> None:
    """See and decide the quarantine of a source. Raises NotAllowed. A bounded number of statements."""
    _require(actor, IMPORTERS, [house_id], "catalogue.quarantine")


def require_catalogue(actor: Actor, *, house_ids: Iterable[int | None]) -> None:
    """Merge, take apart, judge and regroup records to which these houses contributed. Raises NotAllowed."""
    _require(actor, CATALOGUERS, list(house_ids), "catalogue.merge")


def require_profiles(actor: Actor) -> None:
    """Make and change profiles, which every source may use. Raises NotAllowed. No statement."""
    if not actor.holds_somewhere(CATALOGUERS):
        raise NotAllowed(act="catalogue.profiles")


def _require(actor: Actor, roles: Collection[str], house_ids: list[int | None], act: str) -> None:
    if actor.is_system:
        return
    if not actor.holds_somewhere(roles):
        raise NotAllowed(act=act)
    known = {number for number in house_ids if number is not None}
    places = network.places_of_houses(known)
    covered = bool(known) and all(number in places and actor.holds(roles, places[number]) for number in known)
    if covered and None not in house_ids:
        return
    if not answers_for_a_country(actor, roles):
        raise NotAllowed(act=act)
