"""Who holds what, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import permissions
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.queries.definitions import rows_by_id
from khaneh.domains.qualifications.types import Basis, EndReason, HoldingRow
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_HELD = """
SELECT q.id, q.code, h.valid_until
FROM qualifications_holding h JOIN qualifications_qualification q ON q.id = h.qualification_id
WHERE h.account_id = %(account)s::bigint AND h.awarded_at <= %(at)s::timestamptz
  AND (h.ended_at IS NULL OR h.ended_at > %(at)s::timestamptz)
  AND (h.valid_until IS NULL OR h.valid_until > %(at)s::timestamptz)
ORDER BY q.code, h.awarded_at
"""


def held_by(account_id: int, *, at: datetime) -> dict[str, datetime | None]:
    """What an account holds at an instant: code and until when (None: for life). One statement."""
    return {code: until for _, code, until in db.fetch_all(_HELD, {"account": account_id, "at": at})}


def held_ids(account_id: int, *, at: datetime) -> dict[int, str]:
    """The same as id and code, for what asks by identity. One statement."""
    return {number: code for number, code, _ in db.fetch_all(_HELD, {"account": account_id, "at": at})}


def holds(account_id: int, *, at: datetime) -> db.Read:
    """The same as a part of `db.read`."""
    return db.Read(
        f"SELECT array_agg(held.id), array_agg(held.code) FROM ({_HELD}) AS held",  # noqa: S608
        {"account": account_id, "at": at},
        2,
        lambda row: dict(zip(*row, strict=True)) if row else {},
    )


def holding(holding_id: int, *, actor: Actor) -> HoldingRow:
    """One holding. Three statements. Raises NotFound, also for one that the actor may not see."""
    found = Holding.objects.filter(pk=holding_id)
    rows = [row for row in holding_rows(found) if permissions.may_see(actor, row.account_id)]
    if not rows:
        raise NotFound(what="holding")
    return rows[0]


def holdings_of(account_id: int, *, actor: Actor, limit: int = 200) -> list[HoldingRow]:
    """Everything that an account holds and held, the newest first; nothing for who may not see it. Three statements."""
    if not (actor.is_system or permissions.may_see(actor, account_id)):
        return []
    return holding_rows(Holding.objects.filter(account_id=account_id).order_by("-awarded_at", "-pk")[:limit])


def trained(account_ids: Iterable[int], *, at: datetime) -> dict[int, dict[str, datetime | None]]:
    """What each of these accounts holds at an instant, e.g. the staff of a house; accounts that hold nothing are left out. One statement."""
    rows = Holding.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        account_id__in=set(account_ids),
        awarded_at__lte=at,
    ).order_by("account_id", "qualification__code", "awarded_at")
    found: dict[int, dict[str, datetime | None]] = {}
    for account_id, code, until in rows.values_list("account_id", "qualification__code", "valid_until"):
        found.setdefault(account_id, {})[code] = until
    return found


def once_held(account_ids: Iterable[int], *, at: datetime) -> dict[int, set[str]]:
    """The codes of everything that each of these accounts was awarded until an instant, whether or not it still counts. One statement."""
    rows = Holding.objects.filter(account_id__in=set(account_ids), awarded_at__lte=at)
    found: dict[int, set[str]] = {}
    for account_id, code in rows.values_list("account_id", "qualification__code").distinct():
        found.setdefault(account_id, set()).add(code)
    return found


def holding_rows(found: QuerySet[Holding]) -> list[HoldingRow]:
    """Rows in the order of the query. Three statements."""
    holdings = list(found)
    known = rows_by_id(one.qualification_id for one in holdings)
    houses = network.house_refs(one.house_id for one in holdings)
    return [
        HoldingRow(
            id=one.pk,
            account_id=one.account_id,
            qualification=known[one.qualification_id],
            house=houses.get(one.house_id),
            basis=Basis(one.basis),
            source=one.source,
            awarded_at=one.awarded_at,
            expires_at=one.expires_at,
            last_used_at=one.last_used_at,
            valid_until=one.valid_until,
            ended_at=one.ended_at,
            end_reason=EndReason(one.end_reason) if one.end_reason else None,
            reason=one.reason,
        )
        for one in holdings
    ]
