"""The quarantine: what could not be read or decided, with its bytes, and what a librarian does about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.catalogue import queries, services
from khaneh.domains.catalogue.errors import StillUnreadable
from khaneh.domains.catalogue.types import QuarantineState, QuarantineView
from khaneh.interfaces.web.desk import correction, wording
from khaneh.interfaces.web.desk.forms.quarantine import FilterForm, MendForm, ReasonForm, RetryForm
from khaneh.interfaces.web.desk.gate import IMPORTERS, staffed
from khaneh.interfaces.web.paging import address
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import NotAllowed, Refusal

PAGE = 40
_BATCHES = 50


@staffed(IMPORTERS)
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """What waits, by import and reason; also what was decided."""
    actor = actor_of(request)
    batches = queries.import_batches(actor=actor, limit=_BATCHES)
    counts = queries.quarantine_counts(actor=actor, batch_id=_number(request.GET.get("batch", "")))
    form = FilterForm(
        {key: request.GET.get(key, "") for key in ("batch", "reason", "state") if key in request.GET},
        reasons=sorted({*counts, *filter(None, [request.GET.get("reason", "")])})[:80],
        batches=[
            (str(one.batch_id), f"{one.file} · {one.source_names.pick(actor.language) or one.source}")
            for one in batches
        ],
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.quarantine_items(
        actor=actor,
        batch_id=_number(wanted.get("batch", "")),
        reason=wanted.get("reason", ""),
        state=QuarantineState(wanted.get("state") or QuarantineState.OPEN),
        limit=PAGE + 1,
        before=_number(request.GET.get("before", "")),
    )
    context = {
        "section": "quarantine",
        "form": form,
        "rows": rows[:PAGE],
        "open": wanted.get("state", "open") == "open",
        "filtered": bool(wanted.get("batch") or wanted.get("reason")),
        "counts": sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])),
        "total": sum(counts.values()),
        "older": address(request, before=str(rows[PAGE - 1].id)) if len(rows) > PAGE else "",
        "crumbs": [(_("Desk"), reverse("desk")), (_("Quarantine"), "")],
    }
    return render(request, "desk/quarantine.html", context)


@staffed(IMPORTERS)
@require_safe
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One record: its bytes, what each encoding would make of them, and the ways out."""
    return _page(request, queries.quarantine_view(item_id, actor=actor_of(request)))


def _page(
    request: HttpRequest,
    view: QuarantineView,
    *,
    retry: RetryForm | None = None,
    mend: MendForm | None = None,
    put_away: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    row = view.row
    alike = queries.quarantine_counts(actor=actor, batch_id=row.batch_id).get(row.reasons[0], 1) if row.reasons else 1
    if mend is None:
        raw, fmt = queries.quarantine_original(row.id, actor=actor)
        draft = correction.draft(raw, fmt, wording.likely_encoding(view))
        mend = MendForm(None, draft=draft) if draft is not None else None
    context: dict[str, Any] = {
        "section": "quarantine",
        "view": view,
        "row": row,
        "open": row.state is QuarantineState.OPEN,
        "alike": alike,
        "likely": wording.likely_encoding(view),
        "retry": retry or RetryForm(None, tries=view.tries, likely=wording.likely_encoding(view), alike=alike),
        "mend": mend,
        "put_away": put_away or ReasonForm(None),
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Quarantine"), reverse("desk-quarantine")),
            (view.title or _("Record %s") % show_number(row.position, actor.language), ""),
        ],
    }
    return render(request, "desk/quarantined.html", context, status=status)


