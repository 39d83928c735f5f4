"""Rounds of the courier and the bookmobile. Spec: CIRC-RUN."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import RunEnded, RunGoesElsewhere
from khaneh.domains.circulation.models import Request, Transfer
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.rules.runs import Parcel, plan
from khaneh.domains.circulation.services.runs import Handled, Scan, StopDraft
from khaneh.domains.circulation.types import RequestLevel, RunState
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def begin(shelves: Shelves, *houses: object, days: int = 0, **facts: object) -> int:
    stops = [StopDraft(house.pk, "", NOW + days * DAY + n * HOUR) for n, house in enumerate(houses)]  # type: ignore[attr-defined]
    facts = {"base_house_id": shelves.central.pk, **facts}
    return services.plan_run(actor=SYSTEM, day=(NOW + days * DAY).date(), stops=stops, now=NOW, **facts)  # type: ignore[arg-type]


def send(shelves: Shelves, start: object, end: object) -> Copy:
    copy = shelves.copy(start)  # type: ignore[arg-type]
    services.send_transfer(
        actor=SYSTEM, house_id=start.pk, barcode=copy.barcode, to_house_id=end.pk, now=NOW  # type: ignore[attr-defined]
    )  # fmt: skip
    return copy


def work(run_id: int) -> list[tuple[set[str | None], set[str | None], set[str | None]]]:
    return [
        ({one.barcode for one in stop.load}, {one.barcode for one in stop.drop}, {one.barcode for one in stop.stays})
        for stop in queries.sheet(SYSTEM, run_id).work
    ]


def scan(run_id: int, position: int, copy: Copy, actor: Actor = SYSTEM) -> Scan:
    stop = queries.run(SYSTEM, run_id).stops[position]
    return services.scan_at_stop(
        actor=actor, run_id=run_id, stop_id=stop.id, barcode=copy.barcode or "", now=NOW + HOUR
    )


def test_circ_run_1_a_reader_far_away_is_brought_the_book(shelves: Shelves) -> None:
    copy, member = shelves.copy(shelves.far), shelves.member()
    services.place_request(
        actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.branch.pk, now=NOW,
    )  # fmt: skip
    services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode, now=NOW)
    run = begin(shelves, shelves.far, shelves.central, shelves.branch)
    assert work(run) == [({copy.barcode}, set(), set()), (set(), set(), set()), (set(), {copy.barcode}, set())]
    assert scan(run, 0, copy) == (Handled.LOADED, shelves.branch.pk, None)
    assert scan(run, 0, copy).handled is Handled.ABOARD
    assert [one.barcode for one in queries.sheet(SYSTEM, run).aboard] == [copy.barcode]
    came = scan(run, 2, copy)
    assert came.handled is Handled.RECEIVED
    assert Request.objects.get().state == "on_shelf"
    assert queries.sheet(SYSTEM, run).delivered == 1
    assert services.end_run(actor=SYSTEM, run_id=run, now=NOW + 2 * HOUR) == 0
    with pytest.raises(RunEnded):
        scan(run, 2, copy)


def test_circ_run_2_what_does_not_lie_on_the_way_goes_over_the_base_or_stays() -> None:
    stops = [(1, 10), (2, 20), (3, 30), (4, 10)]
    parcels = [Parcel(1, 20, 30), Parcel(2, 30, 20), Parcel(3, 20, 40), Parcel(4, 20, 50), Parcel(5, 10, 20)]
    planned = plan(stops, parcels, base=10, onward={20, 40})
    assert [(one.parcel.transfer_id, one.load_at, one.drop_at, one.to_base) for one in planned] == [
        (1, 2, 3, False), (2, 3, 4, True), (3, 2, 4, True), (5, 1, 2, False),
    ]  # fmt: skip
    assert [one.parcel.transfer_id for one in plan(stops, parcels, base=None, onward={20, 40})] == [1, 5]


def test_circ_run_3_two_rounds_hand_over_at_the_base(shelves: Shelves) -> None:
    copy = send(shelves, shelves.branch, shelves.far)
    here = begin(shelves, shelves.central, shelves.branch, shelves.central)
    with pytest.raises(RunGoesElsewhere):
        scan(here, 1, copy)
    on = begin(shelves, shelves.central, shelves.far, days=1)
    assert work(here)[1:] == [({copy.barcode}, set(), set()), (set(), {copy.barcode}, set())]
    assert scan(here, 1, copy).handled is Handled.LOADED
    assert work(on)[0] == (set(), set(), set())
    assert scan(here, 2, copy) == (Handled.LEFT_AT_BASE, shelves.far.pk, None)
    assert work(on)[0][0] == {copy.barcode}
    assert scan(on, 0, copy).handled is Handled.LOADED
    assert scan(on, 1, copy).handled is Handled.RECEIVED


def test_circ_run_4_a_missed_stop_and_what_is_left_aboard_go_with_the_next_round(shelves: Shelves) -> None:
    there, back = send(shelves, shelves.central, shelves.far), send(shelves, shelves.far, shelves.branch)
    first = begin(shelves, shelves.central, shelves.far, shelves.branch)
    scan(first, 0, there)
    stop = queries.run(SYSTEM, first).stops[1]
    assert services.miss_stop(actor=SYSTEM, run_id=first, stop_id=stop.id, now=NOW + HOUR) == 1
    assert services.end_run(actor=SYSTEM, run_id=first, now=NOW + 2 * HOUR) == 1
    assert Transfer.objects.filter(state="sent").count() == 2
    following = begin(shelves, shelves.central, shelves.far, shelves.branch, days=7)
    assert work(following) == [
        ({there.barcode}, set(), set()), ({back.barcode}, {there.barcode}, set()), (set(), {back.barcode}, set()),
    ]  # fmt: skip


def test_circ_run_5_what_the_round_cannot_bring_stays_and_is_shown(shelves: Shelves) -> None:
    copy = send(shelves, shelves.branch, shelves.far)
    run = begin(shelves, shelves.central, shelves.branch)
    assert work(run)[1] == (set(), set(), {copy.barcode})


def test_circ_run_5_a_copy_that_nobody_sent_is_taken_in_at_the_stop_first(shelves: Shelves) -> None:
    foreign, own = shelves.copy(shelves.central), shelves.copy(shelves.branch)
    Copy.objects.filter(pk=foreign.pk).update(current_house_id=shelves.branch.pk)
    run = begin(shelves, shelves.branch, shelves.central)
    assert scan(run, 0, foreign).handled is Handled.LOADED
    assert scan(run, 0, own).handled is Handled.STAYS


def test_circ_run_6_the_driver_may_do_this_and_nothing_else(shelves: Shelves) -> None:
    account = Account.objects.create_user("driver@example.org")
    driver = Actor(account.pk)
    copy = send(shelves, shelves.central, shelves.branch)
    run = begin(shelves, shelves.central, shelves.branch, driver_id=account.pk)
    other = Actor(account.pk + 1, grants=(Grant(Role.LIBRARIAN, house_id=shelves.far.pk),))
    with pytest.raises(NotAllowed):
        scan(run, 0, copy, other)
    assert scan(run, 0, copy, driver).handled is Handled.LOADED
    assert scan(run, 1, copy, driver).handled is Handled.RECEIVED
    with pytest.raises(NotAllowed):
        services.check_in(actor=driver, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW)


def test_circ_run_7_a_bookmobile_stands_at_places_and_a_round_is_repeated(shelves: Shelves) -> None:
    bookmobile = shelves.branch
    type(bookmobile).objects.filter(pk=bookmobile.pk).update(kind="bookmobile")
    stops = [StopDraft(shelves.central.pk), StopDraft(None, "Jamkaran"), StopDraft(shelves.central.pk)]
    facts = {"actor": SYSTEM, "stops": stops, "now": NOW, "base_house_id": shelves.central.pk}
    with pytest.raises(Invalid):
        services.plan_run(day=NOW.date(), **facts)  # type: ignore[arg-type]
    run = services.plan_run(day=NOW.date(), bookmobile_id=bookmobile.pk, **facts)  # type: ignore[arg-type]
    later = services.repeat_run(actor=SYSTEM, run_id=run, day=(NOW + 7 * DAY).date(), now=NOW)
    assert [stop.place for stop in queries.run(SYSTEM, later).stops] == ["", "Jamkaran", ""]
    assert queries.sheet(SYSTEM, run).work[1].next_visit == (NOW + 7 * DAY).date()
    services.cancel_run(actor=SYSTEM, run_id=later, now=NOW)
    assert queries.run(SYSTEM, later).state is RunState.CANCELLED


@pytest.mark.parametrize("houses", [("central",), ("central", "central")])
def test_circ_run_1_a_round_needs_two_stops_one_after_another(shelves: Shelves, houses: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        begin(shelves, *(getattr(shelves, name) for name in houses))


def test_circ_run_2_a_sheet_costs_the_same_at_any_number_of_parcels(shelves: Shelves) -> None:
    run = begin(shelves, shelves.central, shelves.branch)
    counts = []
    for number in (1, 30):
        for _ in range(number):
            send(shelves, shelves.central, shelves.branch)
        with CaptureQueriesContext(connection) as statements:
            queries.sheet(SYSTEM, run)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_circ_run_8_what_is_for_the_bookmobile_arrives_with_loading_and_what_it_took_in_is_aboard(
    shelves: Shelves,
) -> None:
    bus, member = shelves.branch, shelves.member()
    type(bus).objects.filter(pk=bus.pk).update(kind="bookmobile")
    wanted = shelves.copy(shelves.central)
    services.place_request(
        actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=wanted.record_id,
        pickup_house_id=bus.pk, now=NOW,
    )  # fmt: skip
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=wanted.barcode, now=NOW)
    near, far = shelves.copy(shelves.central), shelves.copy(shelves.far)
    for copy in (near, far):
        services.check_in(actor=SYSTEM, house_id=bus.pk, barcode=copy.barcode, now=NOW)
    begin(shelves, shelves.central, shelves.far, days=1)
    run = services.plan_run(
        actor=SYSTEM, day=NOW.date(), now=NOW, base_house_id=shelves.central.pk, bookmobile_id=bus.pk,
        stops=[StopDraft(shelves.central.pk), StopDraft(None, "Jamkaran"), StopDraft(shelves.central.pk)],
    )  # fmt: skip
    assert work(run)[0] == ({wanted.barcode}, {near.barcode}, set())
    assert work(run)[2] == (set(), {far.barcode}, set())
    assert scan(run, 0, wanted).to_house_id == bus.pk
    assert Request.objects.get().state == "on_shelf"
    assert scan(run, 0, near).handled is Handled.RECEIVED
    assert scan(run, 2, far).handled is Handled.LEFT_AT_BASE
    assert Transfer.objects.get(copy=far).waits_at_id == shelves.central.pk


def test_circ_run_6_a_courier_drives_the_rounds_of_their_house_and_does_nothing_else_at_a_desk(
    shelves: Shelves,
) -> None:
    account = Account.objects.create_user("courier@example.org", name="Courier")
    courier = Actor(account.pk, "Courier", (Grant(Role.COURIER.value, house_id=shelves.central.pk),))
    copy = send(shelves, shelves.central, shelves.far)
    run_id = begin(shelves, shelves.central, shelves.far, shelves.central)
    elsewhere = begin(shelves, shelves.far, shelves.branch, base_house_id=shelves.far.pk)
    driven = begin(shelves, shelves.far, shelves.branch, base_house_id=shelves.far.pk, driver_id=account.pk)
    assert [row.id for row in queries.rounds_to_drive(courier, since=NOW.date())] == [run_id, driven]
    first, second = queries.run(courier, run_id).stops[:2]
    facts = {"actor": courier, "run_id": run_id, "barcode": str(copy.barcode), "now": NOW}
    assert services.scan_at_stop(stop_id=first.id, **facts).handled is Handled.LOADED  # type: ignore[arg-type]
    assert services.scan_at_stop(stop_id=second.id, **facts).handled is Handled.RECEIVED  # type: ignore[arg-type]
    for refused in (
        lambda: queries.run(courier, elsewhere),
        lambda: queries.runs(courier, house_id=shelves.central.pk, since=NOW.date()),
        lambda: services.repeat_run(actor=courier, run_id=run_id, day=NOW.date(), now=NOW),
        lambda: services.check_in(actor=courier, house_id=shelves.central.pk, barcode=str(copy.barcode), now=NOW),
        lambda: queries.rounds_to_drive(Actor(account.pk), since=NOW.date()),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_circ_run_6_a_courier_of_a_stop_alone_is_not_of_the_crew(shelves: Shelves) -> None:
    courier = Actor(None, "Courier", (Grant(Role.COURIER.value, house_id=shelves.far.pk),))
    run_id = begin(shelves, shelves.central, shelves.far)
    with pytest.raises(NotAllowed):
        queries.sheet(courier, run_id)
    desk = Actor(None, "Desk", (Grant(Role.CIRCULATION.value, house_id=shelves.far.pk),))
    assert queries.sheet(desk, run_id).run.id == run_id
