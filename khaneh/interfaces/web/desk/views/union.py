"""The union seen from inside: whose records a record is made of and why, merging by hand, undoing, and the history of merges."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.catalogue import queries, services
from khaneh.domains.catalogue.types import Line, RecordPage
from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import SearchRequest
from khaneh.formats.marc.exports import names
from khaneh.interfaces.web.desk import comparing, wording
from khaneh.interfaces.web.desk.forms.quarantine import ReasonForm
from khaneh.interfaces.web.desk.gate import CATALOGUERS, IMPORTERS, staffed
from khaneh.interfaces.web.desk.views.quarantine import download
from khaneh.interfaces.web.paging import address
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal

PAGE = 40
_FOUND = 10


@staffed(IMPORTERS)
@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """A record's contributions, the contribution behind each field, its merges, and the search for one to merge with."""
    page = queries.record_page(record_id)
    if page.id != record_id:
        return redirect("desk-record", record_id=page.id)
    asked = request.GET.get("q", "").strip()[:300]
    givers = {row.id: number for number, row in enumerate(page.contributions, 1)}
    context: dict[str, Any] = {
        "section": "union",
        "page": page,
        "title": names.full_title(page.description),
        "contributions": [(number, row) for number, row in enumerate(page.contributions, 1)],
        "downloadable": queries.downloadable(record_id, actor=actor_of(request)),
        "fields": _fields(page, givers),
        "decisions": queries.decisions_of(record_id),
        "asked": asked,
        "found": _found(asked, record_id, actor_of(request).language) if asked else None,
        "may_merge": actor_of(request).holds_somewhere(CATALOGUERS),
        "undo": ReasonForm(None, label=_("Why it is undone")),
        "crumbs": [*_crumbs(page), (_("Behind the record"), "")],
    }
    return render(request, "desk/record.html", context)


def _crumbs(page: RecordPage) -> list[tuple[str, str]]:
    return [(_("Desk"), reverse("desk")), (names.full_title(page.description), reverse("record", args=[page.id]))]


def _fields(page: RecordPage, givers: dict[int, int]) -> list[tuple[str, str, str, int | None]]:
    """Tag, indicators, text, and the number of the contribution the field was taken from."""
    shown = []
    for place, field in enumerate(page.record.fields):
        giver = page.origins[place][1] if place < len(page.origins) else 0
        text = field.value or " ".join(f"${code} {value}" for code, value in field.subfields)
        marks = f"{field.ind1}{field.ind2}".replace(" ", "#") if field.subfields else ""
        shown.append((field.tag, marks, text, givers.get(giver)))
    return shown


def _found(asked: str, record_id: int, language: str) -> list[Line]:
    """Records that answer a search, or the one of this number."""
    number = latin_digits(asked)
    if number.isdecimal() and len(number) < 10:
        found = queries.lines([int(number)])
        if found:
            return [line for line in found if line.id != record_id]
    wanted = SearchRequest(
        text=asked,
        filters={"kind": ("record",)},
        limit=_FOUND + 1,
        highlights=False,
        language="fa" if language == "fa" else "vi" if language == "vi" else "en",
    )
    keys = [hit.key for hit in discovery.search(wanted).hits if hit.key != record_id]
    return queries.lines(keys[:_FOUND])


@staffed(CATALOGUERS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, record_id: int) -> HttpResponse:
    """Two records side by side before they are made one by hand; the other one is `?with=`."""
    actor = actor_of(request)
    other = latin_digits(request.POST.get("with", "") or request.GET.get("with", ""))
    if not other.isdecimal() or len(other) > 11:
        raise Http404
    into, taken = queries.record_page(record_id), queries.record_page(int(other))
    form = ReasonForm(request.POST if request.method == "POST" else None, label=_("Why they are the same"))
    if form.is_bound and form.is_valid():
        try:
            services.merge_records(
                actor=actor,
                from_record_id=taken.id,
                into_record_id=into.id,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except NotAllowed:
            form.add_error(None, _("Your roles do not cover every house that contributed to these two."))
        except Refusal as refusal:
            form.add_error(None, wording.refusal(refusal))
        else:
            messages.success(request, _("Merged. It can be undone below."))
            return redirect("desk-record", record_id=into.id)
    verdict = queries.match_records(into.record, taken.record)
    context = {
        "section": "union",
        "left": into,
        "right": taken,
        "merged": into.id == taken.id,
        "compared": comparing.rows(into, taken),
        "score": verdict.score,
        "evidence": verdict.evidence,
        "form": form,
        "crumbs": [*_crumbs(into), (_("Merge"), "")],
    }
    return render(request, "desk/merge.html", context, status=422 if form.is_bound else 200)


@staffed(CATALOGUERS)
@require_POST
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a merge back, with a reason: every contribution goes where it was, byte for byte."""
    form = ReasonForm(request.POST)
    back = request.POST.get("back", "")
    target = reverse("desk-record", args=[int(back)]) if back.isdecimal() and len(back) < 12 else reverse("desk-merges")
    if not form.is_valid():
        messages.error(request, _("Please give a reason: somebody may ask later."))
        return redirect(target)
    try:
        services.undo_merge(
            actor=actor_of(request),
            decision_id=decision_id,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except NotAllowed:
        messages.error(request, _("Your roles do not cover every house that contributed to these two."))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
    else:
        messages.success(request, _("The merge is undone: both records stand again as they were."))
    return redirect(target)


@staffed(IMPORTERS)
@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """The history of merges, the latest first."""
    before = request.GET.get("before", "")
    rows = queries.decisions(
        actor=actor_of(request),
        limit=PAGE + 1,
        before=int(before) if before.isdecimal() and len(before) < 12 else None,
    )
    shown = rows[:PAGE]
    titles = {line.id: line for line in queries.lines([row.into_record_id for row in shown])}
    context = {
        "section": "merges",
        "rows": [(row, titles.get(row.into_record_id)) for row in shown],
        "may_merge": actor_of(request).holds_somewhere(CATALOGUERS),
        "older": address(request, before=str(shown[-1].id)) if len(rows) > PAGE else "",
        "crumbs": [(_("Desk"), reverse("desk")), (_("Merges"), "")],
    }
    return render(request, "desk/merges.html", context)


@staffed(IMPORTERS)
@require_safe
def original(request: HttpRequest, contribution_id: int) -> HttpResponse:
    """A contribution's own bytes, as its source gave them."""
    asked = request.GET.get("version", "")
    content = queries.contribution_bytes(
        contribution_id,
        actor=actor_of(request),
        version=int(asked) if asked.isdecimal() and len(asked) < 5 else None,
    )
    return download(content, f"contribution-{contribution_id}.bin")
