"""The form of a vacancy. It parses; services judge."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.placements.types import (
    VACANCY_KINDS,
    QualificationWish,
    SkillWish,
    VacancyDraft,
    VacancyKind,
    VacancyRow,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.placements import rows
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.kernel.calendars import latin_digits, parse_date, show_short_date
from khaneh.kernel.labels import Label

_CURRENCIES = ("IRR", "VND", "USD", "EUR")
_LANGUAGES = ("fa", "vi", "en")


def _day(value: date | None) -> str:
    who = reader.current()
    return show_short_date(value, calendar=who.calendar, language=who.language) if value else ""


class VacancyForm(forms.Form):
    """Everything that a vacancy says but its skills and qualifications, which are lines of their own (`rows`)."""

    def __init__(
        self, data: Any = None, *, row: VacancyRow | None = None, region: str = "", currency: str = ""
    ) -> None:
        """`row` is what is changed; `region` and `currency` are what a fresh one begins with."""
        super().__init__(data, initial=_initial(row, region, currency), label_suffix="")
        language = reader.current().language
        self.row = row
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(code.value, label.pick(language)) for code, label in VACANCY_KINDS.items()],
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        spoken = {"fa": _("in Persian"), "vi": _("in Vietnamese"), "en": _("in English")}
        own = [language, *(one for one in _LANGUAGES if one != language)]
        for one in own:
            label = f"{_('What is it called')} {spoken[one]}"
            self.fields[f"names_{one}"] = _text(label, 300, lang=one)
        for one in own:
            label = f"{_('What one does there')} {spoken[one]}"
            self.fields[f"descriptions_{one}"] = _words(label, lang=one)
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"),
            required=False,
            widget=forms.Select(attrs={"class": "select"}),
            choices=[("", _("choose")), *region_choices(row.regions[-1].code if row and row.regions else region)],
        )
        self.fields["remote"] = forms.BooleanField(
            label=_("Can be done from anywhere"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )
        self.fields["count"] = _figure(_("How many are looked for"), required=True)
        self.fields["hours"] = _figure(_("Hours a week"))
        self.fields["pay_from"] = _figure(_("Pay a month, from"))
        self.fields["pay_to"] = _figure(_("Pay a month, up to"))
        self.fields["pay_currency"] = forms.ChoiceField(
            label=_("Currency"), required=False, choices=[("", "—"), *((one, one) for one in _CURRENCIES)],
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        example = {"placeholder": _day(date(2026, 11, 22)), "inputmode": "numeric"}
        self.fields["starts_on"] = _text(_("Begins on"), 30, **example)
        self.fields["closes_on"] = _text(_("Last day to apply"), 30, **example)
        self.fields["closes_on"].help_text = _("Needed before it is published; a year from today at most.")
        self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """Figures in any digits, days in either calendar."""
        told: dict[str, Any] = super().clean() or {}
        for name in ("count", "hours", "pay_from", "pay_to"):
            given = latin_digits(told.get(name) or "").replace(",", "").replace("٬", "").replace(".", "").strip()
            if given and not (given.isdecimal() and len(given) < 13):
                self.add_error(name, _("This is not a number."))
            told[name] = int(given) if given.isdecimal() and len(given) < 13 else None
        for name in ("starts_on", "closes_on"):
            try:
                told[name] = parse_date(told[name]) if told.get(name) else None
            except ValueError:
                self.add_error(name, _("This is not a date."))
        return told

    def draft(self, skills: tuple[SkillWish, ...], qualifications: tuple[QualificationWish, ...]) -> VacancyDraft:
        """What was written. A house is kept where the region is still its own."""
        told = self.cleaned_data
        row = self.row
        house = row.house.code if row and row.house and row.regions and row.regions[-1].code == told["region"] else ""
        return VacancyDraft(
            kind=VacancyKind(told["kind"]),
            names=Label(**{one: told[f"names_{one}"].strip() for one in _LANGUAGES}),
            descriptions=Label(**{one: told[f"descriptions_{one}"].strip() for one in _LANGUAGES}),
            count=told["count"] if told["count"] is not None else 0,
            region_code=told["region"],
            house_code=house,
            remote=told["remote"],
            hours=told["hours"],
            pay_from=told["pay_from"],
            pay_to=told["pay_to"],
            pay_currency=told["pay_currency"],
            starts_on=told["starts_on"],
            closes_on=told["closes_on"],
            skills=skills,
            qualifications=qualifications,
        )

    def refuse(self, wrong: dict[str, str]) -> dict[str, str]:
        """Put what a service refused beside its field; gives what belongs to no field of this form."""
        places = {"names": f"names_{reader.current().language}", "region_code": "region", "house_code": "region"}
        places["descriptions"] = f"descriptions_{reader.current().language}"
        rest = {}
        for name, said in wrong.items():
            field = places.get(name, name)
            if field in self.fields:
                self.add_error(field, said)
            else:
                rest[name] = said
        return rest

    @property
    def parts(self) -> dict[str, Any]:
        """The fields in the order of the page: the reader's own language first, others folded away, figures side by side."""
        language = reader.current().language
        others = [f"{part}_{one}" for part in ("names", "descriptions") for one in _LANGUAGES if one != language]
        figures = ("count", "hours", "pay_from", "pay_to", "pay_currency", "starts_on", "closes_on")
        return {
            "first": [self["kind"], self[f"names_{language}"], self[f"descriptions_{language}"]],
            "translated": [self[name] for name in others],
            "translated_open": any(self[name].errors for name in others),
            "where": [self["region"], self["remote"]],
            "figures": [self[name] for name in figures],
        }

    @property
    def lines(self) -> dict[str, Any]:
        """What the lines of skills and qualifications begin with."""
        if self.is_bound:
            skills, wanted = rows.skill_wishes(self.data), rows.qualification_wishes(self.data)  # type: ignore[arg-type]
        else:
            skills = (
                tuple(SkillWish(one.skill.code, one.level, one.essential) for one in self.row.skills)
                if self.row
                else ()
            )
            wanted = (
                tuple(QualificationWish(one.qualification.code, one.essential) for one in self.row.qualifications)
                if self.row
                else ()
            )
        return {
            "skill_lines": rows.skill_lines(skills),
            "qualification_lines": rows.qualification_lines(wanted),
            "skills": rows.skill_choices(),
            "qualifications": rows.qualification_choices(),
            "levels": rows.level_choices(),
        }


