"""A shelf of books and an index of it: in a folder of the test's own, or on the cluster where SEARCH_URL names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from khaneh.domains.discovery import registry, services
from khaneh.domains.discovery.queries import search
from khaneh.domains.discovery.types import SearchPage, SearchRequest
from tests.domains.discovery import shelf


@pytest.fixture
def books(tmp_path: Path, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module `shelf`, empty, as the only kind there is."""
    settings.SEARCH_URL = os.environ.get("SEARCH_URL", "")
    settings.KHANEH_HOME = tmp_path
    monkeypatch.setattr(registry, "_kinds", {})
    shelf.BOOKS.clear()
    registry.register(shelf.BOOK)
    yield shelf
    shelf.BOOKS.clear()


class Index:
    """The index of the shelf."""

    def build(self) -> None:
        services.rebuild(processes=0)

    def find(self, text: str, **more: Any) -> SearchPage:
        return search(SearchRequest(text=text, **more))

    def keys(self, text: str, **more: Any) -> list[int]:
        return [hit.key for hit in self.find(text, **more).hits]


@pytest.fixture
def index(books: Any) -> Index:
    return Index()
