"""Whom the journal names. Spec: CIRC-KEEP-3."""

from __future__ import annotations

from khaneh.domains.circulation.types import Override
from khaneh.kernel.actor import Actor


def by(actor: Actor, *, own: bool) -> Actor:
    """The actor, or nobody where readers act for themselves: the entry would say for ever who asked for what."""
    # A request's actor is read when first looked at, so it is no dataclass to copy.
    return Actor(grants=actor.grants, language=actor.language, is_system=actor.is_system) if own else actor


def rights(override: Override) -> dict[str, list[str]]:
    """What the journal keeps of an override. Its reason is written for one reader and stays with the loan, which forgets it with them."""
    return {"rights": sorted(override.rights)}
