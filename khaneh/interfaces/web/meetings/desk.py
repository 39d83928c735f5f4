"""The organiser's pages: sessions of a house, one with its participants, its plan and what is on at this moment. Parse, call, translate."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.events import queries as events
from khaneh.domains.events.types import EventFilter, EventRow, EventState
from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.permissions import houses_run
from khaneh.domains.meetings.types import OUTCOMES, DeskPage, MeetingState, ParticipantState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk.gate import ORGANISERS, staffed
from khaneh.interfaces.web.meetings import acting, showing, wording
from khaneh.interfaces.web.meetings.forms import MatchmakingForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal


@staffed(ORGANISERS)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of a house, the latest first."""
    actor, now = actor_of(request), timezone.now()
    house, houses = house_of(request, actor)
    rows = queries.matchmakings_of_house(house.id, actor=actor) if house is not None else []
    context = {
        "section": "matchmakings", "house": house, "houses": houses, "rows": [showing.session(row, now) for row in rows],
        "events": [(one, queries.is_demo_day(one.id)) for one in _events(house.id, now)[:20]] if house is not None else [],
    }  # fmt: skip
    return render(request, "meetings/desk.html", context)


@staffed(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A session made, a draft at first. Sent twice it is one."""
    actor, now = actor_of(request), timezone.now()
    house, _houses = house_of(request, actor)
    if house is None:
        raise Http404
    asked = request.GET.get("event", "")
    form = MatchmakingForm(
        request.POST if request.method == "POST" else None, house=network.house_facts(house.id),
        events=_events(house.id, now), event_id=int(asked) if asked.isdecimal() and len(asked) < 18 else None,
    )  # fmt: skip
    form.initial["key"] = secrets.token_hex(8)
    if form.is_valid():
        try:
            made = services.add_matchmaking(actor=actor, draft=form.draft(), key=form.cleaned_data["key"], now=now)
        except Invalid as refusal:
            form.hold(refusal.facts["fields"])
        except Refusal as refusal:
            form.add_error(None, wording.sentence(refusal))
        else:
            messages.success(request, _("Made. Nobody else sees it until you open it."))
            return redirect("desk-matchmaking", matchmaking_id=made)
    context = {"section": "matchmakings", "house": house, "form": form}
    return render(request, "meetings/desk_form.html", context, status=422 if form.errors else 200)


@staffed(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """A session changed; other hours move its meetings."""
    actor, now = actor_of(request), timezone.now()
    found = queries.desk_page(matchmaking_id, actor=actor, now=now)
    house = network.house_facts(found.row.house.id)
    clocks.follow(house.id)
    form = MatchmakingForm(
        request.POST if request.method == "POST" else None, house=house, row=found.row, rounds=found.rounds,
        tables=found.tables, events=_events(house.id, now, also=found.row.event_id),
    )  # fmt: skip
    form.fields["key"].required = False
    if form.is_valid():
        try:
            services.change_matchmaking(actor=actor, matchmaking_id=matchmaking_id, draft=form.draft(), now=now)
        except Invalid as refusal:
            form.hold(refusal.facts["fields"])
        except Refusal as refusal:
            form.add_error(None, wording.sentence(refusal))
        else:
            messages.success(request, _("Changed. Where hours are others, everybody who takes part is told."))
            return redirect("desk-matchmaking", matchmaking_id=matchmaking_id)
    context = {"section": "matchmakings", "house": found.row.house, "row": found.row, "form": form}
    return render(request, "meetings/desk_form.html", context, status=422 if form.errors else 200)


@staffed(ORGANISERS)
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """Who takes part, the plan by rounds and tables, what has no time. A post does one thing; sent twice it is done once."""
    actor, now = actor_of(request), timezone.now()
    found = queries.desk_page(matchmaking_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    if request.method == "POST":
        acting.do(request, _acts(request, actor, matchmaking_id, now))
        return redirect("desk-matchmaking", matchmaking_id=matchmaking_id)
    shown = [showing.meeting(row, found.row.zone, free=found.free, now=now) for row in found.meetings]
    context = {
        "section": "matchmakings",
        **showing.session(found.row, now),
        "found": found,
        "grid": _grid(found, now),
        "tables": [wording.table(one) for one in found.tables],
        "unplaced": [one for one in shown if one["row"].state == MeetingState.ACCEPTED and not one["when"]],
        "to_note": [one for one in shown if one["row"].state == MeetingState.ACCEPTED and one["begun"]],
        "waiting": sum(one["row"].state == MeetingState.ASKED for one in shown),
        "participants": _participants(found),
        "outcomes": [(label, found.figures.outcomes[one]) for one, label in OUTCOMES.items()],
    }
    return render(request, "meetings/desk_one.html", context)


@staffed(ORGANISERS)
@require_safe
def current(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """Who is where at this moment, and who is next: for a screen in the room, read anew every half minute."""
    actor, now = actor_of(request), timezone.now()
    found = queries.desk_page(matchmaking_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    grid = _grid(found, now)
    on = next((line for line in grid if line["row"].starts <= now < line["row"].ends), None)
    coming = next((line for line in grid if line["row"].starts > now), None)
    context = {
        "section": "matchmakings", **showing.session(found.row, now), "on": on, "next": coming,
        "clock": wording.clock(now, found.row.zone),
    }  # fmt: skip
    return render(request, "meetings/desk_now.html", context)


@staffed(ORGANISERS)
@require_safe
def sheet(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """The plan on paper: by rounds and tables, and a slip for each participant."""
    actor, now = actor_of(request), timezone.now()
    found = queries.desk_page(matchmaking_id, actor=actor, now=now)
    clocks.follow(found.row.house.id)
    slips = []
    for one in found.participants:
        mine = [row for row in found.meetings if one.id in (row.asker.id, row.asked.id) and row.round is not None]
        if one.state is ParticipantState.REGISTERED and mine:
            slips.append(
                (showing.participant(one), [showing.meeting(row, found.row.zone, me=one.id, now=now) for row in mine])
            )
    context = {
        "section": "matchmakings", **showing.session(found.row, now), "grid": _grid(found, now),
        "tables": [wording.table(one) for one in found.tables], "slips": slips,
    }  # fmt: skip
    return render(request, "meetings/desk_sheet.html", context)


def house_of(request: HttpRequest, actor: Actor) -> tuple[Ref | None, list[Ref]]:
    """The house that a page of the desk is about, and those that could be asked for."""
    refs = network.house_refs(houses_run(actor))
    language = reader.current().language
    houses = sorted(refs.values(), key=lambda one: one.names.pick(language).casefold())
    asked = request.GET.get("house", "")
    return next((one for one in houses if one.code == asked), houses[0] if houses else None), houses


def _events(house_id: int, now: datetime, also: int | None = None) -> list[EventRow]:
    """The events to come of a house, and the one that is chosen already."""
    wanted = EventFilter(
        house_ids=(house_id,), first=now - timedelta(days=1), last=now + timedelta(days=400),
        states=(EventState.PROPOSED, EventState.OPEN, EventState.FULL),
    )  # fmt: skip
    listed = list(events.calendar(wanted, limit=100).events)
    if also is not None and also not in {one.id for one in listed}:
        listed += events.events_by_ids([also]).values()
    return listed


def _grid(found: DeskPage, now: datetime) -> list[dict[str, Any]]:
    """A line a round with what is at each table, in the order of the tables."""
    at = {(row.round.id, row.table.id): row for row in found.meetings if row.round and row.table}
    lines = []
    for each in showing.rounds(found.rounds, found.row.zone):
        cells = []
        for table in found.tables:
            row = at.get((each["row"].id, table.id))
            shown = showing.meeting(row, found.row.zone, now=now) if row is not None else None
            cells.append({"table": wording.table(table), "online": table.online_url, "meeting": shown})
        started, ended = each["row"].starts <= now, each["row"].ends <= now
        lines.append(
            {
                **each,
                "cells": cells,
                "on": started and not ended,
                "over": ended,
                "used": any(cell["meeting"] for cell in cells),
            }
        )
    return lines


def _participants(found: DeskPage) -> list[dict[str, Any]]:
    rounds = len(found.rounds)
    lines = []
    for one in found.participants:
        mine = [row for row in found.meetings if one.id in (row.asker.id, row.asked.id)]
        lines.append(
            {
                **showing.participant(one),
                "placed": sum(row.round is not None for row in mine),
                "agreed": sum(
                    row.state in (MeetingState.ACCEPTED, MeetingState.HELD, MeetingState.MISSED) for row in mine
                ),
                "waiting": sum(row.state == MeetingState.ASKED and row.asked.id == one.id for row in mine),
                "can": rounds - len(one.absent),
                "here": one.state is ParticipantState.REGISTERED,
            }
        )
    return lines


def _acts(request: HttpRequest, actor: Actor, session_id: int, now: datetime) -> acting.Acts:
    meeting = acting.number(request, "meeting")
    who: dict[str, Any] = {"actor": actor, "now": now}
    one: dict[str, Any] = {"matchmaking_id": session_id, **who}
    return {
        "open": (lambda: services.open_matchmaking(**one), _("Open: everybody sees it and can register.")),
        "call-off": (
            lambda: services.cancel_matchmaking(reason=acting.text(request, "reason"), **one),
            _("It does not take place. Everybody who took part is told."),
        ),
        "plan": (
            lambda: services.plan(afresh=False, **one),
            _("Planned: what had no time has one where it can. Everybody concerned is told."),
        ),
        "plan-afresh": (
            lambda: services.plan(afresh=True, **one),
            _("Planned anew: what was chosen by hand has stayed. Everybody concerned is told."),
        ),
        "time": (
            lambda: services.choose_time(meeting_id=meeting, round_id=acting.number(request, "round"), **who),
            _("The meeting has its time and table. Both sides are told."),
        ),
        "cancel": (
            lambda: services.cancel_meeting(meeting_id=meeting, **who), _("Cancelled. Both sides are told.")
        ),
        "held": (
            lambda: services.note_meeting(meeting_id=meeting, absent_id=None, held=True, **who), _("Noted.")
        ),
        "missed": (
            lambda: services.note_meeting(
                meeting_id=meeting, absent_id=acting.number(request, "absent") or None, held=False, **who
            ),
            _("Noted."),
        ),
        "take-off": (
            lambda: services.withdraw_participant(
                participant_id=acting.number(request, "participant"), reason=acting.text(request, "reason"), **one
            ),
            _("They do not take part any more. Whoever would have met them is told."),
        ),
    }  # fmt: skip
