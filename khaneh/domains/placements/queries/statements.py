"""What is said of those who finished, and by name who they are: for themselves, and for the staff of the house where they finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from khaneh.domains.learning import queries as learning
from khaneh.domains.learning.types import FinishedRow
from khaneh.domains.network import queries as network
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Statement
from khaneh.domains.placements.rules.cohorts import Said
from khaneh.domains.placements.types import StatedKind, StatementRow, Teller
from khaneh.kernel.actor import Actor


def statements_of(account_id: int, *, actor: Actor) -> list[StatementRow]:
    """All that was said of somebody, the latest first; nothing for who may not know. Two statements."""
    if not (actor.is_system or actor.account_id == account_id or may_note(actor, finishes_of(account_id))):
        return []
    found = Statement.objects.filter(account_id=account_id)
    return [row_of(one) for one in found.order_by("-told_on", "-pk")]


def asked_on(account_id: int, now: datetime) -> date | None:
    """The day that it is where somebody finished something, so that what became of them is asked; None for nobody. One statement."""
    return today_of(finishes_of(account_id), now)


def today_of(finishes: Iterable[FinishedRow], now: datetime) -> date | None:
    """The day that it is in the furthest east of the houses where these were finished."""
    return max((day_of(number, now) for number in {row.house_id for row in finishes}), default=None)


def finishes_of(account_id: int) -> list[FinishedRow]:
    """What somebody finished, the earliest first. One statement."""
    return learning.finished(account_ids=[account_id])


def may_note(actor: Actor, finishes: Iterable[FinishedRow]) -> bool:
    """Whether the actor works where one of these was finished."""
    return any(permissions.may_record(actor, house_id=number) for number in {row.house_id for row in finishes})


def day_of(house_id: int, at: datetime) -> date:
    """The day that an instant is on by the clock of a house."""
    return at.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()


def said_of(account_ids: Iterable[int]) -> dict[int, list[Statement]]:
    """The statements that stand, in the order in which they were made, by account. One statement."""
    found: dict[int, list[Statement]] = defaultdict(list)
    standing = Statement.objects.filter(account_id__in=set(account_ids), withdrawn_at__isnull=True)
    for one in standing.order_by("pk"):
        found[one.account_id].append(one)
    return found


def judged(statements: Iterable[Statement]) -> list[Said]:
    """Statements as cohorts see them."""
    return [Said(StatedKind(one.kind), one.since, one.told_on, one.confirmed_on is not None) for one in statements]


def row_of(one: Statement) -> StatementRow:
    """A row of the table as the frozen value."""
    return StatementRow(
        id=one.pk,
        kind=StatedKind(one.kind),
        since=one.since,
        told_on=one.told_on,
        said_by=Teller(one.said_by),
        where=one.place,
        by_staff=one.by_staff,
        made_at=one.made_at,
        confirmed_on=one.confirmed_on,
        confirmed_by=one.confirmed_by,
        withdrawn_at=one.withdrawn_at,
    )
