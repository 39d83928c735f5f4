"""Changes reach the index: in order, once committed, through rebuilds, and after the index is lost."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from khaneh.domains.discovery import batches, registry, services
from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.models import Generation, Pending
from khaneh.domains.discovery.services import changes, locks, rebuilding
from khaneh.domains.discovery.types import Document


def test_a_touched_document_is_found_after_a_drain(books: Any, index: Any) -> None:
    index.build()
    books.put(1, "river")
    services.touch("book", [1])
    assert index.keys("river") == []
    assert services.drain() == 1
    assert index.keys("river") == [1]
    assert services.pending() == 0


def test_a_changed_document_is_found_by_what_it_says_last(books: Any, index: Any) -> None:
    books.put(1, "river")
    index.build()
    books.put(1, "mountain")
    services.touch("book", [1, 1])
    services.touch("book", iter([1]))
    services.drain()
    assert index.keys("river") == []
    assert index.keys("mountain") == [1]
    assert engine().size() == 1


def test_what_no_longer_exists_is_taken_out(books: Any, index: Any) -> None:
    books.put(1, "river")
    index.build()
    del books.BOOKS[1]
    services.touch("book", [1])
    services.touch("a kind nobody registered", [1])
    services.drain()
    assert index.keys("river") == []
    assert services.pending() == 0


def test_what_a_changed_document_is_part_of_is_written_anew_with_it(books: Any, index: Any) -> None:
    registry.unregister("book")
    registry.register(replace(books.BOOK, within=lambda keys: [("book", key + 10) for key in keys if key < 10]))
    books.put(1, "river")
    books.put(11, "collected rivers")
    index.build()
    books.put(1, "mountain")
    books.put(11, "collected mountains")
    services.touch("book", [1])
    assert services.drain() == 1
    assert sorted(index.keys("mountain") + index.keys("mountains")) == [1, 11]
    assert index.keys("rivers") == []


def test_a_touch_is_rolled_back_with_its_act(books: Any, index: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        services.touch("book", [1])
        raise RuntimeError
    assert services.pending() == 0


def test_touch_is_one_statement_however_many(books: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        services.touch("book", range(5000))
    with django_assert_num_queries(0):
        services.touch("book", [])
    assert services.pending() == 5000


def test_a_rebuild_takes_what_the_tables_have(books: Any, index: Any) -> None:
    index.build()
    for key in range(1, 2501):
        books.put(key, f"river {key}")
    told: list[int] = []
    assert services.rebuild(processes=0, progress=told.append) == 2500
    assert told[-1] == 2500
    assert len(told) == 3
    assert index.find("river").total == 2500
    assert Generation.objects.get().name == engine().live()


def test_changes_during_a_rebuild_are_found_at_once_and_after_it(
    books: Any, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.put(1, "river")
    index.build()
    before = engine().live()

    fill = rebuilding._fill

    def fill_and_change(*arguments: Any) -> int:
        count = fill(*arguments)
        books.put(1, "mountain")
        books.put(2, "valley")
        services.touch("book", [1, 2])
        assert services.drain() == 2
        assert index.keys("valley") == [2]  # the old index, still in use
        books.put(3, "forest")
        services.touch("book", [3])  # and one that nobody has written yet
        return count

    monkeypatch.setattr(rebuilding, "_fill", fill_and_change)
    services.rebuild(processes=0)
    assert engine().live() != before
    assert index.keys("river") == []
    assert [index.keys(t) for t in ("mountain", "valley", "forest")] == [[1], [2], [3]]
    assert not Pending.objects.exists()


def test_losing_the_index_loses_nothing(books: Any, index: Any, tmp_path: Any) -> None:
    books.put(1, "river")
    index.build()
    if engine().describe()["engine"] != "tantivy":
        pytest.skip("a folder is lost, not a cluster")
    (tmp_path / "index").rename(tmp_path / "elsewhere")
    assert not services.is_current()
    page = index.find("river")
    assert not page.ready
    assert page.total == 0
    assert services.drain_now()
    assert index.keys("river") == [1]


def test_an_index_of_another_database_is_not_trusted(books: Any, index: Any) -> None:
    books.put(1, "river")
    index.build()
    Generation.objects.update(name="something else")
    assert not services.is_current()
    services.touch("book", [1])
    assert services.drain() == 0
    assert services.pending() == 1
    assert services.drain_now()
    assert services.is_current()


def test_a_killed_rebuild_leaves_nothing_that_stays(books: Any, index: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    books.put(1, "river")
    index.build()

    def killed(*arguments: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "_fill", killed)
        with pytest.raises(KeyboardInterrupt):
            services.rebuild(processes=0)
    services.touch("book", [1])
    services.drain()
    assert Pending.objects.filter(applied=True).count() == 1
    services.rebuild(processes=0)
    assert Generation.objects.count() == 1
    assert not Pending.objects.exists()
    assert index.keys("river") == [1]


def test_a_crash_after_the_index_commits_only_writes_again(
    books: Any, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.build()
    books.put(1, "river")
    services.touch("book", [1])
    with monkeypatch.context() as patched:
        patched.setattr(changes, "forget", lambda ids: (_ for _ in ()).throw(OSError("crash")))
        with pytest.raises(OSError, match="crash"):
            services.drain()
    assert services.pending() == 1
    services.drain()
    assert index.keys("river") == [1]
    assert engine().size() == 1


def _five_seconds() -> float:
    """Of a machine with nothing else to do: as many times more as there are others who want each of its cores."""
    return 5.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _until(true: Callable[[], bool], seconds: float = 300.0) -> float:
    """Seconds until it was true; fails when it was not in time."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            pytest.fail("not in time")
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_a_running_worker_makes_changes_findable_within_five_seconds(books: Any, index: Any) -> None:
    books.put(1, "river")
    stop = threading.Event()
    worker = threading.Thread(target=services.keep_fresh, args=(stop,))
    worker.start()
    try:
        _until(lambda: index.keys("river") == [1])  # it builds an index where there is none
        books.put(2, "valley")
        services.touch("book", [2])
        assert _until(lambda: index.keys("valley") == [2]) < _five_seconds()
        assert services.drain() == 0  # the worker has the lock
        books.put(3, "forest")
        services.touch("book", [3])
        assert services.drain_now()
        assert index.keys("forest") == [3]
        before = engine().live()
        services.rebuild(processes=0)  # the worker steps aside for the swap …
        assert engine().live() != before
        books.put(4, "desert")
        services.touch("book", [4])
        assert _until(lambda: index.keys("desert") == [4]) < _five_seconds()  # … and goes on
    finally:
        stop.set()
        worker.join(60)
    assert not worker.is_alive()
    with locks.held(locks.WRITER) as free:
        assert free


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_only_one_rebuild_at_a_time(books: Any, index: Any) -> None:
    refused: list[bool] = []

    def second() -> None:
        try:
            services.rebuild(processes=0)
        except services.RebuildRunning:
            refused.append(True)
        finally:
            connection.close()

    with locks.held(locks.BUILDER) as mine:
        assert mine
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(60)
    assert refused == [True]
    services.rebuild(processes=0)


def test_documents_analysed_by_other_processes_are_the_same(books: Any) -> None:
    from tests.domains.discovery import processes

    documents = [Document("book", key, f"Nguyễn {key}") for key in range(3)]
    assert processes.analysed_elsewhere(documents) == processes.analysed_here(documents)


def test_another_process_prepares_itself_before_it_reads(db: None) -> None:
    """The first thing such a process does is to import what it was sent, with no Django in place."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), batches.prepare, ({},)) as pool:
        assert pool.submit(batches.analyse, "a kind nobody registered", [1]).result(60) == []
