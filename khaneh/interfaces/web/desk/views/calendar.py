"""When houses are open: a house's next days and what decides them, its seasons, and the days that differ, wherever they are entered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import permissions, queries, services
from khaneh.domains.network.types import HolidayDraft, HolidayEntry, HouseDraft, Problem, WeeklyHours
from khaneh.domains.spaces.types import OpeningChanged
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import once, opening
from khaneh.interfaces.web.desk.forms.calendar import HolidayForm, SeasonForm
from khaneh.interfaces.web.desk.gate import MANAGERS, staffed
from khaneh.interfaces.web.desk.templatetags.desk_calendar import country_word
from khaneh.interfaces.web.desk.views.houses import own_house
from khaneh.interfaces.web.desk.views.network_refusals import explain_plainly
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.calendars import WEEKDAYS, Span
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal

DAYS = 30
Season = tuple[date | None, date | None]
_Done = TypeVar("_Done")


@staffed(MANAGERS)
@require_safe
def house(request: HttpRequest, code: str) -> HttpResponse:
    """The next thirty days with their reasons, the weeks, and the days that differ: the house's own and those from above."""
    actor = actor_of(request)
    house_id, draft = own_house(code, actor)
    today = timezone.now().astimezone(ZoneInfo(draft.time_zone)).date()
    weeks = _weeks(_rows(house_id), first_weekday=_first_weekday(draft))
    entries = queries.holidays_of_house(house_id, today=today)
    context = {
        "section": "houses",
        "draft": draft,
        "days": [
            (one, WEEKDAYS[one.day.isoweekday()].pick(reader.current().language), one.day == today)
            for one in queries.coming_days(house_id, first=today, days=DAYS)
        ],
        "usual": weeks.pop((None, None), []),
        "seasons": [(first, last, days, last is not None and last < today) for (first, last), days in weeks.items()],
        "own": [entry for entry in entries if entry.draft.scope == "house"],
        "above": [entry for entry in entries if entry.draft.scope != "house" and entry.next_day is not None],
        "title": draft.names.pick(reader.current().language),
        "crumbs": _house_crumbs(draft, last=_("Hours and holidays")),
    }
    return render(request, "desk/calendar.html", context)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, code: str) -> HttpResponse:
    """A season's days and week; a further one without `from` and `until`. It starts as a copy of the usual week."""
    actor = actor_of(request)
    house_id, draft = own_house(code, actor)
    was = _asked(request)
    known = [hours for hours in _rows(house_id) if (hours.first, hours.last) == was]
    if was != (None, None) and not known:
        raise Http404
    form = SeasonForm(
        request.POST if request.method == "POST" else None,
        week=known,
        first_weekday=_first_weekday(draft),
        first=was[0],
        last=was[1],
    )
    is_new = was == (None, None)
    title = _("A further season") if is_new else _("A season")
    where = reverse("desk-house-calendar", args=[code])
    name = draft.names.pick(reader.current().language)
    page = opening.Page(title, name, "houses", where, _house_crumbs(draft, last=_("Season"), calendar=True))
    if form.is_bound and "remove" in request.POST and not is_new:
        away = partial(services.set_season, actor=actor, house_code=code, season=was, week=[])
        done = opening.done_or_asked(request, away, page)
        return _answered(request, done, _("The season is taken away."), where)
    if form.is_bound and form.is_valid():
        change = partial(
            services.set_season,
            actor=actor,
            house_code=code,
            season=form.season,
            week=form.seasonal_week(),
            instead_of=None if is_new else was,
            further=is_new,
        )
        try:
            done = opening.done_or_asked(request, change, page)
        except NotAllowed:
            raise
        except Invalid as refusal:
            for name, why in refusal.facts["fields"].items():
                form.add_error(name if name in form.fields else None, services.explain(Problem(name, why)))
        except Refusal as refusal:
            explain_plainly(refusal, form)
        else:
            return _answered(request, done, _("The season is saved."), where)
    context = {
        "section": "houses",
        "form": form,
        "is_new": is_new,
        "title": title,
        "house": draft,
        "crumbs": page.crumbs,
    }
    return render(request, "desk/season.html", context, status=422 if form.errors else 200)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_holiday(request: HttpRequest, scope: str, code: str) -> HttpResponse:
    """Enter a day that differs for a house, a region or a country."""
    blank = HolidayDraft(scope=scope, scope_code=code, rule="date", names=Label("", "", ""))  # type: ignore[arg-type]
    _require(actor_of(request), blank)
    form = HolidayForm(request.POST if request.method == "POST" else None, draft=blank)
    if form.is_bound and form.is_valid():
        wanted = form.draft()
        change = partial(services.add_holiday, actor=actor_of(request), draft=wanted)
        try:
            done = _done_or_asked(request, change, wanted)
        except Refusal as refusal:
            _explain(refusal, form)
        else:
            return _answered(request, done, _("The day is entered."), _back(blank))
    return _holiday_page(request, form, blank, title=_("A further holiday"))


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """Change a day that differs."""
    entry = _own_entry(request, holiday_id)
    form = HolidayForm(request.POST if request.method == "POST" else None, draft=entry.draft)
    if form.is_bound and form.is_valid():
        wanted = form.draft()
        change = partial(services.change_holiday, actor=actor_of(request), holiday_id=holiday_id, draft=wanted)
        try:
            done = _done_or_asked(request, change, wanted)
        except Refusal as refusal:
            _explain(refusal, form)
        else:
            return _answered(request, done, _("The day is changed."), _back(entry.draft))
    title = entry.draft.names.pick(reader.current().language)
    return _holiday_page(request, form, entry.draft, title=title, holiday_id=holiday_id)


