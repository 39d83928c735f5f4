"""Inventories on the desk, without JavaScript: opened, scanned, settled, reported, closed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from khaneh.domains.catalogue.models import Copy, Record
from khaneh.domains.circulation.models import Inventory, InventoryScan
from khaneh.domains.circulation.services import ensure_policies
from khaneh.domains.network import queries as network
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db
LIST = "/desk/inventories/"


@pytest.fixture
def desk(window: Windows) -> Client:
    """A librarian of NA-LIB, and copies on two of its shelves."""
    ensure_policies()
    house = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    for number in range(4):
        record = Record.objects.create(document='{"title": "Shahnameh"}')
        Copy.objects.create(
            house_id=house, record=record, barcode=f"C{number}", location="Fiction" if number else "Story",
            call_number=f"8{number}",
        )  # fmt: skip
    client = window("librarian")
    client.post("/desk/circulation/", {"house": "NA-LIB"})
    return client


def said(desk: Client, address: str, **data: object) -> str:
    return str(desk.post(address, data, follow=True).content.decode())


def test_a_shelf_is_scanned_settled_and_closed(desk: Client) -> None:
    assert "Fiction (3)" in desk.get(LIST, {"house": "NA-LIB"}).content.decode()
    page = said(desk, LIST, house="NA-LIB", location="Fiction")
    number = Inventory.objects.get().pk
    address = f"{LIST}{number}/"
    assert "Still to find" in page
    page = said(desk, address, scan="C0\r\n۱\r\nC1\r\nnobody")
    assert "Belongs to another shelf" in page
    assert "Unknown barcode" in page
    again = said(desk, address, act="put_back", scan_id=InventoryScan.objects.get(barcode="C0").pk, show="misplaced")
    assert "Put in its place" in again
    assert "C2" in desk.get(f"{address}?show=missing").content.decode()
    file = SimpleUploadedFile("scans.txt", b"C2\nC2\n")
    assert "1 barcodes were read" in said(desk, address, act="file", file=file)
    assert "1 were not found" in said(desk, address, act="close")
    assert "closed" in said(desk, address, scan="C3")
    closed = desk.get(address).content.decode()
    assert "Look on the shelves beside it" in closed, "what is left to decide comes first"
    assert "It is found" not in closed
    assert "Marked missing: 1" in said(desk, address, act="missing")
    assert Copy.objects.get(barcode="C3").state == "missing"
    table = b"".join(desk.get(f"{address}report.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "nobody" in table
    assert "Marked missing" in table


def test_what_is_wrong_is_said_beside_the_field(desk: Client) -> None:
    response = desk.post(LIST, {"house": "NA-LIB", "call_from": "900", "call_to": "100"})
    assert response.status_code == 422
    assert "The last call number stands before the first." in response.content.decode()
    assert not Inventory.objects.exists()


@pytest.mark.parametrize("show", ["latest", "missing", "misplaced", "unexpected", "unknown", "order", "nonsense"])
def test_every_view_opens_with_nothing_found(desk: Client, show: str) -> None:
    desk.post(LIST, {"house": "NA-LIB"})
    assert desk.get(f"{LIST}{Inventory.objects.get().pk}/?show={show}").status_code == 200


def test_a_cell_is_no_formula(desk: Client) -> None:
    desk.post(LIST, {"house": "NA-LIB"})
    address = f"{LIST}{Inventory.objects.get().pk}/"
    desk.post(address, {"scan": "=1+1"})
    assert "'=1+1" in b"".join(desk.get(f"{address}report.csv").streaming_content).decode()  # type: ignore[attr-defined]
