"""From the reader's query tree to the engine's: what matches, and what ranks first. Pure.

Matching is by folded words in one field. Ranking puts the known item first: the whole title, then a title that begins so, then title and
author together; then plain BM25 with title and names above the rest. Words typed with marks prefer what is written with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khaneh.domains.discovery.rules import language
from khaneh.domains.discovery.rules.analysis import HEAD_WORDS, begin_key, identifier_key, whole_key, without_article
from khaneh.domains.discovery.types import Document
from khaneh.infrastructure.search import port
from khaneh.kernel.orthography import Chunk, chunks, search_key, toneless

_INDEX_FIELD = {"title": "title", "author": "creator", "subject": "subject", "publisher": "publisher", "": "all"}

# Scores on top of BM25, whose sum for a query of three words is about 20 to 40.
_WHOLE_AND_REST = 60.0  # the title is some of the words and the others are among its names
_WHOLE = 30.0  # the title is the query
_BEGINS = 8.0
_COVERED = 10.0  # every word is in the title or a name
_AS_WRITTEN = 12.0  # a word with its marks as typed …
_WITHOUT_TONES = 6.0  # … or with its letters but other tones
_TITLE_WEIGHT = 2.0
_CREATOR_WEIGHT = 1.5
_RANKED_WORDS = 12  # further words match and add nothing to the order
_FEWEST_DIGITS = 7  # of a number that may be an identifier


@dataclass(frozen=True, slots=True)
class Compiled:
    """`match` says which documents, `ranked` the same ones in order; `words` are the folded words a hit may show."""

    match: port.Query
    ranked: port.Query
    words: tuple[str, ...]
    patterns: tuple[str, ...]


def compiled(node: language.Node, *, relaxed: bool = False) -> Compiled:
    """The engine's trees for a query. `relaxed`: most of the bare words are enough."""
    shown = _Shown()
    match = _relaxed(node) if relaxed else _match(node, "")
    shown.take(node)
    boosts = _boosts(node)
    ranked = port.Ranked(match, boosts) if boosts else match
    return Compiled(match, ranked, tuple(shown.words), tuple(shown.patterns))


def _bare_parts(node: language.Node) -> list[language.Word]:
    parts = node.parts if isinstance(node, language.And) else (node,)
    return [p for p in parts if isinstance(p, language.Word) and not p.exact]


def can_relax(node: language.Node) -> bool:
    """Whether there are words enough for most of them to mean something."""
    return len([w for w in _bare_parts(node) if chunks(w.text)]) >= 3


