"""What others change about copies: the state of one on a shelf, and the house that keeps it."""

from __future__ import annotations

from collections.abc import Iterable

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


def set_copy_states(*, copy_ids: Iterable[int], state: CopyState, only_from: CopyState) -> dict[int, int]:
    """Put those of many copies that are in one state into another; gives the record of each that changed.

    Two statements, in the caller's transaction: the rows are held in the order of their numbers. Raises ValueError as `set_copy_state`.
    """
    if state not in SETTABLE or only_from not in SETTABLE:
        raise ValueError(f"{only_from} to {state} is not set by hand")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, record_id FROM catalogue_copy WHERE id = ANY (%s::bigint[]) AND state = %s ORDER BY id FOR NO KEY UPDATE",
            [sorted(set(copy_ids)), only_from.value],
        )
        changed = dict(cursor.fetchall())
        cursor.execute(
            "UPDATE catalogue_copy SET state = %s WHERE id = ANY (%s::bigint[])", [state.value, list(changed)]
        )
    return changed


def let_float(*, house_id: int, location: str, floating: bool) -> int:
    """Say of all copies that a house owns in a location (empty: in all) that they float, or do not; gives how many changed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_copy SET floating = %(floating)s WHERE house_id = %(house)s AND state <> 'withdrawn'"
            " AND floating <> %(floating)s AND (%(location)s = '' OR location = %(location)s)",
            {"floating": floating, "house": house_id, "location": location},
        )
        changed: int = cursor.rowcount
    return changed


def keep_copy_at(*, copy_id: int, house_id: int) -> None:
    """Note where a copy is kept; nothing is noted for a copy at its own house. One statement, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_copy SET current_house_id = NULLIF(%s, house_id)"
            " WHERE id = %s AND current_house_id IS DISTINCT FROM NULLIF(%s, house_id)",
            [house_id, copy_id, house_id],
        )
