"""Lost, claimed, damaged, moved by hand, not collected; and that refusals are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import CopyOnLoan, LoanEnded, TransferEnded
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Statistic, Target
from khaneh.domains.circulation.types import RequestLevel, ReturnedTo
from khaneh.domains.people.models import MemberBlock
from khaneh.domains.policies.models import Decision
from khaneh.domains.policies.types import PolicyRefused
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lend(shelves: Shelves, copy: Copy, **facts: Any) -> int:
    facts = {"member_id": shelves.member().pk, "now": NOW, **facts}
    return services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, **facts).loan_id


def ask(shelves: Shelves, copy: Copy, **facts: Any) -> int:
    facts = {"member_id": shelves.member().pk, "pickup_house_id": shelves.central.pk, "now": NOW, **facts}
    return services.place_request(actor=SYSTEM, level=RequestLevel.RECORD, target_id=copy.record_id, **facts).request_id


def state(copy: Copy) -> str:
    return Copy.objects.values_list("state", flat=True).get(pk=copy.pk)


def balance(member_id: int) -> int:
    return FeeEntry.objects.filter(member_id=member_id).aggregate(total=Sum("amount"))["total"] or 0


def test_circ_out_6_a_refused_decision_is_kept_and_nothing_else(shelves: Shelves) -> None:
    member, copy = shelves.member(), shelves.copy()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    with pytest.raises(PolicyRefused):
        lend(shelves, copy, member_id=member.pk)
    kept = Decision.objects.get()
    assert kept.act == "circulation.lend"
    assert kept.facts["member.blocked"] is True
    assert not Loan.objects.exists()
    lend(shelves, copy)
    assert Decision.objects.count() == 2
    assert Loan.objects.get().decision_id == Decision.objects.latest("pk").pk


def test_circ_lost_1_a_loss_charges_the_price_and_the_processing_and_what_is_found_gives_the_price_back(
    shelves: Shelves,
) -> None:
    member, copy = shelves.member(), shelves.copy(price_amount=450_000)
    loan = lend(shelves, copy, member_id=member.pk)
    Loan.objects.filter(pk=loan).update(terms={"lost_fee": [20_000, "IRR"]})
    assert services.declare_lost(actor=SYSTEM, loan_id=loan, now=NOW + DAY) == 470_000
    assert (state(copy), balance(member.pk)) == ("lost", 470_000)
    with pytest.raises(LoanEnded):
        services.declare_lost(actor=SYSTEM, loan_id=loan, now=NOW + DAY)
    found = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 2 * DAY)
    assert (found.was_lost, found.refunded, balance(member.pk)) == (True, 450_000, 20_000)
    ended = Loan.objects.get(pk=loan)
    assert (ended.state, ended.member_id) == ("found", None)
    # Nothing leads from the ledger, which names the member for ever, to the loan, which names the copy.
    assert "lost_entry" not in ended.terms
    assert not FeeEntry.objects.filter(loan__isnull=False).exists()
    assert not FeeEntry.objects.filter(key__isnull=False).exists()


def test_circ_lost_2_what_is_overdue_for_too_long_is_lost_unless_it_is_claimed(shelves: Shelves) -> None:
    late, claimed, young = (lend(shelves, shelves.copy()) for _ in range(3))
    Loan.objects.filter(pk=young).update(due_at=NOW + 40 * DAY)
    services.claim_returned(actor=SYSTEM, loan_id=claimed, now=NOW + DAY)
    assert services.lose_long_overdue(now=NOW + 90 * DAY) == 1
    assert dict(Loan.objects.values_list("pk", "state")) == {late: "lost", claimed: "open", young: "open"}
    assert services.lose_long_overdue(now=NOW + 90 * DAY) == 0


def test_circ_lost_3_a_claim_that_is_believed_ends_the_loan_and_one_that_is_not_goes_on(shelves: Shelves) -> None:
    copy, other = shelves.copy(), shelves.copy()
    first, second = lend(shelves, copy), lend(shelves, other)
    with pytest.raises(Invalid):
        services.settle_claim(actor=SYSTEM, loan_id=first, outcome=services.ClaimOutcome.BELIEVED, now=NOW + DAY)
    for loan in (first, second):
        services.claim_returned(actor=SYSTEM, loan_id=loan, now=NOW + DAY)
    services.settle_claim(actor=SYSTEM, loan_id=first, outcome=services.ClaimOutcome.BELIEVED, now=NOW + DAY)
    services.settle_claim(actor=SYSTEM, loan_id=second, outcome=services.ClaimOutcome.NOT_BELIEVED, now=NOW + DAY)
    assert (state(copy), state(other)) == ("missing", "on_loan")
    assert Loan.objects.values_list("state", "member_id").get(pk=first) == ("returned", None)
    assert Loan.objects.get(pk=second).claimed_at is None


def test_circ_lost_4_a_damaged_copy_goes_to_repair_and_its_reader_waits_for_another(shelves: Shelves) -> None:
    member, copy = shelves.member(), shelves.copy()
    lend(shelves, copy, member_id=member.pk)
    with pytest.raises(CopyOnLoan):
        services.mark_damaged(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
    number = ask(shelves, copy, pickup_house_id=shelves.branch.pk)
    back = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + DAY)
    assert back.goes_to is ReturnedTo.TRANSIT_TO_READER
    services.mark_damaged(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + DAY, member_id=member.pk,
        amount=Money(100_000, "IRR"), note="wet",
    )  # fmt: skip
    assert (state(copy), balance(member.pk)) == ("at_repair", 100_000)
    assert Request.objects.get(pk=number).state == "placed"


def test_circ_use_1_reading_in_the_house_is_counted_without_a_person(shelves: Shelves) -> None:
    copy = shelves.copy()
    services.use_in_house(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
    assert Statistic.objects.values_list("act", "category").get() == ("in_house_use", "")
    assert state(copy) == "available"


def test_circ_move_1_a_copy_sent_by_hand_arrives_where_it_is_scanned(shelves: Shelves) -> None:
    copy = shelves.copy()
    waiting = ask(shelves, copy, pickup_house_id=shelves.branch.pk)
    assert Target.objects.filter(state="asked").exists()
    sent = services.send_transfer(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, to_house_id=shelves.far.pk, now=NOW
    )
    assert state(copy) == "in_transit"
    assert not Target.objects.filter(state="asked").exists()
    assert Request.objects.get(pk=waiting).state == "placed"
    with pytest.raises(TransferEnded):
        services.send_transfer(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, to_house_id=shelves.far.pk, now=NOW
        )
    services.cancel_transfer(actor=SYSTEM, transfer_id=sent, now=NOW)
    assert state(copy) == "available"
    with pytest.raises(TransferEnded):
        services.lose_transfer(actor=SYSTEM, transfer_id=sent, now=NOW)


def test_circ_move_2_what_is_lost_on_the_way_is_missing_and_another_copy_is_asked_for(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.central, record), shelves.copy(shelves.far, record)
    number = ask(shelves, near, pickup_house_id=shelves.branch.pk)
    sent = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=near.barcode, now=NOW + DAY)
    services.lose_transfer(actor=SYSTEM, transfer_id=sent.transfer_id or 0, now=NOW + 2 * DAY)
    assert state(near) == "missing"
    assert Request.objects.values_list("state", "captured_copy_id").get(pk=number) == ("targeted", None)
    assert Target.objects.get(state="asked").copy_id == far.pk


def test_circ_shelf_1_what_nobody_collects_is_the_next_readers_or_free(shelves: Shelves) -> None:
    copy = shelves.copy()
    first, second = ask(shelves, copy), ask(shelves, copy, now=NOW + timedelta(hours=1))
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + DAY)
    assert services.expire_shelf(now=NOW + 2 * DAY) == 0
    assert services.expire_shelf(now=NOW + 20 * DAY) == 1
    states = dict(Request.objects.values_list("pk", "state"))
    assert states == {first: "expired", second: "on_shelf"}
    assert Request.objects.get(pk=first).member_id is None
    assert state(copy) == "on_hold_shelf"
    assert services.expire_shelf(now=NOW + 40 * DAY) == 1
    assert state(copy) == "available"
