"""Profiles, tables, houses, organisations and roles, through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseState
from khaneh.domains.people.models import RoleAssignment
from tests.domains.catalogue import books
from tests.interfaces.web.desk.conftest import Windows
from tests.interfaces.web.desk.desk_data import Union

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def form_of(client: Client, page: str, action: str = "") -> dict[str, Any]:
    """What a page's form would send as it stands."""
    found = next(
        form
        for form in soup(client.get(page)).select("main form[method=post]")
        if not action or form["action"] == action
    )
    sent: dict[str, Any] = {}
    for field in found.select("input[name], select[name], textarea[name]"):
        kind, name = field.get("type", ""), field["name"]
        if kind == "file" or (kind in {"checkbox", "radio"} and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[name] = chosen["value"] if chosen else ""
        elif kind == "checkbox":
            sent.setdefault(name, []).append(field.get("value", "on"))
        else:
            sent[name] = field.get_text().removeprefix("\n") if field.name == "textarea" else field.get("value", "")
    return sent


def test_a_profile_is_copied_tried_and_saved(window: Windows, union: Union) -> None:
    client = window("cataloguer")
    sent = form_of(client, "/desk/profiles/new?copy=952")
    assert sent["rule-0-tag"] == "952"
    sent |= {"name": "nghe-an", "name_en": "Nghệ An", "houses": "KHO = NA-LIB", "currency": "VND"}
    tried = client.post("/desk/profiles/new?copy=952", sent | {"try": "1"})
    assert "B1" in soup(tried).select_one("#trial").get_text()
    sample = SimpleUploadedFile("s.mrc", books.iso(books.record("8", title="Mẫu", copies=(("MẪU-1", "KHO"),))))
    tried = client.post("/desk/profiles/new?copy=952", sent | {"try": "1", "sample": sample})
    assert "MẪU-1" in soup(tried).select_one("#trial").get_text()
    assert [row.name for row in catalogue.profiles() if not row.builtin] == ["ours"]

    saved = client.post("/desk/profiles/new?copy=952", sent | {"save": "1"})
    assert saved["Location"] == "/desk/profiles/nghe-an/"
    rules = catalogue.profile("nghe-an").rules
    assert (rules["houses"], rules["currency"], rules["fields"][0]["tag"]) == ({"KHO": "NA-LIB"}, "VND", "952")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rule-0-tag": "95"}, "rule-0-tag"),
        ({"rule-0-barcode": "P!"}, "rule-0-barcode"),
        ({"currency": "dong"[:3]}, "currency"),
        ({"houses": "KHO"}, "houses"),
        ({"name": "952"}, "name"),
        ({"name_en": ""}, "name_en"),
    ],
)
def test_what_is_wrong_in_a_profile_stands_beside_its_field(
    wrong: dict[str, str], field: str, window: Windows, union: Union
) -> None:
    client = window("cataloguer")
    sent = form_of(client, "/desk/profiles/new") | {
        "name": "n", "name_en": "N", "rule-0-tag": "952", "rule-0-barcode": "p", "save": "1",
    }  # fmt: skip
    answer = client.post("/desk/profiles/new", sent | wrong)
    assert answer.status_code == 422
    assert soup(answer).select(f'.field--wrong [name="{field}"]')
    assert [row.name for row in catalogue.profiles() if not row.builtin] == ["ours"]


def test_a_ready_made_profile_and_a_librarian_save_nothing(window: Windows, union: Union) -> None:
    for who, name in (("cataloguer", "952"), ("librarian", "ours")):
        client = window(who)
        path = f"/desk/profiles/{name}/"
        before = catalogue.profile(name)
        client.post(path, form_of(client, path) | {"rule-0-barcode": "z", "save": "1"})
        assert catalogue.profile(name) == before


