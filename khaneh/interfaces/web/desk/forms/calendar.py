"""Forms of time: the week of a season, and a day that differs from the week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network.types import HolidayDraft, WeeklyHours
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.network import WeekForm
from khaneh.interfaces.web.desk.forms.widgets import choice, code, text
from khaneh.kernel.calendars import (
    Calendar,
    JalaliDate,
    Span,
    local_digits,
    parse_date,
    parse_time,
    show_minutes,
)
from khaneh.kernel.calendars.showing import GREGORIAN_MONTHS, JALALI_MONTHS
from khaneh.kernel.labels import LANGUAGES, Label

_SPANS = 3


def figures(day: date | None) -> str:
    """A day as it is typed into a form, in the reader's calendar."""
    if day is None:
        return ""
    if reader.current().calendar is Calendar.JALALI:
        return "{}/{:02}/{:02}".format(*JalaliDate.from_gregorian(day))
    return day.isoformat()


def _day_field(label: str, *, required: bool = False, hint: str = "") -> forms.CharField:
    field = code(label, longest=20, required=required, hint=hint, inputmode="numeric")
    field.widget.attrs["placeholder"] = figures(date(2026, 11, 22))
    return field


def _parsed(form: forms.Form, name: str) -> date | None:
    given = form.cleaned_data.get(name, "")
    try:
        return parse_date(given) if given else None
    except ValueError:
        form.add_error(name, _("This is not a date."))
        return None


class SeasonForm(WeekForm):
    """From when to when, and the week of that time."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        week: Iterable[WeeklyHours],
        first_weekday: int,
        first: date | None = None,
        last: date | None = None,
    ) -> None:
        super().__init__(data, week=week, first_weekday=first_weekday)
        self.fields["first"] = _day_field(_("From"), hint=_("The first day on which this week holds."))
        self.fields["last"] = _day_field(_("Until"), hint=_("The last day, itself included."))
        self.fields["first"].initial, self.fields["last"].initial = figures(first), figures(last)

    def clean(self) -> dict[str, Any]:
        """Days that are some, at least one of the two."""
        given = super().clean()
        self.cleaned_data["first_day"] = given["first_day"] = _parsed(self, "first")
        self.cleaned_data["last_day"] = given["last_day"] = _parsed(self, "last")
        if not self.errors and given["first_day"] is None and given["last_day"] is None:
            self.add_error("first", _("A season has a first or a last day."))
        if not self.errors and not self.week():
            self.add_error(None, _("A season needs at least one opening. For days without any, enter a holiday."))
        return given

    @property
    def season(self) -> tuple[date | None, date | None]:
        """The days as the form would have them."""
        return self.cleaned_data["first_day"], self.cleaned_data["last_day"]

    def seasonal_week(self) -> list[WeeklyHours]:
        """The week with its days."""
        first, last = self.season
        return [replace(hours, first=first, last=last) for hours in self.week()]


class HolidayForm(forms.Form):
    """A day off or with other hours: every year by either calendar, or from one day to another."""

    def __init__(self, data: Mapping[str, Any] | None, *, draft: HolidayDraft) -> None:
        super().__init__(data)
        self._draft = draft
        language = reader.current().language
        for own, name in reader.LANGUAGES.items():
            self.fields[f"names_{own}"] = text(_("Name in %s") % name, longest=300, lang=own)
            self.fields[f"names_{own}"].initial = getattr(draft.names, own)
        self.fields["rule"] = choice(
            _("When"),
            [
                ("date", _("Once, on the days below")),
                ("jalali", _("Every year, by the Jalali calendar")),
                ("gregorian", _("Every year, by the Gregorian calendar")),
            ],
        )
        months = [
            (str(number), f"{local_digits(str(number), language)} · {jalali.pick(language)} / {other.pick(language)}")
            for number, (jalali, other) in enumerate(zip(JALALI_MONTHS, GREGORIAN_MONTHS, strict=True), 1)
        ]
        self.fields["month"] = choice(_("Month, every year"), [("", "—"), *months], required=False)
        days = [(str(number), local_digits(str(number), language)) for number in range(1, 32)]
        self.fields["day"] = choice(_("Day of the month"), [("", "—"), *days], required=False)
        self.fields["first"] = _day_field(_("From"))
        self.fields["last"] = _day_field(_("Until"), hint=_("Empty for a single day."))
        self.fields["expected"] = forms.BooleanField(
            label=_("Expected: the moon or a decision may move it"),
            required=False,
            initial=draft.expected,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )
        for name in ("rule", "month", "day"):
            self.fields[name].initial = "" if getattr(draft, name) is None else str(getattr(draft, name))
        self.fields["first"].initial = figures(draft.first)
        self.fields["last"].initial = figures(draft.last if draft.last != draft.first else None)
        self._count = max(_SPANS, len(draft.spans))
        self.spans: list[tuple[forms.BoundField, forms.BoundField]] = []
        for number in range(self._count):
            span = draft.spans[number] if number < len(draft.spans) else None
            pair = f"opens_{number}", f"closes_{number}"
            for name, label, minutes in (
                (pair[0], _("Opens, span %s"), span.opens if span else None),
                (pair[1], _("Closes, span %s"), span.closes if span else None),
            ):
                self.fields[name] = code(
                    label % local_digits(str(number + 1), language), longest=8, inputmode="numeric", placeholder="00:00"
                )
                self.fields[name].initial = "" if minutes is None else show_minutes(minutes, "en")
            self.spans.append((self[pair[0]], self[pair[1]]))

    def clean(self) -> dict[str, Any]:
        """Days and times that are some; what the chosen rule does not use is left out of account."""
        given = super().clean() or {}
        given["first_day"], given["last_day"] = _parsed(self, "first"), _parsed(self, "last")
        needed = ("first",) if given.get("rule") == "date" else ("month", "day")
        for name in needed:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed."))
        given["found_spans"] = [span for number in range(self._count) if (span := self._span(given, number))]
        return given

    def _span(self, given: Mapping[str, Any], number: int) -> Span | None:
        times: list[int | None] = []
        names = f"opens_{number}", f"closes_{number}"
        for name in names:
            try:
                times.append(parse_time(given[name]) if given.get(name) else None)
            except ValueError:
                self.add_error(name, _("This is not a time of day."))
                return None
        opens, closes = times
        if opens is None and closes is None:
            return None
        if opens is None or closes is None or opens >= 24 * 60:
            self.add_error(names[0 if closes is not None else 1], _("Opening and closing go together."))
            return None
        return Span.of(opens, closes)

    def draft(self) -> HolidayDraft:
        """The day as the form would have it."""
        given = self.cleaned_data
        once = given["rule"] == "date"
        return replace(
            self._draft,
            rule=given["rule"],
            names=Label(**{language: given[f"names_{language}"] for language in LANGUAGES}),
            month=None if once else int(given["month"]),
            day=None if once else int(given["day"]),
            first=given["first_day"] if once else None,
            last=given["last_day"] if once else None,
            spans=tuple(given["found_spans"]),
            expected=given["expected"],
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems, already in words, beside their fields."""
        beside = {
            "names": f"names_{reader.current().language}",
            "spans": "opens_0",
            "rule": "first" if self.cleaned_data.get("rule") == "date" else "day",
        }
        for name, words in problems.items():
            self.add_error(beside.get(name), words)
