"""The front door: one box, what is new, houses near, the network in numbers."""

from __future__ import annotations

from itertools import zip_longest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import Hit, SearchRequest
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseFilter
from khaneh.interfaces.web import reader, results
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound

_NEW = 14
_LOOKED_AT = 60  # one library's delivery is often in one language; the shelf shows several
_HOUSES = 3


def _mixed(hits: tuple[Hit, ...]) -> list[Hit]:
    """The newest of each language in turn."""
    by_language: dict[str, list[Hit]] = {}
    for hit in hits:
        by_language.setdefault(next(iter(hit.payload.get("languages", ())), ""), []).append(hit)
    in_turn = zip_longest(*by_language.values())
    return [hit for turn in in_turn for hit in turn if hit is not None][:_NEW]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page. Everything shown is counted or found at this moment; the index answers for records, tables for houses."""
    who = reader.current()
    actor, now = actor_of(request), timezone.now()
    new = discovery.search(
        SearchRequest(
            filters={"kind": ("record",)},
            sort="added",
            limit=_LOOKED_AT,
            facets=("available", "kind"),
            highlights=False,
        )
    )
    mine = None
    if who.house:
        try:
            mine = network.house(who.house, actor=actor, now=now).row
        except NotFound:
            mine = None  # the cookie names a house that is gone
    near = (
        (mine.latitude, mine.longitude) if mine and mine.latitude is not None and mine.longitude is not None else None
    )
    # Without a house to start from: the great libraries, one of which is the nearest to everybody.
    wanted = HouseFilter(near=near) if near else HouseFilter(kinds=frozenset({"central_library"}))
    houses = network.houses(wanted, actor=actor, now=now, language=who.language, limit=_HOUSES)
    held = {value.value: value.count for value in new.facets.get("kind", ())}
    search_url = settings.SITE_URL + reverse("search")
    context = {
        "hide_header_search": True,
        "new": results.results(_mixed(new.hits)),
        "ready": new.ready,
        "records": new.total,
        "available": sum(value.count for value in new.facets.get("available", ())),
        "houses": houses.rows,
        "houses_total": held.get("house", 0),
        "organisations_total": held.get("organisation", 0),
        "mine": mine,
        "json_ld": {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": _("Khaneh"),
            "url": settings.SITE_URL + "/",
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": search_url + "?q={search_term_string}"},
                "query-input": "required name=search_term_string",
            },
        },
    }
    return render(request, "web/home.html", context)
