"""Search and suggestions over every kind of thing that can be found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.discovery import queries, registry
from khaneh.domains.discovery.types import Piece, SearchRequest
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Language, Page, Words

router = Router(tags=["search"])

# The domains have registered their facets by the time that addresses are read.
_NAMES = "|".join(facet.name for facet in registry.facets())


class Wanted(Page):
    """What is asked."""

    q: Words = Field("", description="Words, phrases, fields, AND OR NOT, wildcards")
    facet: list[Annotated[str, Field(max_length=500, pattern=rf"^({_NAMES}):[^\x00]+$")]] = Field(
        [], max_length=60, description="`facet=name:value`, again for each; values of one facet are alternatives"
    )
    count: list[Annotated[str, Field(pattern=f"^({_NAMES})$")]] = Field(
        [], max_length=20, description="Facets to count; none by default"
    )
    sort: Literal["relevance", "title", "newest", "oldest", "added"] = "relevance"
    limit: int = Field(20, ge=1, le=200, description="How many at most")
    language: Language = Field("en", description="Of labels, and of the order of titles")


class Typed(Schema):
    """What has been typed so far."""

    q: Words
    language: Language = "en"
    limit: int = Field(8, ge=1, le=20)


class Highlight(Schema):
    """A stretch of text as it was written; `hit` where it answers the query."""

    text: str
    hit: bool


class Found(Schema):
    """One result. `id` is that of its own address under this API where `kind` is record or work; `extra` depends on the kind."""

    kind: str
    id: int
    title: str
    subtitle: str
    creators: list[str]
    year: int | None
    score: float
    highlights: dict[str, list[Highlight]]
    extra: dict[str, Any]


class FacetCount(Schema):
    """A value and how many results it has, not counting this facet's own filter."""

    value: str
    name: str
    count: int
    selected: bool


class Results(Schema):
    """A page of results."""

    total: int
    hits: list[Found]
    facets: dict[str, list[FacetCount]]
    did_you_mean: list[str]
    relaxed: bool
    milliseconds: float


class SuggestionOut(Schema):
    """Something the reader may be typing."""

    text: str
    kind: str
    id: int | None
    count: int


@router.get("/search", response={200: Results, 422: Problem}, summary="Search records, works, houses, organisations")
def search(request: HttpRequest, wanted: Query[Wanted]) -> Results:
    """Words, "phrases", title: author: subject: isbn: fields, AND OR NOT, wildcards* and year:1990..2000."""
    page = queries.search(
        SearchRequest(
            text=wanted.q,
            filters=_filters(wanted.facet),
            sort=wanted.sort,
            offset=wanted.offset,
            limit=wanted.limit,
            facets=tuple(dict.fromkeys(wanted.count)),
            language=wanted.language,
        )
    )
    return Results(
        total=page.total,
        hits=[
            Found(
                kind=hit.kind,
                id=hit.key,
                title=hit.title,
                subtitle=hit.subtitle,
                creators=list(hit.creators),
                year=hit.year,
                score=hit.score,
                highlights={name: _pieces(pieces) for name, pieces in hit.highlights.items()},
                extra=dict(hit.payload),
            )
            for hit in page.hits
        ],
        facets={
            name: [
                FacetCount(
                    value=v.value, name=_name(name, v.value, wanted.language), count=v.count, selected=v.selected
                )
                for v in values
            ]
            for name, values in page.facets.items()
        },
        did_you_mean=list(page.did_you_mean),
        relaxed=page.relaxed,
        milliseconds=round(page.milliseconds, 3),
    )


@router.get("/suggest", response={200: list[SuggestionOut], 422: Problem}, summary="Suggestions while typing")
def suggest(request: HttpRequest, typed: Query[Typed]) -> list[SuggestionOut]:
    """Titles, authors, subjects and places that begin so; forgives missing marks and a wrong keyboard layout."""
    return [
        SuggestionOut(text=found.text, kind=found.kind, id=found.key or None, count=found.count)
        for found in queries.suggest(typed.q, typed.language, limit=typed.limit)
    ]


def _filters(given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for one in given:
        name, _, value = one.partition(":")
        filters[name] = (*filters.get(name, ()), value)
    return filters


def _name(facet_name: str, value: str, language: str) -> str:
    facet = registry.facet(facet_name)
    return facet.describe(value, language) if facet and facet.describe else value


def _pieces(pieces: Iterable[Piece]) -> list[Highlight]:
    return [Highlight(text=piece.text, hit=piece.hit) for piece in pieces]
