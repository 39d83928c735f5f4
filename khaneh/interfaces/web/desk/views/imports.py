"""Importing: files in, a look at them, the start, how far it is, what became of it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.errors import FileTooLarge, FileUnreadable
from khaneh.domains.catalogue.queries import previews
from khaneh.domains.catalogue.services import uploads as services
from khaneh.domains.catalogue.types import ImportReport, ImportState
from khaneh.interfaces.web.desk import places, wording
from khaneh.interfaces.web.desk.forms.imports import ColumnsForm, StartForm, UploadForm
from khaneh.interfaces.web.desk.gate import CATALOGUERS, IMPORTERS, staffed
from khaneh.interfaces.web.desk.templatetags.desk import size
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import NotAllowed, Refusal

PAGE = 25


@staffed(IMPORTERS)
@csrf_exempt  # only until the handler stands that keeps the limit: `_batches` checks the token before anything is done
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """The imports, the latest first, and the form for further files."""
    limited = LimitedUpload(settings.UPLOAD_LIMIT)
    request.upload_handlers.insert(0, limited)
    return _batches(request, limited)


@csrf_protect
def _batches(request: HttpRequest, limited: LimitedUpload) -> HttpResponse:
    actor = actor_of(request)
    houses, without_house = places.houses_to_import_for(actor)
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        houses=houses,
        without_house=without_house,
        profiles=catalogue.profiles(),
        chosen=request.GET.get("house", places.house_at_hand(actor, houses) or "-"),
    )
    if form.is_bound:
        kept = _keep(request, form, limited)
        if len(kept) == 1 and not form.errors:
            return redirect("desk-import", batch_id=kept[0])
        if kept:
            shown = show_number(len(kept), actor.language)
            messages.success(
                request,
                ngettext(
                    "%(n)s file is kept. Look at it and start.",
                    "%(n)s files are kept. Look at each and start.",
                    len(kept),
                )
                % {"n": shown},
            )
            if not form.errors:
                return redirect("desk-imports")
    before = request.GET.get("before", "")
    rows = catalogue.import_batches(
        actor=actor, limit=PAGE + 1, before=int(before) if before.isdecimal() and len(before) < 12 else None
    )
    context = {
        "section": "imports",
        "form": form,
        "limit": settings.UPLOAD_LIMIT,
        "rows": rows_of(rows[:PAGE]),
        "older": rows[PAGE - 1].batch_id if len(rows) > PAGE else None,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Imports"), "")],
    }
    return render(request, "desk/imports.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: UploadForm, limited: LimitedUpload) -> list[int]:
    """Keep every file that can be kept; each that cannot is named beside the field."""
    files: list[UploadedFile[bytes]] = request.FILES.getlist("files")
    for name in limited.refused:
        form.add_error("files", _too_large(name))
    if not files and not limited.refused:
        form.add_error("files", _("Choose at least one file."))
    kept: list[int] = []
    if not form.is_valid() and not limited.refused:
        return kept
    for upload in files:
        try:
            kept.append(
                services.keep_file(
                    actor=actor_of(request),
                    upload=upload,
                    name=upload.name or _("upload"),
                    house=form.cleaned_data.get("house", ""),
                    profile=form.cleaned_data.get("profile", ""),
                )
            )
        except FileTooLarge:
            form.add_error("files", _too_large(upload.name or ""))
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("files", f"“{upload.name}”: {wording.refusal(refusal)}")
    return kept


def _too_large(name: str) -> str:
    return _("“%(file)s” is larger than %(limit)s and was not kept.") % {
        "file": name,
        "limit": size(settings.UPLOAD_LIMIT),
    }


@staffed(IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One import: before its start a look at its first records; under way how far it is; at the end what became of it.

    A POST changes nothing: it shows the records as other choices would have them.
    """
    actor = actor_of(request)
    report = catalogue.import_batch(batch_id, actor=actor)
    row = rows_of([report])[0]
    if row["phase"] == "interrupted":
        # It may have ended between the look at its row and the look at who is at it.
        report = catalogue.import_batch(batch_id, actor=actor)
        row = rows_of([report])[0]
    context: dict[str, Any] = {
        "section": "imports",
        "row": row,
        "report": report,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Imports"), reverse("desk-imports")), (report.file, "")],
    }
    if row["phase"] == "new":
        return _look(request, context, batch_id)
    # Pairs that were compared and found different are nothing to look at.
    context["notes"] = {code: count for code, count in report.notes.items() if count and code != "compared"}
    context["live"] = row["phase"] in {"queued", "running", "interrupted"}
    return render(request, "desk/import.html", context)


