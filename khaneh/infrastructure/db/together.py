"""The writes of an act as one statement, and what it asks as another: one message to PostgreSQL in place of one for each row.

A part is made by the domain whose rows it writes or reads, so that whoever puts them together knows no table of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from khaneh.infrastructure.db.prepared import fetch_one


class Write(NamedTuple):
    """One INSERT, UPDATE or DELETE with values by name, `%(name)s`; it may end with RETURNING id."""

    statement: str
    values: Mapping[str, Any]


def write(**parts: Write) -> dict[str, int]:
    """Execute the parts at once; gives the id of each that returns one. One statement, prepared once for the same parts.

    A part may name the id of one before it, `(SELECT id FROM decision)`, and sees nothing else of what the others write; triggers that come
    after a row come after all parts. What must be seen, or locked in an order, is a statement of its own.
    """
    statement, names, returning = _composed(tuple((name, part.statement) for name, part in parts.items()))
    values = {names[name][key]: value for name, part in parts.items() for key, value in part.values.items()}
    row = fetch_one(statement, values) or ()
    return dict(zip(returning, row, strict=False))


class Read(NamedTuple):
    """One SELECT that gives a row or none, with values by name, how many columns it has, and what is made of its row.

    The first column is never null. `made` is given None where there is no row.
    """

    statement: str
    values: Mapping[str, Any]
    columns: int
    made: Callable[[tuple[Any, ...] | None], Any]


def read(**parts: Read) -> dict[str, Any]:
    """Execute the parts at once; gives what is made of each. One statement, prepared once for the same parts; all see the same rows."""
    statement, names = _joined(tuple((name, part.statement) for name, part in parts.items()))
    row = fetch_one(
        statement, {names[name][key]: value for name, part in parts.items() for key, value in part.values.items()}
    )
    found, at = {}, 0
    for name, part in parts.items():
        own = (row or ())[at : at + part.columns]
        at += part.columns
        found[name] = part.made(own if own and own[0] is not None else None)
    return found


class _Names(dict[str, str]):
    """A part's values by what they are called beside those of other parts."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def __missing__(self, key: str) -> str:
        name = self[key] = f"{self._part}.{key}"
        return name


@lru_cache(maxsize=64)
def _composed(parts: tuple[tuple[str, str], ...]) -> tuple[str, dict[str, _Names], tuple[str, ...]]:
    """The statement, what each part's values are called in it, and the parts that return an id."""
    with_parts = ", ".join(f"{name} AS ({_short(text).replace('%(', f'%({name}.')})" for name, text in parts)
    returning = tuple(name for name, text in parts if "RETURNING id" in text)
    asked = ", ".join(f"(SELECT id FROM {name})" for name in returning) or "1"  # noqa: S608 - names from our code
    return f"WITH {with_parts} SELECT {asked}", {name: _Names(name) for name, _ in parts}, returning


@lru_cache(maxsize=64)
def _joined(parts: tuple[tuple[str, str], ...]) -> tuple[str, dict[str, _Names]]:
    """The statement, and what each part's values are called in it."""
    columns = ", ".join(f"part_{name}.*" for name, _ in parts)
    texts = "".join(
        f" LEFT JOIN ({_short(text).replace('%(', f'%({name}.')}) AS part_{name} ON true" for name, text in parts
    )
    return f"SELECT {columns} FROM (VALUES (1)) AS one{texts}", {name: _Names(name) for name, _ in parts}  # noqa: S608


def _short(text: str) -> str:
    """A statement without its lines: the driver takes one of more than 4,096 signs apart anew at every execution."""
    return " ".join(text.split())
