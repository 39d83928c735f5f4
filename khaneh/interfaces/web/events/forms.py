"""The form of an event at the desk: what, when, where, how many, whose places, the stops of a tour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khaneh.domains.credits import queries as ledger
from khaneh.domains.events.types import (
    ADMISSIONS,
    EVENT_KINDS,
    TRANSPORTS,
    Admission,
    EventDraft,
    EventRow,
    LegDraft,
    ShareDraft,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import SECTORS, OrganisationFilter
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.circulation_words import amount, plain
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.space_times import Timed, instant, is_skipped
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.interfaces.web.events import wording
from khaneh.kernel.calendars import show_minutes
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import NotFound

_SPARE, _MOST_ROWS = 3, 40


class Group(NamedTuple):
    """The fields of one share or one stop."""

    fields: tuple[forms.BoundField, ...]


class EventForm(Timed):
    """Everything that an event is but its state and its rooms. `shares` and `legs` are rows of fields, some of them spare."""

    def __init__(self, data: Mapping[str, Any] | None, *, house: HouseFacts, row: EventRow | None) -> None:
        super().__init__(data, initial=_initial(row))
        self._house, self._row = house, row
        self._currency = row.price.currency if row is not None and row.price else house.currency
        units = {
            self._currency: None,
            house.currency: None,
            **{one.code: one for one in ledger.credits_of_house(house.id)},
        }
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{other}"] = text(_("Name in %s") % own_name, longest=300, lang=other)
            self.fields[f"descriptions_{other}"] = paragraph(
                _("What it is about, in %s") % own_name, longest=20_000, rows=4
            )
            self.fields[f"descriptions_{other}"].widget.attrs["lang"] = other
            self.fields[f"place_{other}"] = text(_("Where, in %s") % own_name, longest=300, lang=other)
        self.fields["kind"] = choice(_("Kind"), labelled(EVENT_KINDS.items()))
        self._day("day", _("Day"))
        self._clock("begins", _("From"))
        self._day("last_day", _("Last day"), required=False, hint=_("Empty where it ends on the same day."))
        self._clock("ends", _("Until"))
        self.fields["admission"] = choice(
            _("How people come"), labelled((one.value, label) for one, label in ADMISSIONS.items())
        )
        self.fields["capacity"] = code(
            _("Places"), longest=7, inputmode="numeric", hint=_("Empty where one just comes.")
        )
        self.fields["largest_group"] = code(_("Largest group"), longest=7, inputmode="numeric")
        self.fields["price"] = code(
            _("Price for each person"),
            longest=20,
            inputmode="decimal",
            hint=_("Empty: free of charge. Whoever has registered keeps the price to which they agreed."),
        )
        self.fields["price_unit"] = choice(
            _("Price in"),
            [(unit, one.names.pick(reader.current().language) if one else unit) for unit, one in units.items()],
            required=False,
        )
        self._day("opens_day", _("Registration from the day"), required=False, hint=_("Empty: at once."))
        self._clock("opens_time", _("From"), required=False)
        self._day("closes_day", _("Registration until the day"), required=False, hint=_("Empty: until it begins."))
        self._clock("closes_time", _("Until"), required=False)
        self._day("release_day", _("Shares become common on the day"), required=False, hint=_("Empty: never."))
        self.fields["remind_hours"] = code(
            _("Remind so many hours before"), longest=4, inputmode="numeric", hint=_("0: never.")
        )
        self.fields["online_url"] = code(_("Link for those who come online"), longest=2000, inputmode="url")
        self.fields["organisers"] = paragraph(
            _("Organisations that make it"), longest=4000, rows=2, hint=_("The code or the whole name, one a line.")
        )
        self.fields["sectors"] = forms.MultipleChoiceField(
            label=_("Fields of the economy"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=labelled((key, label) for key, label in SECTORS.items() if key.isalpha()),
        )  # fmt: skip
        self._share_count = self._rows("share", len(row.shares) if row is not None else 0)
        for number in range(self._share_count):
            self.fields[f"share_{number}_house"] = text(
                _("House %s") % wording.number(number + 1), longest=300, list="houses"
            )
            self.fields[f"share_{number}_places"] = code(_("Places"), longest=7, inputmode="numeric")
        self._leg_count = self._rows("leg", len(row.legs) if row is not None else 0)
        for number in range(self._leg_count):
            self._leg_fields(number)

    @property
    def houses(self) -> list[str]:
        """Names to choose from where a house is typed."""
        language = reader.current().language
        return sorted(label.pick(language) for label in network.house_names().values())

    @property
    def shares(self) -> list[Group]:
        """The rows of shares."""
        return [
            Group((self[f"share_{number}_house"], self[f"share_{number}_places"]))
            for number in range(self._share_count)
        ]

    @property
    def legs(self) -> list[Group]:
        """The rows of stops."""
        names = ("site", "arrives", "leaves", "transport", "seats", "meeting", "day")
        return [Group(tuple(self[f"leg_{number}_{name}"] for name in names)) for number in range(self._leg_count)]

    def draft(self) -> EventDraft | None:
        """The event as the form would have it; None where something was not understood, which then stands beside its field."""
        starts, ends = self._times()
        given = self.cleaned_data
        admission = Admission(given["admission"])
        capacity = self._whole("capacity", None)
        price = None
        if given.get("price"):
            try:
                price = amount(given["price"], given["price_unit"] or self._currency)
            except ValueError:
                self.add_error("price", _("This is not an amount."))
        opens, closes = self._moment("opens", 0), self._moment("closes", 24 * 60)
        release_day = self.day_of("release_day")
        shares, legs = self._shares(), self._legs(starts)
        organisers = self._organisers()
        group, remind = self._whole("largest_group", 10), self._whole("remind_hours", 24)
        if self.errors or starts is None or ends is None:
            return None
        return EventDraft(
            house_id=self._house.id,
            kind=given["kind"],
            names=self._label("names"),
            descriptions=self._label("descriptions"),
            place=self._label("place"),
            starts=starts,
            ends=ends,
            organiser_ids=tuple(organisers),
            sectors=tuple(given["sectors"]) or self._finer(),
            online_url=given["online_url"].strip(),
            admission=admission,
            capacity=None if admission is Admission.FREE else capacity,
            largest_group=group or 0,
            price=price,
            opens_at=opens,
            closes_at=closes,
            shares=() if admission is Admission.FREE else tuple(shares),
            release_at=instant(release_day, 0, self._zone) if release_day is not None else None,
            legs=tuple(legs),
            remind_hours=remind or 0,
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put what a service found wrong beside its field."""
        beside = {
            "names": "names_fa", "descriptions": "descriptions_fa", "place": "place_fa", "starts": "day", "ends": "ends",
            "opens_at": "opens_day", "closes_at": "closes_day", "release_at": "release_day",
            "shares": "share_0_house", "legs": "leg_0_site",
        }  # fmt: skip
        for name, said in problems.items():
            field = beside.get(name, name)
            self.add_error(field if field in self.fields else None, said)

    @property
    def _zone(self) -> str:
        return self._house.calendar.zone

    def _rows(self, name: str, there: int) -> int:
        typed = 0
        if self.is_bound:
            while typed < _MOST_ROWS and any(key.startswith(f"{name}_{typed}_") for key in self.data):
                typed += 1
        return min(max(there + _SPARE, typed), _MOST_ROWS)

    def _leg_fields(self, number: int) -> None:
        name = f"leg_{number}_"
        self.fields[f"{name}site"] = text(
            _("Stop %s") % wording.number(number + 1), longest=300, list="houses",
            hint=_("A house, an organisation by its code, or any place in words.") if number == 0 else "",
        )  # fmt: skip
        self._clock(f"{name}arrives", _("Arrives"), required=False)
        self._clock(f"{name}leaves", _("Leaves"), required=False)
        self.fields[f"{name}transport"] = choice(pgettext("event", "By"), labelled(TRANSPORTS.items()), required=False)
        self.fields[f"{name}seats"] = code(_("Seats"), longest=7, inputmode="numeric")
        self.fields[f"{name}meeting"] = text(_("Meeting point"), longest=300)
        self._day(f"{name}day", _("Day, where it is another"), required=False)

    def _times(self) -> tuple[datetime | None, datetime | None]:
        day, last = self.day_of("day"), self.day_of("last_day")
        begins, ends = self.minute_of("begins"), self.minute_of("ends")
        if day is None or begins is None or ends is None:
            return None, None
        for name, on, minute in (("begins", day, begins), ("ends", last or day, ends)):
            if is_skipped(on, minute, self._zone):
                self.add_error(name, _("The clocks skip this time on that day."))
        return instant(day, begins, self._zone), instant(last or day, ends, self._zone)

    def _moment(self, name: str, otherwise: int) -> datetime | None:
        day, minute = self.day_of(f"{name}_day"), self.minute_of(f"{name}_time")
        return instant(day, otherwise if minute is None else minute, self._zone) if day is not None else None

    def _whole(self, name: str, otherwise: int | None) -> int | None:
        return self.number_of(name) if self.cleaned_data.get(name) else otherwise

    def _label(self, name: str) -> Label:
        return Label(**{one: self.cleaned_data.get(f"{name}_{one}", "").strip() for one in LANGUAGES})

    def _organisers(self) -> list[int]:
        found = []
        for line in self.cleaned_data.get("organisers", "").splitlines():
            if line.strip():
                number = organisation_of(line)
                if number is None:
                    self.add_error("organisers", _("There is no organisation called %s.") % line.strip())
                else:
                    found.append(number)
        return found

    def _shares(self) -> list[ShareDraft]:
        found = []
        for number in range(self._share_count):
            name = self.cleaned_data.get(f"share_{number}_house", "").strip()
            if not name:
                continue
            house_id = house_of(name)
            places = self.number_of(f"share_{number}_places")
            if house_id is None:
                self.add_error(f"share_{number}_house", _("There is no house called %s.") % name)
            elif places is not None:
                found.append(ShareDraft(house_id, places))
        return found

    def _legs(self, starts: datetime | None) -> list[LegDraft]:
        found = []
        for number in range(self._leg_count):
            name = f"leg_{number}_"
            site = self.cleaned_data.get(f"{name}site", "").strip()
            if not site:
                continue
            arrives, leaves = self.minute_of(f"{name}arrives"), self.minute_of(f"{name}leaves")
            for part, minute in (("arrives", arrives), ("leaves", leaves)):
                if minute is None and f"{name}{part}" not in self.errors:
                    self.add_error(f"{name}{part}", _("Say when."))
            day = self.day_of(f"{name}day") or (starts.astimezone(ZoneInfo(self._zone)).date() if starts else None)
            seats = self._whole(f"{name}seats", None)
            if arrives is None or leaves is None or day is None:
                continue
            house_id = house_of(site)
            organisation_id = organisation_of(site) if house_id is None else None
            there = self._row.legs[number] if self._row is not None and number < len(self._row.legs) else None
            found.append(
                LegDraft(
                    arrives=instant(day, arrives, self._zone),
                    # A stop that ends before it begins ends after midnight.
                    leaves=instant(day + timedelta(days=1 if leaves <= arrives else 0), leaves, self._zone),
                    house_id=house_id,
                    organisation_id=organisation_id,
                    place=_said(there.place if there else None, site)
                    if house_id is None and organisation_id is None
                    else Label("", "", ""),
                    transport=self.cleaned_data.get(f"{name}transport") or "walk",
                    seats=seats,
                    meeting=_said(
                        there.meeting if there else None, self.cleaned_data.get(f"{name}meeting", "").strip()
                    ),
                )
            )
        return found

    def _finer(self) -> tuple[str, ...]:
        """Divisions that were entered by other means stay as long as no section is ticked."""
        return tuple(one for one in self._row.sectors if not one.isalpha()) if self._row is not None else ()


