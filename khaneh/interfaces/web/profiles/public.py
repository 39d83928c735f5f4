"""The catalogue of companies and others, their showcases, and mentors. Parse, call, translate."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ORGANISATION_KINDS, is_sector, sector_name
from khaneh.domains.placements import queries as placements
from khaneh.domains.profiles import queries
from khaneh.domains.profiles.types import FAMILIES, SIZES, STAGES, CatalogueFilter, ProfileState, Stage
from khaneh.infrastructure.pictures import ENCODED
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.refusal import NotFound

_NAMES = {"family": "kind", "sector": "sector", "region": "region", "stage": "stage"}


class Narrowing(NamedTuple):
    """A value of a filter, as lists of facets show it."""

    name: str
    number: int
    selected: bool
    url: str
    depth: int = 0


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """The catalogue by kind, sector, region and stage. About fifteen statements, however many there are."""
    language = reader.current().language
    wanted = CatalogueFilter(
        family=_one(request, "kind", FAMILIES),
        sector=sector if is_sector(sector := request.GET.get("sector", "")) else "",
        region_code=request.GET.get("region", "")[:80],
        stage=_one(request, "stage", list(Stage)),
        text=request.GET.get("text", "").strip()[:100],
    )
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    found = queries.catalogue(wanted, language=language, after=after, before=before)
    chosen = {"family": wanted.family, "sector": wanted.sector, "region": wanted.region_code, "stage": wanted.stage}
    heads = {"family": _("Kind"), "sector": _("Sector"), "region": _("Region"), "stage": _("Stage")}
    context = {
        "wanted": wanted,
        "lines": [_line(one) for one in found.lines],
        "total": found.total,
        "facets": [
            {
                "name": name,
                "head": heads[name],
                "values": [
                    Narrowing(
                        one.label.pick(language),
                        one.number,
                        one.value == chosen[name],
                        _address(request, **{_NAMES[name]: None if one.value == chosen[name] else one.value}),
                    )
                    for one in values
                    if one.number or one.value == chosen[name]
                ],
            }
            for name, values in found.facets.items()
        ],
        "chosen": _chosen(request, wanted),
        "next": _address(request, after=found.after) if found.after else "",
        "previous": _address(request, before=found.before) if found.before else "",
        "filtered": any(chosen.values()) or bool(wanted.text),
        "kept": [(name, request.GET[name]) for name in _NAMES.values() if request.GET.get(name)],
    }
    return render(request, "profiles/companies.html", context)


@require_safe
def company(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation as it shows itself. One without a published profile has the register's page."""
    actor, language = actor_of(request), reader.current().language
    try:
        row = queries.profile(code, actor=actor)
    except NotFound:
        detail = network.organisation(code)
        if detail.row.withdrawn:
            raise
        return redirect("organisation", code=code)
    detail = network.organisation(code)
    organisation = row.organisation
    name = organisation.names.pick(language)
    family = next((key for key, (_label, kinds) in FAMILIES.items() if organisation.kind in kinds), "")
    address = settings.SITE_URL + reverse("company", args=[code])
    json_ld = {
        "@context": "https://schema.org", "@type": "Organization", "@id": address, "url": address, "name": name,
        "description": row.draft.makes.pick(language), "identifier": organisation.registration_number,
        "foundingDate": str(row.draft.founded or ""), "address": detail.address, "telephone": detail.phone,
        "email": detail.email, "sameAs": detail.website,
    }  # fmt: skip
    context = {
        "row": row,
        "organisation": organisation,
        "detail": detail,
        "public": row.state is ProfileState.PUBLISHED,
        "kind": ORGANISATION_KINDS[organisation.kind],
        "stage": STAGES[row.draft.stage] if row.draft.stage else None,
        "readiness": wording.readiness(row.draft.trl),
        "size": SIZES.get(row.draft.size),
        "markets": [wording.country_name(one, language) for one in row.draft.markets],
        "sectors": [(one[:2], sector_name(one)) for one in organisation.sectors],
        "place": wording.place(organisation.regions),
        "region": organisation.regions[0] if organisation.regions else None,
        "products": [(one, wording.readiness(one.draft.trl)) for one in row.products],
        "people": [one for one in row.people if one.state.value == "consented"],
        "vacancies": placements.organisation_vacancies(organisation.id),
        "json_ld": {key: value for key, value in json_ld.items() if value},
        "crumbs": [
            (_("Home"), reverse("home")),
            (_("Companies and partners"), reverse("companies")),
            *([(FAMILIES[family][0].pick(language), f"{reverse('companies')}?kind={family}")] if family else []),
            (name, ""),
        ],
    }
    return render(request, "profiles/company.html", context)


