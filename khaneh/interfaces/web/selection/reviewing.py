"""A reviewer's pages: what waits, the declaration, then the application and the scores. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.selection import queries, services
from khaneh.domains.selection.services import Mark
from khaneh.domains.selection.types import DECLARABLE, REVIEW_STATES, TIE_KINDS, ReviewState, TaskRow, TieKind
from khaneh.interfaces.web.programmes import fields
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Refusal

_SHOWN = ("application/pdf", "image/png", "image/jpeg")


@login_required
@never_cache
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """One's own reviews."""
    rows = queries.tasks(actor_of(request))
    context = {
        "section": "reviews",
        "rows": [(one, REVIEW_STATES[one.state], wording.TONES.get(one.state, "")) for one in rows],
    }
    return render(request, "selection/tasks.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, review_id: int) -> HttpResponse:
    """One review. Before the declaration it shows who applies and nothing else; a POST declares, keeps or hands in."""
    actor, now = actor_of(request), timezone.now()
    row = queries.task(review_id, actor=actor, now=now)
    if request.method == "POST":
        return _act(request, actor, row)
    context: dict[str, Any] = {
        "section": "reviews",
        "row": row,
        "state": REVIEW_STATES[row.state],
        "tone": wording.TONES.get(row.state, ""),
        "ties": [wording.tie(kind.value) for kind in row.ties],
        "kinds": [(kind.value, TIE_KINDS[kind]) for kind in DECLARABLE],
    }
    if row.application is not None:
        context["handed_in"] = fields.shown(programmes.form(row.application.form_id).questions, row.content)
    return render(request, "selection/task.html", context)


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, review_id: int, digest: str) -> HttpResponse:
    """A document of the application, once one has declared."""
    found, content = queries.task_document(review_id, digest, actor=actor_of(request))
    media_type = found.media_type if found.media_type in _SHOWN else "application/octet-stream"
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = 'attachment; filename="document"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _act(request: HttpRequest, actor: Actor, row: TaskRow) -> HttpResponse:
    now, what, posted = timezone.now(), request.POST.get("act", ""), request.POST
    try:
        if what == "clear":
            services.declare_clear(actor=actor, review_id=row.id, now=now)
            messages.success(request, _("Thank you. You can read the application now."))
        elif what == "conflict":
            kind = posted.get("kind", "")
            services.declare_conflict(
                actor=actor, review_id=row.id, kind=TieKind(kind) if kind in list(TieKind) else TieKind.OTHER,
                note=posted.get("note", ""), lasting=posted.get("lasting") == "1", now=now,
            )  # fmt: skip
            messages.success(request, _("Thank you for saying so. Somebody else will judge it."))
            return redirect("account-reviews")
        elif what in ("save", "submit"):
            marks, comment, note = _marks(request, row), posted.get("comment", ""), posted.get("note", "")
            # Sent twice it is submitted once; what lacks a score is kept all the same.
            if row.state is not ReviewState.SUBMITTED:
                services.save_review(actor=actor, review_id=row.id, marks=marks, comment=comment, note=note, now=now)
            if what == "submit":
                services.submit_review(actor=actor, review_id=row.id, marks=marks, comment=comment, note=note, now=now)
                messages.success(request, _("Submitted. Thank you."))
                return redirect("account-reviews")
            messages.success(request, _("Saved. Nobody else sees it before you submit."))
    except Refusal as refusal:
        wording.told(request, refusal)
        if refusal.code == "selection.conflicted":
            return redirect("account-reviews")
    return redirect("account-review", review_id=row.id)


def _marks(request: HttpRequest, row: TaskRow) -> dict[str, Mark]:
    """The scores that were typed; what is no number is out of every range, so that the service says so."""
    found = {}
    for one in row.scores:
        typed = request.POST.get(f"score-{one.criterion.id}", "").strip()
        value = wording.whole(typed) if typed else None
        found[one.criterion.code] = Mark(
            -1 if typed and value is None else value, request.POST.get(f"comment-{one.criterion.id}", "")
        )
    return found
