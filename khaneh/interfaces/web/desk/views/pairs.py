"""Pairs that may be one: a queue, and two records side by side to be judged."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.catalogue import queries, services
from khaneh.domains.catalogue.types import ReviewState
from khaneh.interfaces.web.desk import comparing, wording
from khaneh.interfaces.web.desk.gate import CATALOGUERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotAllowed, Refusal

PAGE = 40
JUDGEMENTS: dict[str, Literal["same", "different", "later"]] = {
    "same": "same",
    "different": "different",
    "later": "later",
}


@staffed(CATALOGUERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits to be judged, the oldest first."""
    actor = actor_of(request)
    context = {
        "section": "pairs",
        "rows": queries.review_pairs(actor=actor, limit=PAGE),
        "total": queries.review_count(actor=actor),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Pairs to judge"), "")],
    }
    return render(request, "desk/pairs.html", context)


@staffed(CATALOGUERS)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two records, what they say and what speaks for and against; a judgement leads to the next pair."""
    actor = actor_of(request)
    row = queries.review_pair(pair_id, actor=actor)
    judgement = JUDGEMENTS.get(request.POST.get("judgement", ""))
    if request.method == "POST" and judgement is not None:
        try:
            services.judge_pair(
                actor=actor,
                pair_id=pair_id,
                judgement=judgement,
                reason=request.POST.get("reason", "")[:1000].strip(),
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, wording.refusal(refusal))
        else:
            messages.success(request, _said(judgement))
        following = [one for one in queries.review_pairs(actor=actor, limit=2) if one.id != pair_id]
        return redirect("desk-pair", pair_id=following[0].id) if following else redirect("desk-pairs")
    left, right = (queries.record_page(line.id) for line in (row.left, row.right))
    context = {
        "section": "pairs",
        "row": row,
        "open": row.state is ReviewState.OPEN,
        "left": left,
        "right": right,
        "merged": left.id == right.id,
        "compared": comparing.rows(left, right),
        "waiting": queries.review_count(actor=actor),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Pairs to judge"), reverse("desk-pairs")), (row.left.title, "")],
    }
    return render(request, "desk/pair.html", context, status=422 if request.method == "POST" else 200)


def _said(judgement: str) -> str:
    return {
        "same": _("Merged. It can be undone on the record’s page."),
        "different": _("Kept apart; the program will not ask again."),
        "later": _("Put at the end of the queue."),
    }[judgement]
