"""Machines of a house in the browser: added, given another password, cut off; by whoever manages the house and nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Terminal
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import Shelves, make_shelves

pytestmark = pytest.mark.django_db
NEW = {"name": "front", "kind": "self_check", "language": "fa", "encoding": "windows-1256", "asks_pin": "on"}
_PASSWORD = re.compile(r"<code dir=\"ltr\">([a-z0-9-]+)</code>")


@pytest.fixture
def shelves(db: None) -> Shelves:
    return make_shelves()


def manager(house: object, email: str = "manager@example.org") -> Client:
    account = Account.objects.create_user(email)
    people.grant_role(
        actor=SYSTEM, account_id=account.pk, role=Role.HOUSE_MANAGER, house_id=house.pk, now=datetime.now(UTC), reason="hired"  # type: ignore[attr-defined]
    )  # fmt: skip
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def signs_in(password: str) -> bool:
    return services.sign_terminal_in(name="FRONT", password=password, now=datetime.now(UTC)) is not None


@pytest.mark.parametrize("language", ["fa", "vi", "en"])
def test_a_machine_is_added_and_its_password_is_shown_once(shelves: Shelves, language: str) -> None:
    client = manager(shelves.central)
    client.cookies["language"] = language
    assert client.get("/desk/terminals/")["Location"] == "/desk/terminals/T-CENTRAL/"
    answered = client.post("/desk/terminals/T-CENTRAL/", NEW)
    found = _PASSWORD.search(answered.content.decode())
    assert found is not None
    assert answered["Cache-Control"] == "private, no-store"
    assert signs_in(found[1])
    row = Terminal.objects.get()
    assert (row.kind, row.language, row.encoding, row.asks_pin) == ("self_check", "fa", "windows-1256", True)
    assert found[1] not in row.password
    page = client.get("/desk/terminals/T-CENTRAL/").content.decode()
    assert "front" in page
    assert found[1] not in page


def test_another_password_shuts_the_old_one_out(shelves: Shelves) -> None:
    client = manager(shelves.central)
    old = _PASSWORD.search(client.post("/desk/terminals/T-CENTRAL/", NEW).content.decode())
    new = _PASSWORD.search(client.post(f"/desk/terminals/{Terminal.objects.get().pk}/password").content.decode())
    assert old is not None
    assert new is not None
    assert (signs_in(old[1]), signs_in(new[1])) == (False, True)
    assert client.post(f"/desk/terminals/{Terminal.objects.get().pk}/switch").status_code == 302
    assert not signs_in(new[1])
    client.post(f"/desk/terminals/{Terminal.objects.get().pk}/switch", {"on": "1"})
    assert signs_in(new[1])


def test_how_a_machine_is_spoken_to_is_changed(shelves: Shelves) -> None:
    client = manager(shelves.central)
    client.post("/desk/terminals/T-CENTRAL/", NEW)
    number = Terminal.objects.get().pk
    sent = {f"t{number}-kind": "sorter", f"t{number}-language": "vi", f"t{number}-encoding": "utf-8"}
    assert client.post(f"/desk/terminals/{number}/change", sent).status_code == 302
    row = Terminal.objects.get()
    assert (row.kind, row.language, row.encoding, row.asks_pin) == ("sorter", "vi", "utf-8", False)
    client.post(f"/desk/terminals/{number}/change", {f"t{number}-kind": "rocket"})
    assert Terminal.objects.get().kind == "sorter"


def test_a_name_that_is_taken_is_told_beside_its_field(shelves: Shelves) -> None:
    client = manager(shelves.central)
    client.post("/desk/terminals/T-CENTRAL/", NEW)
    again = client.post("/desk/terminals/T-CENTRAL/", {**NEW, "name": "Front"})
    assert again.status_code == 422
    assert "Another machine signs in by this name." in again.content.decode()
    assert client.post("/desk/terminals/T-CENTRAL/", {**NEW, "name": "a|b"}).status_code == 422
    assert Terminal.objects.count() == 1


def test_machines_of_other_houses_are_not_there(shelves: Shelves) -> None:
    manager(shelves.central).post("/desk/terminals/T-CENTRAL/", NEW)
    stranger, row = manager(shelves.far, "far@example.org"), Terminal.objects.get()
    assert stranger.get("/desk/terminals/T-CENTRAL/").status_code == 404
    assert stranger.post("/desk/terminals/T-CENTRAL/", {**NEW, "name": "other"}).status_code == 404
    for act in ("change", "password", "switch"):
        assert stranger.post(f"/desk/terminals/{row.pk}/{act}").status_code == 404
    row.refresh_from_db()
    assert (Terminal.objects.count(), row.disabled_at) == (1, None)
