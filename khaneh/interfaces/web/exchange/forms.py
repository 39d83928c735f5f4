"""The guided form of a need or an offer. It parses; services judge."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.exchange.types import PARTNERSHIPS, Partnership, PostingDraft, PostingKind, PostingRow, Speaker
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import LIBRARY_KINDS, SECTORS, HouseFilter, HouseState
from khaneh.domains.profiles.types import READINESS
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.calendars import latin_digits, parse_date, show_short_date

_CURRENCIES = ("IRR", "VND", "USD", "EUR")
_LANGUAGES = {"fa": "فارسی", "vi": "Tiếng Việt", "en": "English"}
_MOST_HOUSES = 500


class PostingForm(forms.Form):
    """What is asked, step by step; `kind` decides how it is called."""

    def __init__(
        self,
        data: Any = None,
        *,
        kind: PostingKind,
        speakers: Iterable[Speaker],
        row: PostingRow | None = None,
        currency: str = "",
        now: Any = None,
    ) -> None:
        """`row` is what is changed; `speakers` for whom the reader can write."""
        language = reader.current().language
        super().__init__(data, initial=_initial(row, currency, language), label_suffix="")
        self.kind, self.row = kind, row
        need = kind is PostingKind.NEED
        self.speakers = {_speaker_code(one): one for one in speakers}
        if row is None:
            self.fields["speaker"] = _choice(
                _("Who needs it") if need else _("Who offers it"),
                [(code, _speaker_name(one, language)) for code, one in self.speakers.items()],
            )
        self.fields["language"] = _choice(_("Language of this text"), list(_LANGUAGES.items()))
        self.fields["title"] = _text(_("In one line"), 200, required=True)
        self.fields["problem"] = _words(
            _("What is the problem?") if need else _("What does it solve?"),
            _("What happens, how often, to whom, what it costs.")
            if need
            else _("For whom, and what was there before it."),
            required=True,
        )
        self.fields["context"] = _words(_("Where and how does it show?") if need else _("Where has it been used?"))
        self.fields["limits"] = _words(
            _("What has to be kept to?") if need else _("What does it ask for?"),
            _("Space, power, staff, rules, what must not change."),
        )
        self.fields["technology"] = _words(
            _("Which technology do you think of?") if need else _("What is the technology?")
        )
        self.fields["readiness"] = _choice(
            _("How ready must it be?") if need else _("How ready is it?"),
            [("", _("any"))] + [(str(level), f"{level}: {label.pick(language)}") for level, label in READINESS.items()],
            required=False,
        )
        self.fields["partnerships"] = forms.MultipleChoiceField(
            label=_("What do you want to do together?"), required=False,
            choices=[(one.value, label.pick(language)) for one, label in PARTNERSHIPS.items()],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "check__box"}),
        )  # fmt: skip
        self.fields["budget_from"] = _text(_("Budget, from") if need else _("Price, from"), 24, inputmode="numeric")
        self.fields["budget_to"] = _text(_("up to"), 24, inputmode="numeric")
        self.fields["currency"] = _choice(
            _("Currency"), [("", "—"), *((one, one) for one in _CURRENCIES)], required=False
        )
        example: dict[str, Any] = {"placeholder": _day(date(2026, 11, 22)), "inputmode": "numeric"}
        self.fields["wanted_by"] = _text(_("Needed by") if need else _("Available from"), 30, **example)
        self.fields["sector"] = _choice(
            _("Sector"),
            [("", _("choose"))] + [(code, label.pick(language)) for code, label in SECTORS.items() if code.isdigit()],
            required=False,
        )
        chosen = row.regions[-1].code if row and row.regions else ""
        self.fields["region"] = _choice(
            _("Region"), [("", _("that of the organisation")), *region_choices(chosen)], required=False
        )
        self.fields["broker"] = _choice(_("House whose brokers help"), _houses(language, row, now), required=False)
        self.fields["broker"].help_text = _("They read it before it is published, and bring both sides together.")
        self.fields["closes_on"] = _text(_("Shown until"), 30, **example)
        self.fields["closes_on"].help_text = _("Without a day it is shown for half a year.")
        if need:
            self.fields["anonymous"] = forms.BooleanField(
                label=_("Do not say who needs it: the broker alone knows"), required=False,
                widget=forms.CheckboxInput(attrs={"class": "check__box"}),
            )  # fmt: skip
        self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """Figures in any digits, days in either calendar."""
        told: dict[str, Any] = super().clean() or {}
        for name in ("budget_from", "budget_to"):
            given = latin_digits(told.get(name) or "")
            for mark in (",", "٬", ".", " ", "\u00a0", "\u202f"):
                given = given.replace(mark, "")
            if given and not (given.isdecimal() and len(given) < 16):
                self.add_error(name, _("This is not a number."))
            told[name] = int(given) if given.isdecimal() and len(given) < 16 else None
        for name in ("wanted_by", "closes_on"):
            try:
                told[name] = parse_date(told[name]) if told.get(name) else None
            except ValueError:
                self.add_error(name, _("This is not a date."))
        return told

    @property
    def speaker(self) -> Speaker:
        """For whom it is written."""
        return self.speakers[self.cleaned_data["speaker"]]

    def draft(self) -> PostingDraft:
        """What was written."""
        told = self.cleaned_data
        house = self.row.house if self.row else self.speaker.house
        return PostingDraft(
            kind=self.kind,
            language=told["language"],
            title=told["title"],
            problem=told["problem"],
            context=told["context"],
            limits=told["limits"],
            technology=told["technology"],
            readiness=int(told["readiness"]) if told["readiness"] else None,
            budget_from=told["budget_from"],
            budget_to=told["budget_to"],
            currency=told["currency"],
            wanted_by=told["wanted_by"],
            partnerships=tuple(Partnership(code) for code in told["partnerships"]),
            sector=told["sector"],
            region_code=told["region"],
            house_code=house.code if house else "",
            broker_house_code=told["broker"],
            anonymous=told.get("anonymous", False),
            closes_on=told["closes_on"],
        )

    def refuse(self, wrong: dict[str, str]) -> None:
        """Put what a service refused beside its field."""
        places = {"region_code": "region", "house_code": "speaker", "broker_house_code": "broker"}
        for name, said in wrong.items():
            field = places.get(name, name)
            self.add_error(field if field in self.fields else None, said)

    @property
    def steps(self) -> list[tuple[str, list[Any]]]:
        """The fields in the order in which one thinks of them."""
        first = ["language", "title", "problem", "context", "limits"]
        if "speaker" in self.fields:
            first.insert(0, "speaker")
        return [
            (_("1. What it is about"), [self[name] for name in first]),
            (_("2. What would fit"), [self[name] for name in ("technology", "readiness", "partnerships")]),
            (
                _("3. Money, time and place"),
                [self[name] for name in ("budget_from", "budget_to", "currency", "wanted_by", "sector", "region")],
            ),
            (
                _("4. Who reads it"),
                [self[name] for name in ("broker", "closes_on", "anonymous") if name in self.fields],
            ),
        ]


def _speaker_code(one: Speaker) -> str:
    return f"h{one.house.id}" if one.house else f"o{one.organisation.id}"


def _speaker_name(one: Speaker, language: str) -> str:
    said = one.organisation.names.pick(language)
    return f"{one.house.names.pick(language)} ({said})" if one.house else said


def _houses(language: str, row: PostingRow | None, now: Any) -> list[tuple[str, str]]:
    """Houses of innovation, by name; with the one that is chosen. A bounded number of statements."""
    found = network.houses(
        HouseFilter(states=frozenset({HouseState.OPEN})), actor=VISITOR, now=now, language=language, limit=_MOST_HOUSES
    ).rows
    chosen = row.broker_house if row else None
    choices = [
        (
            one.code,
            f"{one.names.pick(language)}{_(', ')}{one.regions[0].names.pick(language)}"
            if one.regions
            else one.names.pick(language),
        )
        for one in found
        if one.kind not in LIBRARY_KINDS or (chosen and one.code == chosen.code)
    ]
    return [("", _("choose")), *sorted(choices, key=lambda one: one[1].casefold())]


def _day(value: date | None) -> str:
    who = reader.current()
    return show_short_date(value, calendar=who.calendar, language=who.language) if value else ""


def _choice(label: str, choices: list[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select(attrs={"class": "select"})
    )


def _text(label: str, longest: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
    return forms.CharField(label=label, required=required, max_length=longest, widget=forms.TextInput(attrs=shown))


def _words(label: str, hint: str = "", *, required: bool = False) -> forms.CharField:
    shown = {"class": "textarea", "dir": "auto", "rows": 4}
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=5_000, widget=forms.Textarea(attrs=shown)
    )


def _initial(row: PostingRow | None, currency: str, language: str) -> dict[str, Any]:
    if row is None:
        return {"language": language[:2], "currency": currency, "key": secrets.token_hex(8)}
    return {
        "language": row.language,
        "title": row.title,
        "problem": row.problem,
        "context": row.context,
        "limits": row.limits,
        "technology": row.technology,
        "readiness": str(row.readiness or ""),
        "partnerships": [one.value for one in row.partnerships],
        "budget_from": row.budget_from,
        "budget_to": row.budget_to,
        "currency": row.currency,
        "wanted_by": _day(row.wanted_by),
        "sector": row.sector[:2],
        "region": row.regions[-1].code if row.regions else "",
        "broker": row.broker_house.code,
        "closes_on": _day(row.closes_on),
        "anonymous": row.anonymous,
    }
