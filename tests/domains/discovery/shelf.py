"""A kind of document for tests: books on a shelf, kept in a table of their own making (a dictionary), found through the real engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from khaneh.domains.discovery.types import Document, Kind
from khaneh.kernel.labels import Label

BOOKS: dict[int, Document] = {}


def put(key: int, title: str, **more: object) -> Document:
    """Place a book; other fields of Document by name."""
    BOOKS[key] = Document(kind="book", key=key, title=title, **more)  # type: ignore[arg-type]
    return BOOKS[key]


def documents(keys: list[int]) -> Iterable[Document]:
    return [BOOKS[key] for key in keys if key in BOOKS]


def all_keys() -> Iterator[list[int]]:
    keys = sorted(BOOKS)
    for start in range(0, len(keys), 1000):
        yield keys[start : start + 1000]


BOOK = Kind("book", Label(en="Book", fa="کتاب", vi="Sách"), documents, all_keys)
