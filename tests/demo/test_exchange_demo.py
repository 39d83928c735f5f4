"""The demonstration's exchange is played through the services, once: needs and offers, and matches as far as each went."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import demo
from khaneh.domains.exchange import queries
from khaneh.domains.exchange.types import PostingFilter, PostingKind
from khaneh.interfaces.cli import demo_exchange
from khaneh.kernel.actor import SYSTEM, VISITOR
from tests.demonstration import load_network

FOLDER = Path(str(demo.__file__)).parent / "exchange"
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_the_exchange_is_played_once(tmp_path: Path, settings: Any) -> None:
    settings.KHANEH_HOME = tmp_path
    load_network(tmp_path)
    assert dict(demo_exchange.load(FOLDER, now=NOW)) == {"needs": 69, "offers": 40, "matches": 22}
    needs = queries.postings(PostingFilter(kind=PostingKind.NEED), actor=VISITOR, limit=100)
    assert Counter(row.language for row in needs.rows).keys() == {"fa", "vi", "en"}
    assert all(row.organisation is None for row in needs.rows if row.anonymous)
    assert queries.waiting(SYSTEM, now=NOW), "something waits at the brokers' desk"
    assert not any(one.suspicions or one.findings for one in queries.waiting(SYSTEM, now=NOW))
    assert not +demo_exchange.load(FOLDER, now=NOW)
