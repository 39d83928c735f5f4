"""What somebody is enrolled in: to come and over, certificates, what they teach; one enrolment with its code. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.types import END_REASONS, EndReason, EnrolmentRow, EnrolmentState
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications.types import EndReason as HoldingEnd
from khaneh.interfaces.web import clocks, members, phrases
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.refusal import NotFound, Refusal

_OPEN = frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.ENROLLED})


def line(row: EnrolmentRow, now: datetime) -> dict[str, Any]:
    """An enrolment as a list shows it, with what can be done at this moment. No statement."""
    open_ = row.state in _OPEN
    late = row.withdraw_until is not None and now > row.withdraw_until and row.state is EnrolmentState.ENROLLED
    return {
        "row": row,
        "run": row.run,
        "course": row.run.course,
        "now": row.state is EnrolmentState.ENROLLED and row.run.starts <= now < row.run.ends,
        "offer": row.state is EnrolmentState.OFFERED,
        "answer_by": spaces.instant(row.answer_by, row.run.zone) if row.answer_by is not None else "",
        "withdraw": open_ and not late and row.state is not EnrolmentState.OFFERED,
        "too_late": open_ and late,
        "withdraw_until": spaces.instant(row.withdraw_until, row.run.zone) if row.withdraw_until is not None else "",
        "why": row.reason or (_end(row.end_reason) if row.end_reason is not None else ""),
        "seen": row.state.value,
    }


@login_required
@never_cache
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """Courses to come and under way, or those that are over with their certificates; what one holds and teaches."""
    actor, now = actor_of(request), timezone.now()
    account_id = actor.account_id or 0
    past = request.GET.get("view") == "past"
    context = {
        "section": "courses",
        "past": past,
        "lines": [line(one, now) for one in queries.enrolments_of(account_id, now=now, past=past)],
        "certificates": [one for one in queries.certificates_of(account_id) if one.is_valid] if past else [],
        "holdings": [
            (one, one.is_valid(now))
            for one in qualifications.holdings_of(account_id, actor=actor)
            if one.end_reason is not HoldingEnd.RENEWED  # the one that followed it stands there
        ]
        if not past
        else [],
        "teaching": queries.runs_taught_by(account_id, now=now, past=past),
    }
    return render(request, "learning/mine.html", context)


@login_required
@never_cache
@require_safe
def enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One enrolment of one's own, with the code to show at the door."""
    return _page(request, _own(request, enrolment_id))


@login_required
@require_POST
def act(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Withdraw, accept or decline an offer. A form that shows another state of the enrolment than it has does nothing."""
    row = _own(request, enrolment_id)
    done = _ACTS.get(request.POST.get("act", ""))
    if done is None:
        return redirect("account-enrolment", enrolment_id)
    if request.POST.get("seen") != row.state.value:
        messages.warning(request, _("The enrolment has changed since this page was opened. Here it is as it stands."))
        return redirect("account-enrolment", enrolment_id)
    try:
        messages.success(request, done(request, row))
    except Refusal as refusal:
        return _page(request, row, why=wording.reasons(refusal, zone=row.run.zone), status=409)
    return redirect("account-enrolment", enrolment_id)


def _page(request: HttpRequest, row: EnrolmentRow, *, why: Any = (), status: int = 200) -> HttpResponse:
    clocks.follow(row.run.house.id)
    shows = row.state is EnrolmentState.ENROLLED
    inside = shows or row.state in (EnrolmentState.COMPLETED, EnrolmentState.FAILED)
    context: dict[str, Any] = {
        "section": "courses",
        "one": line(row, timezone.now()),
        "run": row.run,
        "course": row.run.course,
        "why": why,
        "bars": members.bars(row.code) if shows else "",
        "materials": queries.materials(row.run.id, actor=actor_of(request)) if inside else [],
        "meetings": [(one, one.number in row.meetings) for one in row.run.meetings],
        "online": row.run.online if shows else "",
        "clashes": _clashes(request, row) if row.state is EnrolmentState.OFFERED else [],
    }
    return render(request, "learning/enrolment.html", context, status=status)


def _clashes(request: HttpRequest, row: EnrolmentRow) -> list[str]:
    """Where else the reader is by the time that an offer came, in words."""
    found = queries.clashes(row.run.id, [row.account_id or 0], actor=actor_of(request), now=timezone.now())
    return [wording.clash(one, row.run.zone) for one in found]


def _own(request: HttpRequest, enrolment_id: int) -> EnrolmentRow:
    """An enrolment of the reader's own; those of others are at the desk. Raises NotFound."""
    actor = actor_of(request)
    row = queries.enrolment(enrolment_id, actor=actor)
    if row.account_id is None or row.account_id != actor.account_id:
        raise NotFound(what="enrolment")
    return row


def _end(reason: EndReason) -> str:
    return phrases.picked(END_REASONS[reason])


def _withdraw(request: HttpRequest, row: EnrolmentRow) -> str:
    services.withdraw(
        actor=actor_of(request), enrolment_id=row.id, now=timezone.now(), reason=request.POST.get("reason", "")[:2000]
    )
    return _("You have withdrawn. Whoever waits has the seat now.")


def _accept(request: HttpRequest, row: EnrolmentRow) -> str:
    services.accept_offer(actor=actor_of(request), party_id=row.party_id, now=timezone.now())
    return _("You have a seat. We look forward to seeing you.")


def _decline(request: HttpRequest, row: EnrolmentRow) -> str:
    services.decline_offer(actor=actor_of(request), party_id=row.party_id, now=timezone.now())
    return _("Declined. Whoever waits next has the seat now.")


_ACTS: Mapping[str, Callable[[HttpRequest, EnrolmentRow], str]] = {
    "withdraw": _withdraw,
    "accept": _accept,
    "decline": _decline,
}
