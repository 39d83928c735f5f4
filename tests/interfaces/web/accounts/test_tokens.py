"""Keys for programs in the account: made and shown once, seen with what counts of them, ended."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from khaneh.domains.network.types import Role
from khaneh.domains.people import services
from khaneh.domains.people.models import Account, Token
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import Shelves, make_shelves

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves() -> Shelves:
    return make_shelves()


def holder(role: Role | None, shelves: Shelves) -> tuple[Client, Account]:
    account = Account.objects.create_user("sara@example.org", name="Sara")
    if role is not None:
        services.grant_role(
            actor=SYSTEM, account_id=account.pk, role=role, house_id=shelves.central.pk, now=datetime.now(UTC)
        )
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client, account


def make(client: Client, **sent: object) -> str:
    facts = {"name": "my telephone", "kind": "personal", "access": "write", "days": "30", **sent}
    return client.post("/account/tokens", facts).content.decode()


def test_a_key_is_shown_once_and_opens_what_was_chosen(shelves: Shelves) -> None:
    client, _ = holder(Role.LIBRARIAN, shelves)
    page = client.get("/account/tokens").content.decode()
    turn = re.search(r'value="(\d+)"[^>]*><span><bdi>Circulation desk', page)
    assert turn, "what a librarian's role contains is offered"
    made = make(client, own_account="on", roles=[turn[1]])
    key = re.search(r"kh_[\w-]{40,}", made)
    assert key
    assert key[0] not in client.get("/account/tokens").content.decode()
    told = Client().get("/api/v1/key", headers={"Authorization": f"Bearer {key[0]}"}).json()
    assert (told["own_account"], [one["role"]["code"] for one in told["roles"]]) == (True, ["circulation"])
    assert client.post("/account/tokens", {"revoke": str(Token.objects.get().pk)}).status_code == 302
    assert Client().get("/api/v1/key", headers={"Authorization": f"Bearer {key[0]}"}).status_code == 401


def test_machines_get_keys_from_who_manages_a_house_and_from_nobody_else(shelves: Shelves) -> None:
    client, _ = holder(Role.HOUSE_MANAGER, shelves)
    assert 'value="machine"' in client.get("/account/tokens").content.decode()
    make(client, kind="machine", roles=["0"], own_account="on")
    assert Token.objects.get().kind == "machine"
    Account.objects.filter(email="sara@example.org").update(email="was@example.org")
    other, _ = holder(Role.LIBRARIAN, shelves)
    assert 'value="machine"' not in other.get("/account/tokens").content.decode()
    make(other, kind="machine", roles=["0"])
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{"own_account": ""}, {"name": ""}, {"roles": ["999"]}, {"days": "100000"}, {"revoke": "x"}]
)
def test_what_makes_no_key_is_said_on_the_page(shelves: Shelves, sent: dict[str, object]) -> None:
    client, _ = holder(None, shelves)
    response = client.post(
        "/account/tokens",
        {
            key: value
            for key, value in {
                "name": "n",
                "kind": "personal",
                "access": "read",
                "days": "7",
                "own_account": "on",
                **sent,
            }.items()
            if value != ""
        },
    )
    assert response.status_code == (302 if "revoke" in sent else 422)
    assert not Token.objects.exists()
