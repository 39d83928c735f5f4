"""The team's own pages: its milestones, evidence, mentors' times, requests and what it was given. Parse, call, translate."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.types import (
    FATES,
    LEAVING,
    OVER_REASONS,
    REQUEST_KINDS,
    REVENUE_BANDS,
    Fate,
    FollowUpDraft,
    OverReason,
    ResidencyDetail,
)
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.residencies import acting, showing, typed
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


@login_required
@never_cache
@require_safe
def residencies(request: HttpRequest) -> HttpResponse:
    """The teams that one answers for; straight to it where it is one. Five statements."""
    found = queries.residencies_of(actor_of(request), now=timezone.now())
    if len(found) == 1:
        return redirect("account-residency", residency_id=found[0].id)
    context = {"section": "residencies", "rows": [showing.line(row) for row in found]}
    return render(request, "residencies/mine.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def residency(request: HttpRequest, residency_id: int) -> HttpResponse:
    """One team as it sees itself. A post does one thing; sent twice it is done once."""
    actor, now = actor_of(request), timezone.now()
    if residency_id not in {row.id for row in queries.residencies_of(actor, now=now)}:
        raise NotFound(what="residency")
    found = queries.residency(residency_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    if request.method == "POST":
        acting.do(request, _acts(request, actor, found, now))
        return redirect("account-residency", residency_id=residency_id)
    zone = showing.zone_of(found.row.house.id)
    context = {
        "section": "residencies",
        **showing.detail(found, clocks.today(found.row.house.id)),
        "slots": [showing.slot(one, zone) for one in queries.slots_for(residency_id, now=now)],
        "request_kinds": list(REQUEST_KINDS.items()),
        "reasons": [(one.value, OVER_REASONS[one]) for one in LEAVING],
        "fates": [(one.value, label) for one, label in FATES.items()],
        "bands": list(REVENUE_BANDS.items()),
        "key": secrets.token_hex(8),
    }
    return render(request, "residencies/team.html", context)


@login_required
@require_safe
def evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """A file of evidence, for the team, its mentors and its house: always to be saved, never shown by the browser itself."""
    name, media, content = queries.evidence(evidence_id, actor=actor_of(request))
    response = HttpResponse(content, content_type=media)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _acts(request: HttpRequest, actor: Actor, found: ResidencyDetail, now: datetime) -> acting.Acts:
    number = found.row.id
    who: dict[str, Any] = {"actor": actor, "now": now}
    return {
        "submit": (lambda: _submit(request, actor, now), _("Sent. The house looks at it and tells you.")),
        "file": (lambda: _file(request, actor, now), _("The file is kept.")),
        "book": (
            lambda: services.book_session(
                residency_id=number, slot_id=typed.number(request, "slot"), topic=typed.text(request, "topic"), **who
            ),
            _("Agreed. Your mentor is told."),
        ),
        "cancel-session": (
            lambda: services.cancel_session(session_id=typed.number(request, "session"), **who),
            _("Cancelled. Your mentor is told."),
        ),
        "ask": (
            lambda: services.ask(
                residency_id=number, kind=request.POST.get("kind", ""), text=typed.text(request, "text"),
                key=request.POST.get("key", "")[:64] or secrets.token_hex(8), **who,
            ),
            _("Asked. The house is told."),
        ),
        "withdraw-request": (
            lambda: services.withdraw_request(request_id=typed.number(request, "request"), **who), _("Taken back.")
        ),
        "acknowledge": (
            lambda: services.acknowledge(support_id=typed.number(request, "support"), **who),
            _("Thank you: it is noted that you have it."),
        ),
        "leave": (
            lambda: services.leave(residency_id=number, reason=_reason(request), **who), _("Noted. The house is told.")
        ),
        "consent": (
            lambda: services.consent(residency_id=number, given=True, **who),
            _("Thank you. You can take it back at any time."),
        ),
        "withdraw-consent": (
            lambda: services.consent(residency_id=number, given=False, **who), _("What was kept is forgotten.")
        ),
        "follow-up": (
            lambda: services.answer_follow_up(
                residency_id=number, year=typed.number(request, "year"), draft=_follow_up(request), **who
            ),
            _("Thank you for telling us."),
        ),
    }  # fmt: skip


def _submit(request: HttpRequest, actor: Actor, now: datetime) -> None:
    if request.FILES.get("file") is not None:
        _file(request, actor, now)
    services.submit_milestone(
        actor=actor, milestone_id=typed.number(request, "milestone"), said=typed.text(request, "said"), now=now
    )


def _file(request: HttpRequest, actor: Actor, now: datetime) -> int:
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid(fields={"said": "required"})
    return services.add_evidence(
        actor=actor, milestone_id=typed.number(request, "milestone"), name=sent.name or "", data=sent.read(), now=now
    )


def _reason(request: HttpRequest) -> OverReason:
    asked = request.POST.get("reason", "")
    return OverReason(asked) if asked in OVER_REASONS else OverReason.OTHER


def _follow_up(request: HttpRequest) -> FollowUpDraft:
    fate, exports = request.POST.get("fate", ""), request.POST.get("exports", "")
    written = request.POST.get("people", "").strip()
    return FollowUpDraft(
        fate=Fate(fate) if fate in FATES else None,
        people=typed.amount(request, "people", "") if written else None,
        revenue_band=request.POST.get("band", ""),
        exports={"yes": True, "no": False}.get(exports),
    )
