"""The employer's pages: what waits, vacancies with who fits, offers, and what became of those who came. Parse, call, translate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import OrganisationRow
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.types import (
    AT_WORK,
    END_REASONS,
    LEAVING,
    VACANCY_STATES,
    EndReason,
    PlacementRow,
    PlacementState,
    VacancyRow,
    VacancyState,
)
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.placements import rows, wording
from khaneh.interfaces.web.placements.forms import VacancyForm
from khaneh.interfaces.web.placements.public import line
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import parse_date, show_short_date
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_CURRENCIES = {"IR": "IRR", "VN": "VND"}


@login_required
@never_cache
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """The organisations that one speaks for; straight to it where it is one."""
    found = queries.employers(actor_of(request), now=timezone.now())
    if len(found) == 1:
        return redirect("employer", code=found[0].organisation.code)
    return render(request, "placements/employers.html", {"section": "employers", "rows": found})


@login_required
@never_cache
@require_safe
def employer(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be answered first, then the vacancies, then who came. About thirty statements."""
    actor = actor_of(request)
    organisation = _organisation(actor, code)
    today = timezone.now().date()
    found = queries.placements_of_organisation(organisation.id, actor=actor)
    context = {
        "section": "employers",
        "organisation": organisation,
        "vacancies": [_vacancy(row) for row in queries.vacancies_of_organisation(organisation.id, actor=actor)],
        "asked": [_placement(row, today) for row in found if row.state in AT_WORK and row.due(today)],
        "coming": [_placement(row, today) for row in found if row.state is PlacementState.ACCEPTED],
        "offered": [_placement(row, today) for row in found if row.state is PlacementState.OFFERED],
        "others": [
            _placement(row, today)
            for row in found
            if row.state not in (PlacementState.ACCEPTED, PlacementState.OFFERED)
            and not (row.state in AT_WORK and row.due(today))
        ],
        "reasons": [(one.value, END_REASONS[one]) for one in LEAVING],
    }
    return render(request, "placements/employer.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A vacancy, as a draft. Sent twice it is one."""
    actor = actor_of(request)
    organisation = _organisation(actor, code)
    region = organisation.regions[-1].code if organisation.regions else ""
    currency = _CURRENCIES.get(organisation.country, "")
    form = VacancyForm(request.POST if request.method == "POST" else None, region=region, currency=currency)
    rest: dict[str, str] = {}
    if form.is_valid():
        draft = form.draft(rows.skill_wishes(request.POST), rows.qualification_wishes(request.POST))
        try:
            made = services.add_vacancy(
                actor=actor,
                organisation_id=organisation.id,
                draft=draft,
                now=timezone.now(),
                key=form.cleaned_data["key"],
            )
        except Invalid as refusal:
            rest = form.refuse(wording.facts_of(refusal))
        else:
            messages.success(request, _("Saved as a draft. Look at it, then publish it."))
            return redirect("employer-vacancy", code=code, vacancy_id=made.id)
    return _form_page(request, organisation, form, rest, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str, vacancy_id: int) -> HttpResponse:
    """Change a vacancy; what was offered stays as it was offered."""
    actor = actor_of(request)
    organisation, row = _own(actor, code, vacancy_id)
    form = VacancyForm(request.POST if request.method == "POST" else None, row=row)
    rest: dict[str, str] = {}
    if form.is_valid():
        draft = form.draft(rows.skill_wishes(request.POST), rows.qualification_wishes(request.POST))
        try:
            services.change_vacancy(actor=actor, vacancy_id=vacancy_id, draft=draft, now=timezone.now())
        except Invalid as refusal:
            rest = form.refuse(wording.facts_of(refusal))
        except Refusal as refusal:
            told = wording.why(refusal)
            form.add_error("count", f"{told.said} {told.remedy}")
        else:
            messages.success(request, _("The vacancy is changed."))
            return redirect("employer-vacancy", code=code, vacancy_id=vacancy_id)
    return _form_page(request, organisation, form, rest, row)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vacancy(request: HttpRequest, code: str, vacancy_id: int) -> HttpResponse:
    """One vacancy with who fits it; a POST publishes, closes or offers. Sent twice, the second is told how it stands."""
    actor, now = actor_of(request), timezone.now()
    organisation, row = _own(actor, code, vacancy_id)
    if request.method == "POST":
        _do(request, actor, vacancy_id)
        return redirect("employer-vacancy", code=code, vacancy_id=vacancy_id)
    language = reader.current().language
    found = queries.candidates(vacancy_id, actor=actor, now=now)
    known = wording.names(one.match for one in found)
    context = {
        "section": "employers",
        "organisation": organisation,
        **_vacancy(row),
        "candidates": [
            {
                "row": one,
                "pieces": wording.pieces(one.match, known),
                "place": _(", ").join(ref.names.pick(language) for ref in reversed(one.regions)),
                "offered": one.placement_state is PlacementState.OFFERED,
                "placed": one.placement_state is not None and one.placement_state is not PlacementState.OFFERED,
            }
            for one in found
        ],
        "fitting": sum(one.match.fits for one in found),
        "may_publish": row.state in (VacancyState.DRAFT, VacancyState.CLOSED, VacancyState.EXPIRED),
        "may_close": row.state is not VacancyState.CLOSED,
        "starts_on": _figures(row.starts_on) if row.starts_on else "",
    }
    return render(request, "placements/employer_vacancy.html", context)


@login_required
@require_POST
def act(request: HttpRequest, code: str, placement_id: int) -> HttpResponse:
    """Begun, still there, gone, or the offer taken back. Sent twice, the second is told how it stands."""
    actor, now, what = actor_of(request), timezone.now(), request.POST.get("act", "")
    organisation = _organisation(actor, code)
    if queries.placement(placement_id, actor=actor).organisation.id != organisation.id:
        raise Http404
    try:
        if what == "start":
            services.start(actor=actor, placement_id=placement_id, started_on=_posted_day(request, "day"), now=now)
            said = _("Noted. We ask you again after 3 and after 12 months.")
        elif what in ("confirm-3", "confirm-12"):
            months = int(what.removeprefix("confirm-"))
            services.confirm(actor=actor, placement_id=placement_id, months=months, now=now)
            said = _("Thank you. The figures of the course count it from now on.")
        elif what == "end":
            asked = request.POST.get("reason", "")
            reason = EndReason(asked) if asked in list(EndReason) else EndReason.OTHER
            services.end_placement(
                actor=actor, placement_id=placement_id, ended_on=_posted_day(request, "day"), reason=reason, now=now
            )
            said = _("Noted. What had been reached by that day is counted.")
        elif what == "withdraw":
            services.withdraw_offer(actor=actor, placement_id=placement_id, now=now)
            said = _("Taken back. They are told.")
        else:
            raise Http404
        messages.success(request, said)
    except Invalid as refusal:
        messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    return redirect("employer", code=code)


def _do(request: HttpRequest, actor: Actor, vacancy_id: int) -> None:
    now, what = timezone.now(), request.POST.get("act", "")
    try:
        if what == "publish":
            services.publish_vacancy(actor=actor, vacancy_id=vacancy_id, now=now)
            messages.success(request, _("Published: everybody finds it."))
        elif what == "close":
            services.close_vacancy(actor=actor, vacancy_id=vacancy_id, now=now)
            messages.success(request, _("Closed. Open offers have ended; whoever has accepted stays."))
        elif what == "offer":
            seeker = lending.number_of(request.POST.get("seeker"))
            note = request.POST.get("note", "")[: services.LONGEST_NOTE]
            services.offer(
                actor=actor, vacancy_id=vacancy_id, seeker_id=seeker or 0, note=note, now=now,
                starts_on=_posted_day(request, "starts_on") if request.POST.get("starts_on") else None,
            )  # fmt: skip
            messages.success(request, _("Offered. They have 14 days to answer; you will be told."))
    except Invalid as refusal:
        if "closes_on" in refusal.facts["fields"]:
            messages.error(request, _("Say first until which day one can apply: change the vacancy."))
        else:
            messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")


def _form_page(
    request: HttpRequest, organisation: OrganisationRow, form: VacancyForm, rest: dict[str, str], row: VacancyRow | None
) -> HttpResponse:
    context = {
        "section": "employers", "organisation": organisation, "form": form, "wrong": rest, "row": row, **form.lines, **form.parts,
    }  # fmt: skip
    return render(request, "placements/employer_form.html", context, status=422 if form.errors or rest else 200)


def _organisation(actor: Actor, code: str) -> OrganisationRow:
    found = next((one for one in queries.employers(actor, now=timezone.now()) if one.organisation.code == code), None)
    if found is None:
        raise Http404
    return network.organisations_by_ids([found.organisation.id])[found.organisation.id]


def _own(actor: Actor, code: str, vacancy_id: int) -> tuple[OrganisationRow, VacancyRow]:
    organisation = _organisation(actor, code)
    row = queries.vacancy(vacancy_id, actor=actor)
    if row.organisation.id != organisation.id:
        raise NotFound(what="vacancy")
    return organisation, row


def _vacancy(row: VacancyRow) -> dict[str, Any]:
    return {
        **line(row), "state": VACANCY_STATES[row.state], "tone": wording.VACANCY_TONES.get(row.state, ""),
    }  # fmt: skip


def _placement(row: PlacementRow, today: date) -> dict[str, Any]:
    due = row.due(today)
    return {
        "row": row,
        "kind": wording.kind(row),
        "state": wording.state(row),
        "tone": wording.TONES.get(row.state, ""),
        "due": due,
        "at_work": row.state in AT_WORK,
        "next": next((one for one in row.confirmations if one.answered_at is None), None),
        "day": _figures(min(row.starts_on, today) if row.starts_on else today),
        "today": _figures(today),
    }


def _figures(day: date) -> str:
    who = reader.current()
    return show_short_date(day, calendar=who.calendar, language=who.language)


def _posted_day(request: HttpRequest, name: str) -> date:
    try:
        return parse_date(request.POST.get(name, ""))
    except ValueError as error:
        raise Invalid(fields={name: "format"}) from error