def test_a_table_is_tried_then_applied_as_it_was_tried(window: Windows) -> None:
    client = window("admin")
    table = client.get("/desk/network/tables/houses/csv").content.decode("utf-8-sig")
    assert table.startswith("code,")
    changed = table.replace("+84 238 555 0101", "+84 238 555 9999")
    assert changed != table
    tried = client.post("/desk/network/tables/houses/", {"file": SimpleUploadedFile("houses.csv", changed.encode())})
    page = soup(tried)
    assert "What would happen" in page.get_text()
    assert network.house_draft("NA-LIB").phone == "+84 238 555 0101"
    kept = page.select_one("input[name=kept]")["value"]
    mode = page.select_one("button[name=mode]")["value"]

    thief = window("manager").post("/desk/network/tables/houses/", {"kept": kept, "mode": mode})
    assert thief.status_code == 400
    done = client.post("/desk/network/tables/houses/", {"kept": kept, "mode": mode})
    assert done.status_code == 200
    assert network.house_draft("NA-LIB").phone == "+84 238 555 9999"


def test_a_refused_line_is_told_with_its_column(window: Windows) -> None:
    rows = "code,kind,region_code,name_en,latitude\nX-1,castle,nowhere,X,1000\n"
    answer = window("admin").post("/desk/network/tables/houses/", {"file": SimpleUploadedFile("h.csv", rows.encode())})
    line = soup(answer).select_one("tbody tr").get_text(" ")
    assert "refused" in line
    assert "kind" in line


def test_a_file_that_is_no_table_is_refused_beside_the_field(window: Windows) -> None:
    client = window("admin")
    for sent in (
        {},
        {"file": SimpleUploadedFile("h.csv", b"\x00\x01")},
        {"file": SimpleUploadedFile("h.csv", b"a,b\n1,2\n")},
    ):
        answer = client.post("/desk/network/tables/houses/", sent)
        assert answer.status_code == 422
        assert soup(answer).select(".field--wrong .field__error")


def test_a_house_is_entered_and_changed(window: Windows) -> None:
    client = window("admin")
    sent = form_of(client, "/desk/houses/new") | {
        "code": "NA-NEW", "names_vi": "Thư viện mới", "kind": "commune_library", "operator_code": "NA-AUTH",
        "region_code": "vn-na-vinh", "time_zone": "Asia/Ho_Chi_Minh", "calendar": "gregorian", "state": "proposed",
    }  # fmt: skip
    wrong = client.post("/desk/houses/new", sent | {"names_vi": "", "latitude": "x"})
    assert wrong.status_code == 422
    assert soup(wrong).select(".field--wrong [name=latitude]")
    assert network.house_draft("NA-NEW") is None
    assert client.post("/desk/houses/new", sent)["Location"] == "/desk/houses/NA-NEW/"
    again = client.post("/desk/houses/new", sent)
    assert soup(again).select(".field--wrong [name=code]")

    path = "/desk/houses/NA-NEW/"
    client.post(path, form_of(client, path, path) | {"phone": "+84 1", "facilities": ["wifi", "cafe"]})
    assert network.house_draft("NA-NEW").phone == "+84 1"
    assert set(network.house_draft("NA-NEW").facilities) == {"wifi", "cafe"}


def test_a_house_cannot_be_put_where_ones_roles_do_not_reach(window: Windows) -> None:
    client = window("admin")
    sent = form_of(client, "/desk/houses/new") | {
        "code": "YZ-NEW", "names_en": "Mine", "kind": "commune_library", "operator_code": "YZ-AUTH",
        "region_code": "ir-yz", "state": "open",
    }  # fmt: skip
    answer = client.post("/desk/houses/new", sent)
    assert answer.status_code == 422
    assert "Your roles do not cover this place" in soup(answer).get_text()
    assert network.house_draft("YZ-NEW") is None


def test_saving_a_house_as_it_stands_changes_nothing(window: Windows) -> None:
    client = window("manager")
    path = "/desk/houses/NA-LIB/"
    before = network.house_draft("NA-LIB")
    answer = client.post(path, form_of(client, path, path), follow=True)
    assert "It was so already" in soup(answer).get_text()
    assert network.house_draft("NA-LIB") == before
    house_id = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    week = network.weekly_rows(house_id)
    sent = form_of(client, path, path + "hours")
    hours = client.post(path + "hours", sent, follow=True)
    assert "It was so already" in soup(hours).get_text()
    assert any(len([row for row in week if row.weekday == day]) > 2 for day in range(1, 8)), (
        "three spans a day are kept"
    )
    assert network.weekly_rows(house_id) == week


