"""Suggestions while a reader types: titles, authors and subjects that the words, so far, may become."""

from __future__ import annotations

from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.queries.searching import hit_of
from khaneh.domains.discovery.rules import repair
from khaneh.domains.discovery.rules.analysis import whole_key
from khaneh.domains.discovery.types import Language, Suggestion
from khaneh.infrastructure.search import port
from khaneh.kernel.orthography import search_key

_HEADINGS = 40  # the most frequent authors and subjects among the documents looked at


def suggest(text: str, language: Language = "en", *, limit: int = 8) -> tuple[Suggestion, ...]:
    """What the text may become, best first: at most `limit`, of which up to half are authors and subjects.

    Forgives missing tones and marks, ZWNJ, Arabic letters and digits; where nothing begins so, another keyboard layout, Telex and VNI
    are tried. One question to the index for each reading tried.
    """
    for reading in (text, *repair.readings(text)):
        try:
            found = _suggest(reading, limit)
        except port.IndexMissing:
            return ()
        if found:
            return found
    return ()


def _suggest(text: str, limit: int) -> tuple[Suggestion, ...]:
    words = search_key(text).split()
    if not words or len("".join(words)) < 2:
        return ()
    author, subject = _beginning("creator", words), _beginning("subject", words)
    titles = port.Ranked(
        _beginning("title", words),
        (port.Constant(port.Wildcard("head", whole_key(words) + "*"), 10.0),),
    )
    answer = engine().ask(
        port.Ask(
            titles,
            limit=limit * 2,
            facets=(port.FacetCounts("author", author, _HEADINGS), port.FacetCounts("subject", subject, _HEADINGS)),
        )
    )
    headings = [
        Suggestion(value, kind, count=count)
        for kind in ("author", "subject")
        for value, count in answer.facets[kind]
        if _begins(value, words)
    ]
    headings.sort(key=lambda s: -s.count)
    shown: dict[str, Suggestion] = {}
    for found in answer.found:
        hit = hit_of(found, None)
        shown.setdefault(search_key(hit.title), Suggestion(hit.title, hit.kind, hit.key))
    most = min(len(headings), max(limit // 2, limit - len(shown)))
    return (*list(shown.values())[: limit - most], *headings[:most])


def _beginning(field: str, words: list[str]) -> port.Query:
    """Documents whose field has the words, the last of which may be unfinished."""
    *whole, last = words
    parts: list[port.Query] = [port.Term(field, word) for word in whole]
    parts.append(port.Wildcard(field, last + "*"))
    return port.Every(tuple(parts))


def _begins(value: str, words: list[str]) -> bool:
    """Whether a heading itself has the words: a document's other authors were counted too."""
    have = search_key(value).split()
    *whole, last = words
    return all(word in have for word in whole) and any(word.startswith(last) for word in have)
