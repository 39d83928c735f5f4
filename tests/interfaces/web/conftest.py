"""Pages over the demonstration's network and an index of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from khaneh.domains.discovery import services as discovery
from tests.interfaces.web import network_data
from tests.kept import kept


@pytest.fixture
def own_index(tmp_path: Path, settings: Any, db: None) -> None:
    """An empty folder for the index: no page can find what another test left."""
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path


@pytest.fixture
def network(own_index: None, tmp_path: Path) -> None:
    """Regions, houses and organisations, in the tables and in the index."""

    def make() -> None:
        network_data.load()
        discovery.rebuild(processes=0)

    kept("pages", tmp_path, make)