def _look(request: HttpRequest, context: dict[str, Any], batch_id: int) -> HttpResponse:
    chosen, columns, preview = _choices(request, batch_id)
    may_keep = actor_of(request).holds_somewhere(CATALOGUERS)
    if "keep" in request.POST and may_keep and columns is not None and columns.is_valid() and chosen.is_valid():
        asked = {
            "copy": chosen.cleaned_data["profile"],
            "columns": json.dumps(columns.told(), ensure_ascii=False),
            "import": str(batch_id),
        }
        return redirect(f"{reverse('desk-profile-new')}?{urlencode(asked)}")
    context |= {"form": chosen, "columns": columns, "preview": preview, "may_keep": may_keep}
    context["gone"] = preview is None
    return render(request, "desk/import_look.html", context, status=422 if chosen.errors else 200)


def _choices(request: HttpRequest, batch_id: int) -> tuple[StartForm, ColumnsForm | None, previews.Preview | None]:
    """What somebody chose for a waiting file, and its first records read so."""
    actor = actor_of(request)
    posted = request.POST if request.method == "POST" else None
    known = {row.name for row in catalogue.profiles()}
    asked_for = request.GET.get("profile", "") if request.GET.get("profile") in known else ""
    try:
        preview = previews.import_preview(batch_id, actor=actor, profile=asked_for)
    except FileUnreadable:
        return StartForm(posted, profiles=catalogue.profiles(), initial={}), None, None
    form = StartForm(
        posted,
        profiles=catalogue.profiles(),
        initial={
            "profile": asked_for or preview.profile,
            "encoding": preview.forced_encoding,
            "dialect": preview.forced_dialect,
        },
    )
    columns = None
    if preview.format.columns:
        if (
            posted is not None
            and "look" in posted
            and posted.get("profile") != posted.get("columns_of", posted.get("profile"))
            and form.is_valid()
        ):
            # Another profile was chosen than the one that these columns were shown by: its own are shown.
            preview = previews.import_preview(batch_id, actor=actor, **form.cleaned_data)
            return form, ColumnsForm(None, columns=preview.format.columns, mapping=preview.mapping), preview
        columns = ColumnsForm(posted, columns=preview.format.columns, mapping=preview.mapping)
    if posted is not None and form.is_valid() and (columns is None or columns.is_valid()):
        preview = previews.import_preview(
            batch_id, actor=actor, columns=columns.chosen() if columns else None, **form.cleaned_data
        )
    return form, columns, preview


@staffed(IMPORTERS)
@require_POST
def begin(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Start a waiting import as it was chosen, or go on with an interrupted one."""
    actor = actor_of(request)
    report = catalogue.import_batch(batch_id, actor=actor)
    wanted: dict[str, Any] = {}
    if report.state is ImportState.WAITING and "profile" in request.POST:
        form, columns, preview = _choices(request, batch_id)
        if preview is None or not form.is_valid() or (columns is not None and not columns.is_valid()):
            return batch(request, batch_id)
        wanted = dict(form.cleaned_data)
        if columns is not None:
            wanted["columns"] = columns.chosen()
    try:
        services.start_import(actor=actor, batch_id=batch_id, **wanted)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
    return redirect("desk-import", batch_id=batch_id)


def rows_of(reports: list[ImportReport]) -> list[dict[str, Any]]:
    """Reports with the phase that people see: new, queued, running, interrupted, done, failed."""
    at_work = previews.is_being_imported(
        report.batch_id for report in reports if report.state in {ImportState.RUNNING, ImportState.WAITING}
    )
    return [{"report": report, "phase": phase(report, at_work)} for report in reports]


def phase(report: ImportReport, at_work: frozenset[int]) -> str:
    """Where an import is for people: one that waits for its start, and one that was killed, are not what the state alone says."""
    if report.state is ImportState.WAITING:
        return "running" if report.batch_id in at_work else "new"
    if report.state is not ImportState.RUNNING:
        return str(report.state)
    if report.batch_id in at_work:
        return "running"
    return "queued" if report.started_at is None else "interrupted"