def test_a_week_is_checked_time_by_time(window: Windows) -> None:
    client = window("manager")
    path = "/desk/houses/NA-LIB/hours"
    for wrong in (
        {"d1_0_opens": "25:00", "d1_0_closes": "26:00"},
        {"d1_0_opens": "08:00"},
        {"d1_0_opens": "8", "d1_0_closes": "12", "d1_1_opens": "11", "d1_1_closes": "14"},
    ):
        assert client.post(path, wrong).status_code == 422


def test_a_state_changes_with_a_reason(window: Windows) -> None:
    client = window("manager")
    assert client.post("/desk/houses/NA-LIB/state", {"state": "suspended", "reason": ""}).status_code == 422
    assert client.post("/desk/houses/NA-LIB/state", {"state": "closed", "reason": "x"}).status_code == 422
    assert network.house_draft("NA-LIB").state is HouseState.OPEN
    client.post("/desk/houses/NA-LIB/state", {"state": "suspended", "reason": "the roof"})
    assert network.house_draft("NA-LIB").state is HouseState.SUSPENDED


def test_an_organisation_is_entered_and_changed(window: Windows) -> None:
    client = window("admin")
    sent = form_of(client, "/desk/organisations/new") | {
        "code": "NA-CO", "names_en": "A company", "kind": "company_startup", "country": "VN", "region_code": "vn-na",
        "sectors": "6201; 62", "capabilities": "maps; apps",
    }  # fmt: skip
    assert client.post("/desk/organisations/new", sent)["Location"] == "/desk/organisations/NA-CO/"
    assert network.organisation_draft("NA-CO").sectors == ("6201", "62")
    path = "/desk/organisations/NA-CO/"
    wrong = client.post(path, form_of(client, path) | {"sectors": "ZZ"})
    assert soup(wrong).select(".field--wrong [name=sectors]")
    client.post(path, form_of(client, path) | {"phone": "+84 2"})
    assert network.organisation_draft("NA-CO").phone == "+84 2"


def test_a_role_is_given_and_taken(window: Windows, staff: dict[str, Any]) -> None:
    client = window("manager")
    path = "/desk/houses/NA-LIB/roles"
    offered = {option["value"] for option in soup(client.get(path)).select("select[name=role] option")}
    assert "administrator" not in offered
    for wrong in (
        {"email": "nobody@example.org"},
        {"until": "2020-01-01"},
        {"until": "soon"},
        {"role": "administrator"},
    ):
        sent = {"email": "reader@example.org", "role": "librarian"} | wrong
        assert client.post(path, sent).status_code == 422
    assert not RoleAssignment.objects.filter(account=staff["reader"]).exists()
    client.post(path, {"email": "reader@example.org", "role": "librarian", "until": "1450/01/01", "reason": "new"})
    given = RoleAssignment.objects.get(account=staff["reader"])
    assert given.valid_until.year == 2071
    assert client.post(path, {"email": "reader@example.org", "role": "librarian"}).status_code == 422
    client.post(f"/desk/roles/{given.pk}/revoke", {"place": "house:NA-LIB", "reason": "left"})
    given.refresh_from_db()
    assert given.revoke_reason == "left"
    page = soup(client.get(path))
    assert not [
        cell
        for cell in page.select("main th[scope=row]")
        if "Reader" in cell.get_text() and not cell.find_parent("details")
    ]


def test_lists_cost_the_same_however_many_rows(window: Windows) -> None:
    client = window("admin")
    for path in ("/desk/houses/", "/desk/organisations/"):
        client.get(path)
        costs = []
        for asked in ("?q=zzzz", "?q=NA-LIB", ""):
            with CaptureQueriesContext(connection) as caught:
                client.get(path + asked)
            costs.append(len(caught))
        assert max(costs) <= 25, path
