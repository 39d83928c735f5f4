"""What can be found of a record and what a list shows, as one JSON value made once from its description. Pure.

It holds the texts of a `discovery.Document` without what changes from day to day (copies, houses, availability), so that building the
whole index reads rows and parses no MARC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import orjson

from khaneh.formats.marc.description import Description, Text

_MANY = 40  # subjects, names, titles: what is beyond helps nobody to find anything
_LONG = 2_000  # characters of a text


def document_json(own: Description, numbers: Sequence[str] = ()) -> str:
    """The stored form of `document`."""
    return orjson.dumps(document(own, numbers)).decode()


def document(own: Description, numbers: Sequence[str] = ()) -> dict[str, Any]:
    """Texts by the names of `discovery.Document`'s fields; empty ones are left out.

    `numbers` are the control numbers of the record's contributions, where the description is of several.
    """
    titles = _once(
        (
            own.title.romanised,
            own.subtitle.romanised,
            *own.uniform_title,
            *own.part,
            *chain.from_iterable(own.variant_titles),
            *chain.from_iterable(own.series),
        )
    )
    authors: list[str] = []
    names: list[str] = []
    for agent in own.agents:
        (authors if agent.role in _MAKERS else names).append(agent.name)
        names.append(agent.romanised)
    creators = _once(authors)
    if not creators and own.agents:
        creators.append(own.agents[0].name)
    names += own.responsibility
    subjects = _once([subject.heading for subject in own.subjects])
    romanised = _once([subject.romanised for subject in own.subjects])
    publishers = _once([name for one in own.publications for name in (one.publisher, one.place, one.romanised)])
    passages = _once([own.summary[:_LONG], own.contents[:_LONG], *[note[:_LONG] for note in own.notes[:6]]])
    if not numbers and own.control_number:
        numbers = (
            own.control_number,
            *((f"({own.control_source}){own.control_number}",) if own.control_source else ()),
        )
    identifiers = [*numbers, *own.isbns, *own.issns, *own.other_numbers, *own.classifications]
    facets: dict[str, Any] = {"form": (own.form,)}
    for name, values in (
        ("language", own.languages),
        ("script", own.scripts),
        ("author", creators),
        ("subject", subjects),
        ("genre", own.genres),
    ):
        if values:
            facets[name] = tuple(values[:_MANY])
    if own.year is not None:
        facets["year"] = (str(own.year),)
    online = [link.target for link in own.links if link.kind == "online" and link.target]
    if online or own.carrier == "online":
        facets["digital"] = ("yes",)
    title = own.title.value
    found: dict[str, Any] = {
        "title": _with_part(title, own.part),
        "subtitle": own.subtitle.value,
        "titles": titles[:_MANY],
        "creators": creators[:_MANY],
        "names": _once(names)[:_MANY],
        "subjects": [*subjects, *romanised][: 2 * _MANY],
        "publishers": publishers[:_MANY],
        "text": passages,
        "identifiers": list(dict.fromkeys(identifiers))[:_MANY],
        "year": own.year,
        "facets": facets,
        "payload": {
            "form": own.form,
            "languages": own.languages,
            "edition": own.edition.value,
            "publisher": own.publications[0].publisher if own.publications else "",
            "place": own.publications[0].place if own.publications else "",
            "date": own.year_as_written,
            "extent": own.extent,
            "isbn": own.isbns[0] if own.isbns else "",
            "control_numbers": [number for number in numbers if not number.startswith("(")][:8],
            "online": online[:1],
        },
    }
    found["payload"] = {name: value for name, value in found["payload"].items() if value}
    return {name: value for name, value in found.items() if value or name == "title"}


_MAKERS = frozenset(("creator", "aut", "cmp", "art", "pht", "lyr", "cre"))


def _with_part(title: str, part: Text) -> str:
    return f"{title}. {part.value}" if part.value else title


def _once(values: Iterable[str]) -> list[str]:
    """What is said, each once."""
    return list(dict.fromkeys(filter(None, values)))
