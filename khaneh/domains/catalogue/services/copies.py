"""What others change about copies: the state of one on a shelf, and the house that keeps it."""

from __future__ import annotations

from django.db import connection

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.catalogue.types import CopyState

# What a loan, a transfer or a hold shelf gives is written by the database itself (circulation, migration 0001).
SETTABLE = frozenset(
    {
        CopyState.ON_ORDER,
        CopyState.IN_PROCESS,
        CopyState.AVAILABLE,
        CopyState.AT_REPAIR,
        CopyState.MISSING,
        CopyState.LOST,
        CopyState.WITHDRAWN,
    }
)


def set_copy_state(*, copy_id: int, state: CopyState) -> None:
    """Put a copy that nothing holds into a state. One statement, in the caller's transaction; the caller's permission and journal.

    Raises ValueError for a state that only a loan, a transfer or a hold shelf gives; the database refuses the rest.
    """
    if state not in SETTABLE:
        raise ValueError(f"{state} is not set by hand")
    Copy.objects.filter(pk=copy_id).update(state=state.value)


def keep_copy_at(*, copy_id: int, house_id: int) -> None:
    """Note where a copy is kept; nothing is noted for a copy at its own house. One statement, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_copy SET current_house_id = NULLIF(%s, house_id)"
            " WHERE id = %s AND current_house_id IS DISTINCT FROM NULLIF(%s, house_id)",
            [house_id, copy_id, house_id],
        )
