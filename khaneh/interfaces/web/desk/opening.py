"""Changing when houses are open: whose bookings that ends is shown first, and done when it was seen; what ends nothing is done at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import services
from khaneh.domains.spaces.types import OpeningChanged, Touched
from khaneh.interfaces.web import phrases
from khaneh.interfaces.web.desk import once
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording

_SHOWN = 100
_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around the list of those who are shut out."""

    title: str
    lead: str
    section: str
    back: str
    crumbs: Sequence[tuple[str, str]]


def done_or_asked(
    request: HttpRequest, change: Callable[[], _Done], page: Page, *, words: str = ""
) -> OpeningChanged[_Done] | HttpResponse:
    """Do a change of opening hours, an act of the network; where it shuts bookings out, first a page that says which and sends the same form
    again. `words` is what those who booked are told. Raises what the change raises.
    """
    now = timezone.now()
    if (before := once.again(request)) is not None:
        return before
    if request.POST.get("act") != "do":
        touched = services.weigh_opening(change=change, now=now)
        if touched:
            return _asked(request, touched, page, words=words)
    return services.change_opening(actor=actor_of(request), change=change, words=words, now=now)


def shown(touched: Sequence[Touched]) -> dict[str, Any]:
    """Bookings that would end, for a page: each with its time by the clocks of its house, and how many they are."""
    words = ngettext("It ends %(number)s booking:", "It ends %(number)s bookings:", len(touched))
    return {
        "touched": [
            (one, wording.when(one.booking.starts, one.booking.ends, _zone(one.booking.space.house.id)))
            for one in touched[:_SHOWN]
        ],
        "count": words % {"number": phrases.number(len(touched))},
        "more_touched": _("and %(number)s further ones.") % {"number": phrases.number(len(touched) - _SHOWN)}
        if len(touched) > _SHOWN
        else "",
    }


def told(said: str, done: OpeningChanged[Any]) -> str:
    """What was done, and how many were told of it."""
    number = len(done.booking_ids)
    if not number:
        return said
    words = ngettext(
        "%(number)s booking ended; who booked is told.", "%(number)s bookings ended; those who booked are told.", number
    )
    return f"{said} {words % {'number': phrases.number(number)}}"


def _asked(request: HttpRequest, touched: Sequence[Touched], page: Page, *, words: str) -> HttpResponse:
    left_out = ("csrfmiddlewaretoken", "once", "act")
    sent = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    context = {
        **shown(touched), "section": page.section, "title": page.title, "lead": page.lead, "back": page.back, "crumbs": page.crumbs, "words": words,
        "sent": sent, "address": request.get_full_path(), "once": once.key(),
    }  # fmt: skip
    return render(request, "desk/opening.html", context)


def _zone(house_id: int) -> str:
    return network.house_facts(house_id).calendar.zone
