"""Standards at the desk: written as drafts, taken in from files, published, retired. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.founding import permissions, queries, services
from khaneh.domains.founding.errors import FileUnreadable
from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    STANDARD_STATES,
    ImportReport,
    ItemDraft,
    ItemRow,
    LineOutcome,
    StandardDraft,
    StandardRow,
    StandardState,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import kept_files
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, FOUNDING, staffed
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.founding import wording
from khaneh.interfaces.web.founding.forms import ItemForm, StandardForm
from khaneh.interfaces.web.founding.public import parts_of
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal

LIMIT = 5 * 1024 * 1024  # bytes: two hundred items with their words are a fiftieth of it
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staffed(FOUNDING)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """All versions, with the drafts that one writes."""
    actor = actor_of(request)
    context = {
        "section": "founding",
        "tab": "standards",
        "rows": [
            (row, FOUNDED_KINDS[row.kind], STANDARD_STATES[row.state], wording.tone(row.state))
            for row in queries.standards(actor=actor)
        ],
        "may_author": bool(queries.authored(actor)),
        "crumbs": crumbs(_("Standards")),
    }
    return render(request, "founding/desk_standards.html", context)


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft, of a fresh standard or of another version."""
    actor = actor_of(request)
    authorities = _authorities(actor)
    form = StandardForm(request.POST if request.method == "POST" else None, authorities=authorities)
    if form.is_bound and form.is_valid():
        try:
            made = services.add_standard(actor=actor, draft=form.draft(), now=timezone.now())
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is there. Give it its checklist, then publish it."))
            return redirect("desk-standard", standard_id=made.id)
    context = {"section": "founding", "form": form, "crumbs": crumbs(_("Standards"), _("Another standard"))}
    return render(request, "founding/desk_standard_form.html", context, status=422 if form.errors else 200)


@staffed(FOUNDING)
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: HttpRequest, standard_id: int) -> HttpResponse:
    """One; a post changes, publishes, retires or drops it, or begins its next version."""
    actor = actor_of(request)
    row = _row(actor, standard_id)
    writes = permissions.may_author(actor, row.authority.id)
    draft = row.state is StandardState.DRAFT
    act = request.POST.get("act", "")
    form = None
    if writes and draft:
        form = StandardForm(request.POST if act == "change" else None, authorities=_authorities(actor), row=row)
    problem = ""
    if request.method == "POST":
        try:
            answer = _act(request, actor, row, act, form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            if act == "change" and form is not None:
                form.refuse(refusal)
            else:
                problem = wording.sentence(refusal) if "fields" not in refusal.facts else _("The checklist is empty.")
        else:
            if answer is not None:
                return answer
    context = {
        "section": "founding",
        "row": row,
        "kind": FOUNDED_KINDS[row.kind],
        "state": STANDARD_STATES[row.state],
        "tone": wording.tone(row.state),
        "parts": parts_of(row),
        "form": form,
        "writes": writes,
        "draft": draft,
        "in_force": row.state is StandardState.PUBLISHED,
        "problem": problem,
        "crumbs": crumbs(_("Standards"), row.names.pick(reader.current().language)),
    }
    wrong = problem or (form is not None and form.errors)
    return render(request, "founding/desk_standard.html", context, status=422 if wrong else 200)


def _act(
    request: HttpRequest, actor: Actor, row: StandardRow, act: str, form: StandardForm | None
) -> HttpResponse | None:
    """What a button does; None where the form's fields are wrong. Raises Refusal."""
    now = timezone.now()
    if act == "change" and form is not None:
        if not form.is_valid():
            return None
        services.change_standard(actor=actor, standard_id=row.id, draft=form.draft())
        messages.success(request, _("Saved."))
    elif act == "publish":
        services.publish_standard(actor=actor, standard_id=row.id, now=now)
        messages.success(request, _("The standard is in force. It stays as it is from now on."))
    elif act == "retire":
        services.retire_standard(actor=actor, standard_id=row.id, now=now)
        messages.success(request, _("Nothing is begun by this version any more."))
    elif act == "drop":
        services.drop_draft(actor=actor, standard_id=row.id)
        messages.success(request, _("The draft is thrown away."))
        return redirect("desk-standards")
    elif act == "follow":
        made = services.add_standard(actor=actor, draft=_same(row), now=now)
        messages.success(request, _("The next version begins with the same checklist."))
        return redirect("desk-standard", standard_id=made.id)
    else:
        raise BadRequest
    return redirect("desk-standard", standard_id=row.id)


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, standard_id: int, code: str) -> HttpResponse:
    """An item of a draft's checklist, `new` for another one; a post saves it or takes it out."""
    actor = actor_of(request)
    row = _own_draft(actor, standard_id)
    known = next((one for one in row.items if one.code == code), None)
    if known is None and code != "new":
        raise Http404
    form = ItemForm(request.POST if request.POST.get("act") == "save" else None, row=known)
    others = [_item_draft(one) for one in row.items]
    at = next((place for place, one in enumerate(row.items) if one.code == code), len(others))
    wanted: list[ItemDraft] | None = None
    if request.POST.get("act") == "remove" and known is not None:
        wanted = [*others[:at], *others[at + 1 :]]
    elif form.is_bound and form.is_valid():
        wanted = [*others[:at], form.draft(), *others[at + 1 :]]
    if wanted is not None:
        try:
            services.set_items(actor=actor, standard_id=standard_id, items=wanted)
        except NotAllowed:
            raise
        except Refusal as refusal:
            _refuse_item(form, refusal)
        else:
            messages.success(request, _("The checklist is saved."))
            return redirect(f"{reverse('desk-standard', args=[standard_id])}#checklist")
    name = row.names.pick(reader.current().language)
    context = {
        "section": "founding",
        "row": row,
        "known": known,
        "form": form,
        "crumbs": crumbs(
            _("Standards"), name, known.names.pick(reader.current().language) if known else _("Another item")
        ),
    }
    return render(request, "founding/desk_item.html", context, status=422 if form.errors else 200)


