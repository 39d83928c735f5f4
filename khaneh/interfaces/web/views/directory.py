"""The directory: houses as list and map, a house's page, organisations and an organisation's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import SearchRequest
from khaneh.domains.events import queries as events
from khaneh.domains.exchange import queries as exchange
from khaneh.domains.founding import queries as founding
from khaneh.domains.learning import queries as learning
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import (
    FACILITIES,
    HOUSE_KINDS,
    LIBRARY_KINDS,
    ORGANISATION_KINDS,
    SECTORS,
    HouseDetail,
    HouseFilter,
    HouseRow,
    HouseState,
    OrganisationFilter,
    RegionLevel,
    is_sector,
    sector_name,
)
from khaneh.domains.placements import queries as placements
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web import maps, paging, reader, results
from khaneh.interfaces.web.events.calendar import by_day
from khaneh.interfaces.web.founding.public import card as passport_card
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import cards
from khaneh.kernel.calendars import WEEKDAYS
from khaneh.kernel.refusal import NotFound

PAGE = 24
_NEWEST = 12
# So many events and courses of a house stand on its page; all of them are a press away.
_COMING = 4


class _Day(NamedTuple):
    weekday: str
    spans: tuple[tuple[int, int], ...]
    holiday: str
    today: bool


def _near(request: HttpRequest) -> tuple[float, float] | None:
    """Where the reader is, if the address says so: `near=18.68,105.67`."""
    parts = request.GET.get("near", "").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def _filter(request: HttpRequest) -> HouseFilter:
    kind = request.GET.get("kind", "")
    kinds = (
        LIBRARY_KINDS
        if kind == "libraries"
        else frozenset(HOUSE_KINDS) - LIBRARY_KINDS
        if kind == "innovation"
        else {kind}
    )
    return HouseFilter(
        text=request.GET.get("text", "").strip()[:100],
        kinds=frozenset(kinds) & frozenset(HOUSE_KINDS),
        region_code=request.GET.get("region", "")[:80],
        facilities=frozenset(request.GET.getlist("facility")) & frozenset(FACILITIES),
        open_now=request.GET.get("open") == "1",
        near=_near(request),
    )


@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """The directory, as a list or as maps. A bounded number of statements."""
    who = reader.current()
    wanted = _filter(request)
    is_map = request.GET.get("view") == "map"
    actor, now = actor_of(request), timezone.now()
    page = paging.page_number(request)
    context: dict[str, Any] = {
        "wanted": wanted,
        "kind": request.GET.get("kind", ""),
        "near": request.GET.get("near", ""),
        "is_map": is_map,
        "list_url": paging.address(request, view=None),
        "map_url": paging.address(request, view="map"),
        "kinds": [(code, label.pick(who.language)) for code, label in HOUSE_KINDS.items()],
        "facilities": [(code, label.pick(who.language)) for code, label in FACILITIES.items()],
        "regions": region_choices(wanted.region_code),
        "filtered": any(request.GET.get(name) for name in ("text", "kind", "region", "facility", "open")),
    }
    if is_map:
        levels = (RegionLevel.PROVINCE, RegionLevel.DISTRICT)
        collection = network.map_of(wanted, actor=actor, now=now, language=who.language, levels=levels)
        context["drawings"] = maps.drawings(
            collection, libraries=LIBRARY_KINDS, chosen=who.house, tile_url=settings.TILE_URL
        )
        context["total"] = sum(feature["properties"]["thing"] == "house" for feature in collection["features"])
    else:
        found = network.houses(
            wanted, actor=actor, now=now, language=who.language, offset=(page - 1) * PAGE, limit=PAGE
        )
        context |= {
            "houses": found.rows,
            "total": found.total,
            "pager": paging.pager(request, total=found.total, size=PAGE),
        }
    return render(request, "web/directory/houses.html", context)


def _week(detail: HouseDetail) -> list[_Day]:
    language = reader.current().language
    return [
        _Day(
            WEEKDAYS[day.isoweekday()].pick(language),
            tuple((span.opens, span.closes) for span in spans),
            holiday.pick(language) if holiday else "",
            today=number == 0,
        )
        for number, (day, spans, holiday) in enumerate(detail.week)
    ]


def _json_ld(detail: HouseDetail) -> dict[str, Any]:
    row = detail.row
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Library" if row.kind in LIBRARY_KINDS else "CivicStructure",
        "@id": settings.SITE_URL + reverse("house", args=[row.code]),
        "url": settings.SITE_URL + reverse("house", args=[row.code]),
        "name": row.names.pick(reader.current().language),
        "alternateName": sorted({name for name in row.names if name}),
        "address": row.address,
        "telephone": detail.phone,
        "email": detail.email,
        "sameAs": detail.website,
        "geo": {"@type": "GeoCoordinates", "latitude": row.latitude, "longitude": row.longitude}
        if row.latitude is not None
        else None,
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": f"https://schema.org/{days[weekly.weekday - 1]}",
                "opens": _clock(weekly.span.opens),
                "closes": _clock(weekly.span.closes),
            }
            for weekly in detail.weekly
        ],
        "containedInPlace": {"@type": "Place", "name": row.ancestors[-1].names.en} if row.ancestors else None,
    }
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _house_map(row: HouseRow, request: HttpRequest) -> maps.Drawing | None:
    if row.latitude is None or not row.regions:
        return None
    wanted = HouseFilter(region_code=row.regions[0].code)
    collection = network.map_of(wanted, actor=actor_of(request), now=timezone.now(), language=reader.current().language)
    drawn = maps.drawings(collection, libraries=LIBRARY_KINDS, chosen=row.code, tile_url=settings.TILE_URL)
    return next((drawing for drawing in drawn if any(point.chosen for point in drawing.points)), None)


def _coming(row: HouseRow, *, now: datetime) -> dict[str, Any]:
    """What is on at a house next, and the courses in which one may enrol there; of one that is not open only what there is."""
    found = events.coming_of_house(row.id, now=now, limit=_COMING + 1)
    given = learning.courses(now=now, house_id=row.id, enrolling=True, limit=_COMING)
    runs = learning.next_runs([course.id for course in given.rows], now=now) if given.rows else {}
    return {
        "days": by_day(found[:_COMING], now),
        "more_events": len(found) > _COMING,
        "courses": [(course, runs.get(course.id)) for course in given.rows],
        "more_courses": given.total > _COMING,
        "is_open": row.state is HouseState.OPEN,
    }


@require_safe
def house(request: HttpRequest, code: str) -> HttpResponse:
    """A house's page: when it is open, where it is, what is on, what is in it, what is new there."""
    language = reader.current().language
    now = timezone.now()
    detail = network.house(code, actor=actor_of(request), now=now)
    row = detail.row
    path = "/".join([*(ref.code for ref in row.ancestors), row.code])
    newest = discovery.search(
        SearchRequest(filters={"house": (path,), "kind": ("record",)}, sort="added", limit=_NEWEST, highlights=False)
    )
    crumbs = [(_("Home"), reverse("home")), (_("Houses"), reverse("houses"))]
    crumbs += [(ref.names.pick(language), f"{reverse('houses')}?region={ref.code}") for ref in row.regions[:1]]
    crumbs += [(ref.names.pick(language), reverse("house", args=[ref.code])) for ref in row.ancestors]
    context = {
        "detail": detail,
        "house": row,
        "kind": HOUSE_KINDS[row.kind],
        "is_library": row.kind in LIBRARY_KINDS,
        "week": _week(detail),
        "facilities": [(code, FACILITIES[code].pick(language)) for code in row.facilities if code in FACILITIES],
        "spaces": cards.cards(request, spaces.spaces_of_house(row.id), personal=False)
        if row.state is HouseState.OPEN
        else [],
        **_coming(row, now=now),
        **_passport(row, now=now),
        "newest": results.results(newest.hits),
        "newest_total": newest.total,
        "house_path": path,
        "drawing": _house_map(row, request),
        "crumbs": [*crumbs, (row.names.pick(language), "")],
        "json_ld": _json_ld(detail),
        "is_mine": reader.current().house == row.code,
    }
    return render(request, "web/directory/house.html", context)