def _text(label: str, longest: int, **attrs: str) -> forms.CharField:
    shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
    return forms.CharField(label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=shown))


def _words(label: str, **attrs: str) -> forms.CharField:
    shown = {"class": "textarea", "dir": "auto", "rows": 3, **attrs}
    return forms.CharField(label=label, required=False, max_length=10_000, widget=forms.Textarea(attrs=shown))


def _figure(label: str, *, required: bool = False) -> forms.CharField:
    shown = {"class": "input", "inputmode": "numeric", "autocomplete": "off"}
    return forms.CharField(label=label, required=required, max_length=20, widget=forms.TextInput(attrs=shown))


def _initial(row: VacancyRow | None, region: str, currency: str) -> dict[str, Any]:
    if row is None:
        return {"count": 1, "region": region, "pay_currency": currency, "key": secrets.token_hex(8)}
    return {
        "kind": row.kind.value,
        **{f"names_{one}": getattr(row.names, one) for one in _LANGUAGES},
        **{f"descriptions_{one}": getattr(row.descriptions, one) for one in _LANGUAGES},
        "region": row.regions[-1].code if row.regions else "",
        "remote": row.remote,
        "count": row.count,
        "hours": row.hours,
        "pay_from": row.pay_from,
        "pay_to": row.pay_to,
        "pay_currency": row.pay_currency,
        "starts_on": _day(row.starts_on),
        "closes_on": _day(row.closes_on),
    }
