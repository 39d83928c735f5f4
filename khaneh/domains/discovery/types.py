"""What can be found, and what is asked and answered. Frozen values: no Django, no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from khaneh.kernel.labels import Label

Language = Literal["fa", "vi", "en"]
Sort = Literal["relevance", "title", "newest", "oldest", "added"]
SORTS: tuple[Sort, ...] = ("relevance", "title", "newest", "oldest", "added")
LONGEST_OFFSET = 10_000  # further pages are refused: nobody reads them and engines pay for them


class Document(NamedTuple):
    """One thing that can be found, as text for people; the index derives its keys and keeps `title`, `creators` and `payload`.

    `kind` and `key` name it; all else may be empty. Facet values are codes (`per`, `Arab`) or text for people (an author's name); a
    hierarchical one is a path of codes from the top, joined by '/'.
    """

    kind: str
    key: int
    title: str
    subtitle: str = ""
    titles: tuple[str, ...] = ()  # further titles: romanised, uniform, variant, in other languages, of series
    creators: tuple[str, ...] = ()  # names as shown
    names: tuple[str, ...] = ()  # further forms of names: romanised, contributors, statements of responsibility
    subjects: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    text: tuple[str, ...] = ()  # summary, contents, notes: the first is quoted in a hit
    identifiers: tuple[str, ...] = ()  # ISBN, ISSN, control numbers, codes, with or without hyphens
    facets: Mapping[str, tuple[str, ...]] = {}
    year: int | None = None  # Gregorian
    added: datetime | None = None
    sort: str = ""  # the title as it is filed, where that is not the title
    payload: Mapping[str, Any] = {}  # JSON values the result list needs; not searched


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document and where its documents come from.

    `documents(keys)` gives the documents of those keys that exist and may be found by everybody, in any order: what is missing is
    taken out of the index. It is called with up to 1,000 keys and should cost a bounded number of statements and under 40 µs a
    document. `all_keys()` gives every key in lists of at most 1,000. Both must be importable functions: a rebuild calls them in
    several processes.

    `within(keys)` names the documents of other kinds, as (kind, key), that are made of these and are to be written anew with them.
    """

    name: str
    label: Label
    documents: Callable[[list[int]], Iterable[Document]]
    all_keys: Callable[[], Iterator[list[int]]]
    within: Callable[[list[int]], Iterable[tuple[str, int]]] | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a result. `describe(value, language)` names a code for people; text facets need none."""

    name: str
    label: Label
    hierarchical: bool = False
    size: int = 12  # values shown
    describe: Callable[[str, str], str] | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many results it would leave or, when other values of the facet are selected, add."""

    value: str
    count: int
    selected: bool = False


class Piece(NamedTuple):
    """A stretch of text as it was written; `hit` when it answers the query."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `highlights` has an entry for title, creators and text where something in them answers the query."""

    kind: str
    key: int
    title: str
    subtitle: str
    creators: tuple[str, ...]
    year: int | None
    payload: Mapping[str, Any]
    score: float
    highlights: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked. `filters` are facet values (any of a facet's values, all of the facets) and `year` as '1990..2000', '..1950'.

    `facets` names those to count. `offset` beyond LONGEST_OFFSET gives no hits. `language` orders titles and is the reader's.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    language: Language = "en"
    highlights: bool = True


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What is answered. `ready` is false while there is no index to ask; `did_you_mean` holds texts that do find something.

    `relaxed`: no document has all the words, these have most of them. Values of the year facet are decades, written '1990..1999'.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()
    milliseconds: float = 0.0
    ready: bool = True
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the reader may be typing: `text` to show and search for; `key` is 0 unless it is one document."""

    text: str
    kind: str  # a kind's name, or author | subject
    key: int = 0
    count: int = 1
