"""Requests that were placed without a line: kept, placed when the log arrives with the place of their time, or handed to a person. Spec: CIRC-OFF-8."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khaneh.domains.catalogue.models import Record, Work
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, Request
from khaneh.domains.circulation.types import ConflictState, RequestLevel
from khaneh.domains.people.models import Account, Card, Member, MemberBlock
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from tests.domains.circulation.offline_device import Device, utc
from tests.domains.circulation.shelves import Shelves

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def card_of(member: Member) -> str:
    return str(Card.objects.get(member=member).barcode)


@pytest.fixture
def device(shelves: Shelves) -> Device:
    made = Device(shelves.central.pk, utc(9)).enrol()
    made.hear()
    return made


def lent(shelves: Shelves) -> str:
    """The barcode of a copy that somebody has."""
    copy = shelves.copy()
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=shelves.member().pk, now=utc(8)
    )
    return str(copy.barcode)


def test_circ_off_8_a_request_has_the_place_of_its_time(shelves: Shelves, device: Device) -> None:
    barcode, early, late = lent(shelves), shelves.member(), shelves.member()
    device.write("request", card=card_of(early), barcode=barcode)
    asked = device.time
    device.time += HOUR
    record = services.place_request(
        actor=SYSTEM, member_id=late.pk, level=RequestLevel.COPY, target_id=_copy(barcode),
        pickup_house_id=shelves.central.pk, now=device.time,
    )  # fmt: skip
    device.time += HOUR
    (done,) = device.send()
    assert (done.outcome, dict(done.result)) == ("done", {})
    placed = Request.objects.exclude(pk=record.request_id).get()
    assert (placed.member_id, placed.channel, placed.pickup_house_id) == (early.pk, "offline", shelves.central.pk)
    assert abs(placed.placed_at - asked) < timedelta(seconds=1)
    back = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=barcode, now=device.time)
    assert back.request_id == placed.pk, "who asked first without a line is first"
    assert not Conflict.objects.exists()


def test_circ_off_8_a_title_without_a_copy_in_hand_is_asked_for_in_any_edition(
    shelves: Shelves, device: Device
) -> None:
    copy, member = shelves.copy(), shelves.member()
    work = Work.objects.create()
    Record.objects.filter(pk=copy.record_id).update(work=work)
    device.write("request", card=card_of(member), barcode=copy.barcode, any_edition=True)
    assert [one.outcome for one in device.send()] == ["done"]
    placed = Request.objects.get()
    assert (placed.level, placed.work_id, placed.record_id) == ("work", work.pk, None)
    alone = shelves.copy()
    Record.objects.filter(pk=alone.record_id).update(work=None)
    device.write("request", card=card_of(member), barcode=alone.barcode, any_edition=True)
    device.send()
    assert Request.objects.get(level="record").record_id == alone.record_id, "of no work: the edition itself"


def test_circ_off_8_who_waits_already_waits_once(shelves: Shelves, device: Device) -> None:
    barcode, member = lent(shelves), shelves.member()
    for _ in range(2):
        device.write("request", card=card_of(member), barcode=barcode)
    assert [one.outcome for one in device.send()] == ["done", "superseded"]
    assert Request.objects.count() == 1
    assert not Conflict.objects.exists()


def test_circ_off_8_what_does_not_agree_goes_to_the_table_of_all(shelves: Shelves, device: Device) -> None:
    barcode, member = lent(shelves), shelves.member()
    block = MemberBlock.objects.create(member=member, reason="conduct", placed_at=utc(8))
    device.write("request", card=card_of(member), barcode=barcode)
    device.write("request", card="M-UNKNOWN", barcode=barcode)
    device.write("request", card=card_of(shelves.member()), barcode="NOTHING")
    assert [one.result["kind"] for one in device.send()] == ["member_blocked", "card_unknown", "copy_unknown"]
    assert not Request.objects.exists()
    found = Conflict.objects.get(kind="member_blocked")
    clerk = Account.objects.create_user("lead@example.org").pk
    lead = Actor(account_id=clerk, grants=(Grant("librarian", house_id=shelves.central.pk),))
    services.settle_conflict(
        actor=lead, conflict_id=found.pk, how=ConflictState.ACCEPTED, reason="settled with her", now=device.time + HOUR
    )
    placed = Request.objects.get()
    assert placed.member_id == member.pk
    assert placed.placed_at == found.happened_at
    assert block.pk


def test_circ_off_8_a_member_who_was_registered_without_a_line_may_ask(shelves: Shelves, device: Device) -> None:
    barcode = lent(shelves)
    made = device.write(
        "register", card="N0001", family_name="Karimi", category="adult", birth_date="1990-01-01", language="fa"
    )
    assert made
    device.write("request", card="N0001", barcode=barcode, member_entry=1)
    assert [one.outcome for one in device.send()] == ["done", "done"]
    assert Request.objects.get().member_id == Member.objects.get(family_name="Karimi").pk


def _copy(barcode: str) -> int:
    from khaneh.domains.catalogue.models import Copy

    return int(Copy.objects.get(barcode=barcode).pk)
