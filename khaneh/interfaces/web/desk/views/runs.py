"""Rounds of the courier and the bookmobile: the list, planning, the sheet of one. Parse, call, translate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, ROUNDS
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.queries.runs import RunRow
from khaneh.domains.circulation.types import RUN_STATES, TRANSFER_REASONS, RunState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import house_of
from khaneh.interfaces.web.desk.forms.runs import RunForm
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_SHOWN_BACK = timedelta(days=7)


@staffed(ROUNDS)
@require_http_methods(["GET", "HEAD"])
def runs(request: HttpRequest) -> HttpResponse:
    """The rounds that come to the house, and those that the person drives; for a courier those alone."""
    if not actor_of(request).holds_somewhere(DESK):
        return _to_drive(request)
    house = house_of(request)
    if house is None:
        return choose(request)
    actor, since = actor_of(request), house.calendar.today(timezone.now()) - _SHOWN_BACK
    found = queries.runs(actor, house_id=house.id, since=since)
    mine = [row for row in queries.drives(actor, since=since) if row.state in (RunState.PLANNED, RunState.UNDER_WAY)]
    context = {
        "section": "runs", "house": house, "rows": [(row, RUN_STATES[row.state]) for row in found], "mine": mine,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Rounds"), "")],
    }  # fmt: skip
    return render(request, "desk/runs/runs.html", context)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, run_id: int | None = None) -> HttpResponse:
    """A round is planned, or planned anew before it begins."""
    row = run_of(request, run_id) if run_id is not None else None
    house = house_of(request)
    if house is None:
        return choose(request)
    if row is not None and row.state is not RunState.PLANNED:
        return redirect("desk-run", run_id=row.id)
    form = RunForm(day=house.calendar.today(timezone.now()).isoformat(), base=house.code, lines=[("", house.code)])
    if row is not None:
        driver = people.account(row.driver_id).email if row.driver_id is not None else ""
        form = RunForm.of(row, zone_of(row), driver)
    if request.method == "POST":
        form = RunForm.sent(request.POST, request.POST.getlist("at"), request.POST.getlist("stop"))
        facts = form.facts()
        try:
            if facts is not None:
                made = services.plan_run(actor=actor_of(request), now=timezone.now(), run_id=run_id, **facts)
                return redirect("desk-run", run_id=made)
        except Invalid as refusal:
            form.refuse(refusal.facts["fields"])
    actor = actor_of(request)
    served = people.served_houses(actor) or []
    kept = network.houses_by_ids(served, actor=actor, now=timezone.now())
    language = reader.current().language
    title = _("Plan a round") if row is None else _("Change the round")
    context = {
        "section": "runs", "house": house, "form": form, "row": row, "title": title,
        "houses": sorted(network.house_names().items(), key=lambda one: one[1].pick(language)),
        "bases": sorted(((one.code, one.names) for one in kept.values()), key=lambda one: one[1].pick(language)),
        "bookmobiles": [(one.code, one.names) for one in kept.values() if one.kind == "bookmobile"],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Rounds"), reverse("desk-runs")), (title, "")],
    }  # fmt: skip
    return render(request, "desk/runs/edit.html", context, status=422 if form.errors else 200)


def _to_drive(request: HttpRequest) -> HttpResponse:
    rows = queries.rounds_to_drive(actor_of(request), since=timezone.now().date() - _SHOWN_BACK)
    context = {"section": "runs", "mine": rows, "crumbs": [(_("Desk"), reverse("desk")), (_("Rounds"), "")]}
    return render(request, "desk/runs/to_drive.html", context)


@staffed(ROUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The sheet of a round, for the desk and for paper; a post repeats it, calls it off or ends it."""
    row, actor, now = run_of(request, run_id), actor_of(request), timezone.now()
    if request.method == "POST":
        try:
            match request.POST.get("act"):
                case "repeat":
                    day = date.fromisoformat(words.latin_digits(request.POST.get("day", "")))
                    return redirect(
                        "desk-run", run_id=services.repeat_run(actor=actor, run_id=run_id, day=day, now=now)
                    )
                case "cancel":
                    services.cancel_run(actor=actor, run_id=run_id, now=now)
                case "end":
                    left = services.end_run(actor=actor, run_id=run_id, now=now)
                    messages.success(
                        request,
                        _("The round is over; %(number)s copies go with the next one.")
                        % {"number": show_number(left, reader.current().language)},
                    )
        except ValueError:
            messages.error(request, _("This is not a date."))
        except Refusal as refusal:
            messages.error(request, said_of(refusal))
        return redirect("desk-run", run_id=run_id)
    sheet = queries.sheet(actor, run_id)
    title = row.name or _("Round")
    context: dict[str, Any] = {
        "section": "runs", "sheet": sheet, "row": row, "state": RUN_STATES[row.state], "zone": zone_of(row).key,
        "reasons": TRANSFER_REASONS, "title": title, "again": (row.day + timedelta(days=7)).isoformat(),
        "planned": row.state is RunState.PLANNED, "open": row.state in (RunState.PLANNED, RunState.UNDER_WAY),
        "plans": actor.holds_somewhere(DESK),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Rounds"), reverse("desk-runs")), (title, "")],
    }  # fmt: skip
    return render(request, "desk/runs/run.html", context)


def run_of(request: HttpRequest, run_id: int) -> RunRow:
    """The round, for its crew; Http404 for anybody else."""
    try:
        return queries.run(actor_of(request), run_id)
    except NotFound as refusal:
        raise Http404 from refusal


def zone_of(row: RunRow) -> ZoneInfo:
    """On whose clock a round runs: its bookmobile's, else its base's."""
    home = row.bookmobile or row.base
    return ZoneInfo(network.house_facts(home.id).calendar.zone) if home is not None else ZoneInfo("UTC")


def said_of(refusal: Refusal) -> str:
    """Why something about a round was refused."""
    if refusal.code == "circulation.run_ended":
        return _("This round is over or has set out already.")
    if refusal.code == "circulation.run_goes_elsewhere":
        to = network.house_facts(refusal.facts["to_house_id"]).names.pick(reader.current().language)
        return _("It goes to %(house)s, and this round does not come there: leave it here.") % {"house": to}
    return words.refusal(refusal)