@staffed(MANAGERS)
@require_POST
def remove_holiday(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """Take it away."""
    if (before := once.again(request)) is not None:
        return before
    entry = _own_entry(request, holiday_id)
    # A day with longer hours that is taken away shuts out who comes late.
    change = partial(services.remove_holiday, actor=actor_of(request), holiday_id=holiday_id)
    return _answered(
        request, _done_or_asked(request, change, entry.draft), _("The day is taken away."), _back(entry.draft)
    )


def _done_or_asked(
    request: HttpRequest, change: Callable[[], _Done], draft: HolidayDraft
) -> OpeningChanged[_Done] | HttpResponse:
    name = draft.names.pick(reader.current().language)
    section = "houses" if draft.scope == "house" else "regions"
    crumbs = [(_("Desk"), reverse("desk")), (_("Hours and holidays"), _back(draft)), (name, "")]
    page = opening.Page(name, _place_name(draft), section, _back(draft), crumbs)
    return opening.done_or_asked(request, change, page, words=next(filter(None, draft.names), ""))


def _place_name(draft: HolidayDraft) -> str:
    """For whom the day is."""
    language = reader.current().language
    if draft.scope == "house":
        found = queries.house_draft(draft.scope_code)
        return found.names.pick(language) if found is not None else draft.scope_code
    if draft.scope == "region":
        return queries.region(draft.scope_code).names.pick(language)
    return country_word(draft.scope_code)


def _answered(request: HttpRequest, done: OpeningChanged[Any] | HttpResponse, said: str, address: str) -> HttpResponse:
    """What was asked first, or on to the page that it leads to."""
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, opening.told(said, done))
    return once.led_to(request, address)


def _own_entry(request: HttpRequest, holiday_id: int) -> HolidayEntry:
    entry = queries.holiday(holiday_id, today=timezone.now().date())
    _require(actor_of(request), entry.draft)
    return entry


def _require(actor: Actor, draft: HolidayDraft) -> None:
    """Raises Http404 where the actor enters no days."""
    place, may = Place(), permissions.may_administer
    if draft.scope == "house":
        own_house(draft.scope_code, actor)
        return
    if draft.scope == "region":
        place = queries.place_of_region(queries.region(draft.scope_code).id)
    elif draft.scope == "country" and draft.scope_code in queries.countries():
        place = queries.place_of_country(draft.scope_code)
    if not may(actor, place):
        raise Http404


def _explain(refusal: Refusal, form: HolidayForm) -> None:
    if isinstance(refusal, NotAllowed):
        raise refusal
    if isinstance(refusal, Invalid):
        found = refusal.facts.get("fields", {})
        form.refuse({name: services.explain(Problem(name, why)) for name, why in found.items()})
    else:
        form.add_error(None, services.explain(Problem("", refusal.code)))


def _holiday_page(
    request: HttpRequest, form: HolidayForm, draft: HolidayDraft, *, title: str, holiday_id: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "houses" if draft.scope == "house" else "regions",
        "form": form,
        "title": title,
        "holiday_id": holiday_id,
        "back": _back(draft),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Hours and holidays"), _back(draft)), (title, "")],
    }
    return render(request, "desk/holiday.html", context, status=422 if form.errors else 200)


def _back(draft: HolidayDraft) -> str:
    names = {"house": "desk-house-calendar", "region": "desk-region", "country": "desk-country"}
    return reverse(names[draft.scope], args=[draft.scope_code]) + "#holidays"


def _house_crumbs(draft: HouseDraft, *, last: str, calendar: bool = False) -> list[tuple[str, str]]:
    crumbs = [
        (_("Desk"), reverse("desk")),
        (_("Houses"), reverse("desk-houses")),
        (draft.names.pick(reader.current().language), reverse("desk-house", args=[draft.code])),
    ]
    if calendar:
        crumbs.append((_("Hours and holidays"), reverse("desk-house-calendar", args=[draft.code])))
    return [*crumbs, (last, "")]


def _first_weekday(draft: HouseDraft) -> int:
    return 6 if draft.calendar == "jalali" else 1


def _rows(house_id: int) -> list[WeeklyHours]:
    return [WeeklyHours(row.weekday, row.span, row.first, row.last) for row in queries.weekly_rows(house_id)]


def _asked(request: HttpRequest) -> Season:
    try:
        first, last = (
            date.fromisoformat(request.GET[name]) if request.GET.get(name) else None for name in ("from", "until")
        )
    except ValueError as error:
        raise Http404 from error
    return first, last


def _weeks(rows: Sequence[WeeklyHours], *, first_weekday: int) -> dict[Season, list[tuple[str, list[Span]]]]:
    """Each season's week: its open days by name, in the house's order. Seasons by their days."""

    def order(hours: WeeklyHours) -> tuple[str, str]:
        return str(hours.first or ""), str(hours.last or "")

    language = reader.current().language
    found: dict[Season, list[tuple[str, list[Span]]]] = {}
    for _key, group in groupby(sorted(rows, key=order), key=order):
        week = list(group)
        days = []
        for step in range(7):
            weekday = (first_weekday - 1 + step) % 7 + 1
            spans = sorted(hours.span for hours in week if hours.weekday == weekday)
            days.append((WEEKDAYS[weekday].pick(language), spans))
        found[(week[0].first, week[0].last)] = days
    return found
