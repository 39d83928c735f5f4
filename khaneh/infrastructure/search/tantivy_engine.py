"""Search in process, on tantivy. Knows folders and tantivy's queries; what the words mean is not known here.

Layout of the folder: `live` holds the name of the live generation; each generation is a folder of its own, made beside and put in place
by renaming `live`. Readers notice by a glance at two files before each question; there is nothing to notify.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from khaneh.infrastructure.search import port
from khaneh.infrastructure.search.tantivy_facets import Wanted, count_values

_WRITER_MEMORY = 60_000_000  # bytes
_MOST_BULK_MEMORY = 4_200_000_000  # what tantivy takes at most; a million records need a quarter of it
_DEAR = 0.003  # seconds of counting facets that are worth remembering …
_REMEMBERED = 500  # … and how many such answers are: the next page, another order and a frequent word ask for the same
_STAMP = "fields.json"  # says which fields a generation was made for


Counted = dict[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class _View:
    """A generation as of one commit, and what facets it was asked to count; the next commit begins with an empty memory."""

    mark: tuple[object, ...]
    generation: str
    index: tantivy.Index
    counted: dict[tuple[port.FacetCounts, ...], Counted] = field(default_factory=dict)

    def remember(self, asked: tuple[port.FacetCounts, ...], counted: Counted) -> None:
        while len(self.counted) >= _REMEMBERED:
            self.counted.pop(next(iter(self.counted)), None)
        self.counted[asked] = counted


class TantivyEngine:
    """See `port.Engine`. One object a process; safe for threads."""

    def __init__(self, folder: Path, fields: port.Fields) -> None:
        self._folder = folder
        self._fields = fields
        self._schema = _schema(fields)
        self._lock = threading.Lock()
        self._opened: _View | None = None

    def live(self) -> str | None:
        """The live generation's name, or None when the folder has none that these fields can read."""
        with contextlib.suppress(OSError):
            name = (self._folder / "live").read_text().strip()
            if name and self._made_for_these_fields(name) and (self._folder / name / "meta.json").exists():
                return name
        return None

    def _made_for_these_fields(self, name: str) -> bool:
        try:
            stamp = json.loads((self._folder / name / _STAMP).read_text())
        except (OSError, ValueError):
            return False
        return bool(stamp == _stamp(self._fields))

    def _view(self) -> _View:
        """The live generation as of its last commit."""
        pointer = self._folder / "live"
        for _ in range(5):  # a generation may be swapped away between two steps
            try:
                seen = os.stat(pointer)
                opened = self._opened
                name = opened.generation if opened else ""
                mark: tuple[object, ...] = (seen.st_ino, seen.st_mtime_ns)
                if opened is None or opened.mark[:2] != mark:
                    name = self.live() or ""
                    if not name:
                        break
                meta = os.stat(self._folder / name / "meta.json")
                mark += (meta.st_ino, meta.st_mtime_ns, meta.st_size)
                if opened is None or opened.mark != mark:
                    with self._lock:
                        opened = self._reopen(name, mark)
                return opened
            except FileNotFoundError:
                self._opened = None
            except ValueError as error:
                if (self._folder / "live").exists() and "not found" not in str(error).lower():
                    raise
        raise port.IndexMissing(str(self._folder))

    def _searcher(self) -> tantivy.Searcher:
        return self._view().index.searcher()

    def _reopen(self, name: str, mark: tuple[object, ...]) -> _View:
        current = self._opened
        if current is not None and current.mark == mark:
            return current
        if current is not None and current.generation == name and current.mark[:2] == mark[:2]:
            index = current.index
        else:
            index = self._open(name)
        index.reload()
        self._opened = _View(mark, name, index)
        return self._opened

    def _open(self, generation: str) -> tantivy.Index:
        path = self._folder / generation
        if not (path / "meta.json").exists() or not self._made_for_these_fields(generation):
            raise port.IndexMissing(str(path))
        index = tantivy.Index.open(str(path))
        index.config_reader("manual")
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", whitespace)
        return index

    def ask(self, ask: port.Ask) -> port.Answer:
        """Answer from the live generation, as of its last commit."""
        view = self._view()
        searcher = view.index.searcher()
        build = _Build(self._schema)
        if ask.limit:
            total, found = self._page(searcher, build, ask)
        else:
            total, found = _count(searcher, build(ask.query)), ()
        facets = view.counted.get(ask.facets)
        if facets is None:
            started = time.perf_counter()
            facets = self._facets(searcher, build, ask.facets)
            if time.perf_counter() - started > _DEAR:
                view.remember(ask.facets, facets)
        return port.Answer(total=total, found=found, facets=facets)

    def _page(self, searcher: tantivy.Searcher, build: _Build, ask: port.Ask) -> tuple[int, tuple[port.Found, ...]]:
        if ask.order is None or ask.order.first is None:
            return self._found(searcher, build(ask.query), ask)
        before, found = self._found(searcher, build(port.Every((ask.query, ask.order.first))), ask)
        # At least one is asked for, because the count is needed even where the page is full.
        rest = replace(ask, offset=max(0, ask.offset - before), limit=max(1, ask.limit - len(found)))
        after, others = self._found(searcher, build(port.Without(ask.query, ask.order.first)), rest)
        return before + after, (*found, *others)[: ask.limit]

    @staticmethod
    def _found(searcher: tantivy.Searcher, query: Query, ask: port.Ask) -> tuple[int, tuple[port.Found, ...]]:
        if ask.order is None:
            result = searcher.search(query, limit=ask.limit, offset=ask.offset, count=True)
        else:
            order = tantivy.Order.Desc if ask.order.descending else tantivy.Order.Asc
            result = searcher.search(
                query, limit=ask.limit, offset=ask.offset, count=True, order_by_field=ask.order.field, order=order
            )
        found: list[port.Found] = []
        for score, address in result.hits:
            document = searcher.doc(address)
            named = document.get_first("id")
            shown = document.get_first("show")
            value = float(score) if ask.order is None else 0.0
            found.append(port.Found(id=str(named), show=bytes(shown or b""), score=value))
        return int(result.count), tuple(found)  # type: ignore[attr-defined]  # its stub forgets it

    def _facets(self, searcher: tantivy.Searcher, build: _Build, wanted: Sequence[port.FacetCounts]) -> Counted:
        """Every facet over the same documents is counted in one pass."""
        groups: dict[port.Query, list[port.FacetCounts]] = {}
        for facet in wanted:
            groups.setdefault(facet.query, []).append(facet)
        counted: Counted = {}
        for over, facets in groups.items():

            def alone(path: str, value: str, over: port.Query = over) -> int:
                return _count(searcher, build(port.Every((over, port.AnyOf(path, (value,))))))

            asked = {f.key: Wanted(self._path(f.name), f.size) for f in facets}
            found = count_values(searcher, build(over), asked, alone)
            for facet in facets:
                values = found[facet.key]
                known = {value for value, _ in values}
                others = [(v, alone(self._path(facet.name), v)) for v in facet.always if v not in known]
                counted[facet.key] = (*values, *others)
        return counted

    def _path(self, facet: str) -> str:
        return f"{self._fields.facets}.{facet}"

    def counts(self, queries: Sequence[port.Query]) -> list[int]:
        """How many documents answer each query."""
        searcher = self._searcher()
        build = _Build(self._schema)
        return [_count(searcher, build(query)) for query in queries]

    def near(self, name: str, word: str, limit: int) -> list[tuple[str, int]]:
        """The most frequent words that begin with its first letter, with its first two, or with these changed over."""
        searcher = self._searcher()
        stems = [s for s in dict.fromkeys((word[:1], word[:2], word[1:2] + word[:1])) if s]
        found = {w: n for stem in stems for w, n in searcher.terms_with_prefix(name, stem, limit=limit)}
        found.pop(word, None)
        return list(found.items())

    def create(self, generation: str) -> None:
        """Make an empty generation beside the live one."""
        path = self._folder / generation
        path.mkdir(parents=True)
        tantivy.Index(self._schema, path=str(path))
        _order_only(path / "meta.json", self._fields.orders)
        (path / _STAMP).write_text(json.dumps(_stamp(self._fields)))

    @contextlib.contextmanager
    def writer(self, generation: str, *, bulk: bool = False) -> Iterator[port.Writer]:
        """Write to a generation. The folder's own lock keeps a second writer out."""
        writer = self._open(generation).writer(_bulk_memory() if bulk else _WRITER_MEMORY, num_threads=1)
        try:
            yield _TantivyWriter(writer, self._schema)
            if bulk:
                writer.commit()
        finally:
            # Ends the merges too: an index that is left with hundreds of segments answers slowly.
            writer.wait_merging_threads()

    def publish(self, generation: str) -> None:
        """Rename the pointer, then remove what it does not point at."""
        draft = self._folder / f".live-{os.getpid()}"
        draft.write_text(generation)
        with draft.open("rb") as handle:
            os.fsync(handle.fileno())
        draft.replace(self._folder / "live")
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != generation:
                shutil.rmtree(path, ignore_errors=True)

    def size(self) -> int:
        """How many documents the live generation has; 0 when there is none."""
        try:
            return int(self._searcher().num_docs)
        except port.IndexMissing:
            return 0

    def describe(self) -> dict[str, Any]:
        """Engine, folder, generation, documents."""
        return {"engine": "tantivy", "where": str(self._folder), "generation": self.live(), "documents": self.size()}


