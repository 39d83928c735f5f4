"""Counting facets exactly, however many segments an index has. Knows tantivy's aggregations; what is counted over is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import tantivy

_LISTED = 200  # values that each of several segments lists at first
_ALL = 10_000_000  # and where these may not be the most frequent ones of all
_MOST_BUCKETS = 50_000  # tantivy refuses an answer of more than 65,000
_SECONDS = 2e-6  # what a value more costs in a list: it is looked up in the segment's dictionary


class Wanted(NamedTuple):
    """The `size` most frequent values of a fast field."""

    path: str
    size: int


def count_values(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    wanted: Mapping[str, Wanted],
    count: Callable[[str, str], int],
) -> dict[str, list[tuple[str, int]]]:
    """For each key the most frequent values among the documents of `query`, with how many have them; all in one pass.

    `count(path, value)` counts one value over the same documents. It is asked only where the segments' lists leave a doubt, and no
    longer than whole lists would take.
    """
    several = searcher.num_segments > 1
    started = time.perf_counter()
    told = _told(searcher, query, wanted, _LISTED if several else 0)
    taken = time.perf_counter() - started
    found: dict[str, list[tuple[str, int]]] = {}
    unsure: dict[str, Wanted] = {}
    for key, facet in wanted.items():
        answer = told[key]
        values = [(str(b["key"]), int(b["doc_count"])) for b in answer["buckets"]]
        unseen = int(answer["doc_count_error_upper_bound"] or 0) if several else 0
        met = sum(count for _, count in values) + int(
            answer["sum_other_doc_count"]
        )  # no facet has more different values
        until = time.perf_counter() + taken + met * _SECONDS
        sure = _most_frequent(values, facet.size, unseen, partial(count, facet.path), until)
        if sure is None:
            unsure[key] = facet
        else:
            found[key] = sure
    if unsure:
        for key, answer in _told(searcher, query, unsure, _ALL).items():
            found[key] = [(str(b["key"]), int(b["doc_count"])) for b in answer["buckets"]]
    return found


def _told(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: Mapping[str, Wanted], listed: int
) -> dict[str, dict[str, Any]]:
    shown = 0 if listed == _ALL else listed * searcher.num_segments
    terms = {
        key: {"field": path, "size": min(max(size, shown), _MOST_BUCKETS), "segment_size": max(size, listed)}
        for key, (path, size) in wanted.items()
    }
    told: dict[str, dict[str, Any]] = searcher.aggregate(query, {key: {"terms": own} for key, own in terms.items()})
    return told


def _most_frequent(
    listed: list[tuple[str, int]], size: int, unseen: int, count: Callable[[str], int], until: float
) -> list[tuple[str, int]] | None:
    """The `size` most frequent values with their exact counts; None where the lists cannot tell, or not before `until`.

    `listed` are sums over the segments' own lists, greatest first. A value may be missing from some of them, in `unseen` documents at
    most: so those which may still be among the first are counted alone, and no others (R. Fagin's threshold algorithm).
    """
    if not unseen:
        return listed[:size]
    if len(listed) < size or listed[size - 1][1] < unseen:
        return None  # values that no list has may be among the first
    exact: list[tuple[str, int]] = []
    for value, least in listed:
        if len(exact) >= size and sorted(n for _, n in exact)[-size] >= least + unseen:
            return sorted(exact, key=lambda v: -v[1])[:size]
        if time.perf_counter() > until:
            break
        exact.append((value, count(value)))
    return None
