"""What was done without a line and does not agree with the rest, for a person to settle; the devices that do it. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, rights_of
from khaneh.domains.circulation.queries import offline as queries
from khaneh.domains.circulation.types import (
    CONFLICT_KINDS,
    CONFLICT_STATES,
    ENTRY_ACTS,
    ConflictKind,
    ConflictState,
    EntryAct,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import PolicyRefused
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_turn import house_of, number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import choose
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal


@staffed(DESK)
@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """What waits at the house, or with ?settled=1 what was settled last."""
    house, actor = house_of(request), actor_of(request)
    if house is None:
        return choose(request)
    settled = request.GET.get("settled") == "1"
    rows = queries.conflicts(actor, house_id=house.id, settled=settled, limit=100)
    same = people.lines({number for row in rows for number in row.facts.get("members", ())})
    mine = rights_of(actor, house.place)
    context = {
        "section": "circulation",
        "house": house,
        "which": "conflicts",
        "settled": settled,
        "rows": [_shown(row, mine, same) for row in rows],
        "several": len(people.served_houses(actor) or ()) != 1,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Lending and returns"), reverse("desk-circulation")),
            (_("To be settled"), ""),
        ],
    }
    return render(request, "desk/conflicts/list.html", context)


@staffed(DESK)
@require_POST
def settle(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """Accept, undo or set aside one."""
    try:
        how = ConflictState(request.POST.get("how", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        services.settle_conflict(
            actor=actor_of(request), conflict_id=conflict_id, how=how, reason=request.POST.get("reason", ""),
            now=timezone.now(), as_member=number(request.POST.get("as_member")),
        )  # fmt: skip
        messages.success(request, CONFLICT_STATES[how].pick(request.LANGUAGE_CODE))
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except PolicyRefused as refusal:
        shown = words.reasons(refusal, frozenset())
        messages.error(request, "; ".join([one["label"] for one in shown if one["label"]]))
    except Invalid as refusal:
        messages.error(request, _said(refusal))
    except Refusal as refusal:
        messages.error(request, words.refusal(refusal))
    return redirect(reverse("desk-conflicts"))


def _said(refusal: Invalid) -> str:
    fields = refusal.facts["fields"]
    if "reason" in fields:
        return _("Say why, in at most 500 signs.")
    if "member" in fields:
        return _("The new member is to be settled first.")
    return _("This cannot be done here: something that was written down is missing or wrong.")


@staffed(DESK)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The house's devices that lend without a line."""
    house, actor = house_of(request), actor_of(request)
    if house is None:
        return choose(request)
    context = {
        "section": "circulation",
        "house": house,
        "which": "devices",
        "rows": queries.devices(actor, house_id=house.id),
        "may": queries.may_enrol(actor, house_id=house.id),
        "several": len(people.served_houses(actor) or ()) != 1,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Lending and returns"), reverse("desk-circulation")),
            (_("Devices without a line"), ""),
        ],
    }
    return render(request, "desk/conflicts/devices.html", context)


@staffed(DESK)
@require_POST
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """Cut a device off for ever, once it was said that this is meant."""
    if request.POST.get("sure") != "1":
        return redirect("desk-devices")
    try:
        services.revoke_device(actor=actor_of(request), device_id=device_id, now=timezone.now())
    except NotFound as refusal:
        raise Http404 from refusal
    messages.success(request, _("The device is cut off: it gets nothing any more, and what it did is kept for you."))
    return redirect("desk-devices")


def _shown(row: queries.ConflictRow, mine: frozenset[str], same: dict[int, Any]) -> dict[str, Any]:
    """One row with its words, and what may be done about it."""
    reasons = words.reasons(PolicyRefused(reasons=row.facts.get("reasons", [])), mine)
    waits = row.kind is ConflictKind.MEMBER_WAITS
    return {
        "row": row,
        "kind": CONFLICT_KINDS[row.kind],
        "act": ENTRY_ACTS[EntryAct(row.act)] if row.act in set(EntryAct) else None,
        "state": CONFLICT_STATES[row.state],
        "reasons": reasons,
        "same": [same[number] for number in row.facts.get("members", ()) if number in same],
        "to": network.house_facts(row.facts["to_house_id"]).names if row.facts.get("to_house_id") else None,
        "card": str(row.facts.get("card", "") or ""),
        "do": not row.done and not waits and row.kind is not ConflictKind.TAMPERED,
        "may": all(one["mine"] for one in reasons),
        "stands": row.done,
        "undo": row.done and row.act == EntryAct.CHECK_OUT,
        "is_member": row.act == EntryAct.REGISTER,
    }
