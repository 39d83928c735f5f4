"""A form that is sent twice (a second tab, the back button, a line that failed) is acted on once: it carries a key, and the session keeps
the last of those that were used, with the page that each led to. Nobody's name is kept.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

_USED = "desk_once"
_MOST = 30


def key() -> str:
    """What a form is given."""
    return secrets.token_hex(8)


def again(request: HttpRequest) -> HttpResponse | None:
    """Where this very form led before; None when it comes for the first time."""
    used: dict[str, Any] = request.session.get(_USED, {})
    address = used.get(request.POST.get("once", "")[:40])
    if not isinstance(address, str):
        return None
    messages.info(request, _("This was sent before, and was done once."))
    return redirect(address)


def led_to(request: HttpRequest, address: str) -> HttpResponse:
    """Keep that the form was used, and go on."""
    used = dict(request.session.get(_USED, {}))
    sent = request.POST.get("once", "")[:40]
    if sent:
        used[sent] = address
        request.session[_USED] = dict(list(used.items())[-_MOST:])
    return redirect(address)
