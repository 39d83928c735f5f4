"""The desk over a small network: signed-in windows of staff and readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from khaneh.domains.people.models import Account
from tests.interfaces.web.desk import desk_data

Windows = Callable[[str], Client]


@pytest.fixture
def staff(network: None) -> dict[str, Account]:
    """Accounts by what they are."""
    return desk_data.staff()


@pytest.fixture
def window(staff: dict[str, Account]) -> Windows:
    """A signed-in client; `visitor` has not signed in. In English."""

    def opened(who: str) -> Client:
        client = Client()
        client.cookies["language"] = "en"
        if who != "visitor":
            client.force_login(staff[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened


@pytest.fixture
def union(staff: dict[str, Account], tmp_path: Path) -> desk_data.Union:
    """What there is to be seen and decided."""
    return desk_data.union(tmp_path)
