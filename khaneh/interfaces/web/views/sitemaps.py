"""The map of the site for search engines: an index, and parts by kind and by the numbers of what they list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from khaneh.domains.catalogue.queries.extent import last_record_id, records_between
from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web import reader
from khaneh.kernel.actor import VISITOR

# The protocol permits 50,000 addresses a part; each stands here once, with its three languages.
PART = 10_000
_TEXTS = ("home", "houses", "organisations", "companies", "mentors", "spaces", "about", "privacy", "accessibility")


@require_safe
@cache_control(public=True, max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    """Which parts there are. One statement."""
    parts = [("pages", 0), ("houses", 0), ("organisations", 0), ("spaces", 0)]
    parts += [("records", start) for start in range(0, last_record_id() + 1, PART)]
    locations = [settings.SITE_URL + reverse("sitemap-part", args=part) for part in parts]
    return render(request, "web/files/sitemap_index.xml", {"locations": locations}, content_type="application/xml")


def _entries(kind: str, start: int) -> Iterator[tuple[str, str]]:
    if kind == "pages":
        yield from ((reverse(name), "") for name in _TEXTS)
    elif kind == "houses":
        ids = chain.from_iterable(network.public_house_ids())
        rows = network.houses_by_ids(ids, actor=VISITOR, now=timezone.now())
        yield from ((reverse("house", args=[row.code]), "") for row in rows.values())
    elif kind == "organisations":
        refs = network.organisation_refs(chain.from_iterable(network.organisation_ids()))
        yield from ((reverse("organisation", args=[ref.code]), "") for ref in refs.values())
    elif kind == "spaces":
        yield from ((reverse("space", args=[number]), "") for number in chain.from_iterable(spaces.public_space_ids()))
    elif kind == "records" and start % PART == 0:
        for number, changed_at in records_between(start, start + PART - 1):
            yield reverse("record", args=[number]), changed_at.date().isoformat()
    else:
        raise Http404


@require_safe
@cache_control(public=True, max_age=3600)
def part(request: HttpRequest, kind: str, start: int) -> HttpResponse:
    """The addresses of one part. A bounded number of statements."""
    entries = [(settings.SITE_URL + path, changed) for path, changed in _entries(kind, start)]
    context = {"entries": entries, "codes": list(reader.LANGUAGES)}
    return render(request, "web/files/sitemap_part.xml", context, content_type="application/xml")
