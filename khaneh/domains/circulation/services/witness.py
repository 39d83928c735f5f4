"""Whom the journal names. Spec: CIRC-KEEP-3."""

from __future__ import annotations

from dataclasses import replace

from khaneh.domains.circulation.types import Override
from khaneh.kernel.actor import Actor


def by(actor: Actor, *, own: bool) -> Actor:
    """The actor, or nobody where readers act for themselves: the entry would say for ever who asked for what."""
    return replace(actor, account_id=None, token_id=None) if own else actor


def rights(override: Override) -> dict[str, list[str]]:
    """What the journal keeps of an override. Its reason is written for one reader and stays with the loan, which forgets it with them."""
    return {"rights": sorted(override.rights)}
