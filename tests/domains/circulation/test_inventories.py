"""Inventories. Spec: CIRC-INVENTORY."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import InventoryClosed
from khaneh.domains.circulation.models import FeeEntry, InventoryExpected, InventoryScan, Loan, Request, Target
from khaneh.domains.circulation.queries import inventories as queries
from khaneh.domains.circulation.rules import shelves as rules
from khaneh.domains.circulation.services.inventories import acts_for
from khaneh.domains.circulation.types import RequestLevel, ReturnedTo, ScanDetail, ScanFinding, ScanOutcome
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def begin(shelves: Shelves, **facts: str) -> int:
    return services.open_inventory(actor=SYSTEM, house_id=shelves.central.pk, now=NOW, **facts)


def scan(number: int, *barcodes: str) -> dict[str, tuple[ScanFinding, ScanDetail | None]]:
    found = services.scan_shelf(actor=SYSTEM, inventory_id=number, barcodes=barcodes, now=NOW + HOUR).found
    return {row.barcode: (row.finding, row.detail) for row in found}


def finding(number: int, barcode: str) -> int:
    return InventoryScan.objects.get(inventory_id=number, barcode=barcode).pk


def missing(number: int) -> set[str]:
    row = queries.inventory(SYSTEM, number)
    return {one.barcode for one in queries.findings(SYSTEM, row=row, finding=ScanFinding.MISSING)}


def test_circ_inventory_1_what_stands_there_is_expected_and_what_is_not_scanned_is_missing(shelves: Shelves) -> None:
    here, there, lent = shelves.copy(location="A"), shelves.copy(location="A"), shelves.copy(location="A")
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=lent.barcode, member_id=shelves.member().pk, now=NOW
    )
    shelves.copy(location="B")
    shelves.copy(shelves.branch, location="A")
    number = begin(shelves, location="A")
    assert queries.inventory(SYSTEM, number).expected == 2
    assert scan(number, here.barcode) == {here.barcode: (ScanFinding.EXPECTED, None)}
    assert missing(number) == {there.barcode}
    assert services.close_inventory(actor=SYSTEM, inventory_id=number, now=NOW + HOUR) == 1
    assert missing(number) == {there.barcode}
    assert not InventoryExpected.objects.exists()
    with pytest.raises(InventoryClosed):
        scan(number, there.barcode)


def test_circ_inventory_2_each_finding_says_why(shelves: Shelves) -> None:
    number = begin(shelves, location="A", call_from="800", call_to="899")
    copies = {
        ScanDetail.OTHER_LOCATION: shelves.copy(location="B", call_number="810"),
        ScanDetail.OUTSIDE_RANGE: shelves.copy(location="A", call_number="900.1"),
        ScanDetail.OTHER_HOUSE: shelves.copy(shelves.branch, location="A", call_number="810"),
        ScanDetail.MISSING: shelves.copy(state="missing"),
        ScanDetail.WITHDRAWN: shelves.copy(state="withdrawn"),
        ScanDetail.AT_REPAIR: shelves.copy(state="at_repair"),
        ScanDetail.NOT_READY: shelves.copy(state="in_process"),
        ScanDetail.ON_LOAN: shelves.copy(),
        None: shelves.copy(location="A", call_number="899.5 KAF"),
    }
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copies[ScanDetail.ON_LOAN].barcode,
        member_id=shelves.member().pk, now=NOW,
    )  # fmt: skip
    found = scan(number, *(copy.barcode for copy in copies.values()), "nobody")
    assert {detail: found[copy.barcode][1] for detail, copy in copies.items()} == {key: key for key in copies}
    assert found["nobody"] == (ScanFinding.UNKNOWN, None)
    assert found[copies[ScanDetail.OTHER_LOCATION].barcode][0] is ScanFinding.MISPLACED
    assert found[copies[None].barcode][0] is ScanFinding.EXPECTED


def test_circ_inventory_3_a_scan_that_comes_again_changes_nothing(shelves: Shelves) -> None:
    copy = shelves.copy()
    number = begin(shelves)
    assert scan(number, copy.barcode, copy.barcode)
    again = services.scan_shelf(actor=SYSTEM, inventory_id=number, barcodes=[copy.barcode], now=NOW + 2 * HOUR)
    assert (again.found, again.again) == ([], 1)
    assert InventoryScan.objects.count() == 1


def test_circ_inventory_4_what_a_desk_had_in_hand_is_not_missing(shelves: Shelves) -> None:
    copy, other = shelves.copy(), shelves.copy()
    number = begin(shelves)
    act = {"actor": SYSTEM, "house_id": shelves.central.pk, "barcode": copy.barcode}
    services.check_out(**act, member_id=shelves.member().pk, now=NOW + HOUR)  # type: ignore[arg-type]
    assert missing(number) == {other.barcode}
    services.check_in(**act, now=NOW + 2 * HOUR)  # type: ignore[arg-type]
    assert missing(number) == {other.barcode}


def test_circ_inventory_5_marking_missing_asks_elsewhere_for_the_reader(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.central, record), shelves.copy(shelves.far, record)
    member = shelves.member()
    number = begin(shelves)
    asked = services.place_request(
        actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=record.pk,
        pickup_house_id=shelves.central.pk, now=NOW,
    )  # fmt: skip
    assert Target.objects.get(state="asked").copy_id == near.pk
    assert services.mark_missing(actor=SYSTEM, inventory_id=number, now=NOW + HOUR) == 1
    near.refresh_from_db()
    assert near.state == "missing"
    assert Target.objects.get(state="asked").copy_id == far.pk
    assert Request.objects.get(pk=asked.request_id).state == "targeted"
    # Found after all: the scan says so, and taking it in puts it right.
    assert scan(number, near.barcode) == {near.barcode: (ScanFinding.UNEXPECTED, ScanDetail.MISSING)}
    back = services.settle_finding(
        actor=SYSTEM, scan_id=finding(number, near.barcode), outcome=ScanOutcome.TAKEN_IN, now=NOW + 2 * HOUR
    )
    assert back is not None
    assert (back.goes_to, back.request_id) == (ReturnedTo.HOLD_SHELF, asked.request_id)


def test_circ_inventory_6_a_lost_copy_that_is_found_is_refunded_and_goes_home(shelves: Shelves) -> None:
    copy, member = shelves.copy(shelves.branch), shelves.member()
    lent = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=NOW
    )
    services.declare_lost(actor=SYSTEM, loan_id=lent.loan_id, now=NOW + HOUR)
    number = begin(shelves)
    assert scan(number, copy.barcode)[copy.barcode] == (ScanFinding.UNEXPECTED, ScanDetail.LOST)
    back = services.settle_finding(
        actor=SYSTEM, scan_id=finding(number, copy.barcode), outcome=ScanOutcome.TAKEN_IN, now=NOW + 2 * HOUR
    )
    assert back is not None
    assert (back.was_lost, back.refunded, back.goes_to) == (True, 450_000, ReturnedTo.TRANSIT_HOME)
    assert Loan.objects.get().state == "found"
    assert sum(FeeEntry.objects.filter(kind__in=["lost", "refund"]).values_list("amount", flat=True)) == 0
    assert InventoryScan.objects.get().outcome == "sent"
    with pytest.raises(Invalid):
        services.settle_finding(
            actor=SYSTEM, scan_id=finding(number, copy.barcode), outcome=ScanOutcome.TAKEN_IN, now=NOW
        )


def test_circ_inventory_7_who_may(shelves: Shelves) -> None:
    copy = shelves.copy()
    number = begin(shelves)
    desk = Actor(1, grants=(Grant(Role.CIRCULATION, house_id=shelves.central.pk),))
    other = Actor(1, grants=(Grant(Role.LIBRARIAN, house_id=shelves.far.pk),))
    for nobody in (VISITOR, other):
        with pytest.raises(NotAllowed):
            services.scan_shelf(actor=nobody, inventory_id=number, barcodes=[copy.barcode], now=NOW)
    for act in (services.close_inventory, services.mark_missing):
        with pytest.raises(NotAllowed):
            act(actor=desk, inventory_id=number, now=NOW)  # type: ignore[operator]
    assert Copy.objects.get(pk=copy.pk).state == "available"


def test_circ_inventory_8_any_number_of_copies_costs_the_same(shelves: Shelves) -> None:
    record = shelves.record()

    def cost(number: int) -> tuple[int, int, int]:
        Copy.objects.bulk_create(
            Copy(house=shelves.central, record=record, barcode=f"B{number}-{n}", location=f"L{number}", call_number=str(n))
            for n in range(number)
        )  # fmt: skip
        made = {"actor": SYSTEM, "house_id": shelves.central.pk, "now": NOW, "location": f"L{number}", "call_from": "0"}
        with CaptureQueriesContext(connection) as opening:
            inventory = services.open_inventory(**made)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as scanning:
            scan(inventory, *(f"B{number}-{n}" for n in range(number // 2)))
        with CaptureQueriesContext(connection) as marking:
            assert services.mark_missing(actor=SYSTEM, inventory_id=inventory, now=NOW + HOUR) == number // 2
        return len(opening), len(scanning), len(marking)

    cost(2)
    assert cost(4) == cost(2_000)


def test_circ_inventory_9_a_file_of_a_scanner_is_read_whatever_its_columns(shelves: Shelves) -> None:
    first, second = shelves.copy(), shelves.copy()
    number = begin(shelves)
    content = f'2026-03-02;10:11;"{first.barcode}"\r\n2026-03-02;10:12;"{second.barcode}"\r\n'.encode("utf-16")
    assert services.scan_file(actor=SYSTEM, inventory_id=number, content=content, now=NOW) == (2, 0)
    assert services.scan_file(actor=SYSTEM, inventory_id=number, content=first.barcode.encode(), now=NOW) == (0, 1)
    assert not missing(number)


def test_circ_inventory_2_call_numbers_stand_in_the_order_of_the_shelf() -> None:
    row = [
        "9 A",
        "70 KAF",
        "833 KAF",
        "833.9 ALI",
        "833.91 ALI",
        "833.912 ALI",
        "۸۳۴/۱ ب",
        "834.1 پ",
        "QA 76.9",
        "QA 300",
    ]
    assert sorted(row, key=rules.shelf_key) == row
    assert list(rules.out_of_order(["1", "2", "9", "3", "4"])) == [2]
    assert not list(rules.out_of_order(["7", "8", "9", "1", "2", "3"]))


def test_circ_inventory_7_acts_follow_the_finding(shelves: Shelves) -> None:
    number = begin(shelves)
    scan(number, "nobody")
    row = queries.scanned(number, [finding(number, "nobody")])[0]
    assert acts_for(row) == (ScanOutcome.PUT_ASIDE,)
    services.settle_finding(actor=SYSTEM, scan_id=finding(number, "nobody"), outcome=ScanOutcome.PUT_ASIDE, now=NOW)
    assert acts_for(queries.scanned(number, [finding(number, "nobody")])[0]) == ()
