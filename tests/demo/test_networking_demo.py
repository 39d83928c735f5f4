"""The demonstration's followers have their digests, and what its houses share waits for an answer or is in force, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import demo
from khaneh.domains.network import queries as network
from khaneh.domains.networking import queries
from khaneh.domains.networking.types import SharingState
from khaneh.domains.people import queries as people
from khaneh.interfaces.cli import demo_networking, demo_profiles, demo_spaces, demonstration
from khaneh.interfaces.cli.demo_spaces import account_ids
from khaneh.kernel.actor import SYSTEM
from tests.demonstration import load_network

FOLDER = Path(str(demo.__file__)).parent
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_two_follow_and_three_things_are_shared(tmp_path: Path, settings: object) -> None:
    settings.KHANEH_HOME = tmp_path  # type: ignore[attr-defined]
    load_network(tmp_path)
    demonstration._load_accounts(FOLDER / "accounts.csv", since=NOW)
    demo_spaces.open_accounts(FOLDER / "spaces", since=NOW)
    demo_spaces.load(FOLDER / "spaces", now=NOW)
    demo_profiles.load(FOLDER / "profiles", now=NOW)
    done = demo_networking.load(FOLDER / "networking", now=NOW)
    assert (done["followers"], done["sharings"]) == (2, 3)
    for email in ("invest-hl@demo.example.org", "accelerate-kh@demo.example.org"):
        actor = people.actor(account_ids({email})[email], now=NOW)
        (row,) = queries.subscriptions(actor)
        (digest,) = queries.digests(row.id, actor=actor, now=NOW)
        assert len(digest.items) >= 3
    houses = network.house_ids_by_code()
    states = {
        row.names.en: row.state
        for code in ("NA-LIB-INN", "YZ-LIB-CRE")
        for row in queries.sharings_of_house(houses[code], actor=SYSTEM, now=NOW)
        if row.house.code == code
    }
    assert sorted(states.values()) == [SharingState.ACTIVE, SharingState.ACTIVE, SharingState.OFFERED]
    assert not demo_networking.load(FOLDER / "networking", now=NOW + timedelta(days=1))
