"""The queue, shown and explained. Spec: CIRC-QUEUE."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Request
from khaneh.domains.circulation.queries import queue
from khaneh.domains.circulation.types import CopyStanding, Outlook, RequestLevel, RequestState
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def place(shelves: Shelves, record_id: int, now: object = NOW, **facts: object) -> Request:
    facts = {"member_id": shelves.member().pk, "pickup_house_id": shelves.branch.pk, **facts}
    placed = services.place_request(
        actor=SYSTEM, level=RequestLevel.RECORD, target_id=record_id, for_member_id=facts["member_id"], now=now, **facts
    )  # type: ignore[arg-type]
    return Request.objects.get(pk=placed.request_id)


def lend(shelves: Shelves, copy: Copy, now: object = NOW) -> None:
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", member_id=shelves.member().pk, now=now
    )  # type: ignore[arg-type]


def test_circ_queue_1_a_place_is_told_with_who_is_before_it_and_why(shelves: Shelves) -> None:
    copy = shelves.copy()
    lend(shelves, copy)
    first, second, third = (place(shelves, copy.record_id, NOW + n * DAY) for n in range(3))
    Request.objects.filter(pk=third.pk).update(priority=1, priority_reason="a class")
    services.suspend_request(actor=SYSTEM, request_id=first.pk, until=NOW + 90 * DAY, now=NOW + 3 * DAY)
    found = queue.place_of_request(request_id=second.pk, now=NOW + 3 * DAY)
    assert found is not None
    assert (found.place, found.ahead, found.ahead_by_priority, found.suspended_ahead, found.behind) == (2, 1, 1, 1, 0)
    assert [(line.standing, line.house_id) for line in found.copies] == [(CopyStanding.ON_LOAN, shelves.central.pk)]
    assert found.copies_able == 1


def test_circ_queue_1_who_waits_for_another_edition_is_not_before_one_who_wants_this(shelves: Shelves) -> None:
    here, other = shelves.copy(), shelves.copy()
    lend(shelves, here)
    lend(shelves, other)
    place(shelves, other.record_id)
    mine = place(shelves, here.record_id, NOW + DAY)
    found = queue.place_of_request(request_id=mine.pk, now=NOW + DAY)
    assert found is not None
    assert (found.place, found.ahead) == (1, 0)


def test_circ_queue_2_a_range_follows_the_due_date_and_the_place(shelves: Shelves) -> None:
    copy = shelves.copy()
    lend(shelves, copy)
    first, second = place(shelves, copy.record_id), place(shelves, copy.record_id, NOW + DAY)
    one = queue.place_of_request(request_id=first.pk, now=NOW + DAY)
    two = queue.place_of_request(request_id=second.pk, now=NOW + DAY)
    assert one is not None
    assert two is not None
    assert one.expectation.outlook is Outlook.DATED
    assert one.expectation.earliest is not None
    assert one.expectation.latest is not None
    assert one.expectation.earliest < NOW + 16 * DAY < one.expectation.latest
    assert two.expectation.earliest is not None
    assert two.expectation.earliest > one.expectation.earliest
    again = queue.place_of_request(request_id=first.pk, now=NOW + DAY)
    assert again == one


def test_circ_queue_3_what_cannot_be_foreseen_is_said_to_be_so(shelves: Shelves) -> None:
    copy = shelves.copy()
    lend(shelves, copy)
    mine = place(shelves, copy.record_id)
    Copy.objects.filter(pk=shelves.copy(record=copy.record).pk).update(state="at_repair")
    late = queue.place_of_request(request_id=mine.pk, now=NOW + 170 * DAY)
    assert late is not None
    assert late.expectation.outlook in (Outlook.OPEN, Outlook.NONE)
    loan_id = connection_loan(copy)
    services.declare_lost(actor=SYSTEM, loan_id=loan_id, now=NOW + 171 * DAY)
    gone = queue.place_of_request(request_id=mine.pk, now=NOW + 171 * DAY)
    assert gone is not None
    assert (gone.expectation.outlook, gone.expectation.reason, gone.copies_able) == (Outlook.NONE, "no_copy", 0)


def connection_loan(copy: Copy) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT loan_id FROM circulation_occupancy WHERE copy_id = %s", [copy.pk])
        return int(cursor.fetchone()[0])


def test_circ_queue_1_what_is_ready_and_what_travels_says_so(shelves: Shelves) -> None:
    copy = shelves.copy(shelves.far)
    mine = place(shelves, copy.record_id)
    services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode, now=NOW + DAY)
    found = queue.place_of_request(request_id=mine.pk, now=NOW + DAY)
    assert found is not None
    assert (found.state, found.place, found.expectation.outlook) == (RequestState.IN_TRANSIT, None, Outlook.DATED)
    services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 2 * DAY)
    ready = queue.place_of_request(request_id=mine.pk, now=NOW + 2 * DAY)
    assert ready is not None
    assert (ready.expectation.outlook, ready.expectation.latest is not None) == (Outlook.READY, True)


@pytest.mark.parametrize("number", [1, 12])
def test_circ_queue_1_places_of_a_member_cost_the_same_at_any_number(shelves: Shelves, number: int) -> None:
    member = shelves.member()
    Request.objects.all()
    for _ in range(number):
        copy = shelves.copy()
        lend(shelves, copy)
        Request.objects.create(
            member=member, level="record", record=copy.record, pickup_house=shelves.branch, channel="web", placed_at=NOW
        )
    with CaptureQueriesContext(connection) as statements:
        found = queue.places_of_member(member_id=member.pk, now=NOW + DAY)
    assert len(found) == number
    assert len(statements) <= 6


def test_circ_queue_1_a_record_tells_what_somebody_who_asks_may_expect(shelves: Shelves) -> None:
    copy = shelves.copy()
    free = queue.queue_of_record(record_id=copy.record_id, now=NOW, pickup_house_id=shelves.branch.pk)
    assert (free.waiting, free.copies_able) == (0, 1)
    assert free.expectation.latest is not None
    assert free.expectation.latest < NOW + 20 * DAY
    lend(shelves, copy)
    place(shelves, copy.record_id)
    busy = queue.queue_of_record(record_id=copy.record_id, now=NOW, pickup_house_id=shelves.branch.pk)
    assert busy.waiting == 1
    assert busy.expectation.earliest is not None
    assert busy.expectation.earliest > free.expectation.latest
