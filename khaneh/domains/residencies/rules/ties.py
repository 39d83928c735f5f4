"""What a mentorship, money or a common roof makes of an account: tied to whoever stands at the other end. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from khaneh.domains.selection.rules.conflicts import Bond
from khaneh.domains.selection.types import TieKind


class Side(NamedTuple):
    """An end of a link: an account, an organisation, or a team that is both; None for what is not there."""

    account_id: int | None = None
    organisation_id: int | None = None


class Link(NamedTuple):
    """Two sides that have to do with each other."""

    kind: TieKind
    one: Side
    other: Side


def bonds(links: Iterable[Link], acting_for: Mapping[int, Collection[int]]) -> list[Bond]:
    """What ties these accounts, each with the organisations that it acts for, by these links; each bond once, in the links' order.

    A side is an account's when it is the account itself or an organisation that it acts for; then the account is tied to the other side.
    """
    found: dict[Bond, None] = {}
    for link in links:
        for own, far in ((link.one, link.other), (link.other, link.one)):
            for account_id in _whose(own, acting_for):
                for bond in _to(link.kind, account_id, far):
                    found[bond] = None
    return list(found)


def _whose(side: Side, acting_for: Mapping[int, Collection[int]]) -> Iterator[int]:
    for account_id, organisations in acting_for.items():
        if account_id == side.account_id or side.organisation_id in organisations:
            yield account_id


def _to(kind: TieKind, account_id: int, far: Side) -> Iterator[Bond]:
    if far.account_id not in (None, account_id):
        yield Bond(kind, account_id, other_id=far.account_id)
    if far.organisation_id is not None:
        yield Bond(kind, account_id, organisation_id=far.organisation_id)