def house_of(typed: str) -> int | None:
    """The house with this code or name, if there is exactly one. At most two statements."""
    word = typed.strip()
    found = network.house_ids_by_code([word]).get(word)
    if found is not None:
        return found
    named = [key for key, label in network.house_names().items() if word in label]
    return network.house_ids_by_code(named).get(named[0]) if len(named) == 1 else None


def organisation_of(typed: str) -> int | None:
    """The organisation with this code or name, if there is exactly one. At most three statements."""
    word = typed.strip()
    try:
        return network.organisation(word).row.id
    except NotFound:
        found = network.organisations(OrganisationFilter(text=word), limit=20).rows
    exact = [one.id for one in found if word in one.names]
    return exact[0] if len(exact) == 1 else None


def _said(there: Label | None, typed: str) -> Label:
    """What was typed, in the reader's language; what is there in others stays."""
    language = reader.current().language
    values = there._asdict() if there is not None and there.pick(language) == typed else {}
    return Label(**{**dict.fromkeys(LANGUAGES, ""), **values, language: typed})


def _initial(row: EventRow | None) -> dict[str, Any]:
    if row is None:
        return {
            "kind": "talk",
            "admission": Admission.REGISTER.value,
            "capacity": "30",
            "largest_group": "10",
            "remind_hours": "24",
        }
    language = reader.current().language
    zone = ZoneInfo(row.zone)

    def clock(value: datetime) -> str:
        local = value.astimezone(zone)
        return show_minutes(local.hour * 60 + local.minute, "en")

    def day(value: datetime | None) -> str:
        return figures(value.astimezone(zone).date()) if value is not None else ""

    found: dict[str, Any] = {
        "kind": row.kind,
        "day": day(row.starts),
        "begins": clock(row.starts),
        "last_day": day(row.ends) if day(row.ends) != day(row.starts) else "",
        "ends": clock(row.ends),
        "admission": row.admission.value,
        "capacity": "" if row.capacity is None else str(row.capacity),
        "largest_group": str(row.largest_group),
        "price": plain(row.price) if row.price is not None else "",
        "price_unit": row.price.currency if row.price is not None else "",
        "opens_day": day(row.opens_at),
        "opens_time": clock(row.opens_at) if row.opens_at is not None else "",
        "closes_day": day(row.closes_at),
        "closes_time": clock(row.closes_at) if row.closes_at is not None else "",
        "release_day": day(row.release_at),
        "remind_hours": str(row.remind_hours),
        "online_url": row.online_url,
        "organisers": "\n".join(one.code for one in row.organisers),
        "sectors": [one for one in row.sectors if one.isalpha()],
    }
    for name, label in (("names", row.names), ("descriptions", row.descriptions), ("place", row.place)):
        found |= {f"{name}_{one}": getattr(label, one) for one in LANGUAGES}
    for number, share in enumerate(row.shares):
        found |= {
            f"share_{number}_house": share.house.names.pick(language),
            f"share_{number}_places": str(share.promised),
        }
    for number, leg in enumerate(row.legs):
        site = (
            leg.house.names.pick(language)
            if leg.house
            else leg.organisation.code
            if leg.organisation
            else leg.place.pick(language)
        )
        found |= {
            f"leg_{number}_site": site,
            f"leg_{number}_arrives": clock(leg.arrives),
            f"leg_{number}_leaves": clock(leg.leaves),
            f"leg_{number}_transport": leg.transport,
            f"leg_{number}_seats": "" if leg.seats is None else str(leg.seats),
            f"leg_{number}_meeting": leg.meeting.pick(language),
            f"leg_{number}_day": day(leg.arrives) if day(leg.arrives) != day(row.starts) else "",
        }
    return found
