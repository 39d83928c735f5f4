"""Requests: placed, asked for, captured, brought, collected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import AlreadyRequested, RequestEnded
from khaneh.domains.circulation.models import Request, Target
from khaneh.domains.circulation.types import RequestLevel, ReturnedTo
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import NotFound
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def place(shelves: Shelves, record_id: int, **facts: object) -> int:
    facts = {"member_id": shelves.member().pk, "pickup_house_id": shelves.branch.pk, "now": NOW, **facts}
    return services.place_request(
        actor=SYSTEM, level=RequestLevel.RECORD, target_id=record_id, for_member_id=facts["member_id"], **facts
    ).request_id  # type: ignore[arg-type]


def test_circ_req_1_a_book_far_away_is_fetched_sent_collected_and_forgotten(shelves: Shelves) -> None:
    copy, member = shelves.copy(shelves.far), shelves.member()
    number = place(shelves, copy.record_id, member_id=member.pk)
    target = Target.objects.get(request_id=number, state="asked")
    assert target.house_id == shelves.far.pk
    assert 400 < target.score["km"] < 500
    sent = services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode, now=NOW + DAY)
    assert (sent.goes_to, sent.to_house_id) == (ReturnedTo.TRANSIT_TO_READER, shelves.branch.pk)
    come = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 2 * DAY)
    assert (come.goes_to, come.request_id) == (ReturnedTo.HOLD_SHELF, number)
    services.check_out(
        actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, member_id=member.pk, now=NOW + 3 * DAY
    )
    request = Request.objects.get(pk=number)
    assert (request.state, request.member_id) == ("fulfilled", None)
    back = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 9 * DAY)
    assert back.goes_to == ReturnedTo.TRANSIT_HOME


def test_circ_target_1_the_nearest_copy_is_asked_for_and_one_copy_for_one_reader(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.central, record), shelves.copy(shelves.far, record)
    first, second, third = (place(shelves, record.pk, now=NOW + timedelta(minutes=n)) for n in range(3))
    asked = dict(Target.objects.filter(state="asked").values_list("request_id", "copy_id"))
    assert asked == {first: near.pk, second: far.pk}
    assert Request.objects.get(pk=third).state == "placed"


def test_circ_target_2_what_is_not_on_the_shelf_is_missing_and_the_next_house_is_asked(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.central, record), shelves.copy(shelves.far, record)
    number = place(shelves, record.pk)
    services.not_on_shelf(actor=SYSTEM, target_id=Target.objects.get(state="asked").pk, now=NOW + DAY)
    near.refresh_from_db()
    assert near.state == "missing"
    assert Target.objects.get(request_id=number, state="asked").copy_id == far.pk


def test_circ_req_2_a_returned_copy_goes_to_the_first_in_the_queue(shelves: Shelves) -> None:
    copy = shelves.copy()
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=shelves.member().pk, now=NOW
    )
    first, second = place(shelves, copy.record_id), place(shelves, copy.record_id, now=NOW + DAY)
    Request.objects.filter(pk=second).update(priority=1)
    came = services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + 2 * DAY)
    assert (came.request_id, came.goes_to) == (second, ReturnedTo.HOLD_SHELF)
    assert Request.objects.get(pk=first).state == "placed"


def test_circ_req_3_the_same_twice_is_refused_and_an_ended_one_stays_ended(shelves: Shelves) -> None:
    copy, member = shelves.copy(), shelves.member()
    number = place(shelves, copy.record_id, member_id=member.pk)
    with pytest.raises(AlreadyRequested):
        place(shelves, copy.record_id, member_id=member.pk)
    services.cancel_request(actor=SYSTEM, request_id=number, now=NOW)
    assert not Target.objects.filter(state="asked").exists()
    with pytest.raises((RequestEnded, NotFound)):
        services.cancel_request(actor=SYSTEM, request_id=number, now=NOW)


def test_circ_req_4_a_suspended_request_lets_others_go_first_and_wakes_on_its_day(shelves: Shelves) -> None:
    copy = shelves.copy()
    number = place(shelves, copy.record_id)
    services.suspend_request(actor=SYSTEM, request_id=number, until=NOW + 10 * DAY, now=NOW)
    assert services.target_waiting(now=NOW + 9 * DAY).asked == 0
    assert services.target_waiting(now=NOW + 10 * DAY).asked == 1


def test_circ_req_5_what_waits_too_long_expires_and_a_silent_house_is_asked_no_more(shelves: Shelves) -> None:
    record = shelves.record()
    near, far = shelves.copy(shelves.central, record), shelves.copy(shelves.far, record)
    number = place(shelves, record.pk)
    assert Target.objects.get(state="asked").copy_id == near.pk
    services.target_waiting(now=NOW + 4 * DAY)
    assert Target.objects.get(state="asked").copy_id == far.pk
    services.target_waiting(now=NOW + 181 * DAY)
    assert Request.objects.get(pk=number).state == "expired"


def test_circ_out_5_who_asked_twice_collects_what_was_kept_and_only_that_is_over(shelves: Shelves) -> None:
    copy, member = shelves.copy(shelves.branch), shelves.member()
    edition = place(shelves, copy.record_id, member_id=member.pk)
    itself = services.place_request(
        actor=SYSTEM, level=RequestLevel.COPY, target_id=copy.pk, for_member_id=member.pk, member_id=member.pk,
        pickup_house_id=shelves.branch.pk, now=NOW,
    ).request_id  # fmt: skip
    services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=NOW + DAY)
    kept = Request.objects.get(captured_copy=copy).pk
    services.check_out(
        actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, member_id=member.pk, now=NOW + 2 * DAY
    )
    states = dict(Request.objects.filter(pk__in=[edition, itself]).values_list("pk", "state"))
    assert states.pop(kept) == "fulfilled"
    assert set(states.values()) == {"placed"}
