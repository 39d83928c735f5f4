"""Rounds on the desk and on the driver's telephone, without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from khaneh.domains.catalogue.models import Copy, Record
from khaneh.domains.circulation.models import Run, Transfer
from khaneh.domains.circulation.services import ensure_policies, send_transfer
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db
LIST = "/desk/runs/"


@pytest.fixture
def other(library: None) -> str:
    """The code of another house than NA-LIB."""
    return sorted(set(network.house_ids_by_code()) - {"NA-LIB"})[0]


@pytest.fixture
def library(network: None) -> None:
    ensure_policies()


@pytest.fixture
def desk(library: None, window: Windows, other: str) -> Client:
    """A librarian of NA-LIB, and a copy that waits to go to another house."""
    houses = network.house_ids_by_code()
    record = Record.objects.create(document='{"title": "Shahnameh"}')
    Copy.objects.create(house_id=houses["NA-LIB"], record=record, barcode="C1")
    send_transfer(actor=SYSTEM, house_id=houses["NA-LIB"], barcode="C1", to_house_id=houses[other], now=timezone.now())
    client = window("librarian")
    client.post("/desk/circulation/", {"house": "NA-LIB"})
    return client


def plan(desk: Client, other: str, **more: object) -> str:
    sent = {
        "house": "NA-LIB", "name": "Monday", "day": timezone.now().date().isoformat(), "base": "NA-LIB",
        "at": ["8:00".zfill(5), "۱۰:۳۰", ""], "stop": ["NA-LIB", f"{other} · whatever", ""], **more,
    }  # fmt: skip
    return str(desk.post(f"{LIST}new", sent, follow=True).content.decode())


def test_a_round_is_planned_driven_and_ended(desk: Client, other: str) -> None:
    page = plan(desk, other, driver="librarian@example.org")
    run = Run.objects.get()
    assert "Shahnameh" in page
    assert "10:30" in page
    assert "Monday" in desk.get(LIST).content.decode()
    first, second = run.stops.order_by("position")
    address = f"{LIST}{run.pk}/drive"
    page = desk.post(address, {"stop": first.pk, "scan": "C1"}, follow=True).content.decode()
    assert "Loaded for" in page
    again = desk.post(address, {"stop": first.pk, "scan": "C1"}, follow=True).content.decode()
    assert "aboard already" in again
    assert "We are here" in desk.get(f"{address}?stop={second.pk}").content.decode()
    desk.post(address, {"stop": second.pk, "act": "reach"})
    assert (
        "Put down: it has arrived"
        in desk.post(address, {"stop": second.pk, "scan": "C1"}, follow=True).content.decode()
    )
    assert Transfer.objects.get().state == "received"
    assert "0 copies go with the next one" in desk.post(address, {"act": "end"}, follow=True).content.decode()
    assert Run.objects.get().state == "done"


def test_a_stop_passed_by_and_a_round_called_off_and_repeated(desk: Client, other: str) -> None:
    plan(desk, other)
    run = Run.objects.get()
    second = run.stops.get(position=2)
    said = desk.post(f"{LIST}{run.pk}/drive", {"stop": second.pk, "act": "miss"}, follow=True).content.decode()
    assert "Passed by" in said
    desk.post(f"{LIST}{run.pk}/", {"act": "repeat", "day": (timezone.now().date()).isoformat()})
    again = Run.objects.latest("pk")
    assert again.stops.count() == 2
    desk.post(f"{LIST}{again.pk}/", {"act": "cancel"})
    again.refresh_from_db()
    assert again.state == "cancelled"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"stop": ["NA-LIB"], "at": [""]}, "at least two stops"),
        ({"stop": ["NA-LIB", "a village"], "at": ["", ""]}, "Only a bookmobile"),
        ({"at": ["10:00", "09:00"]}, "later than the one before"),
        ({"at": ["ten", ""]}, "A time is written"),
        ({"driver": "nobody@example.org"}, "No account"),
        ({"day": "tomorrow"}, "not a date"),
        ({"base": ""}, "where the round begins"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(desk: Client, other: str, sent: dict[str, object], said: str) -> None:
    assert said in plan(desk, other, **sent)
    assert not Run.objects.exists()


def test_a_courier_finds_their_rounds_drives_them_and_sees_nothing_else_of_the_desk(
    desk: Client, other: str, client: Client
) -> None:
    plan(desk, other)
    run = Run.objects.get()
    account = Account.objects.create_user("courier@example.org", name="Courier")
    house = network.house_ids_by_code()["NA-LIB"]
    people.grant_role(actor=SYSTEM, account_id=account.pk, role=Role.COURIER, house_id=house, now=timezone.now())
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    start = client.get("/desk/").content.decode()
    assert f"{LIST}{run.pk}/drive" in start
    assert "/desk/circulation/" not in start
    listed = client.get(LIST).content.decode()
    assert "Monday" in listed
    assert f"{LIST}new" not in listed
    sheet = client.get(f"{LIST}{run.pk}/").content.decode()
    assert "Shahnameh" in sheet
    assert f"{LIST}{run.pk}/edit" not in sheet
    first = run.stops.order_by("position")[0]
    said = client.post(f"{LIST}{run.pk}/drive", {"stop": first.pk, "scan": "C1"}, follow=True).content.decode()
    assert "Loaded for" in said
    for closed in ("/desk/circulation/", f"{LIST}new", f"{LIST}{run.pk}/edit", "/desk/members/", "/desk/floating/"):
        assert client.get(closed).status_code == 404, closed
    client.post(f"{LIST}{run.pk}/drive", {"act": "end"})
    assert "No round is planned for you" in client.get(LIST).content.decode()
