"""Floating collections. Spec: CIRC-FLOAT."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Transfer
from khaneh.domains.circulation.queries import floating as queries
from khaneh.domains.circulation.rules.floating import Stand, where_fewest
from khaneh.domains.circulation.types import RequestLevel, Returned, ReturnedTo
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def read(shelves: Shelves, copy: Copy, back_at: object, days: int = 1) -> Returned:
    """A reader borrows it where it stands and returns it elsewhere."""
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", member_id=shelves.member().pk,
        now=NOW + (days - 1) * DAY,
    )  # fmt: skip
    return services.check_in(
        actor=SYSTEM, house_id=back_at.pk, barcode=copy.barcode or "", now=NOW + days * DAY  # type: ignore[attr-defined]
    )  # fmt: skip


def limit(house: object, least: int, most: int, collection: str = "Fiction") -> None:
    services.set_float_limit(actor=SYSTEM, house_id=house.pk, collection=collection, least=least, most=most)  # type: ignore[attr-defined]


def test_circ_float_1_it_stays_where_it_is_returned(shelves: Shelves) -> None:
    copy = shelves.copy(floating=True, location="Fiction")
    back = read(shelves, copy, shelves.branch)
    copy.refresh_from_db()
    assert (back.goes_to, copy.current_house_id) == (ReturnedTo.SHELF, shelves.branch.pk)


def test_circ_float_2_a_house_with_too_many_sends_it_where_fewest_are(shelves: Shelves) -> None:
    for _ in range(2):
        shelves.copy(shelves.branch, floating=True, location="Fiction")
    for _ in range(3):
        shelves.copy(shelves.far, floating=True, location="Fiction")
    limit(shelves.branch, 0, 2)
    limit(shelves.far, 5, 9)
    limit(shelves.central, 0, 9)
    copy = shelves.copy(floating=True, location="Fiction")
    back = read(shelves, copy, shelves.branch)
    assert (back.goes_to, back.to_house_id) == (ReturnedTo.TRANSIT_TO_EVEN_OUT, shelves.far.pk)
    assert Transfer.objects.get().reason == "rebalance"
    # On its way it counts where it goes, and there it stays.
    assert {one.house_id: one.number for one in queries.stands(collection="Fiction")}[shelves.far.pk] == 4
    come = services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode, now=NOW + 3 * DAY)
    copy.refresh_from_db()
    assert (come.goes_to, copy.current_house_id) == (ReturnedTo.SHELF, shelves.far.pk)


def test_circ_float_3_its_own_house_has_too_many_as_well(shelves: Shelves) -> None:
    for _ in range(2):
        shelves.copy(floating=True, location="Fiction")
    limit(shelves.central, 0, 2)
    limit(shelves.branch, 1, 5)
    copy = shelves.copy(floating=True, location="Fiction")
    back = read(shelves, copy, shelves.central)
    assert (back.goes_to, back.to_house_id) == (ReturnedTo.TRANSIT_TO_EVEN_OUT, shelves.branch.pk)


def test_circ_float_4_a_reader_who_waits_comes_first_and_without_room_it_stays(shelves: Shelves) -> None:
    shelves.copy(shelves.branch, floating=True, location="Fiction")
    limit(shelves.branch, 0, 1)
    copy, member = shelves.copy(floating=True, location="Fiction"), shelves.member()
    assert read(shelves, copy, shelves.branch).goes_to is ReturnedTo.SHELF
    limit(shelves.far, 0, 5)
    services.check_out(
        actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, member_id=shelves.member().pk, now=NOW + 2 * DAY
    )
    services.place_request(
        actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.branch.pk, now=NOW + 2 * DAY,
    )  # fmt: skip
    back = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 3 * DAY)
    assert back.goes_to is ReturnedTo.HOLD_SHELF


def test_circ_float_2_the_location_s_limit_counts_before_that_of_all(shelves: Shelves) -> None:
    limit(shelves.branch, 0, 1, "")
    limit(shelves.branch, 0, 50)
    assert queries.collection_of(house_id=shelves.branch.pk, location="Fiction") == "Fiction"
    assert queries.collection_of(house_id=shelves.branch.pk, location="Story") == ""
    assert queries.collection_of(house_id=shelves.far.pk, location="Story") is None


def test_circ_float_2_below_its_least_first_then_the_least_full_then_the_nearest() -> None:
    def chosen(*stands: Stand) -> int | None:
        return where_fewest(stands, kilometres=lambda house: house)

    assert chosen(Stand(1, 0, 0, 10), Stand(2, 8, 9, 10)) == 2
    assert chosen(Stand(1, 5, 0, 10), Stand(2, 5, 0, 20)) == 2
    assert chosen(Stand(2, 5, 0, 10), Stand(1, 5, 0, 10)) == 1
    assert chosen(Stand(1, 10, 0, 10)) is None


def test_circ_move_1_what_somebody_sent_by_hand_stays_until_it_comes_back_again(shelves: Shelves) -> None:
    copy = shelves.copy()
    services.send_transfer(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, to_house_id=shelves.branch.pk, now=NOW
    )
    come = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + DAY)
    copy.refresh_from_db()
    assert (come.goes_to, copy.current_house_id, copy.state) == (ReturnedTo.SHELF, shelves.branch.pk, "available")
    again = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 2 * DAY)
    assert again.goes_to is ReturnedTo.TRANSIT_HOME


def test_circ_float_5_who_may_and_what_is_refused(shelves: Shelves) -> None:
    desk = Actor(1, grants=(Grant(Role.CIRCULATION, house_id=shelves.central.pk),))
    with pytest.raises(NotAllowed):
        services.set_float_limit(actor=desk, house_id=shelves.central.pk, collection="", least=0, most=5)
    with pytest.raises(Invalid):
        services.set_float_limit(actor=SYSTEM, house_id=shelves.central.pk, collection="", least=6, most=5)
    copy = shelves.copy(location="Fiction")
    switch = {"house_id": shelves.central.pk, "collection": "Fiction"}
    with pytest.raises(NotAllowed):
        services.let_collection_float(actor=desk, on=True, **switch)  # type: ignore[arg-type]
    assert services.let_collection_float(actor=SYSTEM, on=True, **switch) == 1  # type: ignore[arg-type]
    copy.refresh_from_db()
    assert copy.floating


def test_circ_float_6_a_return_costs_little_more(shelves: Shelves) -> None:
    plain, floating = shelves.copy(), shelves.copy(floating=True, location="Fiction")
    limit(shelves.central, 0, 9)
    counts = []
    for copy in (plain, floating):
        with CaptureQueriesContext(connection) as statements:
            services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1
