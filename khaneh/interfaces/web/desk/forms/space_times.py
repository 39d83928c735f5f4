"""Forms of times at the desk: who books what and when, another time for what is booked, when a space is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.spaces.types import CLOSURE_KINDS, BookingRow, ClosureKind, SpaceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import space_words
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, text
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel.calendars import parse_date, parse_time, show_minutes


class Asked(NamedTuple):
    """A space for a time. Instants are UTC."""

    space_id: int
    starts: datetime
    ends: datetime
    people: int
    title: str


class Timed(forms.Form):
    """Day and time of day, in any calendar and any digits."""

    def _day(self, name: str, label: str, *, required: bool = True, hint: str = "") -> None:
        self.fields[name] = code(label, longest=30, required=required, hint=hint, inputmode="numeric")
        self.fields[name].widget.attrs["placeholder"] = figures(date(2026, 11, 22))

    def _clock(self, name: str, label: str, *, required: bool = True) -> None:
        self.fields[name] = code(label, longest=8, required=required, inputmode="numeric", placeholder="09:00")

    def day_of(self, name: str) -> date | None:
        """The day that was typed."""
        given = self.cleaned_data.get(name, "")
        if not given:
            return None
        try:
            return parse_date(given)
        except ValueError:
            self.add_error(name, _("This is not a date."))
            return None

    def minute_of(self, name: str) -> int | None:
        """The time of day that was typed, in minutes after midnight."""
        given = self.cleaned_data.get(name, "")
        if not given:
            return None
        try:
            return parse_time(given)
        except ValueError:
            self.add_error(name, _("This is not a time of day."))
            return None

    def number_of(self, name: str, *, otherwise: int | None = None) -> int | None:
        """A whole number in whatever digits."""
        given = self.cleaned_data.get(name, "")
        found = asking.whole(given, otherwise=otherwise)
        if found is None:
            self.add_error(name, _("This is not a number."))
        return found


def instant(day: date, minute: int, zone: str) -> datetime:
    """A time of a day by the clocks of a house, in UTC; 24:00 is the next day's midnight."""
    on = day + timedelta(days=minute // (24 * 60))
    return datetime.combine(on, time(minute % (24 * 60) // 60, minute % 60), ZoneInfo(zone)).astimezone(UTC)


def is_skipped(day: date, minute: int, zone: str) -> bool:
    """Whether the clocks of a house show no such time on a day: they are put forward over it."""
    local = instant(day, minute, zone).astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute != minute % (24 * 60)


def space_choices(spaces: Iterable[SpaceRow]) -> list[tuple[str, str]]:
    """Spaces to choose from, each set in by what it is in."""
    language = reader.current().language
    return [(str(row.id), "— " * (len(row.path) - 1) + row.names.pick(language)) for row in spaces]


class _Wish(Timed):
    """Which space, when, how long, for how many."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, spaces: Sequence[SpaceRow], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self._spaces = spaces
        chosen = asking.whole(str((data or initial).get("minutes", "")))
        space = next((row for row in spaces if str(row.id) == str((data or initial).get("space", ""))), None)
        self.fields["space"] = choice(_("Space"), [("", _("choose")), *space_choices(spaces)])
        self._day("day", _("Day"))
        self._clock("start", _("From"))
        self.fields["minutes"] = choice(
            _("How long"), [(str(number), words) for number, words in asking.lengths(space, chosen)]
        )
        self.fields["people"] = code(_("How many people"), longest=6, inputmode="numeric")
        self.fields["title"] = text(_("What for"), longest=300)

    def asked(self, zone: str) -> Asked | None:
        """What is wished for; None where something was not understood, which then stands beside its field."""
        day, start = self.day_of("day"), self.minute_of("start")
        people = self.number_of("people", otherwise=1 if not self.cleaned_data.get("people") else None)
        if day is None or start is None or people is None or self.errors:
            return None
        if is_skipped(day, start, zone):
            self.add_error("start", _("The clocks skip this time on that day."))
            return None
        starts = instant(day, start, zone)
        # Hours that pass, not those on the clocks: on the day on which these are moved the two differ.
        ends = starts + timedelta(minutes=int(self.cleaned_data["minutes"]))
        return Asked(int(self.cleaned_data["space"]), starts, ends, people, self.cleaned_data["title"])


class MoveForm(_Wish):
    """Another time or place for a booking."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, row: BookingRow, spaces: Sequence[SpaceRow], zone: str
    ) -> None:
        starts = row.starts.astimezone(ZoneInfo(zone))
        initial = {
            "space": str(row.space.id),
            "day": figures(starts.date()),
            "start": show_minutes(starts.hour * 60 + starts.minute, "en"),
            "minutes": str(int((row.ends - row.starts).total_seconds() // 60)),
            "people": str(row.people),
            "title": row.title,
        }
        super().__init__(data, spaces=spaces, initial=initial)


class BookForm(_Wish):
    """A booking for somebody who stands at the desk or has called."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, spaces: Sequence[SpaceRow], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, spaces=spaces, initial={"people": "1", "minutes": "60", **initial})
        self.fields["who"] = text(
            _("For whom"), required=True, autocomplete="off",
            hint=_("A card, a name or a telephone number; for somebody without a membership the e-mail address of their account."),
        )  # fmt: skip
        self.fields["organisation"] = text(
            _("In the name of an organisation"), autocomplete="off", hint=_("Its name or code; empty for none.")
        )
        self.order_fields(["who", "organisation", "space", "day", "start", "minutes", "people", "title"])


class ClosureForm(Timed):
    """From when to when a space is closed, or some of its units, and why."""

    def __init__(self, data: Mapping[str, Any] | None, *, space: SpaceRow, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self._space = space
        self.fields["kind"] = choice(_("Why"), labelled((one.value, label) for one, label in CLOSURE_KINDS.items()))
        self._day("first", _("From the day"))
        self._clock("first_time", _("From"), required=False)
        self._day("last", _("Until the day"), required=False, hint=_("Empty: until somebody opens it again."))
        self._clock("last_time", _("Until"), required=False)
        if space.quantity > 1:
            self.fields["units"] = code(
                _("Which of them"),
                longest=200,
                hint=_("Numbers separated by spaces; empty for all of them."),
                inputmode="numeric",
            )
        self.fields["note"] = text(_("Words"), longest=1000, hint=_("Those whose bookings end are told them."))

    def closure(self, zone: str) -> dict[str, Any] | None:
        """What the service is asked; None where something was not understood."""
        first, last = self.day_of("first"), self.day_of("last")
        begins, ends = self.minute_of("first_time"), self.minute_of("last_time")
        units = []
        for part in self.cleaned_data.get("units", "").replace("،", " ").replace(",", " ").split():
            number = asking.whole(part)
            if number is None:
                self.add_error("units", _("This is not a number."))
            else:
                units.append(number)
        if self.errors or first is None:
            return None
        return {
            "kind": ClosureKind(self.cleaned_data["kind"]),
            "starts": instant(first, begins or 0, zone),
            "ends": instant(last, 24 * 60 if ends is None else ends, zone) if last is not None else None,
            "units": units,
            "note": self.cleaned_data["note"],
        }

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems beside their fields."""
        for name, why in problems.items():
            field = {"ends": "last", "units": "units", "note": "note"}.get(name)
            self.add_error(field if field in self.fields else None, space_words.fault(why))