class _TantivyWriter:
    """See `port.Writer`."""

    def __init__(self, writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        self._writer = writer
        self._schema = schema

    def put(self, documents: Sequence[tuple[str, bytes]]) -> None:
        self.delete([name for name, _ in documents])
        self.add(documents)

    def add(self, documents: Sequence[tuple[str, bytes]]) -> None:
        add = self._writer.add_json
        for _, body in documents:
            add(body.decode())

    def delete(self, ids: Iterable[str]) -> None:
        for name in ids:
            self._writer.delete_documents_by_term("id", name)

    def commit(self) -> None:
        self._writer.commit()


def _bulk_memory() -> int:
    """A third of the memory there is. What fits becomes one segment, over which facets are counted in one pass without a doubt."""
    there = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    with contextlib.suppress(OSError, ValueError):  # a container's share, where it has one
        there.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return max(_WRITER_MEMORY, min(min(there) // 3, _MOST_BULK_MEMORY))


def _count(searcher: tantivy.Searcher, query: Query) -> int:
    found = searcher.search(query, limit=1, count=True)
    return int(found.count)  # type: ignore[attr-defined]  # its stub forgets it


def _stamp(fields: port.Fields) -> dict[str, Any]:
    return {
        "tantivy": metadata.version("tantivy"),
        "version": fields.version,
        "fields": [*fields.text, *fields.words, *fields.integers, *fields.orders, fields.facets],
    }


def _schema(fields: port.Fields) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in fields.text:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in fields.words:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in fields.integers:
        # Ranges are read from the fast field: a list of postings a value would be a third of its cost for nothing.
        builder.add_integer_field(name, indexed=False, fast=True)
    for name in fields.orders:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_json_field(fields.facets, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("show", stored=True)
    return builder.build()


def _order_only(meta: Path, fields: Iterable[str]) -> None:
    """Take the postings of fields that are only sorted by out of a new index: a tenth of its work and size, and nobody searches them.

    The engine knows text without postings; the builder of its Python package has no word for it, so its own description is changed.
    """
    described = json.loads(meta.read_text())
    for one in described["schema"]:
        if one["name"] in fields:
            one["options"].pop("indexing", None)
    meta.write_text(json.dumps(described))


class _Build:
    """Turns the port's tree into tantivy's."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def __call__(self, query: port.Query) -> Query:
        build: Any = getattr(self, "_" + type(query).__name__.strip("_").lower())
        built: Query = build(query)
        return built

    def _everything(self, query: port.Everything) -> Query:
        return Query.all_query()

    def _nothing(self, query: port.Nothing) -> Query:
        return Query.empty_query()

    def _term(self, query: port.Term) -> Query:
        return Query.term_query(self._schema, query.field, query.word, index_option="freq")

    def _anyof(self, query: port.AnyOf) -> Query:
        if len(query.words) == 1:
            term = Query.term_query(self._schema, query.field, query.words[0], index_option="basic")
            return Query.const_score_query(term, 1.0)
        return Query.term_set_query(self._schema, query.field, list(query.words))

    def _phrase(self, query: port.Phrase) -> Query:
        if len(query.words) == 1:
            return self._term(port.Term(query.field, query.words[0]))
        return Query.phrase_query(self._schema, query.field, list(query.words))

    def _wildcard(self, query: port.Wildcard) -> Query:
        pattern = "".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in query.pattern)
        return Query.regex_query(self._schema, query.field, pattern)

    def _between(self, query: port.Between) -> Query:
        return Query.range_query(self._schema, query.field, tantivy.FieldType.Integer, query.low, query.high)

    def _every(self, query: port.Every) -> Query:
        if len(query.parts) == 1:
            return self(query.parts[0])
        return Query.boolean_query([(Occur.Must, self(part)) for part in query.parts])

    def _some(self, query: port.Some) -> Query:
        if len(query.parts) == 1:
            return self(query.parts[0])
        return Query.boolean_query([(Occur.Should, self(part)) for part in query.parts], query.least)

    def _best(self, query: port.Best) -> Query:
        if len(query.parts) == 1:
            return self(query.parts[0])
        return Query.disjunction_max_query([self(part) for part in query.parts])

    def _without(self, query: port.Without) -> Query:
        return Query.boolean_query([(Occur.Must, self(query.query)), (Occur.MustNot, self(query.excluded))])

    def _weighted(self, query: port.Weighted) -> Query:
        return Query.boost_query(self(query.query), query.weight)

    def _constant(self, query: port.Constant) -> Query:
        return Query.const_score_query(self(query.query), query.score)

    def _ranked(self, query: port.Ranked) -> Query:
        boosts = [(Occur.Should, self(boost)) for boost in query.boosts]
        return Query.boolean_query([(Occur.Must, self(query.query)), *boosts])
