"""The vacancies for everybody: finding them, one of them, and saying that one is interested. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.placements import queries, services
from khaneh.domains.placements.types import LEVELS, VACANCY_KINDS, VacancyFilter, VacancyKind, VacancyRow
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.placements import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal

PAGE = 24


@require_safe
def vacancies(request: HttpRequest) -> HttpResponse:
    """The open vacancies, the newest first. A bounded number of statements."""
    language = reader.current().language
    kind = request.GET.get("kind", "")
    wanted = VacancyFilter(
        kinds=frozenset(one for one in VacancyKind if one.value == kind),
        region_code=request.GET.get("region", "")[:80],
        skill=request.GET.get("skill", "")[:80],
        remote=request.GET.get("remote") == "1",
    )
    page = paging.page_number(request)
    found = queries.vacancies(wanted, offset=(page - 1) * PAGE, limit=PAGE)
    context: dict[str, Any] = {
        "wanted": wanted,
        "kind": kind,
        "kinds": [(code.value, label) for code, label in VACANCY_KINDS.items()],
        "regions": region_choices(wanted.region_code),
        "skills": sorted(
            ((row.code, row.names.pick(language)) for row in queries.skills()), key=lambda one: one[1].casefold()
        ),
        "lines": [line(row) for row in found.rows],
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "filtered": any(request.GET.get(name) for name in ("kind", "region", "skill", "remote")),
    }
    return render(request, "placements/vacancies.html", context)


def line(row: VacancyRow) -> dict[str, Any]:
    """A vacancy as lists show it."""
    return {
        "row": row,
        "kind": wording.kind(row),
        "place": wording.place(row),
        "pay": wording.pay(row),
        "places": wording.places(row),
    }


@require_safe
def vacancy(request: HttpRequest, vacancy_id: int) -> HttpResponse:
    """What is asked and what is offered; for who has a profile, how well they fit."""
    actor, language = actor_of(request), reader.current().language
    row = queries.vacancy(vacancy_id, actor=actor)
    own: dict[str, Any] = {}
    if actor.account_id is not None:
        match = queries.match_of(row, actor.account_id, actor=actor, now=timezone.now())
        seeker = queries.seeker_of(actor.account_id, actor=actor)
        interests = queries.interests_of(actor.account_id)
        own = {
            "match": match,
            "pieces": wording.pieces(match, wording.names([match])) if match else [],
            "shown": seeker is not None and seeker.consented_at is not None,
            "has_profile": seeker is not None,
            "interested": row.id in interests,
            "note": interests.get(row.id, ""),
        }
    context = {
        **line(row),
        **own,
        "signed_in": actor.account_id is not None,
        "skills": [(one, LEVELS[one.level]) for one in row.skills],
        "json_ld": _json_ld(row),
        "crumbs": [
            (_("Home"), reverse("home")),
            (_("Vacancies"), reverse("vacancies")),
            (row.names.pick(language), ""),
        ],
    }
    return render(request, "placements/vacancy.html", context)


@login_required
@require_POST
def interest(request: HttpRequest, vacancy_id: int) -> HttpResponse:
    """Tell the employer, or take it back. Sent twice it is one."""
    actor = actor_of(request)
    try:
        if request.POST.get("act") == "back":
            services.take_back_interest(actor=actor, vacancy_id=vacancy_id, now=timezone.now())
            messages.success(request, _("The employer sees you as interested no longer."))
        else:
            note = request.POST.get("note", "")[: services.LONGEST_NOTE]
            services.show_interest(actor=actor, vacancy_id=vacancy_id, note=note, now=timezone.now())
            messages.success(request, _("The employer knows your name now, and that you are interested."))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    return redirect("vacancy", vacancy_id=vacancy_id)


def _json_ld(row: VacancyRow) -> dict[str, Any]:
    language = reader.current().language
    kinds = {VacancyKind.JOB: "FULL_TIME", VacancyKind.INTERNSHIP: "INTERN", VacancyKind.APPRENTICESHIP: "OTHER"}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "@id": settings.SITE_URL + reverse("vacancy", args=[row.id]),
        "title": row.names.pick(language),
        "description": row.descriptions.pick(language),
        "employmentType": kinds[row.kind],
        "datePosted": row.published_at.date().isoformat() if row.published_at else None,
        "validThrough": row.closes_on.isoformat() if row.closes_on else None,
        "hiringOrganization": {"@type": "Organization", "name": row.organisation.names.pick(language)},
        "jobLocation": {"@type": "Place", "address": row.regions[-1].names.pick(language)} if row.regions else None,
        "jobLocationType": "TELECOMMUTE" if row.remote else None,
        "totalJobOpenings": row.left,
        "skills": ", ".join(one.skill.names.pick(language) for one in row.skills),
    }
    return {name: value for name, value in found.items() if value not in ("", None, [])}
