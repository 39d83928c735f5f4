"""The queue of messages: what waits, went, failed, perhaps went; and addresses that reach nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.notices import queries, services
from khaneh.domains.notices.permissions import QUEUE_READERS
from khaneh.domains.notices.types import CHANNELS, REASONS, STATES, MessageRow, State
from khaneh.interfaces.web.desk import notice_wording as words
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal

_PAGE = 50
_TONES = {State.SENT: "good", State.FAILED: "bad", State.UNSURE: "warn"}


@staffed(QUEUE_READERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Messages of a house and those inside it, newest first, all or in one state."""
    actor = actor_of(request)
    houses = words.houses(queries.queue_houses(actor))
    if not houses:
        raise NotFound(what="house")
    code = request.GET.get("house", "")
    house = next((one for one in houses if one[0] == code), words.at_hand(actor, houses))
    wanted = request.GET.get("state", "")
    states = [State(wanted)] if wanted in set(State) else []
    before = request.GET.get("before", "")
    rows = queries.messages(
        actor=actor, house_id=house[2], states=states, limit=_PAGE + 1,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
    )  # fmt: skip
    counts = queries.counts(actor=actor, house_id=house[2])
    chosen = {"house": house[0]} | ({"state": wanted} if states else {})
    older = "?" + urlencode(chosen | {"before": rows[_PAGE - 1].id}) if len(rows) > _PAGE else ""
    context = {
        "section": "notices",
        "houses": [(one[0], one[1], one[0] == house[0]) for one in houses],
        "house": house,
        "counts": [
            (state.value, words.word(STATES[state], state), number, "?" + urlencode({"house": house[0], "state": state}))
            for state, number in counts.items()
            if number
        ],
        "state": wanted if states else "",
        "all": "?" + urlencode({"house": house[0]}),
        "rows": [_shown(row) for row in rows[:_PAGE]],
        "problems": [
            (row, words.word(CHANNELS[row.channel], row.channel), words.word(REASONS.get(row.reason), row.reason))
            for row in queries.address_problems(actor=actor, house_id=house[2])
        ],
        "older": older,
        "here": request.get_full_path(),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Messages"), "")],
    }  # fmt: skip
    return render(request, "desk/notices/queue.html", context)


@staffed(QUEUE_READERS)
@require_POST
def settle(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send again, take as sent, or give up."""
    acts = {"again": services.send_again, "sent": services.take_as_sent, "drop": services.give_up}
    said = {
        "again": _("It is sent again within a minute."),
        "sent": _("It counts as sent."),
        "drop": _("It is not sent."),
    }
    act = request.POST.get("act", "")
    if act not in acts:
        return _back(request)
    try:
        acts[act](actor=actor_of(request), message_id=message_id, now=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        messages.error(request, words.refusal(refusal))
    else:
        messages.success(request, said[act])
    return _back(request)


@staffed(QUEUE_READERS)
@require_POST
def settle_address(request: HttpRequest, problem_id: int) -> HttpResponse:
    """The address is in order, or the member is blocked until it is."""
    block = request.POST.get("act") == "block"
    services.settle_address(actor=actor_of(request), problem_id=problem_id, now=timezone.now(), block=block)
    messages.success(
        request,
        _("The member is blocked until the address is corrected.") if block else _("Messages go there again."),
    )
    return _back(request)


def _shown(row: MessageRow) -> dict[str, Any]:
    known = {one.code: one.label for one in queries.events()}
    return {
        "row": row,
        "channel": words.word(CHANNELS[row.channel], row.channel),
        "events": [words.word(known.get(code), code) for code in row.events],
        "state": words.word(STATES[row.state], row.state),
        "tone": _TONES.get(row.state, ""),
        "reason": words.word(REASONS.get(row.reason), row.reason) if row.reason else "",
        "acts": [
            *([("again", _("Send again"))] if row.state in (State.FAILED, State.UNSURE) else []),
            *([("sent", _("It arrived"))] if row.state is State.UNSURE else []),
            *([("drop", _("Do not send"))] if row.state in (State.WAITING, State.FAILED, State.UNSURE) else []),
        ],
    }


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was, if it is ours."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return redirect(address if safe and address.startswith(reverse("desk-notices")) else "desk-notices")
