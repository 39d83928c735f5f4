"""The form of a matchmaking session at the desk: what, when, how long, where, who may come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.events.types import EventRow
from khaneh.domains.meetings.types import (
    GUEST_KINDS,
    Hours,
    MatchmakingDraft,
    MatchmakingRow,
    RoundRow,
    TableDraft,
    TableRow,
)
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import SECTORS
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.space_times import Timed, instant, is_skipped
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.interfaces.web.meetings import wording
from khaneh.kernel.calendars import show_minutes
from khaneh.kernel.labels import LANGUAGES, Label

# Hours before and after noon, and those of a second day.
_HOURS = 3


class MatchmakingForm(Timed):
    """Everything that a session is but its state and who takes part."""

    def __init__(
        self, data: Any, *, house: HouseFacts, events: Iterable[EventRow], row: MatchmakingRow | None = None,
        rounds: Iterable[RoundRow] = (), tables: Iterable[TableRow] = (), event_id: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_initial(house, row, list(rounds), list(tables), event_id))
        self._house = house
        language = reader.current().language
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{other}"] = text(_("Name in %s") % own_name, longest=300, lang=other)
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"descriptions_{other}"] = paragraph(
                _("What it is about, in %s") % own_name, longest=10_000, rows=3
            )
            self.fields[f"descriptions_{other}"].widget.attrs["lang"] = other
        listed = [("", _("None: it stands by itself")), *((str(one.id), one.names.pick(language)) for one in events)]
        self.fields["event"] = choice(_("Event"), listed, required=False)
        for number in range(1, _HOURS + 1):
            self._day(f"day_{number}", _("Day"), required=number == 1)
            self._clock(f"begins_{number}", _("From"), required=number == 1)
            self._clock(f"ends_{number}", _("Until"), required=number == 1)
        self.fields["slot_minutes"] = code(_("Minutes of a meeting"), longest=4, required=True, inputmode="numeric")
        self.fields["pause_minutes"] = code(
            _("Minutes between two meetings"), longest=4, required=True, inputmode="numeric"
        )
        self.fields["most_meetings"] = code(
            _("Meetings for each participant at most"), longest=4, required=True, inputmode="numeric"
        )
        self.fields["place"] = text(_("Where"), longest=300)
        self.fields["tables"] = paragraph(
            _("Tables, one a line"), longest=20_000, required=True, rows=6,
            hint=_("A name for each; for a place on the net its address after it, beginning with https://"),
        )  # fmt: skip
        self._day("closes_day", _("Last day to register"), required=False, hint=_("Empty: until it begins."))
        self.fields["guests"] = forms.MultipleChoiceField(
            label=_("Who may come"), required=False, help_text=_("None ticked: all of them."),
            choices=labelled((one.value, label) for one, label in GUEST_KINDS.items()),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["sectors"] = forms.MultipleChoiceField(
            label=_("Sectors"), required=False, help_text=_("None chosen: all of them."),
            choices=[(one, label.pick(language)) for one, label in SECTORS.items() if len(one) == 1],
            widget=forms.SelectMultiple(attrs={"class": "select", "size": 6}),
        )  # fmt: skip
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> None:
        """Hours in either calendar on the clocks of the house; whole numbers in whatever digits."""
        self.hours = tuple(found for number in range(1, _HOURS + 1) if (found := self._hours(number)) is not None)
        self.numbers = {name: self.number_of(name) for name in ("slot_minutes", "pause_minutes", "most_meetings")}
        self.closes = self.day_of("closes_day")

    def _hours(self, number: int) -> Hours | None:
        day = self.day_of(f"day_{number}")
        begins, ends = self.minute_of(f"begins_{number}"), self.minute_of(f"ends_{number}")
        if day is None or begins is None or ends is None:
            if any(self.cleaned_data.get(f"{name}_{number}") for name in ("day", "begins", "ends")) and number > 1:
                self.add_error(f"day_{number}", _("Day, from and until belong together."))
            return None
        for name, minute in (("begins", begins), ("ends", ends)):
            if is_skipped(day, minute, self._house.calendar.zone):
                self.add_error(f"{name}_{number}", _("This is not a time of day."))
                return None
        return Hours(instant(day, begins, self._house.calendar.zone), instant(day, ends, self._house.calendar.zone))

    def draft(self) -> MatchmakingDraft:
        """What was written."""
        found = self.cleaned_data
        place = dict.fromkeys(LANGUAGES, "")
        place[reader.current().language] = found["place"].strip()
        closes = instant(self.closes, 24 * 60 - 1, self._house.calendar.zone) if self.closes else None
        return MatchmakingDraft(
            house_id=self._house.id, names=_label(found, "names"), descriptions=_label(found, "descriptions"),
            hours=self.hours, event_id=int(found["event"]) if found["event"] else None, place=Label(**place),
            guests=tuple(found["guests"]), sectors=tuple(found["sectors"]), closes_at=closes,
            tables=tuple(_table(line) for line in found["tables"].splitlines() if line.strip()),
            **{name: number or 0 for name, number in self.numbers.items()},
        )  # fmt: skip

    def hold(self, problems: Mapping[str, str]) -> None:
        """What the domain says is wrong, beside its field."""
        near = {"names": f"names_{reader.current().language}", "hours": "day_1", "closes_at": "closes_day",
                "descriptions": f"descriptions_{reader.current().language}"}  # fmt: skip
        for name, reason in problems.items():
            field = near.get(name, name)
            self.add_error(field if field in self.fields else None, wording.wrong(reason))

    @property
    def days(self) -> list[tuple[forms.BoundField, ...]]:
        """The fields of hours, a row each."""
        return [
            tuple(self[f"{name}_{number}"] for name in ("day", "begins", "ends")) for number in range(1, _HOURS + 1)
        ]


def _label(found: Mapping[str, Any], name: str) -> Label:
    return Label(**{language: found[f"{name}_{language}"].strip() for language in LANGUAGES})


def _table(line: str) -> TableDraft:
    name, _space, last = line.strip().rpartition(" ")
    if last.startswith("https://"):
        return TableDraft(name.strip(), last)
    return TableDraft(line.strip())


def _initial(
    house: HouseFacts, row: MatchmakingRow | None, rounds: list[RoundRow], tables: list[TableRow], event_id: int | None
) -> dict[str, Any]:
    if row is None:
        return {
            "slot_minutes": 20, "pause_minutes": 5, "most_meetings": 12, "event": str(event_id or ""),
            "tables": "\n".join(_("Table %(number)s") % {"number": number} for number in range(1, 7)),
        }  # fmt: skip
    found: dict[str, Any] = {
        "slot_minutes": row.slot_minutes, "pause_minutes": row.pause_minutes, "most_meetings": row.most_meetings,
        "event": str(row.event_id or ""), "place": row.place.pick(reader.current().language), "guests": list(row.guests),
        "sectors": list(row.sectors), "tables": "\n".join(f"{one.name} {one.online_url}".strip() or "—" for one in tables),
        "closes_day": _day(row.closes_at, row.zone)[0] if row.closes_at else "",
    }  # fmt: skip
    for language in LANGUAGES:
        found[f"names_{language}"] = getattr(row.names, language)
        found[f"descriptions_{language}"] = getattr(row.descriptions, language)
    for number, span in enumerate(_spans(rounds, row.pause_minutes)[:_HOURS], 1):
        found[f"day_{number}"], found[f"begins_{number}"] = _day(span.starts, row.zone)
        found[f"ends_{number}"] = _day(span.ends, row.zone)[1]
    return found


def _spans(rounds: list[RoundRow], pause_minutes: int) -> list[Hours]:
    """The hours that rounds were cut from: those that follow each other after a pause belong together."""
    found: list[Hours] = []
    for each in rounds:
        if found and (each.starts - found[-1].ends).total_seconds() == pause_minutes * 60:
            found[-1] = Hours(found[-1].starts, each.ends)
        else:
            found.append(Hours(each.starts, each.ends))
    return found


def _day(at: datetime, zone: str) -> tuple[str, str]:
    local = at.astimezone(ZoneInfo(zone))
    day: date = local.date()
    return figures(day), show_minutes(local.hour * 60 + local.minute, reader.current().language)
