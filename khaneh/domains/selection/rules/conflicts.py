"""What ties a reviewer to an applicant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from khaneh.domains.selection.types.lists import TieKind


class Bond(NamedTuple):
    """Something ties an account to another one, or to an organisation."""

    kind: TieKind
    account_id: int
    other_id: int | None = None
    organisation_id: int | None = None


class Party(NamedTuple):
    """Who applies: the accounts of the team, and the organisation if it is for one."""

    application_id: int
    accounts: frozenset[int]
    organisation_id: int | None = None


def ties(account_id: int, party: Party, bonds: Iterable[Bond]) -> tuple[TieKind, ...]:
    """What ties an account to a party, each kind once, in the order of the list. Bonds hold in both directions; those of others count for nothing."""
    found = {TieKind.SELF} if account_id in party.accounts else set()
    for bond in bonds:
        own = bond.account_id == account_id
        if own and bond.organisation_id is not None and bond.organisation_id == party.organisation_id:
            found.add(bond.kind)
        if own and bond.other_id in party.accounts:
            found.add(bond.kind)
        if bond.other_id == account_id and bond.account_id in party.accounts:
            found.add(bond.kind)
    return tuple(kind for kind in TieKind if kind in found)
