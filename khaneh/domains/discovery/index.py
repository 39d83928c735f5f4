"""Which engine this installation searches with. One a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from khaneh.domains.discovery.rules.analysis import FIELDS
from khaneh.infrastructure.search import open_engine
from khaneh.infrastructure.search.port import Engine


@cache
def _engine(url: str, folder: Path) -> Engine:
    return open_engine(FIELDS, folder=folder, url=url)


def engine() -> Engine:
    """The engine of SEARCH_URL, else tantivy in KHANEH_HOME/index."""
    return _engine(settings.SEARCH_URL, Path(settings.KHANEH_HOME) / "index")
