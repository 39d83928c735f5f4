"""What places in courses cost: charged when somebody is enrolled for good, given back when they leave in time or the run is cancelled.

What an enrolment costs follows from its row alone, so that an act that is told twice charges once. How the ledgers come to it is the same for
all (`credits.services.settling`); settling is the last that an act does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from khaneh.domains.credits import services as ledger
from khaneh.domains.credits.types import Holder
from khaneh.domains.learning.models import Enrolment
from khaneh.domains.learning.types import JUDGED, EnrolmentState
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

# Who has left costs nothing: after the time for leaving only the desk lets somebody go.
_COSTING = (EnrolmentState.ENROLLED, *JUDGED)


def settle(enrolment_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Charge or give back what lies between what enrolments have cost and what they shall cost, with nothing left to lock.

    Whoever is enrolled pays, or the organisation for which it is. Raises BalanceShort, UnitUnknown. One statement where nothing has a price,
    else two and at most ten an enrolment.
    """
    priced = Enrolment.objects.filter(pk__in=enrolment_ids, price_amount__gt=0).select_related("party", "run")
    ledger.settle(
        [
            ledger.Bill(
                source(one.pk), actor, _payer(one), _cost(one), house_id=one.run.house_id, may_owe=_may_owe(one)
            )
            for one in priced.order_by("pk")
            if one.account_id is not None or one.party.organisation_id is not None
        ],
        now=now,
    )


def give_back(enrolment_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Give back all that enrolments cost, to whoever paid, although nobody knows whose they are any more. One statement an enrolment that cost nothing."""
    ledger.settle([ledger.Bill(source(number), actor) for number in sorted(enrolment_ids)], now=now)


def source(enrolment_id: int) -> str:
    """How the ledger names an enrolment."""
    return f"learning.enrolment:{enrolment_id}"


def _payer(one: Enrolment) -> Holder:
    organisation_id = one.party.organisation_id
    return Holder(None if organisation_id is not None else one.account_id, organisation_id)


def _cost(one: Enrolment) -> list[Money]:
    return [Money(one.price_amount or 0, one.price_currency)] if one.state in _COSTING else []


def _may_owe(one: Enrolment) -> int | None:
    most = one.terms.get("owed_max")
    return int(most[0]) if most and most[1] == one.price_currency else None
