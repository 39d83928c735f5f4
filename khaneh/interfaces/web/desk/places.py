"""The houses and organisations that somebody's roles reach, for select boxes and lists."""

from __future__ import annotations

from collections.abc import Collection

from khaneh.domains.catalogue import permissions as catalogue
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.interfaces.web import reader
from khaneh.kernel.actor import Actor


def houses_to_import_for(actor: Actor) -> tuple[list[Ref], bool]:
    """The houses that the actor may import for, by name, and whether also for sources that are no house. At most nine statements."""
    scope = catalogue.house_scope(actor)
    ids = scope if scope is not None else [number for numbers in network.public_house_ids() for number in numbers]
    return _by_name(network.house_refs(ids).values()), scope is None


def house_at_hand(actor: Actor, houses: list[Ref]) -> str:
    """The code of the house somebody works in, where there is exactly one: what a form begins with."""
    held = {grant.house_id for grant in actor.grants if grant.house_id is not None}
    own = [ref.code for ref in houses if ref.id in held]
    return own[0] if len(own) == 1 else houses[0].code if len(houses) == 1 else ""


def _by_name(refs: Collection[Ref]) -> list[Ref]:
    language = reader.current().language
    return sorted(refs, key=lambda ref: (ref.names.pick(language).casefold(), ref.code))
