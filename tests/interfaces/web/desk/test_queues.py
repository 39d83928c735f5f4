"""The queue of a record and the limits of floating collections, on the desk."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from khaneh.domains.catalogue.models import Copy, Record
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FloatLimit, Request
from khaneh.domains.circulation.types import RequestLevel
from khaneh.domains.network import queries as network
from khaneh.domains.people.models import Member, MemberCategory
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(window: Windows) -> Client:
    """A librarian of NA-LIB; two readers wait for a book that a third has."""
    services.ensure_policies()
    house, now = network.house_ids_by_code(["NA-LIB"])["NA-LIB"], datetime.now(UTC)
    kind, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
    record = Record.objects.create(document='{"title": "Shahnameh"}')
    Copy.objects.create(house_id=house, record=record, barcode="C1", location="Fiction")
    members = [
        Member.objects.create(
            home_house_id=house, category=kind, state="active", joined_on=date(2025, 3, 21), expires_on=date(2040, 3, 20),
            birth_date=date(1990, 5, 5), family_name=name,
        )
        for name in ("First", "Second", "Third")
    ]  # fmt: skip
    services.check_out(actor=SYSTEM, house_id=house, barcode="C1", member_id=members[0].pk, now=now)
    for member in members[1:]:
        services.place_request(
            actor=SYSTEM, member_id=member.pk, for_member_id=member.pk, level=RequestLevel.RECORD, target_id=record.pk,
            pickup_house_id=house, now=now,
        )  # fmt: skip
    client = window("librarian")
    client.post("/desk/circulation/", {"house": "NA-LIB"})
    return client


def test_the_queue_is_shown_and_moved_with_a_reason(desk: Client) -> None:
    address = f"/desk/queues/{Record.objects.get(document__contains='Shahnameh').pk}/"
    assert address in desk.get("/desk/queues/").content.decode()
    page = desk.get(address).content.decode()
    assert page.index("Second") < page.index("Third")
    assert "On loan" in page
    last = Request.objects.latest("pk").pk
    assert "Say why" in desk.post(address, {"request": last, "to": "first"}, follow=True).content.decode()
    page = desk.post(address, {"request": last, "to": "first", "reason": "a class"}, follow=True).content.decode()
    assert page.index("Third") < page.index("Second")
    assert "a class" in page
    assert desk.post(address, {"request": last, "to": "nowhere", "reason": "x"}).status_code == 404


def test_a_collection_floats_within_its_limits(desk: Client) -> None:
    said = desk.post("/desk/floating/", {"act": "float", "collection": "Fiction"}, follow=True).content.decode()
    assert "Changed: 1 copies" in said
    desk.post("/desk/floating/", {"act": "limit", "collection": "Fiction", "least": "۱", "most": "5"})
    assert FloatLimit.objects.get().most == 5
    assert "1 too few" in desk.get("/desk/floating/").content.decode()
    wrong = desk.post(
        "/desk/floating/", {"act": "limit", "collection": "Fiction", "least": "9", "most": "5"}, follow=True
    )
    assert "no fewer than the least" in wrong.content.decode()
    desk.post("/desk/floating/", {"act": "drop", "collection": "Fiction"})
    assert not FloatLimit.objects.exists()
    assert "no limits" in desk.get("/desk/floating/").content.decode()
