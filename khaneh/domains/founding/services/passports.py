"""Passports: what an opening or a later assessment writes into them."""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.founding import notices, permissions, queries
from khaneh.domains.founding.models import Passport, PassportEntry, Proposal
from khaneh.domains.founding.rules.drafts import months_after
from khaneh.domains.founding.services import holding
from khaneh.domains.founding.types import PassportRow, PassportState, Result, StandardRow
from khaneh.infrastructure import journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def open_passport(proposal: Proposal, *, actor: Actor, today: date) -> PassportRow:
    """The passport of a house that opens. A house that had one, of a plan before, goes on with it."""
    standard = queries.with_items([proposal.standard_id])[proposal.standard_id]
    permille = proposal.permille or 0
    meets = not proposal.failed and permille >= standard.pass_percent * 10
    values = _values(standard, Result(permille, tuple(proposal.failed), meets), today)
    passport, _ = Passport.objects.update_or_create(house_id=proposal.house_id, defaults=values)
    PassportEntry.objects.create(
        passport=passport, standard_id=standard.id, proposal=proposal, permille=permille, meets=meets,
        failed=proposal.failed, on=today,
    )  # fmt: skip
    journal.record(
        "founding.passport.opened", actor=actor, house_id=proposal.house_id, passport_id=passport.pk, meets=meets
    )
    found = queries.passport_of(proposal.house_id, today=today)
    if found is None:
        raise NotFound(what="passport")
    return found


def enter(passport: Passport, standard: StandardRow, came: Result, *, now: datetime) -> PassportEntry:
    """What an assessment of a house in service came to."""
    today = holding.today_at(passport.house_id, now)
    Passport.objects.filter(pk=passport.pk).update(**_values(standard, came, today))
    return PassportEntry.objects.create(
        passport=passport, standard_id=standard.id, permille=came.permille, meets=came.meets,
        failed=list(came.failed), on=today,
    )  # fmt: skip


def measure_first(house_id: int, standard: StandardRow, came: Result, *, actor: Actor, now: datetime) -> PassportEntry:
    """The passport of a house that was in service before it was ever measured, with its first line."""
    today = holding.today_at(house_id, now)
    passport = Passport.objects.create(house_id=house_id, **_values(standard, came, today))
    journal.record(
        "founding.passport.opened", actor=actor, house_id=house_id, passport_id=passport.pk, meets=came.meets
    )
    return PassportEntry.objects.create(
        passport=passport, standard_id=standard.id, permille=came.permille, meets=came.meets,
        failed=list(came.failed), on=today,
    )  # fmt: skip


def tell(passport: Passport, came: Result, *, now: datetime) -> None:
    """Whoever keeps the house hears what came of it."""
    facts = {"house": passport.house_id, "permille": came.permille}
    notices.tell_house(
        "founding.meets" if came.meets else "founding.falls_short", passport.house_id, permissions.FITTERS,
        facts=facts, key=f"passport:{passport.pk}:{now.isoformat()}", now=now,
    )  # fmt: skip


def _values(standard: StandardRow, came: Result, today: date) -> dict[str, object]:
    return {
        "standard_id": standard.id,
        "state": (PassportState.MEETS if came.meets else PassportState.FALLS_SHORT).value,
        "permille": came.permille,
        "assessed_on": today,
        "due_on": months_after(today, standard.valid_months),
        "reminded": False,
    }
