"""What people are told about their loans and requests: who is to be told, and what there is to say at the moment of writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from khaneh.domains.catalogue.queries.titles import titles, work_titles
from khaneh.domains.circulation.models import FeeEntry, Loan, Request
from khaneh.domains.circulation.types import LoanState, RequestState

_DUE = """
SELECT id, member_id, due_at FROM circulation_loan
WHERE house_id = %(house)s AND state = 'open' AND due_at >= %(first)s AND due_at < %(last)s
  AND (claimed_at IS NULL OR %(claimed)s)
ORDER BY due_at, id
"""
_EXPIRING = """
SELECT id, member_id, pickup_house_id FROM circulation_request
WHERE state IN ('placed', 'suspended', 'targeted') AND expires_at <= %(now)s ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class DueLoan:
    """A loan that somebody is reminded of."""

    loan_id: int
    member_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TellableLoan:
    """A loan as a letter tells of it. `title` is empty where the record has none."""

    loan_id: int
    state: LoanState
    house_id: int
    due_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class TellableRequest:
    """A request as a letter tells of it; `house_id` is where it is collected."""

    request_id: int
    state: RequestState
    house_id: int
    shelf_until: datetime | None
    end_reason: str
    title: str


def due_between(*, house_id: int, first: datetime, last: datetime, claimed: bool = False) -> list[DueLoan]:
    """The open loans that a house lent and that are due from `first` until before `last`, soonest first. One statement.

    Those that the reader says to have returned are left out unless `claimed`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"house": house_id, "first": first, "last": last, "claimed": claimed})
        return [DueLoan(*row) for row in cursor.fetchall()]


def lent_since(*, member_ids: Iterable[int], since: datetime) -> list[tuple[int, int, int]]:
    """Open loans of these members lent since an instant: (loan, member, house). One statement."""
    return list(
        Loan.objects.filter(member_id__in=set(member_ids), state=LoanState.OPEN.value, lent_at__gte=since)
        .order_by("pk")
        .values_list("pk", "member_id", "house_id")
    )


def expiring_requests(*, now: datetime) -> list[tuple[int, int, int]]:
    """Requests that have waited as long as they may: (request, member, pickup house). One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRING, {"now": now})
        return [(request, member, house) for request, member, house in cursor.fetchall()]


def reader_of(request_id: int) -> int | None:
    """Who asked; None when that is forgotten. One statement."""
    return Request.objects.filter(pk=request_id).values_list("member_id", flat=True).first()


def tellable_loans(loan_ids: Iterable[int]) -> dict[int, TellableLoan]:
    """Loans by id, with titles. Two statements."""
    rows = list(
        Loan.objects.filter(pk__in=set(loan_ids)).values_list("pk", "state", "house_id", "due_at", "copy__record_id")
    )
    named = titles(row[4] for row in rows)
    return {
        pk: TellableLoan(pk, LoanState(state), house, due, named.get(record, ""))
        for pk, state, house, due, record in rows
    }


def tellable_requests(request_ids: Iterable[int]) -> dict[int, TellableRequest]:
    """Requests by id, with the title of what was captured, else of what was asked for. Three statements at most."""
    rows = list(
        Request.objects.filter(pk__in=set(request_ids)).values_list(
            "pk", "state", "pickup_house_id", "shelf_until", "end_reason", "captured_copy__record_id", "record_id",
            "work_id",
        )
    )  # fmt: skip
    records = {row[0]: row[5] or row[6] for row in rows}
    named = titles(number for number in records.values() if number is not None)
    works = work_titles({row[7] for row in rows if records[row[0]] is None and row[7] is not None})
    return {
        pk: TellableRequest(
            pk, RequestState(state), house, until, reason, named.get(records[pk] or 0) or works.get(work or 0, "")
        )
        for pk, state, house, until, reason, _captured, _record, work in rows
    }


def tellable_fees(entry_ids: Iterable[int]) -> dict[int, tuple[str, int, str]]:
    """Lines of the ledger by id: kind, minor units, currency. One statement."""
    rows = FeeEntry.objects.filter(pk__in=set(entry_ids)).values_list("pk", "kind", "amount", "currency")
    return {pk: (kind, amount, currency) for pk, kind, amount, currency in rows}
