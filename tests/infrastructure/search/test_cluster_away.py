"""A cluster that does not answer is a state that others can live with, not a crash."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from khaneh.infrastructure.search import open_engine, port
from tests.infrastructure.search.test_engines import FIELDS


@pytest.fixture
def away(tmp_path: Any) -> port.Engine:
    """An engine whose cluster nobody has started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    return open_engine(FIELDS, folder=tmp_path, url=f"http://127.0.0.1:{number}")


@pytest.mark.parametrize(
    "act",
    [
        lambda engine: engine.live(),
        lambda engine: engine.ask(port.Ask(port.Everything())),
        lambda engine: engine.counts([port.Everything()]),
        lambda engine: engine.create("one"),
        lambda engine: engine.writer("one").__enter__(),
    ],
)
def test_whatever_is_asked_says_that_the_engine_is_away(away: port.Engine, act: Callable[[port.Engine], Any]) -> None:
    with pytest.raises(port.EngineAway, match="does not answer"):
        act(away)


def test_who_reads_treats_it_as_an_index_that_is_not_there(away: port.Engine) -> None:
    assert away.size() == 0
    assert issubclass(port.EngineAway, port.IndexMissing)
