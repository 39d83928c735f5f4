"""Analysing a batch of documents, here or in a process of its own. Imports no table: another process imports this before Django is set up."""

from __future__ import annotations

import gc
from typing import Any

import django
from django.db import connections

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.rules.analysis import analysed

Analysed = list[tuple[str, bytes]]


def prepare(database: dict[str, Any]) -> None:
    """Make another process one of this installation, on the same database (a test's has a name of its own)."""
    # Nothing a batch makes refers to itself: looking for cycles is a seventh of the work.
    gc.disable()
    django.setup()
    connections["default"].settings_dict.update(database)


def analyse(kind: str, keys: list[int]) -> Analysed:
    """The ids and index fields of the documents of a kind that exist; none where no such kind is registered."""
    registered = registry.kind(kind)
    if registered is None:
        return []
    paths = registry.hierarchical()
    return [analysed(document, paths) for document in registered.documents(keys)]
