"""The rules of a call's selection, its reviewers and interviews. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.selection import queries, services
from khaneh.domains.selection.permissions import OFFICERS
from khaneh.domains.selection.types import EquityWeight, FactorKind, Group, RoundDraft, RoundRow, label_of
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.space_times import instant, is_skipped
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import parse_date, parse_time
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import Refusal

_NUMBERS = ("reviews_wanted", "load", "waiting", "shrink", "appeal_days")
_POINTS = ("lowest", "spread", "tie_step", "cap")
_SPARE = 2


@staffed(OFFICERS)
@require_safe
def selections(request: HttpRequest) -> HttpResponse:
    """The calls whose selection one runs, those that are closed and undecided first."""
    rows = queries.calls_run(actor_of(request), now=timezone.now())
    context = {"section": "selection", "rows": rows, "crumbs": [(_("Desk"), reverse("desk")), (_("Selection"), "")]}
    return render(request, "selection/selections.html", context)


@staffed(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, call_id: int) -> HttpResponse:
    """How the call selects: begun, changed, fixed by a POST; and the text of its contracts."""
    actor, now = actor_of(request), timezone.now()
    found = queries.round_of_call(call_id, actor=actor)
    if request.method == "POST":
        what = request.POST.get("act", "")
        try:
            if what == "open":
                services.open_round(actor=actor, call_id=call_id, now=now)
                messages.success(request, _("Begun with the usual rules. Look at them, then fix them."))
            elif found is None:
                raise Http404
            elif what == "contract":
                texts = Label(**{one: request.POST.get(f"text_{one}", "") for one in LANGUAGES})
                services.change_contracts(actor=actor, round_id=found.id, texts=texts, now=now)
                messages.success(request, _("The text is changed; contracts that were issued stay as they are."))
            elif what in ("save", "fix"):
                draft = _draft(request)
                if draft is None:
                    messages.error(request, wording.wrong("format"))
                else:
                    if not found.is_fixed:
                        services.change_round(actor=actor, round_id=found.id, draft=draft, now=now)
                    if what == "fix":
                        services.fix_round(actor=actor, round_id=found.id, now=now)
                    messages.success(request, _("The rules are fixed.") if what == "fix" else _("Saved."))
            else:
                raise Http404
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("desk-selection", call_id=call_id)
    call = found.call if found else queries.call_of(call_id, actor=actor)
    shown = found.draft if found else queries.usual()
    context = {
        **frame(found, call, "rules"),
        "draft": shown,
        "numbers": [(name, getattr(shown, name), _said()[name]) for name in _NUMBERS],
        "points": [(name, label_of(getattr(shown, name)), _said()[name]) for name in _POINTS],
        "weights": _weights(shown, spare=0 if found is not None and found.is_fixed else _SPARE),
        "kinds": _kinds(),
        "index": next(
            (one for one in network.deprivation_indexes() if found and one.id == found.deprivation_index_id), None
        ),
        "texts": [(one, reader.LANGUAGES[one], getattr(found.contracts, one) if found else "") for one in LANGUAGES],
        "words": queries.CONTRACT_WORDS,
        "trail": [
            (wording.act(one.kind), one, wording.instant(one.at, wording.zone_of(call.house.id)))
            for one in (queries.trail(found.id, actor=actor, limit=30) if found else [])
        ],
    }
    return render(request, "selection/rules.html", context)


@staffed(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest, call_id: int) -> HttpResponse:
    """Who judges; a POST asks somebody, lets somebody go, or assigns everything that lacks."""
    actor, now = actor_of(request), timezone.now()
    found = begun(call_id, actor)
    if request.method == "POST":
        what = request.POST.get("act", "")
        try:
            if what == "add":
                services.add_reviewer(
                    actor=actor, round_id=found.id, email=request.POST.get("email", "")[:300],
                    competence=request.POST.get("competence", ""), load=wording.whole(request.POST.get("load", "")),
                    now=now,
                )  # fmt: skip
                messages.success(request, _("Added. They hear of it when something is assigned to them."))
            elif what == "remove":
                number = wording.whole(request.POST.get("reviewer", "")) or 0
                services.remove_reviewer(actor=actor, reviewer_id=number, now=now)
                messages.success(request, _("Gone. What they had not submitted is taken back."))
            elif what == "assign":
                done = services.assign_all(actor=actor, round_id=found.id, now=now)
                messages.success(request, _("Reviews assigned: %(number)s.") % {"number": done})
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("desk-selection-reviewers", call_id=call_id)
    context = {
        **frame(found, found.call, "reviewers"),
        "rows": queries.reviewers(found.id, actor=actor),
    }
    return render(request, "selection/reviewers.html", context)


@staffed(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def interviews(request: HttpRequest, call_id: int) -> HttpResponse:
    """The times for interviews; a POST offers more, or takes one back."""
    actor, now = actor_of(request), timezone.now()
    found = begun(call_id, actor)
    zone = wording.zone_of(found.call.house.id)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                services.remove_slot(actor=actor, slot_id=wording.whole(request.POST.get("slot", "")) or 0, now=now)
            else:
                starts_at = _posted_instant(request, zone)
                minutes, count = (wording.whole(request.POST.get(name, "")) for name in ("minutes", "count"))
                if starts_at is None or minutes is None or count is None:
                    messages.error(request, wording.wrong("format"))
                else:
                    done = services.add_slots(
                        actor=actor, round_id=found.id, starts_at=starts_at, minutes=minutes, count=count,
                        place=request.POST.get("place", ""), now=now,
                    )  # fmt: skip
                    messages.success(request, _("Times added: %(number)s.") % {"number": done})
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("desk-selection-interviews", call_id=call_id)
    lines = {line.application.id: line for line in queries.board(found.id, actor=actor)}
    context = {
        **frame(found, found.call, "interviews"),
        "slots": [
            (one, wording.instant(one.starts_at, zone), lines.get(one.application_id or 0))
            for one in queries.slots(found.id, actor=actor)
        ],
    }
    return render(request, "selection/interviews.html", context)


def begun(call_id: int, actor: Actor) -> RoundRow:
    """The selection of a call that was begun. Raises Http404."""
    found = queries.round_of_call(call_id, actor=actor)
    if found is None:
        raise Http404
    return found


def frame(found: RoundRow | None, call: Any, tab: str, *, crumb: str = "") -> dict[str, Any]:
    """What every page of a selection at the desk has."""
    language = reader.current().language
    crumbs = [(_("Desk"), reverse("desk")), (_("Selection"), reverse("desk-selections"))]
    if crumb:
        crumbs += [(call.names.pick(language), reverse("desk-selection-board", args=[call.id])), (crumb, "")]
    else:
        crumbs += [(call.names.pick(language), "")]
    return {"section": "selection", "tab": tab, "found": found, "call": call, "crumbs": crumbs}


def _draft(request: HttpRequest) -> RoundDraft | None:
    facts: dict[str, Any] = {name: wording.whole(request.POST.get(name, "")) for name in _NUMBERS}
    facts |= {name: wording.thousandths(request.POST.get(name, "")) for name in _POINTS}
    weights = []
    for turn in range(20):
        kind, given = request.POST.get(f"kind-{turn}", ""), request.POST.get(f"points-{turn}", "")
        if kind not in list(FactorKind) or not given.strip():
            continue
        points = wording.thousandths(given)
        if points is None:
            return None
        value = request.POST.get(f"value-{turn}", "").strip()
        if kind == FactorKind.RURAL:
            value = ""
        elif kind == FactorKind.DECILE:
            value = str(wording.whole(value) or "")
        weights.append(EquityWeight(Group(FactorKind(kind), value), points))
    if any(value is None for value in facts.values()):
        return None
    return RoundDraft(**facts, equity=tuple(weights))


def _weights(draft: RoundDraft, *, spare: int) -> list[dict[str, Any]]:
    lines = [
        {"kind": one.group.kind.value, "value": one.group.value, "points": label_of(one.points)} for one in draft.equity
    ]
    lines += [{"kind": "", "value": "", "points": ""}] * spare
    return [{"turn": turn, **line} for turn, line in enumerate(lines)]


def _kinds() -> list[tuple[str, str]]:
    return [
        (FactorKind.DECILE.value, _("Decile up to (1 is the most deprived)")),
        (FactorKind.REGION.value, _("Region with the code")),
        (FactorKind.RURAL.value, _("Rural")),
    ]


def _said() -> dict[str, tuple[str, str]]:
    return {
        "reviews_wanted": (_("Reviews for each application"), ""),
        "load": (_("Reviews that one reviewer takes"), _("A reviewer may have a number of their own.")),
        "waiting": (_("Places on the waiting list"), ""),
        "shrink": (
            _("How slowly a reviewer’s own habits count"),
            _("Whoever wrote this many reviews counts half as themself, half as everybody."),
        ),
        "appeal_days": (_("Days to appeal"), ""),
        "lowest": (_("Lowest score for a place"), _("Of 100, without equity points: they lift nobody over it.")),
        "spread": (_("Reviews disagree from"), _("So many points between the highest and the lowest.")),
        "tie_step": (_("Scores are tied within"), _("Points; among who is tied the lottery decides.")),
        "cap": (_("Most equity points"), ""),
    }


def _posted_instant(request: HttpRequest, zone: str) -> datetime | None:
    try:
        day = parse_date(request.POST.get("day", ""))
        minute = parse_time(request.POST.get("time", ""))
    except ValueError:
        return None
    return None if is_skipped(day, minute, zone) else instant(day, minute, zone)
