"""Places that a house shares with others: who knows of such a sharing registers; whoever books asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class SharedUse:
    """Somebody wants a place by a sharing. `except_id` is the booking that is changed; `house_id` is the place's house."""

    sharing_id: int
    space_id: int
    house_id: int
    account_id: int
    organisation_id: int | None
    starts: datetime
    ends: datetime
    except_id: int | None
    now: datetime


# Gives what an hour costs by the sharing, None where it is free, and raises a refusal where it is not to be used so. Asked in the transaction that
# books, with the tree of the place held; what it counts it counts under a lock of its own.
Terms = Callable[[SharedUse], Money | None]
_terms: list[Terms] = []


def share_by(terms: Terms) -> None:
    """Say what a sharing's terms are; registered in `AppConfig.ready`, the last one counts."""
    _terms[:] = [terms]


def shared_price(use: SharedUse) -> Money | None:
    """What an hour costs by the sharing, None where it is free. Raises what the sharing refuses, NotFound where nothing is shared."""
    if not _terms:
        raise NotFound(what="sharing")
    return _terms[0](use)