def _passport(row: HouseRow, *, now: datetime) -> dict[str, Any]:
    """What the house's passport says, where it has one. One statement where it has none."""
    found = founding.passport_of(row.id, today=now.date())
    return passport_card(found) if found is not None else {}


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The register of organisations."""
    language = reader.current().language
    kind, sector = request.GET.get("kind", ""), request.GET.get("sector", "")
    wanted = OrganisationFilter(
        text=request.GET.get("text", "").strip()[:100],
        kinds=frozenset({kind}) & frozenset(ORGANISATION_KINDS),
        sectors=frozenset({sector}) if is_sector(sector) else frozenset(),
        region_code=request.GET.get("region", "")[:80],
    )
    page = paging.page_number(request)
    found = network.organisations(wanted, language=language, offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "wanted": wanted,
        "kind": kind,
        "sector": sector,
        "organisations": found.rows,
        "total": found.total,
        "kinds": [(code, label.pick(language)) for code, label in ORGANISATION_KINDS.items()],
        "kind_names": ORGANISATION_KINDS,
        "sectors": [(code, label.pick(language)) for code, label in SECTORS.items()],
        "sector_names": SECTORS,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "filtered": bool(wanted.text or kind or sector or wanted.region_code),
    }
    return render(request, "web/directory/organisations.html", context)


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation's page; one that shows a profile has that page, and one that has withdrawn has none."""
    language = reader.current().language
    detail = network.organisation(code)
    if detail.row.withdrawn:
        raise NotFound(what="organisation")
    if profiles.is_published(detail.row.id):
        return redirect("company", code=code)
    name = detail.row.names.pick(language)
    address = settings.SITE_URL + reverse("organisation", args=[code])
    json_ld = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": address,
        "url": address,
        "name": name,
        "identifier": detail.row.registration_number,
        "address": detail.address,
        "telephone": detail.phone,
        "email": detail.email,
        "sameAs": detail.website,
    }
    context = {
        "detail": detail,
        "organisation": detail.row,
        "kind": ORGANISATION_KINDS[detail.row.kind],
        "sectors": [(code, sector_name(code)) for code in detail.row.sectors],
        "vacancies": placements.organisation_vacancies(detail.row.id),
        "postings": exchange.organisation_postings(detail.row.id),
        "crumbs": [
            (_("Home"), reverse("home")),
            (_("Organisations"), reverse("organisations")),
            *((ref.names.pick(language), reverse("organisation", args=[ref.code])) for ref in detail.ancestors),
            (name, ""),
        ],
        "json_ld": {key: value for key, value in json_ld.items() if value},
    }
    return render(request, "web/directory/organisation.html", context)
