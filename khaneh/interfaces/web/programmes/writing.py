"""Writing an application: everything is kept as it is typed, documents are looked at as they come. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.types import ApplicationDraft, ApplicationRow, ApplicationState, Part, QuestionKind
from khaneh.interfaces.web import lending
from khaneh.interfaces.web.programmes import fields, wording
from khaneh.interfaces.web.programmes.public import line
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, application_id: int) -> HttpResponse:
    """The form of the call. Saving keeps what is right and what is wrong; what is wrong stands beside its field."""
    actor = actor_of(request)
    row, part = queries.seen_application(application_id, actor=actor)
    if part not in (Part.LEAD, Part.WRITER) or row.state not in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        raise Http404
    if request.method == "POST":
        return _save(request, actor, row)
    asked = request.GET.get("check") == "1"
    wrong = services.wanting(row.id) if asked else {}
    return _page(request, row, queries.draft_of(row.id), row.revision, wrong=wrong)


def _save(request: HttpRequest, actor: Actor, row: ApplicationRow) -> HttpResponse:
    now = timezone.now()
    form = queries.form(row.form_id)
    draft = ApplicationDraft(
        title=request.POST.get("title", ""),
        summary=request.POST.get("summary", ""),
        region_code=request.POST.get("region", ""),
        answers=fields.typed(form.questions, request.POST),
    )
    revision = lending.number_of(request.POST.get("revision"))
    try:
        row = services.save(
            actor=actor, application_id=row.id, draft=draft, revision=-1 if revision is None else revision, now=now,
            language=get_language() or "",
        )  # fmt: skip
    except Refusal as refusal:
        told = wording.why(refusal)
        # What was typed is not lost: saved once more it takes the place of what is there.
        return _page(request, row, draft, row.revision, problem=f"{told.said} {told.remedy}", status=409)
    refused = _documents(request, actor, row)
    if refused:
        return _page(request, row, queries.draft_of(row.id), row.revision, refused=refused, status=422)
    if request.POST.get("next") == "check":
        if services.wanting(row.id):
            messages.info(request, _("Saved. What is missing stands beside the fields."))
            return redirect(f"{request.path}?check=1")
        return redirect("account-application", application_id=row.id)
    messages.success(request, _("Saved as a draft."))
    return redirect("account-application-write", application_id=row.id)


def _documents(request: HttpRequest, actor: Actor, row: ApplicationRow) -> dict[str, str]:
    """Documents that came with the form, and those that are to go. Gives what was refused, by question."""
    now = timezone.now()
    refused: dict[str, str] = {}
    for number in request.POST.getlist("remove"):
        file_id = lending.number_of(number)
        try:
            services.remove_file(actor=actor, application_id=row.id, file_id=file_id or 0, now=now)
        except Refusal:
            continue  # it is gone already
    for one in queries.form(row.form_id).questions:
        if one.kind is not QuestionKind.FILE:
            continue
        for sent in request.FILES.getlist(f"q-{one.key}"):
            name = sent.name or ""
            if (sent.size or 0) > services.LARGEST_FILE:
                refused[one.key] = f"{name}: {wording.wrong('too_large')}"
                continue
            try:
                services.add_file(
                    actor=actor, application_id=row.id, question=one.key, name=name, content=sent.read(), now=now
                )
            except Invalid as refusal:
                refused[one.key] = f"{name}: {wording.wrong(refusal.facts['fields'].get(one.key, ''))}"
            except Refusal as refusal:
                refused[one.key] = f"{name}: {wording.why(refusal).said}"
    return refused


def _page(
    request: HttpRequest,
    row: ApplicationRow,
    draft: ApplicationDraft,
    revision: int,
    *,
    wrong: dict[str, str] | None = None,
    refused: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    call = queries.call(row.call_id)
    form = queries.form(row.form_id)
    told = {**wording.wrongs(wrong or {}), **(refused or {})}
    shown: dict[str, Any] = line(call)
    context = {
        "section": "applications",
        **shown,
        "application": row,
        "draft": draft,
        "revision": revision,
        "problem": problem,
        "any_wrong": bool(told),
        "wrong": told,
        "regions": region_choices(draft.region_code),
        "fields": fields.drawn(form.questions, draft.answers, told, queries.files_of(row.id), row.id),
        "may_save": shown["is_open"] or shown["is_coming"],
    }
    return render(request, "programmes/write.html", context, status=status)
