"""What applicants see of the selection: letters, the time of an interview, the decision, an appeal, the contract. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.programmes.types import APPLICATION_STATES
from khaneh.domains.selection import queries, services
from khaneh.domains.selection.types import APPEAL_STATES, DECISION_KINDS, OutcomeRow
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selection import wording
from khaneh.kernel.refusal import Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, application_id: int) -> HttpResponse:
    """How one's application fares; a POST takes a time, appeals or signs. Sent twice it is done once."""
    row = queries.outcome(application_id, actor=actor_of(request), now=timezone.now())
    if request.method == "POST":
        try:
            if said := _act(request, row):
                messages.success(request, said)
        except Refusal as refusal:
            wording.told(request, refusal)
        return redirect("account-selection", application_id=application_id)
    zone = wording.zone_of(row.house.id)
    context = {
        "section": "selection",
        "row": row,
        "state": APPLICATION_STATES[row.state],
        "decision": DECISION_KINDS[row.decision.kind] if row.decision else None,
        "appeal": APPEAL_STATES[row.appeal.state] if row.appeal else None,
        "slots": [(one, wording.instant(one.starts_at, zone)) for one in row.slots],
        "slot": wording.instant(row.slot.starts_at, zone) if row.slot else "",
        "letters": [(one, wording.instant(one.written_at, zone)) for one in row.letters],
        "signed": wording.instant(row.contract.signed_at, zone) if row.contract and row.contract.signed_at else "",
    }
    return render(request, "selection/outcome.html", context)


def _act(request: HttpRequest, row: OutcomeRow) -> str:
    actor, now, what = actor_of(request), timezone.now(), request.POST.get("act", "")
    if what == "slot":
        number = wording.whole(request.POST.get("slot", "")) or 0
        services.take_slot(actor=actor, application_id=row.application_id, slot_id=number, now=now)
        return _("This time is yours.")
    if what == "appeal":
        services.appeal(actor=actor, application_id=row.application_id, text=request.POST.get("text", ""), now=now)
        return _("Your appeal is made. Somebody who did not decide answers it.")
    if what == "sign" and row.contract is not None:
        name = request.POST.get("name", "")
        services.sign_contract(actor=actor, contract_id=row.contract.id, name=name, now=now)
        return _("Signed. Welcome!")
    return ""
