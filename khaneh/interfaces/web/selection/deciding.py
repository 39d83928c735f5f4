"""The applications of a selection: their reviews, decisions, appeals and contracts. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.programmes.types import APPLICATION_STATES, ApplicationState
from khaneh.domains.selection import queries, services
from khaneh.domains.selection.permissions import OFFICERS
from khaneh.domains.selection.types import (
    APPEAL_STATES,
    CONTRACT_STATES,
    DECIDED,
    DECISION_KINDS,
    DECLARABLE,
    REVIEW_STATES,
    TIE_KINDS,
    BoardLine,
    DecisionKind,
    Line,
    ReviewRow,
    ReviewState,
    TieKind,
)
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import running, wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Refusal

_OPEN = (ApplicationState.UNDER_REVIEW, ApplicationState.INTERVIEW, ApplicationState.WAITING_LIST)


@staffed(OFFICERS)
@require_safe
def board(request: HttpRequest, call_id: int) -> HttpResponse:
    """Every application with how far its reviews are, and what was decided."""
    actor = actor_of(request)
    found = running.begun(call_id, actor)
    lines = queries.board(found.id, actor=actor)
    context = {
        **running.frame(found, found.call, "board"),
        "rows": [
            {
                "line": one,
                "state": APPLICATION_STATES[one.application.state],
                "decision": DECISION_KINDS[one.decision.kind] if one.decision else None,
                "lacking": max(0, found.draft.reviews_wanted - one.submitted - one.under_way),
                "appealed": one.appeal is not None and one.appeal.state == "open",
            }
            for one in lines
        ],
        "submitted": sum(one.submitted for one in lines),
        "wanted": found.draft.reviews_wanted * len(lines),
    }
    return render(request, "selection/board.html", context)


@staffed(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, call_id: int, application_id: int) -> HttpResponse:
    """One application: reviews side by side, who could judge, the decision, the appeal, the contract, the trail. A POST is one act."""
    actor, now = actor_of(request), timezone.now()
    found = running.begun(call_id, actor)
    line = queries.application_of(found.id, application_id, actor=actor)
    if request.method == "POST":
        try:
            if said := _act(request, actor, line):
                messages.success(request, said)
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("desk-selection-application", call_id=call_id, application_id=application_id)
    zone = wording.zone_of(found.call.house.id)
    state = line.application.state
    ranked = queries.line_of(found.id, application_id, actor=actor)
    contract = queries.contract_of(found.id, application_id, actor=actor)
    judged = state in (ApplicationState.ELIGIBLE, ApplicationState.UNDER_REVIEW)
    context = {
        **running.frame(found, found.call, "board", crumb=line.application.title),
        "line": line,
        "row": line.application,
        "state": APPLICATION_STATES[state],
        "reviews": [_review(one) for one in line.reviews if one.state is not ReviewState.TAKEN_BACK],
        "ranked": ranked_facts(ranked) if ranked else None,
        "proposals": [
            (one, [wording.tie(kind) for kind in one.ties])
            for one in (queries.proposals_for(found.id, application_id, actor=actor, now=now) if judged else [])
        ][:8],
        "may_decide": state in _OPEN,
        "may_invite": state is ApplicationState.UNDER_REVIEW,
        "choices": [(kind.value, DECISION_KINDS[kind]) for kind in DECIDED if DECIDED[kind] is not state],
        "decision": DECISION_KINDS[line.decision.kind] if line.decision else None,
        "decided_at": wording.instant(line.decision.decided_at, zone) if line.decision else "",
        "seen": line.decision.number if line.decision else 0,
        "appeal_state": APPEAL_STATES[line.appeal.state] if line.appeal else None,
        "contract": contract,
        "contract_state": CONTRACT_STATES[contract.state] if contract else None,
        "may_issue": state is ApplicationState.ACCEPTED and contract is None,
        "ties": [(kind.value, TIE_KINDS[kind]) for kind in DECLARABLE],
        "trail": [
            (wording.act(one.kind), one, wording.instant(one.at, zone))
            for one in queries.trail(found.id, actor=actor, application_id=application_id)
        ],
    }
    return render(request, "selection/application.html", context)


def ranked_facts(line: Line) -> dict[str, Any]:
    """A line of a ranking as pages show it."""
    return {
        "line": line,
        "standing": wording.standing(line.standing),
        "score": wording.points(line.score),
        "merit": wording.points(line.merit),
        "raw": wording.points(line.raw),
        "equity": wording.points(line.equity),
        "spread": wording.points(line.spread),
        "moved": line.rank != line.rank_without or line.place_without != (line.standing.value == "place"),
    }


def _act(request: HttpRequest, actor: Actor, line: BoardLine) -> str:
    now, what, posted = timezone.now(), request.POST.get("act", ""), request.POST
    application_id = line.application.id
    if what == "assign":
        number = wording.whole(posted.get("reviewer", "")) or 0
        services.assign(actor=actor, reviewer_id=number, application_id=application_id, now=now)
        return _("Assigned. They are told.")
    if what in ("take_back", "set_aside"):
        number = wording.whole(posted.get("review", "")) or 0
        if number not in {one.id for one in line.reviews}:
            return ""
        if what == "take_back":
            services.take_back(actor=actor, review_id=number, now=now)
            return _("Taken back.")
        kind = posted.get("kind", "")
        tie = TieKind(kind) if kind in list(TieKind) else TieKind.OTHER
        services.set_aside(actor=actor, review_id=number, kind=tie, note=posted.get("note", ""), now=now)
        return _("The review counts no more. Make the ranking again.")
    if what == "invite":
        services.invite(actor=actor, application_id=application_id, now=now)
        return _("Invited. They choose a time in their account.")
    if what == "decide":
        kind = posted.get("kind", "")
        services.decide(
            actor=actor, application_id=application_id, reason=posted.get("reason", ""), now=now,
            kind=DecisionKind(kind) if kind in list(DecisionKind) else DecisionKind.RELEASED,
            seen=wording.whole(posted.get("seen", "")) or 0,
        )  # fmt: skip
        return _("Decided. The letter is written, and they are told.")
    if what in ("uphold", "reject"):
        services.answer_appeal(
            actor=actor, appeal_id=line.appeal.id if line.appeal else 0, upheld=what == "uphold",
            answer=posted.get("answer", ""), now=now,
        )  # fmt: skip
        return _("Answered. The letter is written, and they are told.")
    if what == "contract":
        services.issue_contract(actor=actor, application_id=application_id, now=now)
        return _("Issued. They sign it in their account.")
    if what == "contract_back":
        number = wording.whole(posted.get("contract", "")) or 0
        services.take_back_contract(actor=actor, contract_id=number, now=now)
        return _("Taken back.")
    return ""


def _review(one: ReviewRow) -> dict[str, Any]:
    return {
        "row": one,
        "state": REVIEW_STATES[one.state],
        "tone": wording.TONES.get(one.state, ""),
        "total": wording.points(one.total),
        "conflict": wording.tie(one.conflict.value) if one.conflict else "",
        "waits": one.state in (ReviewState.ASSIGNED, ReviewState.DECLARED, ReviewState.DRAFTED),
        "ended": one.state in (ReviewState.CONFLICTED, ReviewState.SET_ASIDE),
    }
