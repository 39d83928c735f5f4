"""The driver's page: one stop at a time, one field, large buttons, on a telephone. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, ROUNDS
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.queries.machines import copy_label
from khaneh.domains.circulation.services.runs import Handled, Scan
from khaneh.domains.circulation.types import RUN_STATES, RunState
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.runs import run_of, said_of, zone_of
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Refusal

_SAID = "desk_run_said"
_MOST_AT_ONCE = 200


@staffed(ROUNDS)
@require_http_methods(["GET", "HEAD", "POST"])
def drive(request: HttpRequest, run_id: int) -> HttpResponse:
    """A stop of the round: what to load, what to put down; a post scans, reaches a stop, passes one by or ends the round."""
    row = run_of(request, run_id)
    asked = number(request.POST.get("stop") or request.GET.get("stop"))
    if request.method == "POST":
        try:
            _act(request, run_id, asked)
        except Refusal as refusal:
            _say(request, "bad", said_of(refusal))
        if request.POST.get("act") in ("miss", "end"):
            return redirect("desk-run-drive", run_id=run_id)
        return redirect(reverse("desk-run-drive", args=[run_id]) + (f"?stop={asked}" if asked else ""))
    sheet = queries.sheet(actor_of(request), run_id)
    current = next((work for work in sheet.work if work.stop.id == asked), None) if asked else sheet.current
    if asked and current is None:
        raise Http404
    place = sheet.work.index(current) if current is not None else len(sheet.work)
    following = sheet.work[place + 1] if place + 1 < len(sheet.work) else None
    title = row.name or _("Round")
    context: dict[str, Any] = {
        "section": "runs", "sheet": sheet, "row": row, "work": current, "following": following, "zone": zone_of(row).key,
        "state": RUN_STATES[row.state], "open": row.state in (RunState.PLANNED, RunState.UNDER_WAY),
        "title": title, "said": request.session.pop(_SAID, None), "place": place + 1, "places": len(sheet.work),
        "lends": actor_of(request).holds_somewhere(DESK),
        "crumbs": [(_("Rounds"), reverse("desk-runs")), (title, reverse("desk-run", args=[run_id])), (_("Drive"), "")],
    }  # fmt: skip
    return render(request, "desk/runs/drive.html", context)


def _act(request: HttpRequest, run_id: int, stop_id: int | None) -> None:
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "scan")
    language = reader.current().language
    if act == "end":
        left = services.end_run(actor=actor, run_id=run_id, now=now)
        told = {"number": show_number(left, language)}
        _say(
            request,
            "good" if not left else "warn",
            _("The round is over; %(number)s copies go with the next one.") % told,
        )
        return
    if stop_id is None:
        return
    if act == "reach":
        services.start_run(actor=actor, run_id=run_id, now=now)
        services.reach_stop(actor=actor, run_id=run_id, stop_id=stop_id, now=now)
    elif act == "miss":
        aboard = services.miss_stop(actor=actor, run_id=run_id, stop_id=stop_id, now=now)
        told = {"number": show_number(aboard, language)}
        _say(request, "warn", _("Passed by. %(number)s copies for it are aboard and go with the next round.") % told)
    elif act == "scan":
        for text in request.POST.get("scan", "").split()[:_MOST_AT_ONCE]:
            barcode = words.latin_digits(text)[:80]
            done = services.scan_at_stop(actor=actor, run_id=run_id, stop_id=stop_id, barcode=barcode, now=now)
            label = copy_label(barcode)
            tone, said = _said(done)
            _say(request, tone, said, (label.title if label is not None else "") or barcode)


def _said(done: Scan) -> tuple[str, str]:
    """Tone and words of a scan at a stop."""
    to = network.house_facts(done.to_house_id).names.pick(reader.current().language) if done.to_house_id else ""
    if done.handled is Handled.RECEIVED and done.returned is not None and done.returned.request_id is not None:
        return "good", _("Put down: a reader here waits for it")
    return {
        Handled.LOADED: ("good", _("Loaded for %(house)s") % {"house": to}),
        Handled.ABOARD: ("warn", _("It is aboard already, for %(house)s") % {"house": to}),
        Handled.RECEIVED: ("good", _("Put down: it has arrived")),
        Handled.LEFT_AT_BASE: ("good", _("Put down here; another round takes it to %(house)s") % {"house": to}),
        Handled.STAYS: ("warn", _("It stays here: it belongs here or somebody here waits for it")),
    }[done.handled]


def _say(request: HttpRequest, tone: str, said: str, title: str = "") -> None:
    request.session[_SAID] = {"tone": tone, "said": said, "title": title, "at": timezone.now().isoformat()}
