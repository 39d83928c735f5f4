"""What bookings cost: charged when a place is theirs for good, given back by the terms under which they were booked.

What a booking costs follows from its row alone (`rules.prices.cost`): an act that is told twice charges once, and whatever moves a booking
pays for it. How the ledgers come to it is the same for all (`credits.services.settling`); settling is the last that an act does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.credits import services as ledger
from khaneh.domains.credits.types import Holder
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.rules import prices
from khaneh.domains.spaces.types import BookingState
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money


def settle(booking_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Charge or give back what lies between what bookings have cost and what they shall cost, with their rows written and nothing left to lock.

    Raises BalanceShort, UnitUnknown. Two statements and at most ten a booking.
    """
    found = Booking.objects.filter(pk__in=booking_ids).order_by("pk")
    ledger.settle([_bill(one, actor) for one in found], now=now)


def refuse_unpaid(price: Money | None, *, payer: Holder, terms: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Whether a price could be paid at this moment. Raises as `settle`. None where there is no price."""
    if price is not None:
        ledger.refuse_unpaid(ledger.Bill(source(0), actor, payer, [price], may_owe=_may_owe(terms, [price])), now=now)


def charge_for_absence(booking: Booking, *, now: datetime) -> None:
    """What not coming costs beside the price; of a credit no more than there is. At most nine statements, none without such a term."""
    fee = prices.read(booking.terms.get("no_show_fee"))
    if fee is not None and (booking.account_id is not None or booking.organisation_id is not None):
        ledger.charge(
            actor=SYSTEM, holder=_payer(booking), prices=[fee], source=f"{source(booking.pk)}:no_show", now=now,
            house_id=booking.house_id, what_there_is=True,
        )  # fmt: skip


def payer_of(account_id: int | None, organisation_id: int | None) -> Holder:
    """Whoever books pays, or the organisation for which it is."""
    return Holder(None if organisation_id is not None else account_id, organisation_id)


def terms_after(booking: Booking, now: datetime) -> dict[str, Any]:
    """Its terms when whoever booked gives this time up at this moment: with what stays charged of it."""
    held = booking.state == BookingState.CONFIRMED
    left = prices.forfeited(_cost(booking), starts=booking.starts, now=now, terms=booking.terms, held=held)
    return {**booking.terms, "kept": [list(one) for one in left]}


def source(booking_id: int) -> str:
    """How the ledger names a booking."""
    return f"spaces.booking:{booking_id}"


def _bill(one: Booking, actor: Actor) -> ledger.Bill:
    cost = _cost(one)
    return ledger.Bill(
        source(one.pk), actor, _payer(one), cost, house_id=one.house_id, may_owe=_may_owe(one.terms, cost)
    )


def _payer(booking: Booking) -> Holder:
    return payer_of(booking.account_id, booking.organisation_id)


def _cost(booking: Booking) -> list[Money]:
    return prices.cost(
        BookingState(booking.state), prices.stored(booking.price_amount, booking.price_currency), booking.terms
    )


def _may_owe(terms: Mapping[str, Any], cost: Collection[Money]) -> int | None:
    most = prices.read(terms.get("owed_max"))
    return most.amount if most is not None and all(one.currency == most.currency for one in cost) else None