@staffed(FOUNDING)
@require_safe
def file(request: HttpRequest, standard_id: int, form: str) -> HttpResponse:
    """The checklist as a file that is taken in again."""
    if form not in _TYPES:
        raise Http404
    row = _row(actor_of(request), standard_id)
    response = HttpResponse(services.export_items(standard_id=row.id, form=form), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{row.code}-{row.version}.{form}"'
    return response


@staffed(ADMINISTRATORS)
@csrf_exempt  # only until the handler stands that keeps the limit: `_take_in` checks the token before anything is done
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, standard_id: int) -> HttpResponse:
    """A checklist's file: tried, its report looked at, taken in. What is taken in is the very file that was tried."""
    limited = LimitedUpload(LIMIT)
    request.upload_handlers.insert(0, limited)
    return _take_in(request, standard_id, limited)


@csrf_protect
def _take_in(request: HttpRequest, standard_id: int, limited: LimitedUpload) -> HttpResponse:
    actor = actor_of(request)
    row = _own_draft(actor, standard_id)
    given = kept_files.given(request, limited, limit=LIMIT)
    context: dict[str, Any] = {
        "section": "founding",
        "row": row,
        "limit": LIMIT,
        "file": given.name,
        "problem": given.problem,
    }
    if given.data is not None:
        only_try = "kept" not in request.POST
        try:
            report = services.import_items(actor=actor, standard_id=standard_id, data=given.data, only_try=only_try)
        except FileUnreadable as refusal:
            context["problem"] = wording.sentence(refusal)
        else:
            if report.applied:
                messages.success(request, _("The checklist is taken in."))
                return redirect(f"{reverse('desk-standard', args=[standard_id])}#checklist")
            context |= _report(report)
            if not context["refused"]:
                context["kept"] = kept_files.keep(given.data, name=given.name, owner=actor.account_id or 0)
    context["crumbs"] = crumbs(_("Standards"), row.names.pick(reader.current().language), _("A file"))
    return render(request, "founding/desk_import.html", context, status=422 if context.get("problem") else 200)


def _report(report: ImportReport) -> dict[str, Any]:
    said = wording.outcomes()
    lines = [
        (one, said[one.outcome], [(column, wording.wrong(reason)) for column, reason in one.problems])
        for one in sorted(report.lines, key=lambda one: (not one.problems, one.line == 0, one.line))
    ]
    return {
        "report": report,
        "lines": lines,
        "counts": [(said[one], report.counts.get(one, 0), one is LineOutcome.REFUSED) for one in LineOutcome],
        "refused": report.counts.get(LineOutcome.REFUSED, 0) or not report.lines,
        "unknown": ", ".join(report.unknown_columns),
    }


def crumbs(*more: str) -> list[tuple[str, str]]:
    """The way to a page of founding at the desk; the first of more than one is a list of its own."""
    steps = [(_("Desk"), reverse("desk")), (_("Founding"), reverse("desk-founding") if more else "")]
    lists = {_("Standards"): reverse("desk-standards"), _("Passports"): reverse("desk-passports")}
    return [*steps, *((one, lists.get(one, "") if one != more[-1] else "") for one in more)]


def _authorities(actor: Actor) -> list[tuple[str, str]]:
    found = network.organisation_refs(queries.authored(actor)).values()
    if not found:
        raise Http404
    language = reader.current().language
    return sorted(((ref.code, ref.names.pick(language)) for ref in found), key=lambda one: one[1])


def _row(actor: Actor, standard_id: int) -> StandardRow:
    row = queries.with_items([standard_id]).get(standard_id)
    if row is None or (row.state is StandardState.DRAFT and not permissions.may_author(actor, row.authority.id)):
        raise NotFound(what="standard")
    return row


def _own_draft(actor: Actor, standard_id: int) -> StandardRow:
    row = _row(actor, standard_id)
    if row.state is not StandardState.DRAFT or not permissions.may_author(actor, row.authority.id):
        raise NotFound(what="standard")
    return row


def _same(row: StandardRow) -> StandardDraft:
    return StandardDraft(
        row.code,
        row.authority.code,
        row.kind,
        row.names,
        row.descriptions,
        row.pass_percent,
        row.assessors,
        row.valid_months,
    )


def _item_draft(one: ItemRow) -> ItemDraft:
    return ItemDraft(one.code, one.names, one.sections, one.evidence, one.weight, one.scale, one.least, one.photo)


def _refuse_item(form: ItemForm, refusal: Refusal) -> None:
    """Beside the field of this item; what is said of the whole list, on top."""
    language = reader.current().language
    for name, reason in refusal.facts.get("fields", {}).items():
        field = name.rpartition(".")[2]
        field = f"{field}_{language}" if f"{field}_{language}" in form.fields else field
        if name == "items":
            field = "code" if "code" in form.fields else ""
        form.add_error(field if field in form.fields else None, wording.wrong(reason))
    if "fields" not in refusal.facts:
        form.add_error(None, wording.sentence(refusal))
