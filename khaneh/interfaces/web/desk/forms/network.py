"""Forms of the network: a house, its week and state, an organisation, a table to be taken in, a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network.types import (
    FACILITIES,
    HOUSE_KINDS,
    HOUSE_STATES,
    ORGANISATION_KINDS,
    ROLES,
    HouseDraft,
    HouseState,
    OrganisationDraft,
    Ref,
    Role,
    WeeklyHours,
    capability_name,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.kernel.calendars import WEEKDAYS, Span, parse_time, show_minutes
from khaneh.kernel.labels import LANGUAGES, Label

TIME_ZONES = ("Asia/Tehran", "Asia/Ho_Chi_Minh", "UTC")
_SPANS = 3  # a day that are offered: morning, afternoon, evening; more where a house has more


def _picked(refs: Sequence[Ref], *, none: str = "") -> list[tuple[str, str]]:
    language = reader.current().language
    offered = sorted(((ref.code, f"{ref.names.pick(language)} ({ref.code})") for ref in refs), key=lambda pair: pair[1])
    return [("", none), *offered] if none else offered


class _Trilingual(forms.Form):
    """What houses and organisations share: three names, three descriptions, where and how to reach it."""

    def _names(self) -> None:
        for language, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{language}"] = text(_("Name in %s") % own_name, lang=language)

    def _contact(self) -> None:
        for language, own_name in reader.LANGUAGES.items():
            field = paragraph(_("Description in %s") % own_name)
            field.widget.attrs["lang"] = language
            self.fields[f"descriptions_{language}"] = field
        self.fields["address"] = text(_("Address"), longest=500, autocomplete="off")
        self.fields["latitude"] = code(_("Latitude"), longest=20, inputmode="decimal")
        self.fields["longitude"] = code(_("Longitude"), longest=20, inputmode="decimal")
        self.fields["phone"] = code(_("Telephone"), inputmode="tel")
        self.fields["email"] = code(_("E-mail"), longest=200, inputmode="email")
        self.fields["website"] = code(_("Web address"), longest=500, inputmode="url")

    def _label(self, name: str) -> Label:
        return Label(**{language: self.cleaned_data.get(f"{name}_{language}", "") for language in LANGUAGES})

    def clean_latitude(self) -> float | None:
        """Degrees."""
        return _degrees(self.cleaned_data["latitude"])

    def clean_longitude(self) -> float | None:
        """Degrees."""
        return _degrees(self.cleaned_data["longitude"])

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems beside their fields; `problems` are already in words."""
        for name, words in problems.items():
            own = f"{name}_{reader.current().language}" if f"{name}_en" in self.fields else name
            self.add_error(own if own in self.fields else None, words)


def _degrees(given: str) -> float | None:
    if not given:
        return None
    try:
        return float(given.replace("٫", ".").replace(",", "."))
    except ValueError as error:
        raise forms.ValidationError(_("This is not a number.")) from error


def _initial(draft: HouseDraft | OrganisationDraft) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in dataclass_fields(draft):
        value = getattr(draft, field.name)
        if isinstance(value, Label):
            found |= {f"{field.name}_{language}": getattr(value, language) for language in LANGUAGES}
        elif field.name == "capabilities":
            language = reader.current().language
            found[field.name] = "; ".join(capability_name(capability).pick(language) for capability in value)
        elif field.name == "sectors":
            found[field.name] = "; ".join(value)
        else:
            found[field.name] = "" if value is None else value
    return found


