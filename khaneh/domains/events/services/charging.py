"""What coming to events costs: charged when places are somebody's, given back by the terms under which they registered.

What a registration costs follows from its row alone (`rules.prices.cost`): an act that is told twice charges once. How the ledgers come to it
is the same for all (`credits.services.settling`); settling is the last that an act does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.credits import services as ledger
from khaneh.domains.credits.types import Holder
from khaneh.domains.events.models import Registration
from khaneh.domains.events.rules import prices
from khaneh.domains.events.types import RegistrationState
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money


class CannotPay(Exception):
    """These registrations would get places and cannot pay for them."""

    def __init__(self, registration_ids: list[int]) -> None:
        super().__init__(registration_ids)
        self.registration_ids = registration_ids


def settle(
    registration_ids: Collection[int], *, actor: Actor = SYSTEM, concerned: Collection[int] = (), now: datetime
) -> None:
    """Charge or give back what lies between what registrations have cost and what they shall cost, with their rows written and nothing left
    to lock. Those `concerned` are whom the act is about: written in the actor's name, and it is refused where they cannot pay.

    Raises BalanceShort, UnitUnknown for those; CannotPay, with all of them, for others. One statement where nothing has a price, else two
    and at most twelve for each.
    """
    wanted = Registration.objects.filter(pk__in={*registration_ids, *concerned}, price_amount__isnull=False)
    bills = {}
    for one in wanted.select_related("event").order_by("pk"):
        # A guest whom the desk has written down has no ledger: they pay at the door.
        if one.account_id is not None or one.organisation_id is not None:
            own, cost = one.pk in concerned, _cost(one)
            bills[source(one.pk)] = ledger.Bill(
                source(one.pk), actor if own else SYSTEM, _payer(one), cost, house_id=one.event.house_id,
                may_owe=_may_owe(one.terms, cost), required=own,
            )  # fmt: skip
    try:
        ledger.settle(list(bills.values()), now=now)
    except ledger.Unpaid as short:
        raise CannotPay([int(name.rpartition(":")[2]) for name in short.sources if name in bills]) from short


def refuse_unpaid(each: Money | None, people: int, *, payer: Holder, terms: Mapping[str, Any], now: datetime) -> None:
    """Whether so many could be paid for at this moment. Raises as `settle`. None where there is no price."""
    if each is None or payer == Holder():
        return
    price = Money(each.amount * people, each.currency)
    ledger.refuse_unpaid(ledger.Bill(source(0), SYSTEM, payer, [price], may_owe=_may_owe(terms, [price])), now=now)


def payer_of(account_id: int | None, organisation_id: int | None) -> Holder:
    """Whoever registers pays, or the organisation for which they do; nobody's is a guest's."""
    return Holder(None if organisation_id is not None else account_id, organisation_id)


def source(registration_id: int) -> str:
    """How the ledger names a registration."""
    return f"events.registration:{registration_id}"


def _payer(one: Registration) -> Holder:
    return payer_of(one.account_id, one.organisation_id)


def _cost(one: Registration) -> tuple[Money, ...]:
    each = prices.stored(one.price_amount, one.price_currency)
    return prices.cost(RegistrationState(one.state), each, one.people, one.terms)


def _may_owe(terms: Mapping[str, Any], cost: Collection[Money]) -> int | None:
    """How much money may be owed; None for no limit."""
    most = terms.get("owed_max")
    return int(most[0]) if most and all(one.currency == most[1] for one in cost) else None
