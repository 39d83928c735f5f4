"""A form's act done and told: what it was, or why not, above the page that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest

from khaneh.interfaces.web.residencies import wording
from khaneh.kernel.refusal import Refusal

# An act and the sentence that tells it was done.
Act = Callable[[], object]
Acts = Mapping[str, tuple[Act, str]]


def do(request: HttpRequest, acts: Acts) -> bool:
    """Do what the form's `act` names; whether it was done. Raises Http404 for what is no act of the page."""
    found = acts.get(request.POST.get("act", ""))
    if found is None:
        raise Http404
    act, said = found
    try:
        act()
    except Refusal as refusal:
        messages.error(request, wording.sentence(refusal))
        return False
    messages.success(request, said)
    return True