class HouseForm(_Trilingual):
    """Everything of a house but its hours. State is asked only for a new one: later it changes by acts."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        draft: HouseDraft | None,
        houses: Sequence[Ref],
        regions: Sequence[tuple[str, str]],
        organisations: Sequence[Ref],
    ) -> None:
        super().__init__(data, initial=_initial(draft) if draft else {"time_zone": TIME_ZONES[0], "calendar": "jalali"})
        self._code = draft.code if draft else ""
        if draft is None:
            self.fields["code"] = code(
                _("Code"), required=True, hint=_("Letters, digits and hyphens; it stays for ever.")
            )
        self._names()
        self.fields["kind"] = choice(_("Kind"), labelled(HOUSE_KINDS.items()))
        self.fields["region_code"] = choice(_("Region"), [("", _("choose")), *regions])
        self.fields["parent_code"] = choice(_("Inside"), _picked(houses, none=_("no other house")), required=False)
        self.fields["operator_code"] = choice(_("Run by"), _picked(organisations, none=_("not said")), required=False)
        if draft is None:
            self.fields["state"] = choice(
                _("State"), labelled((state.value, label) for state, label in HOUSE_STATES.items())
            )
        self._contact()
        self.fields["facilities"] = forms.MultipleChoiceField(
            label=_("Facilities"),
            required=False,
            choices=labelled(FACILITIES.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["time_zone"] = choice(_("Time zone"), [(zone, zone) for zone in TIME_ZONES])
        self.fields["calendar"] = choice(_("Calendar"), [("jalali", _("Jalali")), ("gregorian", _("Gregorian"))])
        self.fields["opened"] = code(
            _("Opened"), longest=10, hint=_("A year, a month or a day: 1998, 1998-05, 1998-05-13.")
        )

    def draft(self) -> HouseDraft:
        """The house as the form would have it."""
        given = self.cleaned_data
        return HouseDraft(
            code=self._code or given["code"],
            kind=given["kind"],
            names=self._label("names"),
            region_code=given["region_code"],
            parent_code=given["parent_code"],
            operator_code=given["operator_code"],
            descriptions=self._label("descriptions"),
            address=given["address"],
            latitude=given["latitude"],
            longitude=given["longitude"],
            phone=given["phone"],
            email=given["email"],
            website=given["website"],
            facilities=tuple(given["facilities"]),
            time_zone=given["time_zone"],
            calendar=given["calendar"],
            opened=given["opened"],
            state=HouseState(given["state"]) if "state" in given else HouseState.PROPOSED,
        )


class OrganisationForm(_Trilingual):
    """Everything of an organisation."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        draft: OrganisationDraft | None,
        regions: Sequence[tuple[str, str]],
        organisations: Sequence[Ref],
    ) -> None:
        super().__init__(data, initial=_initial(draft) if draft else {})
        self._code = draft.code if draft else ""
        if draft is None:
            self.fields["code"] = code(
                _("Code"), required=True, hint=_("Letters, digits and hyphens; it stays for ever.")
            )
        self._names()
        self.fields["kind"] = choice(_("Kind"), labelled(ORGANISATION_KINDS.items()))
        self.fields["country"] = choice(_("Country"), [("IR", _("Iran")), ("VN", _("Viet Nam"))])
        self.fields["region_code"] = choice(_("Region"), [("", _("the whole country")), *regions], required=False)
        self.fields["parent_code"] = choice(
            _("Part of"), _picked(organisations, none=_("no other organisation")), required=False
        )
        self.fields["registration_number"] = code(_("Registration number"))
        self.fields["sectors"] = code(
            _("Sectors (ISIC)"), longest=200, hint=_("Codes such as 6201, separated by semicolons.")
        )
        self.fields["capabilities"] = paragraph(
            _("Capabilities"), longest=2000, hint=_("Separated by semicolons."), rows=2
        )
        self._contact()

    def draft(self) -> OrganisationDraft:
        """The organisation as the form would have it."""
        given = self.cleaned_data
        return OrganisationDraft(
            code=self._code or given["code"],
            kind=given["kind"],
            names=self._label("names"),
            country=given["country"],
            region_code=given["region_code"],
            parent_code=given["parent_code"],
            registration_number=given["registration_number"],
            sectors=_parted(given["sectors"]),
            capabilities=_parted(given["capabilities"]),
            descriptions=self._label("descriptions"),
            address=given["address"],
            latitude=given["latitude"],
            longitude=given["longitude"],
            phone=given["phone"],
            email=given["email"],
            website=given["website"],
        )


