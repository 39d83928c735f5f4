"""Two people at one inventory, two telephones on one round. Each race has the unlocked control that shows it can be seen.

Spec: CIRC-INVENTORY, CIRC-RUN.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import InventoryScan, Statistic, StrayReturn, Transfer
from khaneh.domains.circulation.queries import runs
from khaneh.domains.circulation.services.runs import Handled, StopDraft
from khaneh.domains.circulation.types import RequestLevel, RunState, ScanFinding, ScanOutcome
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.races.circulation.desks import Act, kinds, meanwhile, sound

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
NEW_SCAN, OLD_LOAN, OLD_TRANSFER = (
    "INSERT INTO circulation_inventory_scan",
    "UPDATE circulation_loan",
    "UPDATE circulation_transfer",
)
both_ways = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


# ---- two people at one inventory


def begin(shelves: Shelves) -> int:
    return services.open_inventory(actor=SYSTEM, house_id=shelves.central.pk, now=NOW)


def scanning(number: int, *copies: Copy) -> Act:
    codes = [str(copy.barcode) for copy in copies]
    return partial(services.scan_shelf, actor=SYSTEM, inventory_id=number, barcodes=codes, now=NOW + HOUR)


@both_ways
def test_circ_inventory_3_two_read_the_same_shelf_from_both_ends(shelves: Shelves, locked: bool) -> None:
    copies = [shelves.copy() for _ in range(5)]
    number = begin(shelves)
    both = scanning(number, *copies), scanning(number, *reversed(copies))
    answers = meanwhile(*both, before=NEW_SCAN, locked=locked)
    # Who comes first notes them all. Without the lock that is who overtakes, and only the database keeps the other from noting them again.
    assert [(len(one.found), one.again) for one in answers] == ([(5, 0), (0, 5)] if locked else [(0, 5), (5, 0)])
    assert InventoryScan.objects.count() == 5


@both_ways
def test_circ_inventory_7_one_closes_while_another_still_reads(shelves: Shelves, locked: bool) -> None:
    copy = shelves.copy()
    number = begin(shelves)
    closing = partial(services.close_inventory, actor=SYSTEM, inventory_id=number, now=NOW + HOUR)
    read, missing = meanwhile(scanning(number, copy), closing, before=NEW_SCAN, locked=locked)
    assert len(read.found) == 1
    # Without the lock who closes is told that a copy is missing which is being read at this moment, into an inventory that is over.
    assert missing == (0 if locked else 1)


@both_ways
def test_circ_inventory_5_one_marks_missing_what_another_has_just_read(shelves: Shelves, locked: bool) -> None:
    copy = shelves.copy()
    number = begin(shelves)
    marking = partial(services.mark_missing, actor=SYSTEM, inventory_id=number, now=NOW + HOUR)
    _, marked = meanwhile(scanning(number, copy), marking, before=NEW_SCAN, locked=locked)
    copy.refresh_from_db()
    finding = InventoryScan.objects.get().finding
    assert finding == ScanFinding.EXPECTED
    # Without the lock it stands in its place and is missing.
    assert (marked, copy.state) == ((0, "available") if locked else (1, "missing"))


@both_ways
def test_circ_inventory_6_two_take_in_the_same_finding(shelves: Shelves, locked: bool) -> None:
    copy, member = shelves.copy(), shelves.member()
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=NOW - HOUR
    )
    number = begin(shelves)
    (found,) = scanning(number, copy)().found
    taking = partial(
        services.settle_finding, actor=SYSTEM, scan_id=found.id, outcome=ScanOutcome.TAKEN_IN, now=NOW + 2 * HOUR
    )
    answers = meanwhile(taking, taking, before=OLD_LOAN, locked=locked)
    assert kinds(answers) == ("Returned", "Invalid" if locked else "Returned")
    assert Statistic.objects.filter(act="return").count() == (1 if locked else 2)
    assert sound()


# ---- two telephones on one round


def drive(shelves: Shelves, *houses: object) -> tuple[int, list[int]]:
    """A round that goes to these houses, under way: its number, its stops."""
    stops = [StopDraft(house.pk, "", NOW + n * HOUR) for n, house in enumerate(houses)]  # type: ignore[attr-defined]
    run = services.plan_run(
        actor=SYSTEM, day=NOW.date(), stops=stops, now=NOW, base_house_id=shelves.central.pk
    )  # fmt: skip
    services.start_run(actor=SYSTEM, run_id=run, now=NOW)
    found = [stop.id for stop in runs.run(SYSTEM, run).stops]
    services.reach_stop(actor=SYSTEM, run_id=run, stop_id=found[0], now=NOW)
    return run, found


def telephone(run: int, stop: int, copy: Copy) -> Act:
    return partial(
        services.scan_at_stop, actor=SYSTEM, run_id=run, stop_id=stop, barcode=str(copy.barcode), now=NOW + HOUR
    )


def wanted_at_the_branch(shelves: Shelves) -> Copy:
    """A copy of the central library that was sent to a reader at the branch."""
    copy = shelves.copy()
    services.place_request(
        actor=SYSTEM, member_id=shelves.member().pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.branch.pk, now=NOW - HOUR,
    )  # fmt: skip
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW - HOUR)
    return copy


@both_ways
def test_circ_run_3_two_telephones_load_the_same_copy(shelves: Shelves, locked: bool) -> None:
    copy = wanted_at_the_branch(shelves)
    run, stops = drive(shelves, shelves.central, shelves.branch)
    load = telephone(run, stops[0], copy)
    answers = meanwhile(load, load, before=OLD_TRANSFER, locked=locked)
    # The second is told that it is aboard. Without the lock each believes to have loaded it.
    assert [one.handled for one in answers] == [Handled.LOADED, Handled.ABOARD if locked else Handled.LOADED]
    assert Transfer.objects.get().run_id == run
    assert sound()


@both_ways
def test_circ_run_3_two_telephones_put_down_the_same_copy(shelves: Shelves, locked: bool) -> None:
    copy = wanted_at_the_branch(shelves)
    run, stops = drive(shelves, shelves.central, shelves.branch)
    telephone(run, stops[0], copy)()
    services.reach_stop(actor=SYSTEM, run_id=run, stop_id=stops[1], now=NOW + HOUR)
    put_down = telephone(run, stops[1], copy)
    answers = meanwhile(put_down, put_down, before="UPDATE circulation_transfer SET state", locked=locked)
    handled = [one.handled for one in answers]
    # The second finds it on the hold shelf. Without the lock it is received a second time.
    assert handled == [Handled.RECEIVED, Handled.STAYS if locked else Handled.RECEIVED]
    assert Transfer.objects.get().state == "received"
    assert sound()


@both_ways
def test_circ_run_3_two_telephones_take_in_what_nobody_had_sent(shelves: Shelves, locked: bool) -> None:
    """A copy of the branch that stands in the central library: taken in once, sent home once, aboard once."""
    copy = shelves.copy(shelves.branch, current_house=shelves.central)
    run, stops = drive(shelves, shelves.central, shelves.branch)
    load = telephone(run, stops[0], copy)
    answers = meanwhile(load, load, before="INSERT INTO circulation_transfer", locked=locked)
    if locked:
        assert [one.handled for one in answers] == [Handled.LOADED, Handled.ABOARD]
    else:
        assert kinds(answers) == ("IntegrityError", "Scan"), "only the database stops the second journey of a copy"
    assert Transfer.objects.count() == StrayReturn.objects.count() == 1
    assert sound()


@both_ways
def test_circ_run_4_one_telephone_ends_the_round_while_the_other_loads(shelves: Shelves, locked: bool) -> None:
    copy = wanted_at_the_branch(shelves)
    run, stops = drive(shelves, shelves.central, shelves.branch)
    ending = partial(services.end_run, actor=SYSTEM, run_id=run, now=NOW + HOUR)
    answers = meanwhile(telephone(run, stops[0], copy), ending, before=OLD_TRANSFER, locked=locked)
    assert answers[0].handled is Handled.LOADED
    transfer = Transfer.objects.get()
    assert runs.run(SYSTEM, run).state is RunState.DONE
    # It is left to the next round. Without the lock it is aboard of one that is over, and no other would fetch it.
    assert (answers[1], transfer.loaded_at is None, transfer.run_id) == ((1, True, None) if locked else (0, False, run))
