"""Whether the staff is trained: the figure, each house, and for those who lead it each person; what is asked of whom. Parse, call, translate."""

from __future__ import annotations

import csv
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.permissions import STAFF
from khaneh.domains.learning.types import STANDINGS, RequirementDraft, StaffTraining, Standing
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ROLES
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.refusal import NotFound, Refusal

_WIDTH = 1000.0


class Part(NamedTuple):
    """A stretch of the picture: a standing, how many of the staff, in words, from where and how wide."""

    key: str
    number: int
    said: str
    x: float
    width: float


@staffed(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest) -> HttpResponse:
    """The live figure with its picture and table. A POST says what is asked of whom, or ends it. About thirty statements."""
    actor, language = actor_of(request), reader.current().language
    refused: list[Any] = []
    if request.method == "POST":
        try:
            messages.success(request, _end(request) if request.POST.get("act") == "end" else _ask(request))
            return redirect("desk-training")
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            refused = wording.reasons(refusal)
    found, where = _found(request)
    context: dict[str, Any] = {
        "section": "courses",
        "found": found,
        "where": where,
        "percent": _percent(found.share),
        "parts": _parts(found),
        # Those first whose people the reader may see: they lead them.
        "houses": [
            (one, _percent(one.share), [(STANDINGS[each].pick(language), getattr(one, each.value)) for each in Standing])
            for one in sorted(found.houses, key=lambda one: not one.people)
        ],
        "standings": [(one.value, STANDINGS[one].pick(language)) for one in Standing],
        "requirements": queries.requirements(at=timezone.now()),
        "rules": permissions.may_require_training(actor),
        "roles": [(one.value, label.pick(language)) for one, label in ROLES.items() if one.value in STAFF],
        "qualifications": [(one.code, one.names.pick(language)) for one in qualifications.qualifications()],
        "regions": [(row.code, row.names.pick(language)) for row in network.regions() if row.level.value == 1],
        "refused": refused,
        "file": paging.address(request).replace(request.path, reverse("desk-training-table"), 1),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Courses"), reverse("desk-courses")), (_("Training of the staff"), "")],
    }  # fmt: skip
    return render(request, "learning/desk/training.html", context, status=409 if refused else 200)


@staffed(STAFF)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same numbers as a table for a spreadsheet."""
    found, _where = _found(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="khaneh-staff-training.csv"'
    response.write("\ufeff")
    written = csv.writer(response)
    written.writerow(["code", "name", "staff", "trained", "due", "lapsed", "missing"])
    language = reader.current().language
    for one in found.houses:
        name = plain_cell(one.house.names.pick(language))
        written.writerow([plain_cell(one.house.code), name, one.staff, one.trained, one.due, one.lapsed, one.missing])
    written.writerow(["total", "", found.staff, found.trained, found.due, found.lapsed, found.missing])
    return response


def _found(request: HttpRequest) -> tuple[StaffTraining, str]:
    where = request.GET.get("where", "")[:80]
    region_id = None
    if where:
        try:
            region_id = network.region(where).id
        except NotFound:
            where = ""
    found = queries.staff_training(at=timezone.now(), region_id=region_id, actor=actor_of(request), names=True)
    return found, where


def _ask(request: HttpRequest) -> str:
    draft = RequirementDraft(
        qualification_code=request.POST.get("qualification", "")[:80],
        roles=tuple(one for one in request.POST.getlist("roles") if one in STAFF),
        region_code=request.POST.get("region", "")[:80],
        due_on=asking.a_day(request.POST.get("due")),
        grace_days=asking.whole(request.POST.get("grace"), otherwise=90) or 0,
    )
    services.require_training(actor=actor_of(request), draft=draft, now=timezone.now())
    return _("From now on it is asked of them.")


def _end(request: HttpRequest) -> str:
    number = asking.whole(request.POST.get("requirement")) or 0
    services.end_requirement(actor=actor_of(request), requirement_id=number, now=timezone.now())
    return _("It is asked of nobody any more.")


def _percent(share: float | None) -> int | None:
    # Never rounded up to a hundred: who says 100 % has trained everybody.
    return None if share is None else int(100 * share)


def _parts(found: StaffTraining) -> list[Part]:
    """The stretches of the picture, side by side."""
    language = reader.current().language
    counts = (
        (Standing.TRAINED, found.trained), (Standing.DUE, found.due), (Standing.LAPSED, found.lapsed),
        (Standing.MISSING, found.missing),
    )  # fmt: skip
    parts, x = list[Part](), 0.0
    for one, number in counts:
        width = _WIDTH * number / found.staff if found.staff else 0.0
        parts.append(Part(one.value, number, STANDINGS[one].pick(language), round(x, 1), round(width, 1)))
        x += width
    return parts
