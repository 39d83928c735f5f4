"""Analysis here and in a process of its own, for a test that they agree. Top-level functions: another process imports them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from khaneh.domains.discovery.rules.analysis import analysed
from khaneh.domains.discovery.types import Document


def analysed_here(documents: list[Document]) -> list[tuple[str, bytes]]:
    return [analysed(document, frozenset()) for document in documents]


def analysed_elsewhere(documents: list[Document]) -> list[tuple[str, bytes]]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(analysed_here, documents).result()
