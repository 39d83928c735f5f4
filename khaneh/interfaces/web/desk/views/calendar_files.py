"""Closing by a calendar file: first what it would close and end, line by line what of it was not understood, then the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import permissions, services
from khaneh.domains.spaces.types import ENTRY_OUTCOMES, ClosureKind, EntryOutcome, HouseDay, TakenIn, Touched, Window
from khaneh.formats.ical.errors import Unreadable
from khaneh.formats.ical.read import LARGEST, Reading
from khaneh.interfaces.web import phrases, reader
from khaneh.interfaces.web.desk import calendar_files, kept_files, once, space_house, space_words
from khaneh.interfaces.web.desk.calendar_files import CalendarForm, LeftOut
from khaneh.interfaces.web.desk.gate import MANAGERS, SPACE_LEADS, staffed
from khaneh.interfaces.web.desk.views.houses import own_house
from khaneh.interfaces.web.desk.views.spaces_settings import row_of
from khaneh.interfaces.web.desk.views.spaces_week import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.refusal import Refusal

_SHOWN = 100
_TONES = {EntryOutcome.NEW: "warn", EntryOutcome.MOVED: "warn", EntryOutcome.OPENED: "good", EntryOutcome.SAME: ""}


class _Doing(NamedTuple):
    """What a file is asked to do: look at it, do it, and say when each of its entries is."""

    weigh: Callable[[Reading], tuple[TakenIn, list[Touched]]]
    do: Callable[[Reading], TakenIn]
    times: Callable[[Reading], dict[str, str]]
    zone: str
    whole_days: bool


@staffed(SPACE_LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def space(request: HttpRequest, space_id: int) -> HttpResponse:
    """The times at which a space is closed."""
    row = row_of(request, space_id)
    house = space_house.at(request, row.house.id)
    actor = actor_of(request)
    if not permissions.may_lead(actor, house_id=house.id):
        raise Http404
    zone = house.calendar.zone
    form = _form(request, kinds=True)

    def wanted(reading: Reading) -> dict[str, Any]:
        kind = request.POST.get("kind", "")
        return {
            "actor": actor, "space_id": space_id, "windows": calendar_files.windows(reading, zone=zone), "now": timezone.now(),
            "cancelled": reading.cancelled, "kind": ClosureKind(kind) if kind in set(ClosureKind) else ClosureKind.OTHER,
        }  # fmt: skip

    def times(reading: Reading) -> dict[str, str]:
        found: Sequence[Window] = calendar_files.windows(reading, zone=zone)
        return {one.uid: wording.when(one.starts, one.ends, zone) for one in found}

    name = row.names.pick(reader.current().language)
    doing = _Doing(
        lambda reading: services.weigh_closures(**wanted(reading)),
        lambda reading: services.take_in_closures(**wanted(reading)),
        times, zone, whole_days=False,
    )  # fmt: skip
    where = reverse("desk-space", args=[space_id])
    context = {
        "section": "spaces", "lead": (where, name),
        "crumbs": crumbs((_("The spaces"), reverse("desk-spaces-list")), (name, where), _("Calendar file")),
        "title": _("Close it by a calendar file"),
    }  # fmt: skip
    return _answer(request, form, doing, context, back=f"{where}#closures")


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def house(request: HttpRequest, code: str) -> HttpResponse:
    """The days on which a house is closed."""
    actor = actor_of(request)
    house_id, draft = own_house(code, actor)
    facts = network.house_facts(house_id)
    zone = facts.calendar.zone
    form = _form(request, kinds=False)

    def wanted(reading: Reading) -> dict[str, Any]:
        return {
            "actor": actor, "house_id": house_id, "days": calendar_files.days(reading), "now": timezone.now(),
            "cancelled": reading.cancelled,
        }  # fmt: skip

    def times(reading: Reading) -> dict[str, str]:
        return {one.uid: _days_words(one) for one in calendar_files.days(reading)}

    doing = _Doing(
        lambda reading: services.weigh_holidays(**wanted(reading)),
        lambda reading: services.take_in_holidays(**wanted(reading)),
        times, zone, whole_days=True,
    )  # fmt: skip
    where = reverse("desk-house-calendar", args=[code])
    name = draft.names.pick(reader.current().language)
    context = {
        "section": "houses", "lead": (where, name),
        "crumbs": [
            (_("Desk"), reverse("desk")), (_("Houses"), reverse("desk-houses")), (name, reverse("desk-house", args=[code])),
            (_("Hours and holidays"), where), (_("Calendar file"), ""),
        ],
        "title": _("Days off from a calendar file"),
    }  # fmt: skip
    return _answer(request, form, doing, context, back=f"{where}#holidays")


def _form(request: HttpRequest, *, kinds: bool) -> CalendarForm:
    """The form as it was sent; an empty one else (files make it a sent one even where there are none)."""
    return (
        CalendarForm(request.POST, request.FILES, kinds=kinds)
        if request.method == "POST"
        else CalendarForm(None, kinds=kinds)
    )


def _answer(
    request: HttpRequest, form: CalendarForm, doing: _Doing, context: dict[str, Any], *, back: str
) -> HttpResponse:
    context |= {"form": form, "back": back}
    if not form.is_bound:
        return render(request, "desk/calendar_file.html", context)
    if (before := once.again(request)) is not None:
        return before
    sure = request.POST.get("act") == "do"
    data, ticket = _content(request, form, sure=sure)
    if data is None:
        return render(request, "desk/calendar_file.html", context, status=422)
    try:
        reading = calendar_files.reading_of(data, zone=doing.zone, now=timezone.now())
        if sure:
            done = doing.do(reading)
            messages.success(request, _told(done))
            return once.led_to(request, back)
        done, touched = doing.weigh(reading)
    except Unreadable as refused:
        form.add_error(None, calendar_files.unreadable(refused))
        return render(request, "desk/calendar_file.html", context, status=422)
    except Refusal as refusal:
        form.add_error(None, space_words.refusal(refusal, zone=doing.zone))
        return render(request, "desk/calendar_file.html", context, status=422)
    outside = calendar_files.left_out(reading, whole_days=doing.whole_days)
    context |= _shown(reading, done, touched, outside, doing) | {"ticket": ticket, "once": once.key()}
    return render(request, "desk/calendar_file.html", context)


def _content(request: HttpRequest, form: CalendarForm, *, sure: bool) -> tuple[bytes | None, str]:
    """The file, as it was sent or as it was looked at before, and the ticket by which it is kept; None with the reason in the form."""
    owner = actor_of(request).account_id or 0
    if sure:
        try:
            data, _name = kept_files.fetch(request.POST.get("ticket", ""), owner=owner)
        except BadSignature:
            data = None
        if data is None:
            form.add_error(None, _("The file that was looked at is gone. Send it again."))
        return data, request.POST.get("ticket", "")
    if not form.is_valid():
        return None, ""
    data, name = form.content()
    return data, kept_files.keep(data[:LARGEST], name=name, owner=owner) if data else ""


def _shown(
    reading: Reading, done: TakenIn, touched: Sequence[Touched], outside: Sequence[LeftOut], doing: _Doing
) -> dict[str, Any]:
    entries, times = calendar_files.names_of(reading), doing.times(reading)
    lines = [
        {
            "name": entries[uid].summary if uid in entries else uid,
            "time": times.get(uid, ""),
            "outcome": ENTRY_OUTCOMES[outcome],
            "tone": _TONES.get(outcome, "bad"),
        }
        for uid, outcome in done.outcomes
    ]
    changing = (EntryOutcome.NEW, EntryOutcome.MOVED, EntryOutcome.OPENED)
    changes = sum(outcome in changing for _uid, outcome in done.outcomes)
    return {
        "weighed": True,
        "name": reading.name,
        "lines": lines[:_SHOWN],
        "more_lines": _further(len(lines)),
        "changes": changes,
        "outside": [
            (calendar_files.line_words(one.line) if one.line else "", one.name, one.why) for one in outside[:_SHOWN]
        ],
        "more_outside": _further(len(outside)),
        "touched": [
            (one, wording.when(one.booking.starts, one.booking.ends, doing.zone)) for one in touched[:_SHOWN]
        ],
        "more_touched": _further(len(touched)),
        "count": _counted(
            ngettext("It ends %(number)s booking:", "It ends %(number)s bookings:", len(touched)), len(touched)
        ),
    }  # fmt: skip


def _told(done: TakenIn) -> str:
    changing = (EntryOutcome.NEW, EntryOutcome.MOVED, EntryOutcome.OPENED)
    count = sum(outcome in changing for _uid, outcome in done.outcomes)
    if not count:
        return _("Nothing in it was new.")
    said = _counted(ngettext("%(number)s entry taken in.", "%(number)s entries taken in.", count), count)
    ended = len(done.booking_ids)
    if not ended:
        return f"{said} {_('Nobody had booked it.')}"
    words = ngettext(
        "%(number)s booking ended; who booked is told.", "%(number)s bookings ended; those who booked are told.", ended
    )
    return f"{said} {_counted(words, ended)}"


def _counted(words: str, number: int) -> str:
    return words % {"number": phrases.number(number)}


def _further(number: int) -> str:
    return _("and %(number)s further ones.") % {"number": phrases.number(number - _SHOWN)} if number > _SHOWN else ""


def _days_words(one: HouseDay) -> str:
    first = asking.day_words(one.first)
    return first if one.first == one.last else f"{first} – {asking.day_words(one.last)}"
