"""What a search engine must do, and the query tree it is asked in. Pure values and protocols; no engine is imported here.

Everything an engine sees is analysed already: text fields hold words separated by spaces, and a query names whole words. So two engines
give the same matches for the same tree, and neither knows a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Fields:
    """The index's fields by what is done with them. `id` (a keyword) and `show` (stored bytes) are always there too.

    text: words with their places; words: words without places; integers: ranges and order; orders: keys to sort by, as text;
    facets: one field of many named values, filtered and counted as 'facets.NAME'.
    """

    text: tuple[str, ...]
    words: tuple[str, ...]
    integers: tuple[str, ...]
    orders: tuple[str, ...]
    facets: str
    version: int  # a new one makes every index stale


class Query:
    """A node of the tree an engine answers."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Everything(Query):
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing(Query):
    """No document."""


@dataclass(frozen=True, slots=True)
class Term(Query):
    """Documents whose field has the word; scored by BM25."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class AnyOf(Query):
    """Documents whose field has one of the words; every match scores 1."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase(Query):
    """Documents whose field has the words side by side in this order."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wildcard(Query):
    """Documents with a word that fits: '*' stands for any characters and '?' for one. Every match scores 1."""

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Between(Query):
    """Documents whose integer lies within the bounds, which are included; None leaves a side open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Every(Query):
    """Documents that answer all parts; scores add up."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Some(Query):
    """Documents that answer at least `least` of the parts; scores add up."""

    parts: tuple[Query, ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Best(Query):
    """Documents that answer one of the parts; the highest score counts alone."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without(Query):
    """Documents that answer `query` and not `excluded`."""

    query: Query
    excluded: Query


@dataclass(frozen=True, slots=True)
class Weighted(Query):
    """The same documents, the score multiplied."""

    query: Query
    weight: float


@dataclass(frozen=True, slots=True)
class Constant(Query):
    """The same documents, each with this score."""

    query: Query
    score: float


@dataclass(frozen=True, slots=True)
class Ranked(Query):
    """The documents of `query`; those that also answer a boost get its score on top."""

    query: Query
    boosts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Count a facet's values over `query`: the `size` most frequent, and those in `always` even where they are rarer."""

    name: str
    query: Query
    size: int
    always: tuple[str, ...] = ()
    answer_as: str = ""  # the name in the answer, where it is not the facet's own

    @property
    def key(self) -> str:
        """The name under which the answer has the counts."""
        return self.answer_as or self.name


@dataclass(frozen=True, slots=True)
class Order:
    """By a field of integers or orders; documents without a value come last.

    Documents that answer `first` stand before all others: one stored order serves readers who begin at different places.
    """

    field: str
    descending: bool = False
    first: Query | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One page of results. Without `order` the best first."""

    query: Query
    offset: int = 0
    limit: int = 20
    order: Order | None = None
    facets: tuple[FacetCounts, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One document found: its id, what was stored for showing it, and its score (0 when ordered by a field)."""

    id: str
    show: bytes
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results, with exact totals."""

    total: int
    found: tuple[Found, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


class IndexMissing(Exception):
    """There is no index of this version to read or write."""


class EngineAway(IndexMissing):
    """The engine does not answer: no node of a cluster can be reached, or none has the time. What it holds may be whole."""


class Writer(Protocol):
    """Changes to one index. Nothing is visible before `commit`; leaving without it forgets what was not committed."""

    def put(self, documents: Sequence[tuple[str, bytes]]) -> None:
        """Add or replace documents: (id, analysed fields as a JSON object that has that `id` and `show` in base64)."""
        ...

    def add(self, documents: Sequence[tuple[str, bytes]]) -> None:
        """Add documents whose ids the index does not have: for building afresh."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        ...

    def commit(self) -> None:
        """Make everything so far durable and visible."""
        ...


class Engine(Protocol):
    """An engine holds generations of one index, of which one is live. Generations are named by their makers."""

    def live(self) -> str | None:
        """The live generation's name, or None when there is none that can be read with these fields."""
        ...

    def ask(self, ask: Ask) -> Answer:
        """Answer from the live generation. Raises IndexMissing."""
        ...

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """How many documents answer each query. Raises IndexMissing."""
        ...

    def near(self, name: str, word: str, limit: int) -> list[tuple[str, int]]:
        """Words of a field that a slip or two of the fingers may have made into `word`, each with its number of documents.

        A superset, of at most about `limit`, for the caller to choose from. Raises IndexMissing.
        """
        ...

    def create(self, generation: str) -> None:
        """Make an empty generation beside the live one."""
        ...

    def writer(self, generation: str, *, bulk: bool = False) -> AbstractContextManager[Writer]:
        """Write to a generation; only one writer at a time. `bulk` takes more memory and merges at the end. Raises IndexMissing."""
        ...

    def publish(self, generation: str) -> None:
        """Make a generation the live one, at once for everybody, and remove the others."""
        ...

    def size(self) -> int:
        """How many documents the live generation has; 0 when there is none."""
        ...

    def describe(self) -> dict[str, Any]:
        """What an operator may want to know: engine, generation, documents."""
        ...