def _relaxed(node: language.Node) -> port.Query:
    bare = _bare_parts(node)
    words = [_chunk_query(c, "") for w in bare for c in chunks(w.text)]
    least = len(words) - 1 if len(words) <= 4 else -(-len(words) * 7 // 10)
    some: port.Query = port.Some(tuple(words), least)
    rest = tuple(p for p in node.parts if p not in bare) if isinstance(node, language.And) else ()
    return _both(some, _match(language.And(rest), "")) if rest else some


def _both(first: port.Query, second: port.Query) -> port.Query:
    if isinstance(second, port.Without) and isinstance(second.query, port.Everything):
        return port.Without(first, second.excluded)
    return port.Every((first, second))


def _match(node: language.Node, field: str) -> port.Query:
    match node:
        case language.All():
            return port.Everything()
        case language.Word(text, exact):
            return _exact(text, field) if exact else _words([text], field)
        case language.Quoted(text, exact):
            return _exact(text, field) if exact else _phrase(text, field)
        case language.Pattern(text):
            return _pattern(text, field)
        case language.Years(low, high):
            return port.Between("year", low, high)
        case language.In(name, inner):
            return _in(name, inner)
        case language.Not():
            return port.Without(port.Everything(), _match(node.node, field))
        case language.Or(parts):
            return port.Some(tuple(_match(part, field) for part in parts))
        case language.And(parts):
            return _all(parts, field)
    raise TypeError(type(node).__name__)


def _all(parts: Sequence[language.Node], field: str) -> port.Query:
    """Bare words that follow each other are read together: a Persian affix may belong to its neighbour."""
    wanted: list[port.Query] = []
    unwanted: list[port.Query] = []
    run: list[str] = []
    for part in parts:
        if isinstance(part, language.Word) and not part.exact:
            run.append(part.text)
            continue
        if run:
            wanted.append(_words(run, field))
            run = []
        if isinstance(part, language.Not):
            unwanted.append(_match(part.node, field))
        else:
            wanted.append(_match(part, field))
    if run:
        wanted.append(_words(run, field))
    wanted = [q for q in wanted if not isinstance(q, port.Everything)] or [port.Everything()]
    flat: list[port.Query] = []
    for query in wanted:
        flat += query.parts if isinstance(query, port.Every) else (query,)
    found: port.Query = flat[0] if len(flat) == 1 else port.Every(tuple(flat))
    for query in unwanted:
        found = port.Without(found, query)
    return found


def _in(name: str, node: language.Node) -> port.Query:
    if name in language.TEXT_FIELDS:
        return _match(node, name)
    if not isinstance(node, (language.Word, language.Quoted, language.Pattern)):
        raise TypeError(type(node).__name__)
    if name == "isbn":
        key = identifier_key(node.text)
        return port.AnyOf("ident", (key,)) if key else port.Nothing()
    if isinstance(node, language.Pattern):
        return port.Wildcard(f"facets.{name}", node.text)
    return port.AnyOf(f"facets.{name}", tuple(dict.fromkeys((node.text, node.text.lower()))))


def _words(texts: Sequence[str], field: str) -> port.Query:
    parts = [c for text in texts for c in chunks(text)]
    if not parts:
        return port.Everything()  # punctuation alone asks for nothing
    name = _INDEX_FIELD[field]
    queries: list[port.Query] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        following = parts[at + 1] if at + 1 < len(parts) else None
        joins = following is not None and (part.affix == 1 or following.affix == 2)
        if joins and following is not None:
            apart = port.Every((_chunk_query(part, field), _chunk_query(following, field)))
            queries.append(port.Some((apart, port.Term(name, (part.folded + following.folded).replace(" ", "")))))
            at += 2
        else:
            queries.append(_chunk_query(part, field))
            at += 1
    return queries[0] if len(queries) == 1 else port.Every(tuple(queries))


def _chunk_query(part: Chunk, field: str) -> port.Query:
    """A chunk as its words side by side, or as the one word they make together, or as a number."""
    name = _INDEX_FIELD[field]
    words = part.folded.split()
    choices: list[port.Query] = [port.Phrase(name, tuple(words)) if len(words) > 1 else port.Term(name, words[0])]
    if part.joined:
        choices.append(port.Term(name, part.joined.split()[0]))
    if not field and sum(map(str.isdigit, part.folded)) >= _FEWEST_DIGITS:
        choices.append(port.AnyOf("ident", (identifier_key(part.folded),)))
    return choices[0] if len(choices) == 1 else port.Some(tuple(choices))


def _phrase(text: str, field: str) -> port.Query:
    words = search_key(text).split()
    if not words:
        return port.Everything()
    name = _INDEX_FIELD[field]
    if len(words) == 1:
        return _words([text], field)
    return port.Phrase(name, tuple(words))


def _exact(text: str, field: str) -> port.Query:
    parts = chunks(text)
    if not parts:
        return port.Everything()
    words = tuple(" ".join(c.exact for c in parts).split())
    written = port.Phrase("all_exact", words)
    # Written so somewhere, and in the field as far as folded words can tell.
    return port.Every((written, _phrase(text, field))) if field else written


def _pattern(text: str, field: str) -> port.Query:
    pieces = "".join(p if p in ("*", "?") else search_key(p).replace(" ", "") for p in re.split(r"([*?])", text))
    if not pieces.strip("*?"):
        return port.Everything()
    return port.Wildcard(_INDEX_FIELD[field], pieces)


def _ranked_chunks(node: language.Node) -> list[Chunk]:
    parts = node.parts if isinstance(node, language.And) else (node,)
    texts = [p.text for p in parts if isinstance(p, (language.Word, language.Quoted))]
    return [c for text in texts for c in chunks(text)]


def _boosts(node: language.Node) -> tuple[port.Query, ...]:
    parts = _ranked_chunks(node)
    words = [w for c in parts for w in c.folded.split()][:_RANKED_WORDS]
    if not words:
        return ()
    boosts: list[port.Query] = []
    for word in dict.fromkeys(words):
        boosts.append(port.Weighted(port.Term("title", word), _TITLE_WEIGHT))
        boosts.append(port.Weighted(port.Term("creator", word), _CREATOR_WEIGHT))
    boosts.append(port.Best(tuple(_known_item(words))))
    if len(words) > 1:
        covered = [port.Some((port.AnyOf("title", (w,)), port.AnyOf("creator", (w,)))) for w in dict.fromkeys(words)]
        boosts.append(port.Constant(port.Every(tuple(covered)), _COVERED))
    for exact, folded in zip(_exact_words(parts), [w for c in parts for w in c.folded.split()], strict=True):
        if exact != folded:
            boosts.append(port.Constant(port.Term("all_exact", exact), _AS_WRITTEN))
            bare = toneless(exact)
            if bare != folded:
                boosts.append(port.Constant(port.AnyOf("toneless", (bare,)), _WITHOUT_TONES))
    return tuple(boosts)


def _exact_words(parts: Sequence[Chunk]) -> list[str]:
    return [w for c in parts for w in c.exact.split()]


def _known_item(words: Sequence[str]) -> list[port.Query]:
    """Whole titles and beginnings, where the words that are not the title come before or after it."""
    count = len(words)
    choices: list[port.Query] = [port.Constant(port.AnyOf("head", (whole_key(list(words)),)), _WHOLE)]
    for cut in range(1, count):
        first, last = list(words[:cut]), list(words[cut:])
        for title, names in ((first, last), (last, first)):
            if not without_article(title):
                continue
            whole = port.AnyOf("head", (whole_key(title),))
            named = tuple(port.AnyOf("creator", (name,)) for name in dict.fromkeys(names))
            # The longer the title that is met whole, the surer.
            score = _WHOLE_AND_REST * (0.5 + 0.5 * len(title) / count)
            choices.append(port.Constant(port.Every((whole, *named)), score))
    for length in range(min(count, HEAD_WORDS), 1, -1):
        score = _BEGINS * length / min(count, HEAD_WORDS)
        choices.append(port.Constant(port.AnyOf("head", (begin_key(list(words[:length])),)), score))
    if count == 1:
        choices.append(port.Constant(port.AnyOf("head", (words[0],)), _BEGINS / 2))
    return choices


def filtered(query: port.Query, filters: Mapping[str, tuple[str, ...]], *, but: str = "") -> port.Query:
    """The documents of `query` that have one of the chosen values of every facet, the facet `but` aside."""
    parts = [f for name, values in sorted(filters.items()) if name != but and values and (f := _filter(name, values))]
    return port.Every((query, *parts)) if parts else query


def _filter(name: str, values: tuple[str, ...]) -> port.Query:
    if name != "year":
        return port.AnyOf(f"facets.{name}", values)
    ranges = [r for r in map(language.years, values) if r is not None]
    spans = tuple(port.Between("year", r.low, r.high) for r in ranges)
    return port.Some(spans) if spans else port.Nothing()


def more_like(document: Document) -> port.Query:
    """Documents that share names, subjects or words of the title with this one, nearest first, without it."""
    parts: list[port.Query] = []
    for name in dict.fromkeys(search_key(c) for c in document.creators):
        if name:
            parts.append(port.Weighted(port.Phrase("creator", tuple(name.split())), 1.5))
    for subject in dict.fromkeys(search_key(s) for s in document.subjects):
        if subject:
            parts.append(port.Phrase("subject", tuple(subject.split())))
    words = [w for w in search_key(f"{document.title} {document.subtitle}").split() if len(w) > 2]
    parts += [port.Weighted(port.Term("title", w), 0.7) for w in list(dict.fromkeys(words))[:_RANKED_WORDS]]
    if not parts:
        return port.Nothing()
    itself = port.AnyOf("id", (f"{document.kind}:{document.key}",))
    return port.Without(port.Some(tuple(parts)), itself)


class _Shown:
    """The words a hit may show: those asked for, not those excluded."""

    def __init__(self) -> None:
        self.words: dict[str, None] = {}
        self.patterns: list[str] = []

    def take(self, node: language.Node) -> None:
        match node:
            case language.Word(text, _) | language.Quoted(text, _):
                for found in chunks(text):
                    self.words.update(dict.fromkeys([*found.folded.split(), *found.joined.split()]))
            case language.Pattern(text):
                query = _pattern(text, "")
                if isinstance(query, port.Wildcard):
                    self.patterns.append(query.pattern)
            case language.In(name, inner):
                if name in language.TEXT_FIELDS:
                    self.take(inner)
            case language.And(parts) | language.Or(parts):
                for part in parts:
                    self.take(part)
