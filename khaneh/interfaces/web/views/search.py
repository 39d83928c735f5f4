"""Search: the results with their facets, and suggestions while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import LONGEST_OFFSET, SORTS, FacetValue, SearchRequest
from khaneh.interfaces.web import paging, reader, results, wording
from khaneh.kernel.calendars import Calendar, JalaliDate, latin_digits, local_digits
from khaneh.kernel.labels import Label

PAGE = 20
_LONGEST_QUERY = 300
_SORT_NAMES: Mapping[str, Label] = {
    "relevance": Label("Best match", "مرتبط‌ترین", "Phù hợp nhất"),
    "title": Label("Title", "عنوان", "Nhan đề"),
    "newest": Label("Newest", "تازه‌ترین", "Mới nhất"),
    "oldest": Label("Oldest", "کهن‌ترین", "Cũ nhất"),
    "added": Label("Latest arrivals", "تازه‌رسیده‌ها", "Mới nhập về"),
}


class _Value(NamedTuple):
    name: str
    number: int
    selected: bool
    url: str
    depth: int = 0


class _FacetView(NamedTuple):
    name: str
    label: str
    values: tuple[_Value, ...]
    open: bool


class _Applied(NamedTuple):
    label: str
    value: str
    url: str


def _filters(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """The facet values asked for. Names that are no facets are not ours to understand."""
    found = {}
    for facet in registry.facets():
        values = tuple(dict.fromkeys(value for value in request.GET.getlist(facet.name) if 0 < len(value) <= 200))[:20]
        if values:
            found[facet.name] = values
    return found


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The address's parameters, without those that belong to one page of it."""
    return [(name, value) for name, values in request.GET.lists() if name not in {"page", "lang"} for value in values]


def _toggled(path: str, asked: list[tuple[str, str]], name: str, value: str) -> str:
    """The same address with a facet's value added or, if it is there, taken out."""
    pair = (name, value)
    if pair in asked:
        return f"{path}?{urlencode([other for other in asked if other != pair])}"
    # A page has a hundred such links, and all begin alike.
    return f"{path}?{_encoded(tuple(asked))}{_quoted(name)}={_quoted(value)}"


# Most values of facets are those of the page before.
_quoted = lru_cache(maxsize=4096)(quote_plus)


@lru_cache(maxsize=64)
def _encoded(asked: tuple[tuple[str, str], ...]) -> str:
    return f"{urlencode(asked)}&" if asked else ""


def year_words(value: str) -> str:
    """A range of years, `1990..1999`, in the reader's digits and calendar."""
    first, _, last = value.partition("..")
    who = reader.current()
    shown = []
    for year in (first, last) if ".." in value else (first,):
        if year.isdecimal() and who.calendar is Calendar.JALALI and 1800 <= int(year) <= 2100:
            year = str(int(year) - 621)
        shown.append(_digits(year))
    return "–".join(shown)


def _digits(text: str) -> str:
    return local_digits(text, reader.current().language)


def _word(name: str, value: str) -> str:
    return year_words(value) if name == "year" else wording.facet_value(name, value, reader.current().language)


def _facet_views(request: HttpRequest, facets: Mapping[str, tuple[FacetValue, ...]]) -> list[_FacetView]:
    language = reader.current().language
    asked = _asked(request)
    views = []
    for facet in registry.facets():
        values = [value for value in facets.get(facet.name, ()) if value.value]
        if not values or (len(values) == 1 and facet.name == "kind" and not values[0].selected):
            continue
        if facet.hierarchical:
            values = _opened(values)
        shown = tuple(
            _Value(
                _word(facet.name, v.value),
                v.count,
                v.selected,
                _toggled(request.path, asked, facet.name, v.value),
                _depth(v.value) if facet.hierarchical else 0,
            )
            for v in values
        )
        is_open = facet.name in {"kind", "available", "language", "form", "region"} or any(v.selected for v in values)
        views.append(_FacetView(facet.name, facet.label.pick(language), shown, is_open))
    return views


def _depth(path: str) -> int:
    return min(2, path.count("/"))


def _opened(values: list[FacetValue]) -> list[FacetValue]:
    """Of a tree the top, and what lies directly below a selected value; each below its parent, the most frequent first."""
    known = {value.value: value for value in values}
    selected = {value.value for value in values if value.selected}
    shown = []
    for value in values:
        parent = value.value.rpartition("/")[0]
        if parent not in known or parent in selected or value.selected:
            shown.append(value)

    def place(value: FacetValue) -> list[tuple[int, str]]:
        parts = value.value.split("/")
        paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        return [(-known[path].count if path in known else 0, path) for path in paths]

    return sorted(shown, key=place)


