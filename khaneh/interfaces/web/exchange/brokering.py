"""The broker's desk: what waits for review, for an introduction, for an answer; one need with its proposals. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.permissions import BROKERS
from khaneh.domains.exchange.types import (
    PART_NAMES,
    REVIEW_REASONS,
    MatchState,
    PostingRow,
    PostingState,
    Proposal,
    ProposedKind,
    ReviewReason,
    Waiting,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.exchange import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

_AT_WORK = (MatchState.INVITED, MatchState.INTERESTED, MatchState.INTRODUCED, MatchState.IN_TALKS)


@staffed(BROKERS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits: reviews first, then introductions, then needs that nobody has answered. About sixty statements."""
    actor, now = actor_of(request), timezone.now()
    matches = [wording.match_line(row) for row in queries.brokered_matches(actor, states=_AT_WORK)]
    open_ = [wording.line(row) for row in queries.brokered(actor, states=(PostingState.PUBLISHED,))]
    matched = {one["row"].need.id for one in matches}
    context = {
        "section": "exchange",
        "waiting": [{**wording.line(one.posting), **_doubts(one)} for one in queries.waiting(actor, now=now)],
        "to_do": [one for one in matches if one["waits"]],
        "others": [one for one in matches if not one["waits"]],
        "unanswered": [one for one in open_ if one["row"].is_need and one["row"].id not in matched],
    }
    return render(request, "exchange/desk.html", context)


@staffed(BROKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def posting(request: HttpRequest, posting_id: int) -> HttpResponse:
    """One need or offer as its broker sees it; a POST decides, or asks a company. Sent twice, the second is told how it stands."""
    actor, now = actor_of(request), timezone.now()
    row = queries.posting(posting_id, actor=actor)
    if not row.brokers:
        raise Http404
    if request.method == "POST":
        _do(request, actor, posting_id)
        return redirect("desk-exchange-posting", posting_id=posting_id)
    language = reader.current().language
    waiting = next((one for one in queries.waiting(actor, now=now) if one.posting.id == posting_id), None)
    context = {
        "section": "exchange",
        **wording.whole(row),
        **(_doubts(waiting) if waiting else {}),
        "waits": row.state is PostingState.SUBMITTED,
        "proposals": _proposals(row, actor, now),
        "may_decide": row.is_open,
        "reasons": [(code.value, label.pick(language)) for code, label in REVIEW_REASONS.items()],
        "reviews": [
            (one, REVIEW_REASONS[one.reason].pick(language) if one.reason else "")
            for one in queries.reviews_of(posting_id, actor=actor)
        ],
        "matches": [wording.match_line(one) for one in queries.matches_of_need(row.id, actor=actor)]
        if row.is_need
        else [],
    }
    return render(request, "exchange/desk_posting.html", context)


def _do(request: HttpRequest, actor: Actor, posting_id: int) -> None:
    now, what = timezone.now(), request.POST.get("act", "")
    asked = request.POST.get("reason", "")
    reason = ReviewReason(asked) if asked in list(ReviewReason) else ReviewReason.UNCLEAR
    note = request.POST.get("note", "")[: services.LONGEST_NOTE]
    try:
        if what == "approve":
            services.approve(actor=actor, posting_id=posting_id, now=now)
            messages.success(request, _("Published: everybody finds it."))
        elif what == "approve-only":
            services.approve(actor=actor, posting_id=posting_id, now=now, publish=False)
            messages.success(request, _("Reviewed. Its owner publishes it."))
        elif what == "return":
            services.send_back(actor=actor, posting_id=posting_id, reason=reason, note=note, now=now)
            messages.success(request, _("Sent back with your words."))
        elif what == "refuse":
            services.refuse(actor=actor, posting_id=posting_id, reason=reason, note=note, now=now)
            messages.success(request, _("Refused. Its owner is told why."))
        elif what in ("take", "lay"):
            asked_one = _proposed(request.POST.get("proposed", ""), queries.proposals_for(posting_id, actor, now))
            if asked_one is None:
                messages.info(request, _("This is not proposed any more."))
                return
            services.decide_proposal(
                actor=actor, need_id=posting_id, proposal=asked_one, accepted=what == "take", now=now
            )
            messages.success(request, _("Noted: the proposals learn from it."))
    except Invalid as refusal:
        messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")


def _proposed(asked: str, found: Iterable[Proposal]) -> Proposal | None:
    """The proposal that a button names by kind and number."""
    return next((one for one in found if f"{one.kind.value}:{one.key}" == asked), None)


def _proposals(row: PostingRow, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What may help with a need that is open, kind by kind; with what was decided on each."""
    if not row.is_need or not row.is_open:
        return []
    language = reader.current().language
    decided = {(one.kind, one.key): one.accepted for one in queries.decisions_of(row.id, actor=actor)}
    groups: dict[ProposedKind, list[dict[str, Any]]] = {}
    for one in queries.proposals_for(row.id, actor, now):
        verdict = decided.get((one.kind, one.key))
        groups.setdefault(one.kind, []).append(
            {
                "key": one.key,
                "title": one.title.pick(language),
                "url": wording.proposed_url(one.kind, one.key, one.code),
                "score": round(100 * one.score),
                "evidence": wording.evidence(one.evidence),
                "decided": "" if verdict is None else "yes" if verdict else "no",
            }
        )
    return [
        {
            "code": kind.value,
            "label": wording.proposed_heading(kind),
            "asks": kind in (ProposedKind.ORGANISATION, ProposedKind.OFFER),
            "lines": lines,
        }
        for kind, lines in groups.items()
    ]


def _doubts(one: Waiting) -> dict[str, object]:
    language = reader.current().language
    parts = PART_NAMES[one.posting.kind]
    return {
        "found": [
            {
                "where": parts[found.part].pick(language) if found.part in parts else wording.beside(found),
                "what": wording.finding(found),
                "text": found.text,
            }
            for found in one.findings
        ],
        "suspicions": [wording.suspicion(code) for code in one.suspicions],
        "said_before": one.said_before,
    }
