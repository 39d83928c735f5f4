"""The participant's pages: where one comes, whom to meet, who asks, one's own plan. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.types import (
    OUTCOMES,
    PERSON_STATES,
    MeetingState,
    Outcome,
    OwnPage,
    ParticipantDraft,
    PersonState,
)
from khaneh.interfaces.web import clocks, lending
from khaneh.interfaces.web.meetings import acting, showing
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one comes, and where one is asked to."""
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST":
        person = acting.number(request, "person")
        acting.do(
            request,
            {
                "come": (
                    lambda: services.answer_person(actor=actor, person_id=person, comes=True, now=now),
                    _("You come. Everything of it is on its page."),
                ),
                "stay": (
                    lambda: services.answer_person(actor=actor, person_id=person, comes=False, now=now),
                    _("You do not come."),
                ),
            },
        )  # fmt: skip
        return redirect("account-matchmakings")
    lines = []
    for row, side, waiting, placed in queries.matchmakings_of(actor, now=now):
        me = next((one for one in side.people if one.account_id == actor.account_id), None)
        lines.append(
            {
                **showing.session(row, now), "side": side, "waiting": waiting, "placed": placed, "me": me,
                "asked": me is not None and me.state is PersonState.ASKED,
            }
        )  # fmt: skip
    context = {
        "section": "matchmakings",
        "coming": [line for line in lines if not line["is_over"] and line["row"].state == "open"],
        "over": [line for line in lines if line["is_over"] or line["row"].state != "open"],
        "others": [showing.session(row, now) for row in queries.matchmakings_coming(now=now)
                   if row.registers(now) and row.id not in {line["row"].id for line in lines}],
    }  # fmt: skip
    return render(request, "meetings/mine.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """One session: my plan, who asks me, whom I should meet, when I can. A post does one thing."""
    actor, now = actor_of(request), timezone.now()
    found = queries.own_page(matchmaking_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    if request.method == "POST":
        acting.do(request, _acts(request, actor, found, now))
        gone = request.POST.get("act") == "withdraw"
        return (
            redirect("account-matchmakings") if gone else redirect("account-matchmaking", matchmaking_id=matchmaking_id)
        )
    zone, me = found.row.zone, found.me.id
    shown = [showing.meeting(row, zone, me=me, free=found.free, now=now) for row in found.meetings]
    placed = {one["row"].round.id: one for one in shown if one["row"].round is not None}
    plan = [
        {**each, "meeting": placed.get(each["row"].id), "absent": each["row"].id in found.me.absent,
         "elsewhere": each["row"].id in found.elsewhere, "over": each["row"].starts <= now}
        for each in showing.rounds(found.rounds, zone)
    ]  # fmt: skip
    context = {
        "section": "matchmakings",
        **showing.session(found.row, now),
        "found": found,
        "me": showing.participant(found.me),
        "people": [(one, PERSON_STATES[one.state], one.account_id == actor.account_id) for one in found.me.people],
        "plan": plan,
        "asked_of_me": [one for one in shown if one["row"].state == MeetingState.ASKED and not one["mine"]],
        "asked_by_me": [one for one in shown if one["row"].state == MeetingState.ASKED and one["mine"]],
        "unplaced": [one for one in shown if one["row"].state == MeetingState.ACCEPTED and not one["when"]],
        "ended": [one for one in shown if one["row"].state in (MeetingState.DECLINED, MeetingState.CANCELLED)],
        "to_say": [
            one for one in shown
            if one["begun"] and one["row"].state in (MeetingState.ACCEPTED, MeetingState.HELD) and one["outcome"] is None
        ],
        "suggestions": [showing.suggestion(one) for one in found.suggestions],
        "outcomes": [(one.value, label) for one, label in OUTCOMES.items()],
    }  # fmt: skip
    return render(request, "meetings/own.html", context)


def _acts(request: HttpRequest, actor: Actor, found: OwnPage, now: datetime) -> acting.Acts:
    session_id, meeting = found.row.id, acting.number(request, "meeting")
    who: dict[str, Any] = {"actor": actor, "now": now}
    said = request.POST.get("outcome", "")
    other = next((row.other(found.me.id).id for row in found.meetings if row.id == meeting), 0)
    return {
        "profile": (
            lambda: services.change_participant(
                matchmaking_id=session_id,
                draft=ParticipantDraft(
                    acting.text(request, "offers"), acting.text(request, "seeks"), bool(request.POST.get("published"))
                ), **who,
            ),
            _("Changed."),
        ),
        "when": (
            lambda: services.say_when(
                matchmaking_id=session_id,
                available=[number for one in request.POST.getlist("round") if (number := lending.number_of(one))], **who,
            ),
            _("Noted: at all other times nobody can meet you."),
        ),
        "ask": (
            lambda: services.ask(
                matchmaking_id=session_id, participant_id=acting.number(request, "participant"),
                message=acting.text(request, "message"), **who,
            ),
            _("Asked. You are told when they answer."),
        ),
        "accept": (
            lambda: services.accept(
                meeting_id=meeting, round_id=acting.number(request, "round") or None, answer=acting.text(request, "answer"), **who
            ),
            _("Accepted. They are told."),
        ),
        "decline": (
            lambda: services.decline(meeting_id=meeting, answer=acting.text(request, "answer"), **who),
            _("Declined. They are told."),
        ),
        "take-back": (lambda: services.take_back(meeting_id=meeting, **who), _("Taken back.")),
        "time": (
            lambda: services.choose_time(meeting_id=meeting, round_id=acting.number(request, "round"), **who),
            _("The meeting has its time and table. The other side is told."),
        ),
        "cancel": (
            lambda: services.cancel_meeting(meeting_id=meeting, **who), _("Cancelled. The other side is told.")
        ),
        "absent": (
            lambda: services.note_meeting(meeting_id=meeting, absent_id=other, held=False, **who),
            _("Noted: they did not come."),
        ),
        "outcome": (
            lambda: services.say_outcome(
                meeting_id=meeting, outcome=Outcome(said) if said in list(Outcome) else Outcome.NOTHING,
                note=acting.text(request, "note"), **who,
            ),
            _("Kept for you. Nobody else reads it."),
        ),
        "person": (
            lambda: services.ask_person(matchmaking_id=session_id, email=acting.text(request, "email"), **who),
            _("If somebody has an account with this address, they are asked."),
        ),
        "withdraw": (
            lambda: services.withdraw_participant(
                matchmaking_id=session_id, participant_id=None, reason=acting.text(request, "reason"), **who
            ),
            _("You do not take part any more. Whoever would have met you is told."),
        ),
    }  # fmt: skip