def _parted(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.replace("؛", ";").split(";") if part.strip())


class WeekForm(forms.Form):
    """A house's week, span by span. Seasonal weeks are kept as they are and changed by the table."""

    def __init__(self, data: Mapping[str, Any] | None, *, week: Iterable[WeeklyHours], first_weekday: int) -> None:
        super().__init__(data)
        by_day: dict[int, list[Span]] = {}
        for hours in week:
            by_day.setdefault(hours.weekday, []).append(hours.span)
        self._spans = max(_SPANS, *(len(spans) for spans in by_day.values()), 0)
        self.days: list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]] = []
        language = reader.current().language
        for step in range(7):
            weekday = (first_weekday - 1 + step) % 7 + 1
            name = WEEKDAYS[weekday].pick(language)
            pairs = []
            for number in range(self._spans):
                span = next(iter(sorted(by_day.get(weekday, []))[number : number + 1]), None)
                opens, closes = f"d{weekday}_{number}_opens", f"d{weekday}_{number}_closes"
                for field, label, minutes in (
                    (opens, _("%s, opens"), span.opens if span else None),
                    (closes, _("%s, closes"), span.closes if span else None),
                ):
                    self.fields[field] = code(label % name, longest=8, inputmode="numeric", placeholder="00:00")
                    self.fields[field].initial = show_minutes(minutes, "en") if minutes is not None else ""
                pairs.append((self[opens], self[closes]))
            self.days.append((name, pairs))

    def clean(self) -> dict[str, Any]:
        """Times of day; both or neither."""
        given = super().clean() or {}
        for weekday in range(1, 8):
            for number in range(self._spans):
                names = f"d{weekday}_{number}_opens", f"d{weekday}_{number}_closes"
                times = []
                for name in names:
                    try:
                        times.append(parse_time(given[name]) if given.get(name) else None)
                    except ValueError:
                        self.add_error(name, _("This is not a time of day."))
                        times.append(None)
                if (times[0] is None) != (times[1] is None) and not any(name in self.errors for name in names):
                    self.add_error(names[0 if times[0] is None else 1], _("Opening and closing go together."))
                given[f"span{weekday}_{number}"] = times
        return given

    def week(self) -> list[WeeklyHours]:
        """The week as the form would have it."""
        found = []
        for weekday in range(1, 8):
            for number in range(self._spans):
                opens, closes = self.cleaned_data[f"span{weekday}_{number}"]
                if opens is not None and closes is not None:
                    found.append(WeeklyHours(weekday, Span(opens, closes)))
        return found


class StateForm(forms.Form):
    """The next state of a house, and why."""

    def __init__(self, data: Mapping[str, Any] | None, *, states: Iterable[HouseState]) -> None:
        super().__init__(data)
        language = reader.current().language
        self.fields["state"] = choice(
            _("Next state"), [(one.value, HOUSE_STATES[one].pick(language)) for one in states]
        )
        self.fields["reason"] = paragraph(_("Reason"), longest=1000, required=True, rows=2)


class RoleForm(forms.Form):
    """Whom, what, until when, why."""

    def __init__(self, data: Mapping[str, Any] | None, *, roles: Iterable[Role]) -> None:
        super().__init__(data)
        language = reader.current().language
        offered = [(role.value, label.pick(language)) for role, label in ROLES.items() if role in set(roles)]
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address of the account"),
            widget=forms.EmailInput(attrs={"class": "input input--code", "autocomplete": "off"}),
        )
        self.fields["role"] = choice(_("Role"), offered)
        self.fields["since"] = code(_("From"), longest=20, hint=_("A day in your calendar; empty means from now."))
        self.fields["until"] = code(
            _("Until"), longest=20, hint=_("A day in your calendar; empty means until it is taken.")
        )
        self.fields["reason"] = text(_("Reason"), longest=1000)
