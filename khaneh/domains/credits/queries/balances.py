"""What somebody has and owes, how that came about, and what a house took."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from khaneh.domains.credits import permissions
from khaneh.domains.credits.models import Balance, Entry
from khaneh.domains.credits.queries.units import units_by_code
from khaneh.domains.credits.types import COSTS, BalanceRow, EntryKind, EntryRow, Holder, Means, PaymentRow
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

MOST = 200
_COSTS = [kind.value for kind in COSTS]
_PAID = [EntryKind.PAYMENT.value, EntryKind.PAYOUT.value]


def balance(holder: Holder, unit: str) -> int:
    """What a holder has of a unit, below zero what they owe. One statement. The caller has seen who asks."""
    found = of(holder).filter(unit_id=unit).values_list("amount", flat=True).first()
    return int(found or 0)


def balances_of(holder: Holder, *, actor: Actor, at_house: int | None = None) -> list[BalanceRow]:
    """All that a holder has or had, money first; empty for who may not see it. At most six statements. `at_house` is where the desk is."""
    if not permissions.may_see(actor, holder, at_house=at_house):
        return []
    found = dict(of(holder).values_list("unit_id", "amount"))
    known = units_by_code(found)
    rows = [BalanceRow(known[code], amount) for code, amount in found.items()]
    return sorted(rows, key=lambda row: (row.unit.is_credit, row.unit.code))


def statement(
    holder: Holder,
    *,
    actor: Actor,
    at_house: int | None = None,
    unit: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[EntryRow]:
    """A holder's ledger, the latest line first, of one unit or all; `before` is the id of the last line that was seen.

    Five statements at most. Raises NotFound where the actor may not see it.
    """
    if not permissions.may_see(actor, holder, at_house=at_house):
        raise NotFound(what="ledger")
    balances = dict((of(holder).filter(unit_id=unit) if unit else of(holder)).values_list("pk", "unit_id"))
    found = Entry.objects.filter(balance_id__in=list(balances))
    if before is not None:
        found = found.filter(pk__lt=before)
    listed = list(found.order_by("-pk")[: min(limit, MOST)])
    houses = network.house_refs({one.house_id for one in listed if one.house_id is not None})
    clerks = people.account_names(one.by_id for one in listed)
    return [
        EntryRow(
            id=one.pk,
            unit=balances[one.balance_id],
            kind=EntryKind(one.kind),
            amount=one.amount,
            after=one.after,
            source=one.source,
            note=one.note,
            means=Means(one.means) if one.means else None,
            house=houses.get(one.house_id) if one.house_id is not None else None,
            by=clerks.get(one.by_id or 0, ""),
            at=one.at,
        )
        for one in listed
    ]


def cost(source: str) -> list[Money]:
    """What something has cost so far, charged less given back: one amount above zero for each unit, none where it costs nothing.
    One statement.
    """
    sums = (
        Entry.objects.filter(source=source, kind__in=_COSTS)
        .values_list("balance__unit_id")
        .annotate(total=Sum("amount"))
        .order_by("balance__unit_id")
    )
    return [Money(-int(total), unit) for unit, total in sums if total]


def owed(account_id: int) -> list[Money]:
    """The money that an account owes, by currency. One statement."""
    found = Balance.objects.filter(account_id=account_id, amount__lt=0).order_by("unit_id")
    return [Money(-amount, unit) for unit, amount in found.values_list("unit_id", "amount")]


def payments_of(house_id: int, *, actor: Actor, first: datetime, last: datetime, limit: int = MOST) -> list[PaymentRow]:
    """The money that a house took and paid out from an instant up to but without another, the latest first; none for who does not work
    there. At most four statements.
    """
    if not permissions.may_desk(actor, house_id=house_id):
        return []
    found = list(
        Entry.objects.filter(Q(kind__in=_PAID), house_id=house_id, at__gte=first, at__lt=last)
        .select_related("balance")
        .order_by("-pk")[:limit]
    )
    persons = people.account_names({one.balance.account_id for one in found} | {one.by_id for one in found})
    bodies = network.organisation_refs(
        {one.balance.organisation_id for one in found if one.balance.organisation_id is not None}
    )
    rows = []
    for one in found:
        body = bodies.get(one.balance.organisation_id or 0)
        rows.append(
            PaymentRow(
                id=one.pk,
                holder=Holder(one.balance.account_id, one.balance.organisation_id),
                name=body.names.pick(actor.language) if body else persons.get(one.balance.account_id or 0, ""),
                amount=Money(one.amount, one.balance.unit_id),
                means=Means(one.means),
                by=persons.get(one.by_id or 0, ""),
                at=one.at,
            )
        )
    return rows


def of(holder: Holder) -> QuerySet[Balance]:
    """The balances of a holder."""
    if holder.account_id is not None:
        return Balance.objects.filter(account_id=holder.account_id)
    return Balance.objects.filter(organisation_id=holder.organisation_id or 0)
