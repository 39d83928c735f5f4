"""What PostgreSQL refuses of lending, whatever a service asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation.models import FeeEntry, Loan, Occupancy, Request, Transfer
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db


def lend(shelves: Shelves, copy: Copy, **facts: Any) -> Loan:
    return Loan.objects.create(
        copy=copy,
        item_type=copy.item_type,
        member=shelves.member(),
        house=copy.house,
        lent_at=NOW,
        due_at=NOW + timedelta(days=14),
        **facts,
    )


def send(shelves: Shelves, copy: Copy) -> Transfer:
    return Transfer.objects.create(
        copy=copy, from_house=shelves.central, to_house=shelves.far, reason="manual", sent_at=NOW
    )


def shelve(shelves: Shelves, copy: Copy) -> Request:
    return Request.objects.create(
        member=shelves.member(), level="record", record=copy.record, pickup_house=shelves.central, channel="desk",
        placed_at=NOW, state="on_shelf", captured_copy=copy, captured_at=NOW, shelf_until=NOW + timedelta(days=3),
    )  # fmt: skip


HOLDERS = {"loan": (lend, "on_loan"), "transfer": (send, "in_transit"), "shelf": (shelve, "on_hold_shelf")}


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """The block breaks a constraint whose name fits."""
    with pytest.raises(IntegrityError) as caught:
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert re.fullmatch(constraint, cause.diag.constraint_name or ""), cause.diag.constraint_name


@pytest.mark.parametrize("first", HOLDERS)
@pytest.mark.parametrize("second", HOLDERS)
def test_a_copy_is_held_by_one_thing_at_a_time(shelves: Shelves, first: str, second: str) -> None:
    copy = shelves.copy()
    HOLDERS[first][0](shelves, copy)
    with refused("circulation_(occupancy_pkey|(loan_one_open|transfer_one|request_one)_a_copy)"), transaction.atomic():
        HOLDERS[second][0](shelves, copy)
    assert Occupancy.objects.count() == 1


@pytest.mark.parametrize("holder", HOLDERS)
def test_the_copys_state_is_that_of_what_holds_it(shelves: Shelves, holder: str) -> None:
    make, state = HOLDERS[holder]
    copy = shelves.copy()
    held = make(shelves, copy)
    copy.refresh_from_db()
    assert copy.state == state
    with refused("circulation_copy_state_as_held"), transaction.atomic():
        Copy.objects.filter(pk=copy.pk).update(state="available")
    end = {"loan": {"state": "returned"}, "transfer": {"state": "received"}, "shelf": {"state": "cancelled"}}[holder]
    type(held).objects.filter(pk=held.pk).update(ended_at=NOW, **end)
    copy.refresh_from_db()
    assert copy.state == "available"
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize("state", ["on_loan", "in_transit", "on_hold_shelf"])
def test_nobody_says_that_a_copy_is_held_when_nothing_holds_it(shelves: Shelves, state: str) -> None:
    copy = shelves.copy()
    with refused("circulation_copy_state_as_held"), transaction.atomic():
        Copy.objects.filter(pk=copy.pk).update(state=state)
    with refused("circulation_copy_state_as_held"), transaction.atomic():
        shelves.copy(state=state)


def test_a_withdrawn_copy_is_not_lent(shelves: Shelves) -> None:
    with refused("circulation_copy_not_withdrawn"), transaction.atomic():
        lend(shelves, shelves.copy(state="withdrawn"))


def test_a_lost_loan_holds_its_copy_until_it_is_found(shelves: Shelves) -> None:
    copy = shelves.copy()
    loan = lend(shelves, copy)
    Loan.objects.filter(pk=loan.pk).update(state="lost", lost_at=NOW)
    copy.refresh_from_db()
    assert copy.state == "lost"
    with refused("circulation_loan_one_open_a_copy"), transaction.atomic():
        lend(shelves, copy)
    Loan.objects.filter(pk=loan.pk).update(state="found", ended_at=NOW)
    copy.refresh_from_db()
    assert copy.state == "available"


@pytest.mark.parametrize(("before", "after"), [("returned", "open"), ("returned", "lost"), ("open", "found")])
def test_a_loan_takes_only_the_steps_of_its_life(shelves: Shelves, before: str, after: str) -> None:
    loan = lend(shelves, shelves.copy())
    if before == "returned":
        Loan.objects.filter(pk=loan.pk).update(state="returned", ended_at=NOW)
    with refused("circulation_loan_steps"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(
            state=after, ended_at=NOW if after == "found" else None, lost_at=None if after == "open" else NOW
        )


def test_the_member_goes_from_a_loan_when_it_ends_and_not_before(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.copy())
    with refused("circulation_loan_ended"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(member=None)
    Loan.objects.filter(pk=loan.pk).update(state="returned", ended_at=NOW, member=None)
    with refused("circulation_loan_kept"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(member=shelves.member())


@pytest.mark.parametrize("after", ["placed", "targeted", "on_shelf"])
def test_a_request_that_has_ended_stays_ended(shelves: Shelves, after: str) -> None:
    request = shelve(shelves, shelves.copy())
    Request.objects.filter(pk=request.pk).update(state="cancelled", ended_at=NOW)
    with refused("circulation_request_steps"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(state=after, ended_at=None)


def test_the_ledger_and_the_lives_of_things_are_never_deleted_or_changed(shelves: Shelves) -> None:
    entry = FeeEntry.objects.create(
        member=shelves.member(), kind="overdue", amount=5000, currency="IRR", at=NOW, house=shelves.central
    )
    with refused("circulation_fee_entry_append_only"), transaction.atomic():
        FeeEntry.objects.filter(pk=entry.pk).update(amount=1)
    with refused("circulation_fee_entry_append_only"), transaction.atomic():
        entry.delete()
    with refused("circulation_loan_append_only"), transaction.atomic(), connection.cursor() as cursor:
        lend(shelves, shelves.copy())
        cursor.execute("DELETE FROM circulation_loan")


@pytest.mark.parametrize(("kind", "amount"), [("overdue", -1), ("payment", 1), ("overdue", 0)])
def test_charges_are_above_zero_and_payments_below(shelves: Shelves, kind: str, amount: int) -> None:
    with refused("circulation_fee_entry_sign"), transaction.atomic():
        FeeEntry.objects.create(member=shelves.member(), kind=kind, amount=amount, currency="IRR", at=NOW)