def _year(text: str) -> str:
    """A typed year as a Gregorian one; Jalali ones are recognised by their size. Empty when it is no year."""
    digits = latin_digits(text.strip())
    if not digits.isdecimal() or len(digits) > 4:
        return ""
    year = int(digits)
    return str(JalaliDate(year, 7, 1).to_gregorian().year if 1200 <= year <= 1500 and _reads_jalali() else year)


def _reads_jalali() -> bool:
    return reader.current().calendar is Calendar.JALALI


def _with_years(request: HttpRequest) -> HttpResponse:
    first, last = _year(request.GET.get("from", "")), _year(request.GET.get("to", ""))
    query = request.GET.copy()
    for name in ("from", "to", "page", "year"):
        query.pop(name, None)
    if first or last:
        query["year"] = f"{first}..{last}"
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The results page, or only its changing part when htmx asks for it."""
    if "from" in request.GET or "to" in request.GET:
        return _with_years(request)
    who = reader.current()
    text = request.GET.get("q", "").strip()[:_LONGEST_QUERY]
    filters = _filters(request)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ("relevance" if text else "added")
    page = min(paging.page_number(request), LONGEST_OFFSET // PAGE)
    names = tuple(facet.name for facet in registry.facets())
    found = discovery.search(
        SearchRequest(
            text=text,
            filters=filters,
            sort=sort,
            offset=(page - 1) * PAGE,
            limit=PAGE,
            facets=names,
            language=who.language,  # type: ignore[arg-type]
        )
    )
    if not found.total and found.did_you_mean and "typed" not in request.GET:
        # Another keyboard, Telex, a slip: what was meant finds something under the same filters, so nobody has to ask twice.
        return HttpResponseRedirect(paging.address(request, q=found.did_you_mean[0], typed=text))
    asked = _asked(request)
    first, _, last = (filters.get("year", ("",))[0]).partition("..")
    context: dict[str, Any] = {
        "hide_header_search": True,
        "query": text,
        "typed": request.GET.get("typed", "").strip()[:_LONGEST_QUERY],
        "found": found,
        "results": results.results(found.hits),
        "facets": _facet_views(request, found.facets),
        "applied": [
            _Applied(
                facet.label.pick(who.language),
                _word(facet.name, value),
                _toggled(request.path, asked, facet.name, value),
            )
            for facet in registry.facets()
            for value in filters.get(facet.name, ())
        ],
        "clear_url": paging.address(request, **dict.fromkeys((*names, "page"))),
        "kept": [(name, value) for name, values in filters.items() for value in values]
        + ([("sort", sort)] if "sort" in request.GET else []),
        "kept_but_year": [(n, v) for n, values in filters.items() if n != "year" for v in values],
        "year_first": _shown_year(first),
        "year_last": _shown_year(last),
        "sort": sort,
        "sorts": [(name, _SORT_NAMES[name].pick(who.language), paging.address(request, sort=name)) for name in SORTS],
        "pager": paging.pager(request, total=found.total, size=PAGE, most=LONGEST_OFFSET),
        "meant": [(other, paging.address(request, q=other, typed=None)) for other in _told_apart(found.did_you_mean)],
        "first_number": (page - 1) * PAGE + 1,
        "last_number": (page - 1) * PAGE + len(found.hits),
    }
    partial = request.headers.get("HX-Target") == "results"
    response = render(request, "web/search/answer.html" if partial else "web/search/page.html", context)
    patch_vary_headers(response, ["HX-Target", "Cookie"])
    return response


def _told_apart(texts: tuple[str, ...]) -> list[str]:
    """The texts, of those that differ in capitals only the first."""
    return list({text.casefold(): text for text in reversed(texts)}.values())[::-1]


def _shown_year(year: str) -> str:
    if not year.isdecimal():
        return ""
    return _digits(str(int(year) - 621) if _reads_jalali() and int(year) >= 1800 else year)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What the typed text may become: a list of options, or the JSON that browsers' address bars read."""
    text = request.GET.get("q", "").strip()[:_LONGEST_QUERY]
    language = reader.current().language
    found = discovery.suggest(text, language) if text else ()  # type: ignore[arg-type]
    if request.GET.get("format") == "json":
        return JsonResponse([text, [one.text for one in found]], safe=False)
    options = [
        {
            "text": one.text,
            "icon": results.icon_of(one.kind),
            "kind": _kind_word(one.kind, language),
            "count": one.count,
            "url": _suggested(one.kind, one.key, one.text),
        }
        for one in found
    ]
    response = render(request, "web/search/suggestions.html", {"options": options})
    response["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(response, ["Cookie"])
    return response


def _kind_word(kind: str, language: str) -> str:
    registered = registry.kind(kind) or registry.facet(kind)
    return registered.label.pick(language) if registered else ""


def _suggested(kind: str, key: int, text: str) -> str:
    if key and kind in {"record", "work"}:
        return reverse(kind, args=[key])
    if kind in {"author", "subject"}:
        return reverse(kind, args=[text])
    return f"{reverse('search')}?q={quote(text)}"
