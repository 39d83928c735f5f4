"""Regions and countries: where they lie, how deprived they are by which version, and the days that differ there."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.types import LIBRARY_KINDS, REGION_LEVELS, HouseFilter, RegionLevel, RegionRow
from khaneh.interfaces.web import maps, reader
from khaneh.interfaces.web.desk.gate import MANAGERS, staffed
from khaneh.interfaces.web.desk.templatetags.desk_calendar import country_word
from khaneh.interfaces.web.requests import actor_of


@staffed(MANAGERS)
@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """The countries with their provinces and districts."""
    rows = [row for row in queries.regions() if row.level is not RegionLevel.COMMUNE]
    countries = sorted({row.country for row in rows} | set(queries.countries()))
    context = {
        "section": "regions",
        "countries": [(code, [row for row in rows if row.country == code]) for code in countries],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Regions"), "")],
    }
    return render(request, "desk/regions.html", context)


@staffed(MANAGERS)
@require_safe
def region(request: HttpRequest, code: str) -> HttpResponse:
    """One region."""
    language = reader.current().language
    rows = queries.regions(below=code)
    row = next((one for one in rows if one.code == code), None)
    if row is None:
        raise Http404
    actor = actor_of(request)
    entries = queries.holidays_of_region(row.id, today=timezone.now().date())
    crumbs = [
        (_("Desk"), reverse("desk")),
        (_("Regions"), reverse("desk-regions")),
        (country_word(row.country), reverse("desk-country", args=[row.country])),
        *((ref.names.pick(language), reverse("desk-region", args=[ref.code])) for ref in row.ancestors),
    ]
    title = row.names.pick(language)
    context = {
        "section": "regions",
        "region": row,
        "level": REGION_LEVELS[row.level].pick(language),
        "title": title,
        "below": [one for one in rows if one.parent_id == row.id],
        "history": queries.decile_history(code),
        "drawing": _drawing(request, row),
        "own": [entry for entry in entries if entry.draft.scope_code == code],
        "above": [entry for entry in entries if entry.draft.scope_code != code and entry.next_day is not None],
        "mine": permissions.may_administer(actor, queries.place_of_region(row.id)),
        "crumbs": [*crumbs, (title, "")],
    }
    return render(request, "desk/region.html", context)


@staffed(MANAGERS)
@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """A country: its holidays and its provinces."""
    if code not in queries.countries():
        raise Http404
    title = country_word(code)
    context = {
        "section": "regions",
        "code": code,
        "title": title,
        "provinces": queries.regions(country=code, level=RegionLevel.PROVINCE),
        "own": queries.holidays_of_country(code, today=timezone.now().date()),
        "mine": permissions.may_administer(actor_of(request), queries.place_of_country(code)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Regions"), reverse("desk-regions")), (title, "")],
    }
    return render(request, "desk/country.html", context)


def _drawing(request: HttpRequest, row: RegionRow) -> maps.Drawing | None:
    """The province's map; a commune has no outline of its own and is shown within its district's."""
    collection = queries.map_of(
        HouseFilter(region_code=row.code),
        actor=actor_of(request),
        now=timezone.now(),
        language=reader.current().language,
    )
    return next(iter(maps.drawings(collection, libraries=LIBRARY_KINDS, tile_url=settings.TILE_URL)), None)
