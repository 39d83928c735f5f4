"""Giving a loan another day than the rules gave it. Spec: CIRC-DUE."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import LoanEnded
from khaneh.domains.circulation.models import Loan
from khaneh.domains.circulation.rules import due
from khaneh.domains.circulation.types import LoanState
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# A loan for longer than this is a gift.
LONGEST_DAYS = 400


def change_due_date(*, actor: Actor, house_id: int, loan_id: int, due_on: date, reason: str, now: datetime) -> datetime:
    """Let an open loan of the house end on another day; gives the instant, moved to the next open day where the house is closed.

    Raises NotAllowed without the right change_due_date, NotFound, LoanEnded, Invalid.
    """
    place = permissions.require_desk(actor, house_id=house_id)
    permissions.require_rights(actor, place, {"change_due_date"})
    calendar = network.house_facts(house_id).calendar
    days = (due_on - now.astimezone(ZoneInfo(calendar.zone)).date()).days
    problems = {}
    if not 1 <= days <= LONGEST_DAYS:
        problems["due_on"] = "out_of_range"
    if not reason.strip() or len(reason) > 500:
        problems["reason"] = "required" if not reason.strip() else "too_long"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        loan = Loan.objects.select_for_update(of=("self",)).filter(pk=loan_id, house_id=house_id).first()
        if loan is None:
            raise NotFound(what="loan")
        if loan.state != LoanState.OPEN:
            raise LoanEnded(loan_id=loan_id, state=loan.state)
        before = loan.override or {"rights": [], "reason": ""}
        due_at = due.due_at(calendar, now=now, days=days)
        if due_at <= loan.lent_at:  # on a clock that was set back
            raise Invalid(fields={"due_on": "out_of_range"})
        loan.due_at = due_at
        # The reason is for one reader: it stays with the loan, which forgets it with them.
        loan.override = {
            "rights": sorted({*before["rights"], "change_due_date"}),
            "reason": "; ".join(filter(None, (before["reason"], reason.strip()))),
        }
        loan.save(update_fields=["due_at", "override"])
        journal.record("circulation.loan.dated", actor=actor, house_id=house_id)
    return loan.due_at
