"""The last twenty acts of a desk, in the session of its browser. Never who they were about: what somebody borrows is kept in no session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from khaneh.interfaces.web.desk import circulation_undo as undoing
from khaneh.interfaces.web.desk.circulation_turn import turn_of

_LOG = "desk_log"
_MOST = 20
_PINNED = 6
Entry = dict[str, Any]


def note(request: HttpRequest, tone: str, said: str, title: str, **more: Any) -> None:
    """Put an act among the last twenty, under the turn and the key that its form named.

    `more` may hold `back` (a copy came in: what a damage costs, as {amount, currency}), `barcode`, `loan`, `slip`, `receipt`, and for a refusal `why` (words, remedy, who may) and `again` (it may be tried again).
    """
    entry = {
        "at": timezone.now().isoformat(), "tone": tone, "said": said, "title": title,
        "turn": turn_of(request), "key": request.POST.get("key", "")[:40], **more,
    }  # fmt: skip
    request.session[_LOG] = [entry, *request.session.get(_LOG, [])][:_MOST]


def is_aside(request: HttpRequest, barcode: str) -> None:
    """A copy was put aside: what was offered about its return is offered no more."""
    kept = request.session.get(_LOG, [])
    request.session[_LOG] = [{**entry, "back": None} if entry.get("barcode") == barcode else entry for entry in kept]


def is_done(request: HttpRequest) -> bool:
    """Whether this very scan was acted on before: its answer was lost on the line, and the page sends it again."""
    key = request.POST.get("key", "")[:40]
    return bool(key) and any(entry.get("key") == key for entry in request.session.get(_LOG, []))


def entries(request: HttpRequest) -> list[Entry]:
    """The acts, the last one first; `undo` where it can be taken back."""
    undoable = undoing.loans(request)
    return [
        {**entry, "at": datetime.fromisoformat(entry["at"]), "undo": entry.get("loan") in undoable}
        for entry in request.session.get(_LOG, [])
    ]


def refused(log: list[Entry], turn: str) -> list[Entry]:
    """What was refused in this turn and has not been done since, the last one first, each copy once."""
    seen: set[str] = set()
    found = []
    for entry in log:
        barcode = entry.get("barcode", "")
        if entry.get("turn") != turn or not barcode or barcode in seen:
            continue
        seen.add(barcode)
        if entry["tone"] == "bad":
            found.append(entry)
    return found[:_PINNED]
