"""Booking a space again and again: weekly, or on a day of the month of either calendar, with every day shown before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import (
    MISSING_DAYS,
    Channel,
    MissingDay,
    Occurrence,
    Pattern,
    Repeat,
    SeriesPlan,
    SpaceRow,
)
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, groups, wording
from khaneh.interfaces.web.spaces.mine import line
from khaneh.interfaces.web.spaces.space import crumbs
from khaneh.kernel.calendars import (
    WEEKDAYS,
    Calendar,
    JalaliDate,
    parse_time,
    show_minutes,
    show_number,
    show_short_date,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_CALENDARS: Mapping[Calendar, Label] = {
    Calendar.JALALI: Label("of each Persian month", "هر ماه شمسی", "mỗi tháng lịch Ba Tư"),
    Calendar.GREGORIAN: Label("of each Gregorian month", "هر ماه میلادی", "mỗi tháng dương lịch"),
}
# The days of a week begin where the reader's calendar begins it.
_WEEKS = {Calendar.JALALI: (6, 7, 1, 2, 3, 4, 5), Calendar.GREGORIAN: (1, 2, 3, 4, 5, 6, 7)}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, space_id: int) -> HttpResponse:
    """The form; with a pattern, every day of it with what stands in its way. A POST books the days that are ticked, all of them or none."""
    row = queries.space_by_id(space_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    data = request.POST if request.method == "POST" else request.GET
    form = _Form(row, data)
    organisations = asking.organisations(request)
    chosen = asking.chosen(organisations, form.wanted.organisation)
    plan: SeriesPlan | None = None
    why: list[Why] = []
    if data.get("look") or request.method == "POST":
        pattern, form.problems = form.pattern(), form.wrong()
        if pattern is not None and not form.problems:
            facts: dict[str, Any] = {
                "actor": actor_of(request), "space_id": row.id, "pattern": pattern, "at": form.at,
                "minutes": form.wanted.minutes, "now": timezone.now(), "people_count": form.wanted.people,
                "organisation_id": chosen.id if chosen is not None else None, "channel": Channel.WEB,
                "persons": groups.drafts(form.wanted.names),
            }  # fmt: skip
            try:
                if request.method == "POST":
                    done = services.book_series(**facts, only=_ticked(request.POST), title=form.wanted.title)
                    return _told(request, done)
            except Refusal as refusal:
                why = wording.reasons(refusal, zone=wording.zone_of(row))
            try:
                plan = services.plan_series(**facts)
            except Invalid as refusal:
                form.problems = wording.fields_of(refusal)
                why = wording.reasons(refusal)
                if lines := form.problems.pop("persons", ""):
                    # Who is written is not understood: the days are looked at all the same.
                    form.problems["names"] = lines
                    plan = services.plan_series(**{**facts, "persons": ()})
    context: dict[str, Any] = {
        "space": row,
        "form": form,
        "organisations": organisations,
        "organisation": chosen,
        "plan": _shown(row, plan, _ticked(request.POST) if request.method == "POST" else None) if plan else None,
        "why": why,
        "kept": [
            (name, value) for name, values in data.lists() if name not in {"only", "csrfmiddlewaretoken", "title", "names", "lang"} for value in values
        ],
        "crumbs": [*crumbs(row), (row.names.pick(reader.current().language), reverse("space", args=[row.id])), (_("Repeat"), "")],
    }  # fmt: skip
    return render(request, "spaces/repeat.html", context, status=409 if request.method == "POST" else 200)


class _Form:
    """What is typed: kept as it is, so that nothing is lost of it; `pattern` and `at` are what was understood."""

    def __init__(self, row: SpaceRow, data: QueryDict) -> None:
        self.row, self.data = row, data
        self.wanted = asking.wanted(data, minutes=asking.default_length(row))
        self.problems: dict[str, str] = {}
        clock = ZoneInfo(wording.zone_of(row))
        self.today = timezone.now().astimezone(clock).date()
        local = self.wanted.starts.astimezone(clock) if self.wanted.starts is not None else None
        typed = asking.a_day(data.get("first"))
        self.first: date | None = typed if "first" in data else local.date() if local is not None else self.today
        self.at: time | None = _time(data.get("at")) if "at" in data else local.time() if local is not None else time(9)
        self.repeat = Repeat(data.get("repeat", "")) if data.get("repeat") in set(Repeat) else Repeat.WEEKLY
        who = reader.current()
        named = data.get("calendar")
        self.calendar = Calendar(named) if named in set(Calendar) else who.calendar
        self.missing = (
            MissingDay(data.get("missing", "")) if data.get("missing") in set(MissingDay) else MissingDay.SKIP
        )
        self.ending = "count" if data.get("ending") == "count" else "until"

    @property
    def day_of_month(self) -> int:
        """The day of the month that is typed, else that of the first day."""
        given = asking.whole(self.data.get("day"))
        if given is not None:
            return given
        first = self.first or self.today
        return JalaliDate.from_gregorian(first).day if self.calendar is Calendar.JALALI else first.day

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days of the week that are ticked; that of the first day where none is."""
        found = [asking.whole(one) for one in self.data.getlist("weekday")]
        return tuple(one for one in found if one is not None)

    @property
    def every(self) -> int:
        """Every how many weeks or months."""
        return asking.whole(self.data.get("every"), otherwise=1) or 0

    @property
    def count(self) -> int | None:
        """How often, if that is how it ends."""
        return asking.whole(self.data.get("count"), otherwise=10)

    @property
    def until(self) -> date | None:
        """The last day, if that is how it ends."""
        return asking.a_day(self.data.get("until"))

    def pattern(self) -> Pattern | None:
        """The pattern, where its days and time were understood."""
        if self.first is None or self.at is None:
            return None
        monthly = self.repeat is Repeat.MONTHLY
        return Pattern(
            repeat=self.repeat,
            first=self.first,
            until=self.until if self.ending == "until" else None,
            count=self.count if self.ending == "count" else None,
            every=self.every,
            weekdays=() if monthly else self.weekdays,
            calendar=self.calendar,
            day=self.day_of_month if monthly else 0,
            missing=self.missing,
        )

    def wrong(self) -> dict[str, str]:
        """What was not understood, by field."""
        found = {}
        if self.first is None:
            found["first"] = _("This is not a date.")
        elif self.first < self.today:
            found["first"] = _("This day is over.")
        if self.at is None:
            found["at"] = _("This is not a time of day. For example 9:30.")
        if self.ending == "until" and self.until is None:
            found["until"] = _("This is not a date.")
        if self.repeat is Repeat.MONTHLY and self.data.get("day") and not 1 <= self.day_of_month <= 31:
            found["day"] = _("A day of the month: 1 to 31.")
        if self.wanted.minutes < 1:
            found["minutes"] = _("The length must be above zero.")
        return found

    def shown(self) -> dict[str, Any]:
        """What stands in the fields."""
        who = reader.current()

        def typed(name: str, value: date | None) -> str:
            if name in self.data:
                return self.data.get(name, "")
            return show_short_date(value, calendar=who.calendar, language=who.language) if value is not None else ""

        minutes = self.at.hour * 60 + self.at.minute if self.at is not None else 0
        order = _WEEKS[who.calendar]
        ticked = self.weekdays or ((self.first or self.today).isoweekday(),)
        return {
            "first": typed("first", self.first),
            "at": self.data.get("at") or show_minutes(minutes, who.language),
            "until": typed("until", None),
            "example": show_short_date(self.today, calendar=who.calendar, language=who.language),
            "count": self.data.get("count") or show_number(10, who.language),
            "every": self.data.get("every") or show_number(1, who.language),
            "day": self.data.get("day") or show_number(self.day_of_month, who.language),
            "weekdays": [(number, WEEKDAYS[number].pick(who.language), number in ticked) for number in order],
            "calendars": [(code.value, label.pick(who.language), code is self.calendar) for code, label in _CALENDARS.items()],
            "missing": [(code.value, label.pick(who.language), code is self.missing) for code, label in MISSING_DAYS.items()],
            "lengths": asking.lengths(self.row, self.wanted.minutes),
        }  # fmt: skip


