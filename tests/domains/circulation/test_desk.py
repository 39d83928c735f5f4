"""What a desk takes back, and what it sees. Spec: CIRC-UNDO, CIRC-DUE."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import LoanEnded
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Target, Transfer
from khaneh.domains.circulation.queries import lists
from khaneh.domains.circulation.queries.members import picture
from khaneh.domains.circulation.types import RequestLevel, Returned
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _lend(shelves: Shelves, **facts: object) -> tuple[Loan, str]:
    copy, member = shelves.copy(**facts), shelves.member()
    lent = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=NOW
    )
    return Loan.objects.get(pk=lent.loan_id), copy.barcode


def _back(shelves: Shelves, barcode: str, now: object) -> Returned:
    return services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=barcode, now=now)  # type: ignore[arg-type]


def test_a_loan_is_taken_back_for_ten_minutes(shelves: Shelves) -> None:
    loan, _ = _lend(shelves)
    with pytest.raises(LoanEnded):
        services.undo_loan(actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, now=NOW + 11 * MINUTE)
    services.undo_loan(actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, now=NOW + 9 * MINUTE)
    loan.refresh_from_db()
    assert (loan.state, loan.member_id) == ("returned", None)
    assert not FeeEntry.objects.exists()


def test_a_return_is_taken_back_with_its_fee(shelves: Shelves) -> None:
    loan, barcode = _lend(shelves)
    loan.terms |= {"fee_per_day": [1000, "IRR"], "fee_cap": [20_000, "IRR"]}
    loan.save()
    late = loan.due_at + timedelta(days=30)
    member = loan.member_id
    assert member is not None
    charge = _back(shelves, barcode, late).charge_id
    assert FeeEntry.objects.filter(member_id=member).count() == 1
    act = {
        "actor": SYSTEM, "house_id": shelves.central.pk, "loan_id": loan.pk, "member_id": member, "charge_id": charge,
    }  # fmt: skip
    with pytest.raises(LoanEnded):
        services.undo_return(**act, now=late + 11 * MINUTE)  # type: ignore[arg-type]
    again = Loan.objects.get(pk=services.undo_return(**act, now=late + MINUTE))  # type: ignore[arg-type]
    assert (again.state, again.member_id, again.due_at, again.lent_at, again.terms) == (
        "open", member, loan.due_at, loan.lent_at, loan.terms,
    )  # fmt: skip
    assert sum(FeeEntry.objects.filter(member_id=member).values_list("amount", flat=True)) == 0
    with pytest.raises(LoanEnded):
        services.undo_return(**act, now=late + 2 * MINUTE)  # type: ignore[arg-type]
    _back(shelves, barcode, late + 3 * MINUTE)
    assert Loan.objects.filter(state="open").count() == 0


def test_a_journey_that_the_return_began_is_called_off(shelves: Shelves) -> None:
    loan, barcode = _lend(shelves, house=shelves.far)
    member = loan.member_id
    assert member is not None
    _back(shelves, barcode, NOW + MINUTE)
    assert Transfer.objects.get().state == "sent"
    services.undo_return(
        actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, member_id=member, now=NOW + 2 * MINUTE
    )
    assert Transfer.objects.get().state == "cancelled"
    assert Loan.objects.get(state="open").copy.state == "on_loan"


def test_a_reader_for_whom_a_return_was_kept_waits_again(shelves: Shelves) -> None:
    loan, barcode = _lend(shelves)
    member, other = loan.member_id, shelves.member()
    assert member is not None
    request = Request.objects.create(
        member=other, level="record", record_id=loan.copy.record_id, pickup_house=shelves.central, placed_at=NOW,
        channel="desk",
    )  # fmt: skip
    _back(shelves, barcode, NOW + MINUTE)
    assert [line.request_id for line in lists.hold_shelf(SYSTEM, house_id=shelves.central.pk)] == [request.pk]
    services.undo_return(
        actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, member_id=member, now=NOW + 2 * MINUTE
    )
    request.refresh_from_db()
    assert (request.state, request.captured_copy_id) == ("placed", None)
    assert lists.hold_shelf(SYSTEM, house_id=shelves.central.pk) == []


def test_a_due_date_changes_by_right_and_reason(shelves: Shelves) -> None:
    loan, _ = _lend(shelves)
    act = {"house_id": shelves.central.pk, "loan_id": loan.pk, "due_on": date(2026, 3, 9), "now": NOW}
    desk = Actor(grants=(Grant(Role.CIRCULATION, shelves.central.pk),))
    with pytest.raises(NotAllowed):
        services.change_due_date(actor=desk, reason="a journey", **act)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        services.change_due_date(actor=SYSTEM, reason=" ", **act)  # type: ignore[arg-type]
    due = services.change_due_date(actor=SYSTEM, reason="a journey", **act)  # type: ignore[arg-type]
    loan.refresh_from_db()
    assert loan.due_at == due
    assert due.date() == date(2026, 3, 9)


def test_lists_are_for_the_desk_of_the_house_alone(shelves: Shelves) -> None:
    loan, barcode = _lend(shelves)
    late = loan.due_at + timedelta(days=1)
    house = shelves.central.pk
    assert [line.barcode for line in lists.overdue(SYSTEM, house_id=house, now=late)] == [barcode]
    assert lists.overdue(SYSTEM, house_id=shelves.branch.pk, now=late) == []
    for act in (lists.pull_list, lists.hold_shelf):
        with pytest.raises(NotAllowed):
            act(VISITOR, house_id=house)


def test_two_hundred_loans_and_twenty_requests_are_twelve_statements(shelves: Shelves) -> None:
    member = shelves.member()
    for _ in range(200):
        Loan.objects.create(
            copy=shelves.copy(), member=member, house=shelves.central, item_type="book", lent_at=NOW,
            due_at=NOW + timedelta(days=14),
        )  # fmt: skip
    for _ in range(20):
        Request.objects.create(
            member=member, level="record", record=shelves.record(), pickup_house=shelves.central, placed_at=NOW,
            channel="desk",
        )  # fmt: skip
    picture(SYSTEM, house_id=shelves.central.pk, member_id=member.pk, now=NOW)  # what is known of houses is kept
    with CaptureQueriesContext(connection) as statements:
        seen = picture(SYSTEM, house_id=shelves.central.pk, member_id=member.pk, now=NOW)
    assert (len(seen.loans), len(seen.requests), seen.overdue) == (200, 20, 0)
    assert len(statements) <= 12, [one["sql"][:150] for one in statements.captured_queries]


def test_what_was_asked_for_since_the_return_is_not_asked_for_after_it_is_undone(shelves: Shelves) -> None:
    loan, barcode = _lend(shelves)
    member = loan.member_id
    assert member is not None
    _back(shelves, barcode, NOW + MINUTE)
    other = shelves.member()
    asked = services.place_request(
        actor=SYSTEM, level=RequestLevel.COPY, target_id=loan.copy_id, for_member_id=other.pk, member_id=other.pk,
        pickup_house_id=shelves.branch.pk, now=NOW + MINUTE,
    ).request_id  # fmt: skip
    assert Request.objects.get(pk=asked).state == "targeted"
    services.undo_return(
        actor=SYSTEM, house_id=shelves.central.pk, loan_id=loan.pk, member_id=member, now=NOW + 2 * MINUTE
    )
    assert Request.objects.get(pk=asked).state == "placed"
    assert not Target.objects.filter(request_id=asked, state="asked").exists()
