"""What a command says: results to stdout (as text, or as JSON and nothing else), progress to stderr (a bar, or plain lines in a log)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import click
import orjson

_LINE_SECONDS = 5  # between two progress lines where there is no terminal

json_option = click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output.")


def write_json(value: Any, *, compact: bool = False) -> None:
    """One JSON document (or, compact, one line) to stdout."""
    option = 0 if compact else orjson.OPT_INDENT_2
    sys.stdout.write(orjson.dumps(value, option=option | orjson.OPT_NON_STR_KEYS).decode() + "\n")


def number(value: float) -> str:
    """A figure for people: `12,345`."""
    return f"{value:,.0f}"


def duration(seconds: float) -> str:
    """`8.3 s`, `2 min 5 s`, `1 h 4 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def say(text: str) -> None:
    """A line for the person who waits, on stderr."""
    click.echo(text, err=True)


class Progress(Protocol):
    """Told how far the work is."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """`done` of `total` units (None: not known)."""


@contextmanager
def progress(label: str, unit: str) -> Iterator[Progress]:
    """A bar on a terminal; in a log, a line every few seconds with rate and time left."""
    if sys.stderr.isatty():
        yield from _bar(label, unit)
        return
    yield _Lines(label, unit)


def _bar(label: str, unit: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TextColumn(unit), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def update(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield update


class _Lines:
    def __init__(self, label: str, unit: str) -> None:
        self._label, self._unit = label, unit
        self._start = self._said = time.monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        if now - self._said < _LINE_SECONDS:
            return
        self._said = now
        rate = done / (now - self._start)
        line = f"{self._label}: {number(done)}"
        if total:
            line += f" of {number(total)}"
        line += f" {self._unit}, {number(rate)} a second"
        if total and rate:
            line += f", {duration(max(total - done, 0) / rate)} left"
        say(line)
