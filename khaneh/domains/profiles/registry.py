"""Who keeps texts that people are compared with. Higher domains register; a job has the model read what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from khaneh.domains.profiles.types import Told

# Gives the texts that are compared at present, each as it will be asked about. A bounded number of statements for some hundreds.
Source = Callable[[], Iterable[Told]]
_sources: dict[str, Source] = {}


def register_texts(name: str, source: Source) -> None:
    """Have the texts of a source read; registered again under its name it replaces itself."""
    _sources[name] = source


def texts() -> Iterator[Told]:
    """Everything that all sources have compared."""
    for name in sorted(_sources):
        yield from _sources[name]()
