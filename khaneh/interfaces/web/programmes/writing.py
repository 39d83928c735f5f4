"""Writing an application: everything is kept as it is typed, documents are looked at as they come. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.network import queries as network
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.errors import ChangedMeanwhile
from khaneh.domains.programmes.types import ApplicationDraft, ApplicationRow, ApplicationState, Part, QuestionKind
from khaneh.interfaces.web import lending, reader
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
    """The form of the call. Saving keeps what is right and what is wrong; what is wrong stands beside its field.

    `?regions=` gives the regions to choose from with the communes of one of them, for who has a script; a POST with `next=typed` saves what
    was typed and answers in JSON. Both do what the buttons do.
    """
    actor = actor_of(request)
    row, part = queries.seen_application(application_id, actor=actor)
    if part not in (Part.LEAD, Part.WRITER) or row.state not in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        raise Http404
    if "regions" in request.GET:
        code = request.GET["regions"][:80]
        return render(request, "programmes/region_options.html", {"regions": region_choices(code), "chosen": code})
    if request.method == "POST":
        return _typed(request, actor, row) if request.POST.get("next") == "typed" else _save(request, actor, row)
    asked = request.GET.get("check") == "1"
    wrong = services.wanting(row.id) if asked else {}
    return _page(request, row, queries.draft_of(row.id), row.revision, wrong=wrong)


def _kept(request: HttpRequest, actor: Actor, row: ApplicationRow, draft: ApplicationDraft) -> ApplicationRow:
    revision = lending.number_of(request.POST.get("revision"))
    return services.save(
        actor=actor, application_id=row.id, draft=draft, revision=-1 if revision is None else revision,
        now=timezone.now(), language=get_language() or "",
    )  # fmt: skip


def _draft(request: HttpRequest, row: ApplicationRow) -> ApplicationDraft:
    return ApplicationDraft(
        title=request.POST.get("title", ""),
        summary=request.POST.get("summary", ""),
        region_code=request.POST.get("region", ""),
        answers=fields.typed(queries.form(row.form_id).questions, request.POST),
    )


def _typed(request: HttpRequest, actor: Actor, row: ApplicationRow) -> HttpResponse:
    """What was typed so far, as a script sends it. Where somebody else was quicker the answer says what is there: nothing is overwritten."""
    try:
        row, status, said = _kept(request, actor, row, _draft(request, row)), 200, ""
    except ChangedMeanwhile as refusal:
        row, status, said = queries.application(row.id), 409, wording.why(refusal).said
    except Refusal as refusal:
        return JsonResponse({"said": " ".join(wording.why(refusal)).strip()}, status=409)
    values = fields.sent(queries.form(row.form_id).questions, queries.draft_of(row.id))
    return JsonResponse({"revision": row.revision, "values": values, "said": said}, status=status)


def _save(request: HttpRequest, actor: Actor, row: ApplicationRow) -> HttpResponse:
    draft = _draft(request, row)
    try:
        row = _kept(request, actor, row, draft)
    except Refusal as refusal:
        told = wording.why(refusal)
        # What was typed is not lost: seen beside what is there, and saved once more, it takes its place.
        row = queries.application(row.id)
        theirs = queries.draft_of(row.id) if isinstance(refusal, ChangedMeanwhile) else None
        return _page(request, row, draft, row.revision, problem=f"{told.said} {told.remedy}", theirs=theirs, status=409)
    refused = _documents(request, actor, row)
    if refused:
        return _page(request, row, queries.draft_of(row.id), row.revision, refused=refused, status=422)
    if request.POST.get("next") == "communes":
        return redirect(f"{request.path}#f-region_code")
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


def _others(draft: ApplicationDraft, theirs: ApplicationDraft | None) -> dict[str, list[str]]:
    """What somebody else has saved meanwhile of what is asked of every plan, where it differs."""
    if theirs is None:
        return {}
    label = network.region_names().get(theirs.region_code)
    region = label.pick(reader.current().language) if label else ""
    found = {"title": theirs.title, "summary": theirs.summary, "region": region}
    same = {
        "title": theirs.title == draft.title,
        "summary": theirs.summary == draft.summary,
        "region": theirs.region_code == draft.region_code,
    }
    return {name: [text] for name, text in found.items() if not same[name]}


def _page(
    request: HttpRequest,
    row: ApplicationRow,
    draft: ApplicationDraft,
    revision: int,
    *,
    wrong: dict[str, str] | None = None,
    refused: dict[str, str] | None = None,
    problem: str = "",
    theirs: ApplicationDraft | None = None,
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
        "saved_words": _("Saved at %(time)s."),  # the time is the browser's to tell
        "theirs": theirs,
        "others": _others(draft, theirs),
        "regions": region_choices(draft.region_code, theirs.region_code if theirs else ""),
        "fields": fields.drawn(
            form.questions, draft.answers, told, queries.files_of(row.id), row.id, theirs.answers if theirs else None
        ),
        "may_save": shown["is_open"] or shown["is_coming"],
        "kept": {"revision": revision, "values": fields.sent(form.questions, queries.draft_of(row.id))},
    }
    return render(request, "programmes/write.html", context, status=status)
