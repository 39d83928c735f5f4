"""What became of somebody where no vacancy tells it: said by themself, noted by the staff of the house. Parse, call, translate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.placements import permissions, queries, services
from khaneh.domains.placements.permissions import RECORDERS
from khaneh.domains.placements.types import OUTCOMES, STATED_KINDS, GraduateRow, StatementRow
from khaneh.interfaces.web import lending, paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.placements import figures, wording
from khaneh.interfaces.web.placements.statement_forms import ConfirmationForm, NotedStatementForm, OwnStatementForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

PAGE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """What one says of oneself after a course; a post says it, or takes it back. Sent twice it is said once."""
    actor, now = actor_of(request), timezone.now()
    account_id = actor.account_id or 0
    today = queries.asked_on(account_id, now)
    if today is None:
        raise Http404
    form = OwnStatementForm(_posted(request, "state"), today=today)
    if request.method == "POST" and (_withdrawn(request, actor) or _stated(request, actor, account_id, form)):
        return redirect("account-work-outcome")
    context = {
        "section": "work",
        "form": form,
        "said": [said(row) for row in queries.statements_of(account_id, actor=actor)],
    }
    return render(request, "placements/outcome.html", context, status=422 if form.errors else 200)


@staffed(RECORDERS)
@require_safe
def graduates(request: HttpRequest) -> HttpResponse:
    """By name who finished in a year, and what is known of them; those of whom nothing is known alone, if wanted."""
    wanted, year = figures.wanted_of(request)
    only_unknown, page = request.GET.get("unknown") == "1", paging.page_number(request)
    found = queries.graduates(
        wanted, actor=actor_of(request), now=timezone.now(), only_unknown=only_unknown,
        offset=(page - 1) * PAGE, limit=PAGE,
    )  # fmt: skip
    language = reader.current().language
    context = {
        "section": "placements",
        "rows": [_graduate(row) for row in found.rows],
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "only_unknown": only_unknown,
        "may_record": True,
        "may_define": permissions.may_define(actor_of(request)),
        "years": [(one.number, one == year) for one in figures.years()],
        "houses": sorted(
            ((ref.code, ref.names.pick(language), ref.id == wanted.house_id) for ref in found.houses),
            key=lambda one: one[1],
        ),
        "crumbs": _crumbs(_("By name")),
    }
    return render(request, "placements/graduates.html", context)


@staffed(RECORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def graduate(request: HttpRequest, account_id: int) -> HttpResponse:
    """What became of one, as it was told; a post notes something, an employer's word for it, or that it counts no more."""
    actor, now = actor_of(request), timezone.now()
    row = queries.graduate(account_id, actor=actor, now=now)
    today = queries.asked_on(account_id, now) or now.date()
    form = NotedStatementForm(_posted(request, "state"), today=today)
    told = queries.statements_of(account_id, actor=actor)
    sure = {one.id: ConfirmationForm(today=today, number=one.id) for one in told if one.may_be_confirmed}
    if request.method == "POST" and (
        _withdrawn(request, actor)
        or _confirmed(request, actor, sure, today)
        or _stated(request, actor, account_id, form)
    ):
        return redirect("desk-graduate", account_id=account_id)
    wrong = form.errors or any(one.errors for one in sure.values())
    context = {
        "section": "placements",
        "one": _graduate(row),
        "form": form,
        "said": [{**said(one), "sure": sure.get(one.id)} for one in told],
        "crumbs": _crumbs(_("By name"), row.name),
    }
    return render(request, "placements/graduate.html", context, status=422 if wrong else 200)


def said(row: StatementRow) -> dict[str, Any]:
    """A statement in words."""
    return {"row": row, "kind": STATED_KINDS[row.kind]}


def _graduate(row: GraduateRow) -> dict[str, Any]:
    return {"row": row, "outcome": OUTCOMES[row.outcome], "tone": wording.OUTCOME_TONES.get(row.outcome, "")}


def _posted(request: HttpRequest, act: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("act") == act else None


def _stated(request: HttpRequest, actor: Actor, account_id: int, form: OwnStatementForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.state_outcome(actor=actor, account_id=account_id, draft=form.draft(), now=timezone.now())
    except Invalid as refusal:
        form.refuse(wording.facts_of(refusal))
        return False
    messages.success(request, _("Noted. The figures count it."))
    return True


def _confirmed(request: HttpRequest, actor: Actor, sure: dict[int, ConfirmationForm], today: date) -> bool:
    """Whether an employer's word was posted and noted. A form that is wrong takes the place of the empty one."""
    if request.POST.get("act") != "confirm":
        return False
    number = lending.number_of(request.POST.get("statement")) or 0
    form = ConfirmationForm(request.POST, today=today, number=number)
    if number in sure:
        sure[number] = form
    if not form.is_valid():
        return number not in sure
    try:
        services.confirm_statement(actor=actor, statement_id=number, now=timezone.now(), **form.cleaned_data)
    except Invalid as refusal:
        form.refuse(wording.facts_of(refusal))
        return False
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    else:
        messages.success(request, _("Noted as confirmed by the employer."))
    return True


def _withdrawn(request: HttpRequest, actor: Actor) -> bool:
    if request.POST.get("act") != "withdraw":
        return False
    number = lending.number_of(request.POST.get("statement")) or 0
    services.withdraw_statement(actor=actor, statement_id=number, now=timezone.now())
    messages.success(request, _("Taken back: it counts no more."))
    return True


def _crumbs(*more: str) -> list[tuple[str, str]]:
    steps = [(_("Desk"), reverse("desk")), (_("Placements"), reverse("desk-placements"))]
    addresses = [reverse("desk-graduates"), ""] if len(more) == 2 else [""]
    return [*steps, *zip(more, addresses, strict=True)]
