"""The list of skills at the desk: found, entered, changed, merged, offered; and ESCO's file taken in. Parse, call, translate."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from khaneh.domains.placements import permissions, queries, services
from khaneh.domains.placements.errors import FileUnreadable
from khaneh.domains.placements.types import EscoLine, EscoOutcome, EscoReport, Shelf, SkillDraft, SkillUse
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk import kept_files
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, staffed
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.placements import rows, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import Invalid, Refusal

PAGE = 50
LIMIT = 40 * 1024 * 1024  # bytes: ESCO's list in one language is a third of it
SHOWN = 300


class SkillForm(forms.Form):
    """A skill: its words in three languages, ESCO's address, whether it can be chosen."""

    def __init__(self, data: Any = None, *, use: SkillUse | None) -> None:
        """`use` is what is changed, None for a further one."""
        row = use.skill if use else None
        super().__init__(data, initial=_initial(row.names, row.esco, row.active) if row else None, label_suffix="")
        self._row = row
        if row is None:
            self.fields["code"] = _text(_("Code"), longest=64, required=True, dir="ltr")
            self.fields["code"].help_text = _("Small letters, digits and hyphens; it stays for ever.")
        for language, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{language}"] = _text(_("Name in %s") % own_name, longest=300, lang=language)
        self.fields["esco"] = _text(_("Address in ESCO"), longest=200, dir="ltr")
        self.fields["esco"].help_text = _("http://data.europa.eu/esco/skill/…; empty where ESCO has none.")
        self.fields["active"] = forms.BooleanField(
            label=_("Can be chosen"), required=False, initial=True,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )  # fmt: skip

    def draft(self) -> SkillDraft:
        """What was written."""
        told = self.cleaned_data
        names = Label(**{language: told[f"names_{language}"].strip() for language in LANGUAGES})
        code = self._row.code if self._row else told["code"].strip()
        return SkillDraft(code, names, told["esco"].strip(), told["active"])

    def refuse(self, refusal: Refusal) -> None:
        """Put what a service refused beside its field."""
        if isinstance(refusal, Invalid):
            for name, said in wording.facts_of(refusal).items():
                field = f"names_{reader.current().language}" if name == "names" else name
                self.add_error(field if field in self.fields else None, said)
        else:
            told = wording.why(refusal)
            self.add_error("code" if "code" in self.fields else "esco", f"{told.said} {told.remedy}")


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: HttpRequest) -> HttpResponse:
    """The list, found by words of any language; a post offers what is ticked."""
    actor = actor_of(request)
    if request.method == "POST":
        changed = services.offer_skills(actor=actor, codes=request.POST.getlist("code")[:PAGE])
        number = {"number": show_number(changed, reader.current().language)}
        messages.success(
            request, ngettext("%(number)s skill is offered.", "%(number)s skills are offered.", changed) % number
        )
        return redirect("desk-skills")
    shelf, words, page = request.GET.get("shelf", ""), request.GET.get("q", "")[:100], paging.page_number(request)
    which = Shelf(shelf) if shelf in list(Shelf) else (Shelf.ALL if words else Shelf.OFFERED)
    found = queries.skill_list(actor=actor, shelf=which, words=words, offset=(page - 1) * PAGE, limit=PAGE)
    context = {
        "section": "placements",
        "rows": found.rows,
        "total": found.total,
        "words": words,
        "shelf": which.value,
        "shelves": [("offered", _("can be chosen")), ("aside", _("lie aside")), ("all", _("all"))],
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "some_aside": any(not one.skill.active and not one.merged_into for one in found.rows),
        "may_record": actor.holds_somewhere(permissions.RECORDERS),
        "may_define": True,
        "crumbs": _crumbs(),
    }
    return render(request, "placements/skills.html", context)


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A further skill."""
    permissions.require_define(actor_of(request))
    form = SkillForm(request.POST if request.method == "POST" else None, use=None)
    if form.is_bound and form.is_valid():
        try:
            made = services.define_skill(actor=actor_of(request), draft=form.draft())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The skill is entered."))
            return redirect("desk-skill", code=made.code)
    context = {"section": "placements", "form": form, "crumbs": _crumbs(_("A further skill"))}
    return render(request, "placements/skill.html", context, status=422 if form.errors else 200)


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def skill(request: HttpRequest, code: str) -> HttpResponse:
    """One, with where it is used; a post changes it or lets another take its place."""
    actor = actor_of(request)
    use = queries.skill_use(code, actor=actor)
    form = SkillForm(request.POST if request.POST.get("act") == "change" else None, use=use)
    problem = ""
    if request.POST.get("act") == "merge":
        try:
            moved = services.merge_skills(actor=actor, code=code, into=request.POST.get("into", ""))
        except Refusal as refusal:
            told = wording.why(refusal)
            problem = f"{told.said} {told.remedy}"
        else:
            numbers = {name: show_number(count, reader.current().language) for name, count in moved._asdict().items()}
            messages.success(request, _("Merged: %(vacancies)s vacancies and %(seekers)s profiles changed.") % numbers)
            return redirect("desk-skill", code=request.POST["into"])
    elif form.is_bound and form.is_valid():
        try:
            services.change_skill(actor=actor, code=code, draft=form.draft())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The skill is changed."))
            return redirect("desk-skill", code=code)
    context = {
        "section": "placements",
        "use": use,
        "form": form,
        "others": [(one, name) for one, name in rows.skill_choices() if one != code],
        "problem": problem,
        "vacancies": queries.vacancies_with_skill(code, actor=actor),
        "crumbs": _crumbs(use.skill.names.pick(reader.current().language)),
    }
    return render(request, "placements/skill.html", context, status=422 if form.errors or problem else 200)


@staffed(ADMINISTRATORS)
@csrf_exempt  # only until the handler stands that keeps the limit: `_take_in` checks the token before anything is done
@require_http_methods(["GET", "HEAD", "POST"])
def esco(request: HttpRequest) -> HttpResponse:
    """ESCO's file: tried, its report looked at, taken in. What is taken in is the very file that was tried."""
    limited = LimitedUpload(LIMIT)
    request.upload_handlers.insert(0, limited)
    return _take_in(request, limited)


