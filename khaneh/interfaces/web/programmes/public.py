"""Calls for everybody: finding them, one of them with its questions and answers, and beginning to apply. Parse, call, translate."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.programmes import permissions, queries, services
from khaneh.domains.programmes.types import CALL_STAGES, PROGRAMME_KINDS, QUESTION_KINDS, CallRow, CallStage
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.programmes import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal

PAGE = 24
_SHOWN = (CallStage.OPEN, CallStage.PUBLISHED, CallStage.CLOSED, CallStage.DECIDED)


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Calls, the open ones first. A bounded number of statements."""
    now = timezone.now()
    stage = next((one for one in _SHOWN if one.value == request.GET.get("stage")), None)
    kind = next((one.value for one in PROGRAMME_KINDS if one.value == request.GET.get("kind")), "")
    region = request.GET.get("region", "")[:80]
    page = paging.page_number(request)
    found = queries.calls(now=now, stage=stage, kind=kind, region_code=region, offset=(page - 1) * PAGE, limit=PAGE)
    context: dict[str, Any] = {
        "stages": [(one.value, CALL_STAGES[one], one is stage) for one in _SHOWN],
        "kinds": [(one.value, label, one.value == kind) for one, label in PROGRAMME_KINDS.items()],
        "regions": region_choices(region),
        "region": region,
        "lines": [line(row) for row in found.rows],
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "filtered": any(request.GET.get(name) for name in ("stage", "kind", "region")),
    }
    return render(request, "programmes/calls.html", context)


def line(row: CallRow) -> dict[str, Any]:
    """A call as lists show it."""
    stage = row.stage(timezone.now())
    return {
        "row": row,
        "kind": PROGRAMME_KINDS[row.programme.kind],
        "stage": CALL_STAGES[stage],
        "tone": wording.STAGE_TONES.get(stage, ""),
        "is_open": stage is CallStage.OPEN,
        "is_coming": stage is CallStage.PUBLISHED,
        "is_cancelled": stage is CallStage.CANCELLED,
        "opens": wording.at(row.opens_at, row.house.id),
        "closes": wording.at(row.closes_at, row.house.id),
        "quotas": [wording.quota(one) for one in row.quotas],
    }


@require_safe
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """What is called for, until when, by which criteria it is judged, and what others have asked. About fifteen statements."""
    return _page(request, queries.seen_call(call_id, actor=actor_of(request)), {})


@login_required
@require_POST
def ask(request: HttpRequest, call_id: int) -> HttpResponse:
    """Ask for all to read. Sent twice it is one question."""
    actor, text = actor_of(request), request.POST.get("text", "")
    row = queries.seen_call(call_id, actor=actor)
    try:
        services.ask(actor=actor, call_id=call_id, text=text, now=timezone.now())
    except Refusal as refusal:
        return _page(request, row, {"typed": text, "problem": _asking_problem(refusal)}, status=422)
    messages.success(request, _("Your question has been sent. The answer will stand here for all, without your name."))
    return redirect(reverse("call", args=[call_id]) + "#questions")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, call_id: int) -> HttpResponse:
    """Begin an application, for oneself or for an organisation that one speaks for. Sent twice it is one."""
    actor, now = actor_of(request), timezone.now()
    row = queries.seen_call(call_id, actor=actor)
    organisations = network.organisation_refs(permissions.represented(actor))
    problem = ""
    if request.method == "POST":
        chosen = request.POST.get("for", "")
        organisation = next((one.id for one in organisations.values() if one.code == chosen), None)
        title = request.POST.get("title", "").strip()
        if chosen and organisation is None:
            problem = wording.wrong("not_in_list")
        elif not title:
            problem = wording.wrong("required")
        else:
            try:
                made = services.begin(
                    actor=actor, call_id=call_id, organisation_id=organisation, title=title, now=now,
                    key=request.POST.get("key", "")[:40],
                )  # fmt: skip
            except Refusal as refusal:
                told = wording.why(refusal)
                problem = f"{told.said} {told.remedy}"
            else:
                return redirect("account-application-write", application_id=made.id)
    context = {
        "section": "applications",
        **line(row),
        "organisations": sorted(organisations.values(), key=lambda one: one.code),
        "title": request.POST.get("title", ""),
        "chosen": request.POST.get("for", ""),
        "key": request.POST.get("key", "") or secrets.token_hex(8),
        "problem": problem,
        "may": row.stage(now) in (CallStage.OPEN, CallStage.PUBLISHED),
    }
    return render(request, "programmes/apply.html", context, status=422 if problem else 200)


def _page(request: HttpRequest, row: CallRow, extra: dict[str, Any], status: int = 200) -> HttpResponse:
    actor, language = actor_of(request), reader.current().language
    own = [one for one in queries.own(actor) if one.application.call_id == row.id]
    questions = row.form.questions if row.form else ()
    weight = sum(one.weight for one in row.criteria) or 1
    context = {
        **line(row),
        **extra,
        "whom": wording.for_whom(row),
        "criteria": [(one, round(100 * one.weight / weight)) for one in row.criteria],
        "asked": [(one, wording.at(one.asked_at, row.house.id)) for one in queries.asked(row.id, actor=actor)],
        "questions": [(one, QUESTION_KINDS[one.kind], wording.bounds(one)) for one in questions],
        "signed_in": actor.account_id is not None,
        "own": [(one, wording.state(one.application.state)) for one in own],
        "keeps": permissions.may_manage(actor, house_id=row.house.id),
        "json_ld": _json_ld(row),
        "crumbs": [
            (_("Home"), reverse("home")),
            (pgettext("for founders", "Calls"), reverse("calls")),
            (row.names.pick(language), ""),
        ],
    }
    return render(request, "programmes/call.html", context, status=status)


def _asking_problem(refusal: Refusal) -> str:
    fields = refusal.facts.get("fields", {})
    if fields.get("text") == "too_many":
        return _("You have asked a lot about this call today. Ask again tomorrow.")
    told = wording.why(refusal)
    return f"{told.said} {told.remedy}".strip()


def _json_ld(row: CallRow) -> dict[str, Any]:
    language = reader.current().language
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": settings.SITE_URL + reverse("call", args=[row.id]),
        "name": row.names.pick(language),
        "description": row.descriptions.pick(language),
        "startDate": row.opens_at.isoformat() if row.opens_at else None,
        "endDate": row.closes_at.isoformat() if row.closes_at else None,
        "organizer": {"@type": "Organization", "name": row.house.names.pick(language)},
    }
    return {name: value for name, value in found.items() if value not in ("", None)}
