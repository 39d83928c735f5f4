"""Deprivation indexes: every version with what it says, and publishing a further one. A published decile never changes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries, services
from khaneh.domains.network.types import Problem, RegionLevel
from khaneh.interfaces.web.desk.forms.deprivation import IndexForm
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, MANAGERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid

_COLUMNS = 4  # versions side by side: more do not fit a page, and all are in the table's download


@staffed(MANAGERS)
@require_safe
def indexes(request: HttpRequest) -> HttpResponse:
    """All versions, and the regions' deciles through the newest of one index."""
    reaches = queries.index_reaches()
    codes = list(dict.fromkeys(reach.index.code for reach in reaches))
    asked = request.GET.get("index", "")
    chosen = asked if asked in codes else codes[0] if codes else ""
    below = request.GET.get("region", "")[:80]
    versions = [reach.index for reach in reaches if reach.index.code == chosen][:_COLUMNS]
    table = queries.decile_table(chosen, below=below) if chosen else []
    context = {
        "section": "regions",
        "reaches": [(reach, sum(reach.regions), max(reach.regions)) for reach in reaches],
        "chosen": chosen,
        "codes": codes,
        "below": below,
        "provinces": queries.regions(level=RegionLevel.PROVINCE),
        "versions": versions,
        "rows": [(row, [row.deciles.get(version.id) for version in versions]) for row in table],
        "may_publish": queries.may_publish_indexes(actor_of(request)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Regions"), reverse("desk-regions")), (_("Deprivation"), "")],
    }
    return render(request, "desk/deprivation.html", context)


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Enter a further version; its deciles follow as a table."""
    if not queries.may_publish_indexes(actor_of(request)):
        raise Http404
    known = queries.deprivation_indexes()
    form = IndexForm(
        request.POST if request.method == "POST" else None,
        today=timezone.now().date(),
        codes=list(dict.fromkeys(index.code for index in known)),
    )
    if form.is_bound and form.is_valid():
        draft = form.draft()
        if any((index.code, index.version) == (draft.code, draft.version) for index in known):
            form.add_error("version", _("This version is published already."))
        else:
            try:
                services.publish_index(actor=actor_of(request), draft=draft)
            except Invalid as refusal:
                found = refusal.facts.get("fields", {})
                form.refuse({name: services.explain(Problem(name, why)) for name, why in found.items()})
            else:
                messages.success(request, _("The version is published. Bring in its deciles as a table."))
                return redirect("desk-table", table="deprivation")
    context = {
        "section": "regions",
        "form": form,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Deprivation"), reverse("desk-deprivation")),
            (_("A further version"), ""),
        ],
    }
    return render(request, "desk/deprivation_new.html", context, status=422 if form.errors else 200)
