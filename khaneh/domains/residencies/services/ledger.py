"""Lines of the support ledger, written with the house's ledger and the budget line held. What is written stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from khaneh.domains.network import queries as network
from khaneh.domains.residencies import notices
from khaneh.domains.residencies.errors import BudgetShort, LineNotInForce
from khaneh.domains.residencies.models import Line, Residency, Support
from khaneh.domains.residencies.types import SupportKind
from khaneh.infrastructure import journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import Calendar, JalaliDate


@dataclass(frozen=True, slots=True)
class Given:
    """What was given. `source` names what it follows from, so that it is written once; `giver_id` is None where the house itself gave."""

    kind: SupportKind
    unit: str
    amount: int
    given_on: date
    note: str = ""
    source: str = ""
    giver_id: int | None = None
    line_id: int | None = None
    tranche_id: int | None = None
    reverses_id: int | None = None


def write(one: Residency, given: Given, *, actor: Actor, key: str, now: datetime) -> Support:
    """Write a line about a residency and tell the team; the same `key` again gives the line that was written. Four statements."""
    made = Support.objects.filter(key=key).first()
    if made is not None:
        return made
    made = Support.objects.create(
        house_id=one.house_id, residency_id=one.pk, organisation_id=one.organisation_id, giver_id=given.giver_id,
        line_id=given.line_id, tranche_id=given.tranche_id, reverses_id=given.reverses_id, kind=given.kind.value,
        unit=given.unit, amount=given.amount, given_on=given.given_on, note=given.note, source=given.source,
        receipt=_receipt(one.house_id, given.given_on), key=key, by_id=actor.account_id, at=now,
    )  # fmt: skip
    journal.record(
        "residencies.support.given" if given.reverses_id is None else "residencies.support.reversed",
        actor=actor, house_id=one.house_id, support_id=made.pk, residency_id=one.pk, support_kind=given.kind.value,
        line_id=given.line_id,
    )  # fmt: skip
    if given.source == "":
        notices.tell_team("residencies.given", one, now=now, support=made.pk)
    return made


def line_for(line_id: int, *, house_id: int, amount: int, on: date) -> Line:
    """A budget line that can still give so much, with its lock held. Raises LineNotInForce, BudgetShort; Line.DoesNotExist."""
    line = Line.objects.get(pk=line_id, house_id=house_id)
    if not line.first <= on <= line.last:
        raise LineNotInForce(first=line.first.isoformat(), last=line.last.isoformat())
    left = line.amount - line.promised - line.given
    if amount > left:
        raise BudgetShort(left=left, wanted=amount, unit=line.unit)
    return line


def _receipt(house_id: int, on: date) -> str:
    """The next number of the house's year, in the calendar in which it counts its years. One statement, under the ledger's lock."""
    house = network.house_facts(house_id)
    year = JalaliDate.from_gregorian(on).year if house.reckoning is Calendar.JALALI else on.year
    start = f"{house.code}/{year}/"
    return f"{start}{Support.objects.filter(receipt__startswith=start).count() + 1:04}"
