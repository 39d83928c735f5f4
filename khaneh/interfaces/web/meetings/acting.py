"""A form's act done and told: what it was, or why not, above the page that follows; and what was typed into small forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest

from khaneh.interfaces.web import lending
from khaneh.interfaces.web.meetings import wording
from khaneh.kernel.refusal import Refusal

# An act and the sentence that tells it was done.
Acts = Mapping[str, tuple[Callable[[], object], str]]


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


def number(request: HttpRequest, name: str) -> int:
    """A positive number of something; 0 where none is named."""
    return lending.number_of(request.POST.get(name)) or 0


def text(request: HttpRequest, name: str) -> str:
    """What was written, without a limit: the domain tells what is too long."""
    return request.POST.get(name, "").replace("\r\n", "\n")
