"""Waiting for a space, or for any of its kind in its house: a window, a length, how many at once. Parse, call, translate."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.errors import FreeAlready
from khaneh.domains.spaces.types import SpaceRow, WaitingRow
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.interfaces.web.spaces.groups import drafts
from khaneh.interfaces.web.spaces.space import crumbs
from khaneh.kernel.calendars import parse_time, show_minutes, show_number, show_short_date
from khaneh.kernel.refusal import Invalid, Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, space_id: int) -> HttpResponse:
    """The form of a waiting list; a POST joins it. What is free already is offered at once."""
    row = queries.space_by_id(space_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    form = _Form(request, row)
    organisations = asking.organisations(request)
    chosen = asking.chosen(organisations, form.wanted.organisation)
    why: list[Why] = []
    free_url = ""
    if request.method == "POST":
        window = form.window()
        if window is not None:
            first, last = window
            if _waits_already(request, row, form, first, last):
                messages.info(request, _("You wait for this already; here it is."))
                return redirect("account-bookings")
            try:
                services.join_waiting_list(
                    actor=actor_of(request), house_id=row.house.id, first=first, last=last, minutes=form.wanted.minutes,
                    now=timezone.now(), space_id=row.id if form.only_this else None, kind=row.kind, units=form.units,
                    people_count=form.wanted.people, title=form.wanted.title, persons=drafts(form.wanted.names),
                    organisation_id=chosen.id if chosen is not None else None,
                )  # fmt: skip
            except FreeAlready as refusal:
                why = wording.reasons(refusal)
                free_url = _free_url(refusal, form.wanted)
            except Refusal as refusal:
                form.problems |= wording.fields_of(refusal) if isinstance(refusal, Invalid) else {}
                form.problems["names"] = form.problems.get("persons", "")
                why = wording.reasons(refusal, zone=wording.zone_of(row))
            else:
                messages.success(request, _("You are on the waiting list. We tell you as soon as something is free."))
                return redirect("account-bookings")
    context: dict[str, Any] = {
        "space": row,
        "form": form,
        "fields": form.shown(),
        "why": why,
        "free_url": free_url,
        "organisations": organisations,
        "organisation": chosen,
        "names": form.wanted.names,
        "problems": form.problems,
        "crumbs": [*crumbs(row), (row.names.pick(reader.current().language), reverse("space", args=[row.id])), (_("Wait"), "")],
    }  # fmt: skip
    return render(request, "spaces/wait.html", context, status=409 if request.method == "POST" else 200)


class _Form:
    """What is typed, kept as it is; `window` is what was understood."""

    def __init__(self, request: HttpRequest, row: SpaceRow) -> None:
        self.data = request.POST if request.method == "POST" else request.GET
        self.row = row
        self.problems: dict[str, str] = {}
        self.wanted = asking.wanted(self.data, minutes=asking.default_length(row))
        self.clock = ZoneInfo(wording.zone_of(row))
        starts = self.wanted.starts
        self.local = (starts or timezone.now()).astimezone(self.clock)
        self.only_this = self.data.get("which", "this") == "this"
        self.units = asking.whole(self.data.get("units"), otherwise=1) or 0

    def window(self) -> tuple[datetime, datetime] | None:
        """From an hour of a day until an hour of a day; None where something was not understood, and then `problems` say what."""
        day = self._day("first")
        last = self._day("last") if self.data.get("last") else day
        opens, closes = self._minutes("opens", 0), self._minutes("closes", 24 * 60)
        if day is None or last is None or opens is None or closes is None:
            return None
        return self._instant(day, opens), self._instant(last, closes)

    def _day(self, name: str) -> date | None:
        found = asking.a_day(self.data.get(name))
        if found is None:
            self.problems[name] = _("This is not a date.")
        return found

    def _minutes(self, name: str, otherwise: int) -> int | None:
        text = self.data.get(name, "").strip()
        if not text:
            return otherwise
        try:
            return parse_time(text)
        except ValueError:
            self.problems[name] = _("This is not a time of day. For example 9:30.")
            return None

    def _instant(self, day: date, minutes: int) -> datetime:
        wall = datetime.combine(day, time(), self.clock) + timedelta(minutes=minutes)
        return wall.astimezone(UTC)

    def shown(self) -> dict[str, Any]:
        """What stands in the fields: what was typed, else the day that was wanted, all of it."""
        who = reader.current()
        day = show_short_date(self.local.date(), calendar=who.calendar, language=who.language)
        return {
            "first": self.data.get("first", day),
            "last": self.data.get("last", day),
            "opens": self.data.get("opens", show_minutes(8 * 60, who.language)),
            "closes": self.data.get("closes", show_minutes(20 * 60, who.language)),
            "units": self.data.get("units") or show_number(1, who.language),
            "people": self.data.get("people") or show_number(self.wanted.people, who.language),
            "lengths": asking.lengths(self.row, self.wanted.minutes),
            "counted": self.row.quantity > 1,
            "group": self.row.capacity > 1,
            "example": day,
        }


def _waits_already(request: HttpRequest, row: SpaceRow, form: _Form, first: datetime, last: datetime) -> bool:
    """Whether the reader waits for just this: a form that was sent again. Three statements."""

    def same(one: WaitingRow) -> bool:
        wanted = row.id if form.only_this else None
        return (one.space_id, one.kind, one.house.id, one.first, one.last, one.minutes, one.units) == (
            wanted, row.kind, row.house.id, first, last, form.wanted.minutes, form.units,
        )  # fmt: skip

    return any(same(one) for one in queries.waiting_of(actor_of(request).account_id or 0, now=timezone.now()))


def _free_url(refusal: FreeAlready, wanted: asking.Wanted) -> str:
    number, starts = refusal.facts["space_id"], datetime.fromisoformat(refusal.facts["starts"])
    found = queries.spaces_by_ids([number]).get(number)
    return asking.book_url(found, wanted, starts=starts) if found is not None else ""
