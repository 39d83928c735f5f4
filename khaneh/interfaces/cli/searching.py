"""`khaneh search` and `khaneh reindex`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import click

from khaneh.interfaces.cli import exits, output, runtime
from khaneh.interfaces.cli.exits import Failed

_LANGUAGES = ("en", "fa", "vi")


@click.command(
    epilog="""\b
Examples:
  khaneh search "truyện kiều"
  khaneh search "شاهنامه" --facet kind=record --facet language=per --json
  khaneh search "" --limit 0 --json          the facets of everything
"""
)
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0, 1000))
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0))
@click.option(
    "--facet", "facets", multiple=True, metavar="KEY=VALUE", help="Only what has this value; may be repeated."
)
@click.option(
    "--sort", default="relevance", show_default=True, metavar="ORDER", help="relevance, title, newest, oldest, added."
)
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(_LANGUAGES), help="Of labels and of the order."
)
@output.json_option
def search(
    query: str, limit: int, offset: int, facets: tuple[str, ...], sort: str, language: str, as_json: bool
) -> int:
    """Search as the site's one box does. QUERY may use phrases, fields, AND, OR, NOT and wildcards.

    Leaves with 1 when there is no index yet.
    """
    filters = _filters(facets)
    with runtime.ready():
        from django.utils import translation

        with translation.override(language):
            return _search(query, limit, offset, filters, sort, language, as_json)


@click.command(epilog="Example: khaneh reindex")
@output.json_option
def reindex(as_json: bool) -> int:
    """Build the search index afresh from the database, while the site is in use, and then put it in place."""
    import time

    began = time.monotonic()
    with runtime.ready():
        documents = rebuild_index()
    seconds = time.monotonic() - began
    if as_json:
        rate = documents / seconds if seconds else 0
        output.write_json(
            {"documents": documents, "seconds": round(seconds, 3), "documents_per_second": round(rate, 1)}
        )
    else:
        click.echo(f"{output.number(documents)} documents in {output.duration(seconds)}")
    return exits.DONE


def rebuild_index() -> int:
    """Build the index with progress; the number of documents. Raises Failed when another process is at it."""
    from khaneh.domains.discovery import services as discovery

    with output.progress("index", "documents") as told:
        try:
            return discovery.rebuild(progress=told)
        except discovery.RebuildRunning as error:
            raise Failed("another process is building the index") from error


def until_findable() -> bool:
    """Return when every change so far can be found, written here or by the worker; False when that takes too long."""
    from khaneh.domains.discovery import services as discovery

    return discovery.drain_now(timeout=3600)


def _filters(facets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, list[str]] = defaultdict(list)
    for facet in facets:
        name, equals, value = facet.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"{facet!r} is not KEY=VALUE", param_hint="--facet")
        filters[name].append(value)
    return {name: tuple(values) for name, values in filters.items()}


def _search(
    query: str, limit: int, offset: int, filters: dict[str, tuple[str, ...]], sort: str, language: str, as_json: bool
) -> int:
    from khaneh.domains.catalogue import queries as catalogue
    from khaneh.domains.discovery import queries, registry
    from khaneh.domains.discovery.types import SearchRequest

    known = {facet.name: facet for facet in registry.facets()}
    if unknown := sorted(filters.keys() - known.keys()):
        raise click.BadParameter(f"no facet {unknown[0]!r}; there are {', '.join(known)}", param_hint="--facet")
    page = queries.search(
        SearchRequest(
            text=query,
            filters=filters,
            sort=sort,  # type: ignore[arg-type]
            offset=offset,
            limit=limit,
            facets=tuple(known),
            language=language,  # type: ignore[arg-type]
            highlights=not as_json,
        )
    )
    if not page.ready:
        raise Failed("there is no index yet: khaneh reindex builds it, and so does khaneh serve")
    numbers = catalogue.control_numbers([hit.key for hit in page.hits if hit.kind == "record"])
    hits = [
        {
            "id": hit.key,
            "kind": hit.kind,
            "title": hit.title,
            "creator": "; ".join(hit.creators),
            "year": hit.year,
            "control_numbers": list(numbers.get(hit.key, ())) if hit.kind == "record" else [],
            "score": round(hit.score, 4),
        }
        for hit in page.hits
    ]
    if as_json:
        shown = {
            name: [{"value": value.value, "count": value.count, "selected": value.selected} for value in values]
            for name, values in page.facets.items()
        }
        found = {"total": page.total, "hits": hits, "facets": shown, "milliseconds": round(page.milliseconds, 2)}
        output.write_json({**found, "did_you_mean": list(page.did_you_mean)})
    else:
        _print(page.total, page.milliseconds, hits, page.did_you_mean)
    return exits.DONE


def _print(total: int, milliseconds: float, hits: list[dict[str, Any]], instead: tuple[str, ...]) -> None:
    click.echo(f"{output.number(total)} found in {milliseconds:.1f} ms")
    if instead:
        click.echo(f"did you mean: {', '.join(instead)}")
    for hit in hits:
        facts = ", ".join(str(fact) for fact in (hit["creator"], hit["year"]) if fact)
        click.echo(f"{hit['kind']}/{hit['id']}  {hit['title']}" + (f"  [{facts}]" if facts else ""))
