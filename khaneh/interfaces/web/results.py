"""A hit of the index as a list shows it: what it is, where it is, whether one can have it and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries.pages import WorkShelf
from khaneh.domains.catalogue.types import script_read
from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Hit, Piece
from khaneh.interfaces.web import reader, wording
from khaneh.kernel.labels import Label

_ICONS = {
    "record": "book",
    "work": "work",
    "house": "house",
    "organisation": "organisation",
    "author": "author",
    "subject": "subject",
    "space": "room",
    "course": "list",
    "event": "calendar",
    "vacancy": "person",
    "mentor": "person",
    "call": "list",
    "standard": "check",
    "need": "info",
    "offer": "share",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One line of results. `kind` is the word for what it is; empty strings and None are not shown."""

    url: str
    icon: str
    kind: str
    is_text: bool  # wears a cover
    title: tuple[Piece, ...]
    plain_title: str
    subtitle: tuple[Piece, ...]
    creators: tuple[Piece, ...]
    author: str
    year: int | None
    languages: tuple[str, ...]
    language_code: str
    publisher: str
    edition: str
    snippet: tuple[Piece, ...]
    houses: tuple[str, ...]
    more_houses: int
    place: str
    online: str
    copies: int | None
    available: int
    editions: int
    key: int
    keep: str = ""  # the address that puts it on one's list


def url_of(kind: str, key: int, payload: Mapping[str, Any]) -> str:
    """The address of what was found."""
    if kind in {"record", "work"}:
        return f"{_before_number(kind)}{key}"
    if kind == "standard" and payload.get("code"):
        return reverse("standard-version", args=[payload["code"], payload["version"]])
    if kind == "organisation" and payload.get("profile"):
        return reverse("company", args=[payload["code"]])
    if kind in {"house", "organisation", "course"} and payload.get("code"):
        return reverse(kind, args=[payload["code"]])
    if kind in {"space", "vacancy", "event", "call", "mentor"}:
        return f"{_before_number(kind)}{key}"
    if kind in {"need", "offer"}:
        return f"{_before_number('exchange-posting')}{key}"
    return ""


@lru_cache(maxsize=8)
def _before_number(kind: str) -> str:
    """The address of a record or work up to its number, which is the last thing in it: looked up once and not for every line."""
    return reverse(kind, args=[0]).removesuffix("0")


def icon_of(kind: str, payload: Mapping[str, Any] | None = None) -> str:
    """An icon's name for a kind of thing."""
    if kind == "record" and payload and payload.get("form") in wording.FORMS:
        return str(payload["form"])
    return _ICONS.get(kind, "mixed")


def _said(payload: Mapping[str, Any], name: str, language: str) -> str:
    value = payload.get(name)
    return Label.from_dict(value).pick(language) if isinstance(value, Mapping) else str(value or "")


def results(hits: Sequence[Hit]) -> list[Result]:
    """The lines of a page. No statement: the index keeps what a line says, at most seconds old.

    But for works: where their copies are is asked, one statement for all of them, because a work would be indexed anew at every loan.
    """
    language = reader.current().language
    shelves = catalogue.work_shelves([hit.key for hit in hits if hit.kind == "work"])
    return [_result(hit, language, shelves.get(hit.key) if hit.kind == "work" else None) for hit in hits]


def _called(hit: Hit, language: str) -> Hit:
    """A work under the name that it has in letters the reader reads; nothing is marked in a name that was not searched."""
    called = hit.payload.get("called", {}).get(script_read(language))
    if not called or called[0] == hit.title:
        return hit
    title, subtitle, creators = called
    return replace(hit, title=title, subtitle=subtitle, creators=tuple(creators), highlights={})


@lru_cache(maxsize=2)
def _keeping(subject: str) -> str:
    return f"{reverse('account-list-add')}?{subject}="


def _result(hit: Hit, language: str, shelf: WorkShelf | None) -> Result:
    if hit.kind == "work":
        hit = _called(hit, language)
    payload = hit.payload
    kind = registry.kind(hit.kind)
    form = payload.get("form", "")
    word = wording.form_name(form, language) if form else kind.label.pick(language) if kind else hit.kind
    names = _said(payload, "names", language)
    title = names or hit.title
    highlighted = hit.highlights.get("title", ()) if title == hit.title else ()
    codes = tuple(payload.get("languages", ()))
    houses = shelf.houses if shelf else tuple(payload.get("houses", ()))
    return Result(
        url=url_of(hit.kind, hit.key, payload),
        icon=icon_of(hit.kind, payload),
        kind=_("Work") if hit.kind == "work" else _said(payload, "kind_names", language) or word,
        is_text=hit.kind in {"record", "work"},
        title=highlighted or (Piece(title),),
        plain_title=title,
        subtitle=hit.highlights.get("subtitle") or ((Piece(hit.subtitle),) if hit.subtitle else ()),
        creators=hit.highlights.get("creators") or ((Piece(" · ".join(hit.creators)),) if hit.creators else ()),
        author=hit.creators[0] if hit.creators else "",
        year=hit.year,
        languages=tuple(wording.language_name(code, language) for code in codes[:3]),
        language_code=codes[0] if codes else "",
        publisher=str(payload.get("publisher", "")),
        edition=str(payload.get("edition", "")),
        snippet=hit.highlights.get("text", ()),
        houses=tuple(wording.facet_value("house", code, language) for code in houses[:2]),
        more_houses=max(0, len(houses) - 2),
        place=_said(payload, "region", language),
        online=next(iter(payload.get("online", ())), ""),
        copies=shelf.copies if shelf else payload.get("copies") if hit.kind == "record" else None,
        available=shelf.available if shelf else payload.get("available", 0),
        editions=payload.get("editions", 0) if hit.kind == "work" else 0,
        key=hit.key,
        keep=f"{_keeping(hit.kind)}{hit.key}" if hit.kind in {"record", "work"} else "",
    )
