"""A node is killed while readers search and a librarian writes: searches go on, nothing is lost, and the node comes back.

Runs on the cluster of `make test-cluster`, which starts a dead node again after a few seconds.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from opensearchpy import OpenSearch

from khaneh.domains.discovery import services
from khaneh.domains.discovery.index import engine

pytestmark = [pytest.mark.cluster, pytest.mark.django_db(transaction=True)]

_NODES = 3
_AGAIN = 300.0  # seconds; a Java program starts, on a machine that may have other things to do


class Nodes:
    """What the cluster says of itself, asked of whichever node answers."""

    def __init__(self, url: str) -> None:
        self._client = OpenSearch(url.split(","), max_retries=5, retry_on_timeout=True, timeout=30)

    def are(self, count: int, *, whole: bool = True) -> bool:
        """Whether as many are there, and every shard has its replica."""
        health = self._client.cluster.health()
        return health["number_of_nodes"] == count and (not whole or health["status"] == "green")

    def pid_of(self, part: str) -> int:
        """The process that has the primary shard of the index, or that is the cluster's manager."""
        processes = {name: node["process"]["id"] for name, node in self._client.nodes.info()["nodes"].items()}
        state = self._client.cluster.state()
        if part == "manager":
            return int(processes[state["cluster_manager_node"]])
        live = next(iter(self._client.indices.get_alias(name="khaneh")))
        (shard,) = state["routing_table"]["indices"][live]["shards"].values()
        return int(processes[next(copy["node"] for copy in shard if copy["primary"])])


@pytest.fixture
def nodes() -> Nodes:
    url = os.environ.get("SEARCH_URL", "")
    if url.count(",") != _NODES - 1:
        pytest.skip("needs the cluster of three that make test-cluster starts")
    return Nodes(url)


def _until(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            pytest.fail(f"not in {seconds:.0f} seconds")
        time.sleep(0.2)


class Doing:
    """Something done over and over in a thread of its own, for as long as this is open."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.times = 0
        self.failures: list[BaseException] = []

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            try:
                self._act()
                self.times += 1
            except BaseException as error:
                self.failures.append(error)
        connection.close()

    def __enter__(self) -> Doing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def more(self, times: int) -> None:
        """Wait until it was done as many times again."""
        wanted = self.times + times
        _until(lambda: self.times >= wanted, 120)


@pytest.mark.parametrize("part", ["primary", "manager"])
def test_a_node_that_is_killed_costs_no_search_and_no_change(books: Any, index: Any, nodes: Nodes, part: str) -> None:
    for key in range(1, 301):
        books.put(key, f"river {key}")
    index.build()
    _until(lambda: nodes.are(_NODES), _AGAIN)
    written = iter(range(301, 1_000_000))
    last = 300

    def search() -> None:
        page = index.find("river")
        assert page.ready
        assert page.total >= 300

    def write() -> None:
        nonlocal last
        key = next(written)
        books.put(key, f"river {key}")
        services.touch("book", [key])
        last = key

    stop = threading.Event()
    worker = threading.Thread(target=services.keep_fresh, args=(stop,))
    worker.start()
    try:
        with Doing(search) as reader, Doing(write) as librarian:
            reader.more(5)
            librarian.more(20)
            os.kill(nodes.pid_of(part), signal.SIGKILL)
            reader.more(5)
            librarian.more(20)
            _until(lambda: nodes.are(_NODES - 1, whole=False), 60)
            reader.more(5)
            # What is written while the node is away is found while it is away or soon after.
            seen = last
            _until(lambda: index.keys(f"river {seen}")[:1] == [seen], _AGAIN)
            _until(lambda: nodes.are(_NODES), _AGAIN)
            reader.more(5)
        assert reader.failures == []
        assert librarian.failures == []
        _until(lambda: services.pending() == 0, 60)
    finally:
        stop.set()
        worker.join(60)
    assert not worker.is_alive()
    assert index.find("river").total == last
    assert engine().size() == last