@csrf_protect
def _take_in(request: HttpRequest, limited: LimitedUpload) -> HttpResponse:
    actor = actor_of(request)
    permissions.require_define(actor)
    given = kept_files.given(request, limited, limit=LIMIT)
    context: dict[str, Any] = {"section": "placements", "limit": LIMIT, "file": given.name, "problem": given.problem}
    if given.data is not None:
        only_try = request.POST.get("act") != "take"
        try:
            report = services.import_esco(actor=actor, data=given.data, only_try=only_try)
        except FileUnreadable as refusal:
            told = wording.why(refusal)
            context["problem"] = f"{told.said} {told.remedy}"
        else:
            if request.POST.get("act") == "report":
                return _file(report)
            context |= _report(report)
            if only_try:
                context["kept"] = kept_files.keep(given.data, name=given.name, owner=actor.account_id or 0)
    context["crumbs"] = _crumbs(_("A file of ESCO"))
    return render(request, "placements/esco.html", context, status=422 if context.get("problem") else 200)


def _report(report: EscoReport) -> dict[str, Any]:
    """For the page: what was refused first, then what somebody should look at, then the rest."""
    order = (EscoOutcome.REFUSED, EscoOutcome.LINKED, EscoOutcome.CHANGED, EscoOutcome.ENTERED, EscoOutcome.SAME)
    lines = sorted(report.lines, key=lambda one: (not one.like, order.index(one.outcome), one.line))
    said = wording.esco_outcomes()
    return {
        "report": report,
        "counts": [(said[one], report.counts[one], one is EscoOutcome.REFUSED) for one in order],
        "lines": [(one, said[one.outcome], _reason(one)) for one in lines[:SHOWN]],
        "more": len(lines) - SHOWN,
        "changes": sum(report.counts[one] for one in order[1:4]),
    }


def _reason(one: EscoLine) -> str:
    return wording.esco_reason(one.reason) if one.reason else ""


def _file(report: EscoReport) -> HttpResponse:
    """Every line of the report, for a spreadsheet."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="khaneh-esco-report.csv"'
    response.write("\ufeff")
    written = csv.writer(response)
    written.writerow(["line", "uri", "label", "outcome", "skill", "reason", "like"])
    for one in report.lines:
        cells = (one.uri, one.label, one.outcome.value, one.code, one.reason, one.like)
        written.writerow([one.line, *(plain_cell(cell) for cell in cells)])
    return response


def _initial(names: Label, esco: str, active: bool) -> dict[str, Any]:
    return {**{f"names_{language}": getattr(names, language) for language in LANGUAGES}, "esco": esco, "active": active}


def _text(label: str, *, longest: int, required: bool = False, **attrs: str) -> forms.CharField:
    shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
    return forms.CharField(label=label, required=required, max_length=longest, widget=forms.TextInput(attrs=shown))


def _crumbs(*more: str) -> list[tuple[str, str]]:
    steps = [(_("Desk"), reverse("desk")), (_("Placements"), reverse("desk-placements"))]
    return [*steps, (_("Skills"), reverse("desk-skills") if more else ""), *((one, "") for one in more)]