@staffed(IMPORTERS)
@require_POST
def retry(request: HttpRequest, item_id: int) -> HttpResponse:
    """Read again: in another encoding, as corrected, or as it is with its doubts accepted; one record or all alike."""
    actor = actor_of(request)
    view = queries.quarantine_view(item_id, actor=actor)
    if "text" in request.POST:
        return _retry_mended(request, view)
    alike = queries.quarantine_counts(actor=actor, batch_id=view.row.batch_id).get(view.row.reasons[0], 1)
    form = RetryForm(request.POST, tries=view.tries, likely="", alike=alike)
    if not form.is_valid():
        return _page(request, view, retry=form, status=422)
    encoding, accept = form.cleaned_data["encoding"], form.cleaned_data["accept"]
    if form.cleaned_data.get("scope") == "batch":
        resolved, still = services.retry_batch(
            actor=actor,
            batch_id=view.row.batch_id,
            reason=view.row.reasons[0],
            encoding=encoding,
            accept=accept,
            now=timezone.now(),
        )
        said = ngettext("%(n)s record came in", "%(n)s records came in", resolved) % {
            "n": show_number(resolved, actor.language)
        }
        messages.success(request, f"{said}; " + _("%s still wait.") % show_number(still, actor.language))
        return redirect(f"{reverse('desk-quarantine')}?batch={view.row.batch_id}")
    return _retry_one(request, view, form, encoding=encoding, accept=accept)


def _retry_mended(request: HttpRequest, view: QuarantineView) -> HttpResponse:
    fmt = queries.quarantine_original(view.row.id, actor=actor_of(request))[1]
    way = request.POST.get("way", "")
    draft = correction.Draft("hex" if way == "hex" else "text" if way == "text" else "lines", "")
    form = MendForm(request.POST, draft=draft)
    if not form.is_valid():
        return _page(request, view, mend=form, status=422)
    try:
        corrected, encoding = correction.mended(form.cleaned_data["text"], form.cleaned_data["way"], fmt)
    except correction.NotUnderstood as error:
        words = {
            "lines": _("A line is not understood. Each begins with = and a tag."),
            "text": _("This text cannot be kept."),
            "hex": _("These are not pairs of hexadecimal figures."),
        }
        form.add_error("text", words[error.code])
        return _page(request, view, mend=form, status=422)
    accept = "accept" in request.POST
    return _retry_one(request, view, form, encoding=encoding, accept=accept, corrected=corrected)


def _retry_one(
    request: HttpRequest,
    view: QuarantineView,
    form: RetryForm | MendForm,
    *,
    encoding: str,
    accept: bool,
    corrected: bytes | None = None,
) -> HttpResponse:
    try:
        services.retry_quarantined(
            actor=actor_of(request),
            item_id=view.row.id,
            encoding=encoding,
            corrected=corrected,
            accept=accept,
            now=timezone.now(),
        )
    except StillUnreadable as refusal:
        found = ", ".join(wording.reason(code) for code in refusal.facts.get("reasons", ()))
        field = "text" if isinstance(form, MendForm) else "encoding"
        form.add_error(field, wording.refusal(refusal) + (f" {found}" if found else ""))
        fresh = queries.quarantine_view(view.row.id, actor=actor_of(request))
        shown = {"mend": form} if isinstance(form, MendForm) else {"retry": form}
        return _page(request, fresh, status=409, **shown)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
        return redirect("desk-quarantined", item_id=view.row.id)
    messages.success(request, _("The record is in the catalogue."))
    return redirect("desk-quarantined", item_id=view.row.id)


@staffed(IMPORTERS)
@require_POST
def discard(request: HttpRequest, item_id: int) -> HttpResponse:
    """Put a record away for good, with a reason; its bytes stay."""
    actor = actor_of(request)
    view = queries.quarantine_view(item_id, actor=actor)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, view, put_away=form, status=422)
    try:
        services.discard_quarantined(
            actor=actor, item_id=item_id, reason=form.cleaned_data["reason"], now=timezone.now()
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
        return redirect("desk-quarantined", item_id=item_id)
    messages.success(request, _("The record is put away. Its bytes are kept."))
    return redirect("desk-quarantine")


@staffed(IMPORTERS)
@require_safe
def original(request: HttpRequest, item_id: int) -> HttpResponse:
    """The bytes as they came."""
    raw, _fmt = queries.quarantine_original(item_id, actor=actor_of(request))
    return download(raw, f"quarantine-{item_id}.bin")


def download(content: bytes, name: str) -> HttpResponse:
    """Bytes to be saved, never shown: they may hold anything."""
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type="application/octet-stream", headers={"Content-Disposition": header})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None
