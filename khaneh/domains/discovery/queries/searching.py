"""Search: a page of results with its facets, and what was perhaps meant."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.rules import compiling, language, repair
from khaneh.domains.discovery.rules.analysis import PERSIAN_FIRST
from khaneh.domains.discovery.rules.highlighting import Marker
from khaneh.domains.discovery.types import (
    LONGEST_OFFSET,
    FacetValue,
    Hit,
    Piece,
    SearchPage,
    SearchRequest,
)
from khaneh.infrastructure.search import port
from khaneh.kernel.orthography import search_key, words

_MOST_HITS = 200
_DECADES = 40  # values of the year facet
_ORDERS = {
    "newest": port.Order("year", descending=True),
    "oldest": port.Order("year"),
    "added": port.Order("added", descending=True),
}
_DICTIONARY = 4_000  # words looked at for a correction


def search(request: SearchRequest) -> SearchPage:
    """One page of results. Asks only the index: one question, a second one where nothing answers the first.

    A facet's counts leave its own filter out, so that another of its values can be chosen. Where no document has all the words, most
    of them are enough (`relaxed`), and `did_you_mean` has texts that find something.
    """
    started = time.perf_counter()
    node = language.parse(request.text)
    try:
        page = _page(request, compiling.compiled(node))
        if page.total == 0 and not isinstance(node, language.All):
            meant = _did_you_mean(request, node)
            if compiling.can_relax(node):
                page = replace(_page(request, compiling.compiled(node, relaxed=True)), relaxed=True)
            page = replace(page, did_you_mean=meant)
    except port.IndexMissing:
        page = SearchPage(total=0, hits=(), ready=False)
    return replace(page, milliseconds=(time.perf_counter() - started) * 1000)


def arrived(
    text: str, filters: Mapping[str, tuple[str, ...]], *, since: datetime, most: int = LONGEST_OFFSET
) -> list[int] | None:
    """The numbers of all documents of the kinds asked for that came since an instant and answer a text as it stands, those that came last
    first; at most `most`. Asks only the index, a question for each two hundred; None while there is no index to ask.

    Unlike `search` it never relaxes: who is told of news asked for all the words.
    """
    match = compiling.filtered(compiling.compiled(language.parse(text)).match, filters)
    query = port.Every((match, port.Between("added", int(since.timestamp()), None)))
    found: list[int] = []
    while len(found) < most:
        try:
            asked = port.Ask(query=query, offset=len(found), limit=_MOST_HITS, order=_ORDERS["added"])
            page = engine().ask(asked).found
        except port.IndexMissing:
            return None
        found += [int(one.id.partition(":")[2]) for one in page]
        if len(page) < _MOST_HITS:
            break
    return found[:most]


def _page(request: SearchRequest, query: compiling.Compiled) -> SearchPage:
    offset = max(0, request.offset)
    limit = max(0, min(request.limit, _MOST_HITS)) if offset <= LONGEST_OFFSET else 0
    order = _order(request)
    ranked = query.ranked if order is None else query.match
    answer = engine().ask(
        port.Ask(
            query=compiling.filtered(ranked, request.filters),
            offset=offset,
            limit=limit,
            order=order,
            facets=tuple(_counting(name, query.match, request.filters) for name in request.facets),
        )
    )
    marker = Marker(query.words, query.patterns) if request.highlights else None
    return SearchPage(
        total=answer.total,
        hits=tuple(hit_of(found, marker) for found in answer.found),
        facets={
            name: _facet_values(name, answer.facets[name], request.filters.get(name, ())) for name in request.facets
        },
    )


def _order(request: SearchRequest) -> port.Order | None:
    if request.sort == "title":
        first = port.AnyOf("head", (PERSIAN_FIRST,)) if request.language == "fa" else None
        return port.Order("filed", first=first)
    return _ORDERS.get(request.sort)


def _counting(name: str, match: port.Query, filters: Mapping[str, tuple[str, ...]]) -> port.FacetCounts:
    facet = registry.facet(name)
    size = facet.size if facet else 12
    over = compiling.filtered(match, filters, but=name)
    if name == "year":
        return port.FacetCounts("decade", over, _DECADES, answer_as="year")
    return port.FacetCounts(name, over, size, always=filters.get(name, ()))


def _facet_values(name: str, counted: tuple[tuple[str, int], ...], selected: tuple[str, ...]) -> tuple[FacetValue, ...]:
    if name == "year":
        values = [FacetValue(value, count, value in selected) for value, count in counted]
        known = {value.value for value in values}
        values += [FacetValue(value, 0, selected=True) for value in selected if value not in known]
        return tuple(sorted(values, key=lambda v: v.value, reverse=True))
    return tuple(FacetValue(value, count, value in selected) for value, count in counted if count or value in selected)


def hit_of(found: port.Found, marker: Marker | None) -> Hit:
    """A hit from what the index kept of its document."""
    kind, _, key = found.id.partition(":")
    title, subtitle, creators, year, text, payload = orjson.loads(found.show)
    return Hit(
        kind=kind,
        key=int(key),
        title=title,
        subtitle=subtitle,
        creators=tuple(creators),
        year=year,
        payload=payload,
        score=found.score,
        highlights=_highlights(marker, title, subtitle, creators, text) if marker else {},
    )


def _highlights(
    marker: Marker, title: str, subtitle: str, creators: list[str], text: str
) -> dict[str, tuple[Piece, ...]]:
    found = {
        "title": marker.pieces(title),
        "subtitle": marker.pieces(subtitle),
        "creators": marker.pieces(" · ".join(creators)),
        "text": marker.quote(text),
    }
    return {name: pieces for name, pieces in found.items() if pieces}


def _did_you_mean(request: SearchRequest, node: language.Node) -> tuple[str, ...]:
    """Texts near this one that find something under the same filters, at most three."""
    candidates = list(repair.readings(request.text))
    corrected = _corrected(request.text)
    if corrected:
        candidates.insert(0, corrected)
    candidates = [c for c in dict.fromkeys(candidates) if c != request.text][:6]
    queries = [compiling.filtered(compiling.compiled(language.parse(c)).match, request.filters) for c in candidates]
    counts = engine().counts(queries)
    return tuple(c for c, count in zip(candidates, counts, strict=True) if count)[:3]


def _corrected(text: str) -> str:
    """The text with each word that no document has put right, or '' where one cannot be."""
    placed = [(w.start, w.end, w.chunk.folded) for w in words(text) if w.chunk.folded and " " not in w.chunk.folded]
    counts = engine().counts([port.Term("all", folded) for _, _, folded in placed])
    changes: list[tuple[int, int, str]] = []
    for (start, end, folded), count in zip(placed, counts, strict=True):
        if count:
            continue
        better = repair.nearest(folded, engine().near("all", folded, _DICTIONARY))
        if better is None:
            return ""
        changes.append((start, end, _as_written(better)))
    return repair.replaced(text, changes) if changes else ""


def _as_written(folded: str) -> str:
    """A word with its marks, as the best title or name that has it writes it."""
    query = port.Best((port.Term("title", folded), port.Weighted(port.Term("creator", folded), 0.5)))
    for found in engine().ask(port.Ask(query, limit=3)).found:
        title, _, creators, *_ = orjson.loads(found.show)
        for text in (title, *creators):
            for word in words(text):
                if word.chunk.folded == folded:
                    return str(text[word.start : word.end])
    return folded


def more_like(kind: str, key: int, *, limit: int = 8) -> tuple[Hit, ...]:
    """Documents like this one, nearest first; () where it does not exist. Reads the document from its kind, then asks once."""
    registered = registry.kind(kind)
    document = next(iter(registered.documents([key])), None) if registered else None
    if document is None:
        return ()
    try:
        answer = engine().ask(port.Ask(compiling.more_like(document), limit=limit * 2))
    except port.IndexMissing:
        return ()
    hits: dict[tuple[str, str], Hit] = {}
    itself = (search_key(document.title), search_key(" ".join(document.creators)))
    for found in answer.found:
        hit = hit_of(found, None)
        told = (search_key(hit.title), search_key(" ".join(hit.creators)))
        if told != itself:  # another copy of the same description tells a reader nothing
            hits.setdefault(told, hit)
    return tuple(hits.values())[:limit]


def status() -> dict[str, Any]:
    """Which engine answers, from which generation, with how many documents."""
    return engine().describe()