@require_safe
def picture(request: HttpRequest, product_id: int, version: str, size: str) -> HttpResponse:
    """A product's picture. Another picture has another address, so that it may be kept; one that is not everybody's is not."""
    if size not in {"small", "large"}:
        raise Http404
    for_all = True
    try:
        content = queries.picture(product_id, large=size == "large", actor=VISITOR)
    except NotFound:
        for_all = False
        content = queries.picture(product_id, large=size == "large", actor=actor_of(request))
    response = HttpResponse(content, content_type=ENCODED)
    # A day and not for ever: who withdraws wants it gone.
    response["Cache-Control"] = "public, max-age=86400" if for_all else "private, no-store"
    response["Content-Encoding"] = "identity"
    return response


@require_safe
def mentors(request: HttpRequest) -> HttpResponse:
    """Those who help, by sector."""
    language = reader.current().language
    sector = request.GET.get("sector", "")
    found = queries.mentors(sector=sector if is_sector(sector) else "", after=request.GET.get("after", ""))
    context = {
        "sector": sector,
        "sectors": [(code, sector_name(code).pick(language)) for code in ("A", "C", "D", "E", "J", "M", "P", "R")],
        "rows": [(row, wording.place(row.regions)) for row in found.rows],
        "total": found.total,
        "next": paging.address(request, after=found.after) if found.after else "",
    }
    return render(request, "profiles/mentors.html", context)


@require_safe
def mentor(request: HttpRequest, mentor_id: int) -> HttpResponse:
    """What a mentor can help with."""
    row = queries.mentor(mentor_id, actor=actor_of(request))
    context = {
        "row": row,
        "place": wording.place(row.regions),
        "sectors": wording.sectors(row.draft.sectors),
        "crumbs": [(_("Home"), reverse("home")), (_("Mentors"), reverse("mentors")), (row.name, "")],
    }
    return render(request, "profiles/mentor.html", context)


def _line(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "kind": ORGANISATION_KINDS[one.organisation.kind],
        "stage": STAGES[one.stage] if one.stage else None,
        "place": wording.place(one.organisation.regions),
    }


def _one(request: HttpRequest, name: str, known: Any) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def _address(request: HttpRequest, **changes: str | None) -> str:
    """This page with other filters, from its beginning unless a key is given."""
    return paging.address(request, **{"after": None, "before": None, **changes})


def _chosen(request: HttpRequest, wanted: CatalogueFilter) -> list[tuple[str, str]]:
    """What is asked for, each with the address without it."""
    language = reader.current().language
    found = []
    if wanted.family:
        found.append((FAMILIES[wanted.family][0].pick(language), _address(request, kind=None)))
    if wanted.sector:
        found.append((sector_name(wanted.sector).pick(language), _address(request, sector=None)))
    if wanted.region_code:
        label = network.region_names().get(wanted.region_code)
        found.append((label.pick(language) if label else wanted.region_code, _address(request, region=None)))
    if wanted.stage:
        found.append((STAGES[Stage(wanted.stage)].pick(language), _address(request, stage=None)))
    if wanted.text:
        found.append((f"“{wanted.text}”", _address(request, text=None)))
    return found
