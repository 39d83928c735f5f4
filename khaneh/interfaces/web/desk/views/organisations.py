"""Organisations as those who administer them see them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import permissions, queries, services
from khaneh.domains.network.queries.places import places_of_organisations
from khaneh.domains.network.types import OrganisationDraft, OrganisationFilter
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk.forms.network import OrganisationForm
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, staffed
from khaneh.interfaces.web.desk.views.network_refusals import explain
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Refusal

PAGE = 40


@staffed(ADMINISTRATORS)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations; each opens for those who administer it."""
    asked = request.GET.get("q", "").strip()[:200]
    number = paging.page_number(request)
    found = queries.organisations(
        OrganisationFilter(text=asked),
        language=reader.current().language,
        offset=(number - 1) * PAGE,
        limit=PAGE,
    )
    context = {
        "section": "organisations",
        "asked": asked,
        "rows": found.rows,
        "mine": _administered(actor_of(request), [row.id for row in found.rows]),
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Organisations"), "")],
    }
    return render(request, "desk/organisations.html", context)


def _administered(actor: Actor, ids: list[int]) -> set[int]:
    """Those of the organisations that the actor administers."""
    places = places_of_organisations(ids)
    return {number for number, place in places.items() if permissions.may_administer(actor, place)}


def _form(request: HttpRequest, draft: OrganisationDraft | None) -> OrganisationForm:
    language = reader.current().language
    regions = [(row.code, "— " * len(row.ancestors) + row.names.pick(language)) for row in queries.regions()]
    refs = queries.organisation_refs(number for numbers in queries.organisation_ids() for number in numbers).values()
    return OrganisationForm(
        request.POST if request.method == "POST" else None,
        draft=draft,
        regions=regions,
        organisations=[ref for ref in refs if draft is None or ref.code != draft.code],
    )


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    form = _form(request, None)
    if form.is_bound and form.is_valid():
        try:
            made = services.create_organisation(actor=actor_of(request), draft=form.draft(), now=timezone.now())
        except Refusal as refusal:
            explain(refusal, form)
        else:
            messages.success(request, _("The organisation is entered."))
            return redirect("desk-organisation", code=made.code)
    return _page(request, form, _("A further organisation"))


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about an organisation that the actor administers."""
    actor = actor_of(request)
    draft = queries.organisation_draft(code)
    if draft is None:
        raise Http404
    organisation_id = queries.organisation(code).row.id
    if not permissions.may_administer(actor, queries.place_of_organisation(organisation_id)):
        raise Http404
    form = _form(request, draft)
    if form.is_bound and form.is_valid():
        try:
            changed = services.change_organisation(actor=actor, code=code, draft=form.draft(), now=timezone.now())
        except Refusal as refusal:
            explain(refusal, form)
        else:
            messages.success(request, _("The organisation is changed.") if changed else _("It was so already."))
            return redirect("desk-organisation", code=code)
    return _page(request, form, draft.names.pick(reader.current().language), code=code)


def _page(request: HttpRequest, form: OrganisationForm, title: str, *, code: str = "") -> HttpResponse:
    context = {
        "section": "organisations",
        "form": form,
        "title": title,
        "code": code,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Organisations"), reverse("desk-organisations")), (title, "")],
    }
    return render(request, "desk/organisation.html", context, status=422 if form.errors else 200)
