"""One line of a table, cell by cell: text turned into values, with a problem noted for each cell that is none.

A column that the file does not have leaves what is known; an empty cell empties it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from khaneh.domains.network.types import Problem
from khaneh.kernel.calendars import latin_digits, parse_date, parse_time
from khaneh.kernel.labels import Label

_Value = TypeVar("_Value")
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})


class Cells:
    """The cells of a line; `problems` fills while they are read."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: list[Problem] = []

    def text(self, column: str, known: str = "") -> str:
        """As written."""
        return self._cells.get(column, known)

    def required(self, column: str) -> str:
        """As written; empty is a problem."""
        text = self._cells.get(column, "")
        if not text:
            self.note(column, "required")
        return text

    def note(self, column: str, code: str, **facts: object) -> None:
        """Add a problem."""
        self.problems.append(Problem(column, code, facts))

    def number(self, column: str, known: float | None = None) -> float | None:
        """A decimal number, with point or comma, in any digits."""
        return self._read(column, known, _decimal, "number")

    def whole(self, column: str, known: int | None = None) -> int | None:
        """A whole number, in any digits."""
        return self._read(column, known, lambda text: int(latin_digits(text).replace(" ", "")), "whole_number")

    def flag(self, column: str, known: bool | None = None) -> bool | None:
        """1 or 0, yes or no, true or false."""
        return self._read(column, known, _flag, "flag")

    def date(self, column: str, known: date | None = None) -> date | None:
        """A day in either calendar."""
        return self._read(column, known, parse_date, "date")

    def time(self, column: str, known: int | None = None) -> int | None:
        """A time of day, as minutes after midnight."""
        return self._read(column, known, parse_time, "time")

    def times(self, column: str) -> tuple[int, ...]:
        """Times of day between semicolons, each as minutes after midnight."""
        found = self._read(
            column, None, lambda text: tuple(parse_time(part.strip()) for part in text.split(";")), "time"
        )
        return found or ()

    def choice(self, column: str, known: _Value | None, choices: Mapping[str, _Value]) -> _Value | None:
        """One of some words."""
        return self._read(column, known, lambda text: choices[text.lower()], "not_in_list")

    def label(self, prefix: str, known: Label) -> Label:
        """Three columns: `name_en`, `name_fa`, `name_vi`."""
        return Label(*(self.text(f"{prefix}_{language}", getattr(known, language)) for language in Label._fields))

    def words(self, column: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Several, between semicolons."""
        if column not in self._cells:
            return known
        return tuple(word.strip() for word in self._cells[column].split(";") if word.strip())

    def _read(self, column: str, known: _Value | None, reader: Callable[[str], _Value], code: str) -> _Value | None:
        if column not in self._cells:
            return known
        text = self._cells[column]
        if not text:
            return None
        try:
            return reader(text)
        except (ValueError, KeyError):
            self.note(column, code, value=text[:80])
            return None


def _decimal(text: str) -> float:
    number = float(latin_digits(text).replace("٫", ".").replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _flag(text: str) -> bool:
    word = latin_digits(text).lower()
    if word not in _YES | _NO:
        raise ValueError(text)
    return word in _YES
