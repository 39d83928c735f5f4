"""Forgetting what somebody read, one loan or all, while they keep a history. The copy's own life stays; nobody is in it any more."""

from __future__ import annotations

from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.services import keeping
from khaneh.domains.circulation.types import LoanState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_OVER = (LoanState.RETURNED.value, LoanState.FOUND.value)


def forget_read(*, actor: Actor, for_member_id: int, loan_id: int | None = None) -> int:
    """Forget one loan that is over, or all of them with the requests that are; gives how many loans. The caller has identified the member.

    The journal's entry names no loan: it would say which one. Raises NotFound for a loan that is not theirs.
    """
    with db.transaction():
        loans = Loan.objects.filter(member_id=for_member_id, state__in=_OVER)
        if loan_id is not None:
            loans = loans.filter(pk=loan_id)
        FeeEntry.objects.filter(member_id=for_member_id, loan__in=loans).update(loan=None)
        forgotten = loans.update(member_id=None, override=None)
        if loan_id is not None and not forgotten:
            raise NotFound(what="loan")
        if loan_id is None:
            # What was asked for goes with what was read.
            keeping.forget_history(member_id=for_member_id)
        if forgotten:
            journal.record("circulation.history.forgotten", actor=actor, member=for_member_id, loans=forgotten)
    return forgotten