def _time(text: str | None) -> time | None:
    try:
        minutes = parse_time(text or "")
    except ValueError:
        return None
    return time(minutes // 60 % 24, minutes % 60)


def _ticked(data: QueryDict) -> list[int]:
    return [one for one in (asking.whole(text) for text in data.getlist("only")[:600]) if one is not None]


def _shown(row: SpaceRow, plan: SeriesPlan, ticked: Sequence[int] | None) -> dict[str, Any]:
    """A plan as a page shows it: each day free, in the way, moved or left out."""
    zone = wording.zone_of(row)
    language = reader.current().language
    days = [_day(one, zone, ticked) for one in plan.occurrences]
    free, clashes = len(plan.possible), sum(1 for one in plan.occurrences if one.refusal)
    left_out = sum(1 for one in plan.occurrences if one.planned.left_out)
    said = [
        ngettext("%(number)s day is free", "%(number)s days are free", free) % {"number": show_number(free, language)}
    ]
    if clashes:
        words = ngettext("%(number)s cannot be booked", "%(number)s cannot be booked", clashes)
        said.append(words % {"number": show_number(clashes, language)})
    if left_out:
        words = ngettext("%(number)s month has no such day", "%(number)s months have no such day", left_out)
        said.append(words % {"number": show_number(left_out, language)})
    return {"days": days, "free": free, "clashes": clashes, "said": " · ".join(said)}


def _day(one: Occurrence, zone: str, ticked: Sequence[int] | None) -> dict[str, Any]:
    possible = one.starts is not None and not one.refusal
    return {
        "number": one.number,
        "words": wording.when(one.starts, one.ends, zone)
        if one.starts is not None and one.ends is not None
        else asking.day_words(one.planned.day),
        "possible": possible,
        "ticked": possible and (ticked is None or one.number in ticked),
        "moved": one.planned.moved,
        "left_out": one.planned.left_out,
        "why": wording.reasons_of(one.refusal, one.facts, zone=zone) if one.refusal else [],
    }


def _told(request: HttpRequest, done: SeriesPlan) -> HttpResponse:
    booked = sum(1 for one in done.occurrences if one.booking_id is not None)
    said = ngettext("Booked: %(number)s day.", "Booked: %(number)s days.", booked)
    messages.success(request, said % {"number": show_number(booked, reader.current().language)})
    return redirect("account-series", done.series_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, series_id: int) -> HttpResponse:
    """All days of a series of one's own; a POST cancels those that are ticked, and tells of each that could not be."""
    actor = actor_of(request)
    rows = queries.bookings_of_series(series_id, actor=actor)
    if any(row.account_id != actor.account_id for row in rows):
        raise NotFound(what="series")  # the desk has its own page
    clocks.follow(rows[0].space.house.id)
    now = timezone.now()
    if request.method == "POST":
        ticked = set(_ticked(request.POST))
        cancelled, refused = 0, []
        for row in rows:
            if row.id not in ticked:
                continue
            try:
                services.cancel(actor=actor, booking_id=row.id, now=now)
                cancelled += 1
            except Refusal as refusal:
                zone = wording.zone_of(row.space)
                refused.append(f"{wording.day(row.starts, zone)}: {wording.sentence(refusal, zone=zone)}")
        if cancelled:
            said = ngettext("Cancelled: %(number)s day.", "Cancelled: %(number)s days.", cancelled)
            messages.success(request, said % {"number": show_number(cancelled, reader.current().language)})
        for words in refused:
            messages.error(request, words)
        if not ticked:
            messages.info(request, _("No day was chosen."))
        return redirect("account-series", series_id)
    lines = [line(row, now) for row in rows]
    context = {
        "section": "bookings",
        "space": rows[0].space,
        "lines": lines,
        "can_cancel": any(one["cancel"] for one in lines),
    }
    return render(request, "spaces/series.html", context)
