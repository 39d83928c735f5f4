"""While no node of the search cluster answers: readers are told so, changes wait in the database, and the worker tries again."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from khaneh.domains.discovery import queries, services


@pytest.fixture
def away(books: Any, settings: Any) -> None:
    # Port 1 of loopback: refused at once on every machine.
    settings.SEARCH_URL = "http://127.0.0.1:1"


def test_readers_are_told_that_search_rests(away: None, books: Any, index: Any) -> None:
    books.put(1, "river")
    assert not index.find("river").ready
    assert queries.suggest("riv") == ()
    assert queries.more_like("book", 1) == ()


def test_changes_wait_and_nobody_waits_for_them_for_ever(away: None) -> None:
    services.touch("book", [1])
    assert not services.drain_now(timeout=0.1)
    assert services.pending() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_outlives_it(away: None, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    from khaneh.domains.discovery.services import keeping

    monkeypatch.setattr(keeping, "_REST", 0.01)
    stop = threading.Event()
    worker = threading.Thread(target=services.keep_fresh, args=(stop,))
    worker.start()
    try:
        until = time.monotonic() + 60
        while sum("rests" in record.getMessage() for record in caplog.records) < 2:
            assert worker.is_alive()
            assert time.monotonic() < until
            time.sleep(0.02)
    finally:
        stop.set()
        worker.join(60)
    assert not worker.is_alive()
