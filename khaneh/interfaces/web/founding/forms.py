"""Forms of founding. They parse; services judge."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    ItemDraft,
    ItemRow,
    ProposalDraft,
    ProposalRow,
    StandardDraft,
    StandardRow,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.founding import wording
from khaneh.kernel.calendars import latin_digits, parse_date, show_short_date
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.money import Money, minor_digits
from khaneh.kernel.refusal import Invalid, Refusal

CURRENCIES = ("IRR", "VND", "USD", "EUR")
Choices = Sequence[tuple[str, str]]


def day_text(value: date | None) -> str:
    """A day as it is typed."""
    who = reader.current()
    return show_short_date(value, calendar=who.calendar, language=who.language) if value else ""


def plain_amount(amount: int | None, currency: str) -> str:
    """Minor units as a plain number to type."""
    if amount is None:
        return ""
    digits = minor_digits(currency)
    return f"{amount / 10**digits:.{digits}f}" if digits else str(amount)


def parse_amount(text: str, currency: str) -> int:
    """A typed number as minor units. Raises ValueError."""
    plain = latin_digits(text).replace(",", "").replace("٬", "").replace("٫", ".").replace(" ", "")
    return Money.parse(plain, currency or "IRR").amount


class _Form(forms.Form):
    """Puts what a service refused beside its field."""

    places: Mapping[str, str] = {}
    first = ""

    def refuse(self, refusal: Refusal) -> None:
        """Beside the field, or on top."""
        if isinstance(refusal, Invalid):
            for name, reason in refusal.facts.get("fields", {}).items():
                language = reader.current().language
                field = self.places.get(name, f"{name}_{language}" if f"{name}_{language}" in self.fields else name)
                self.add_error(field if field in self.fields else None, wording.wrong(reason))
        else:
            self.add_error(self.first if refusal.code.endswith("code_taken") else None, wording.sentence(refusal))

    def _whole(self, told: dict[str, Any], *names: str) -> None:
        for name in names:
            text = latin_digits(told.get(name) or "").strip()
            if text and not (text.isdecimal() and len(text) < 10):
                self.add_error(name, _("This is not a number."))
            told[name] = int(text) if text.isdecimal() and len(text) < 10 else None

    def _day(self, told: dict[str, Any], name: str) -> None:
        try:
            told[name] = parse_date(told[name]) if told.get(name) else None
        except ValueError:
            self.add_error(name, _("This is not a date."))

    def _money(self, told: dict[str, Any], name: str, currency: str) -> None:
        try:
            told[name] = parse_amount(told[name], currency) if told.get(name) else None
        except ValueError:
            self.add_error(name, _("This is not an amount."))


class ProposalForm(_Form):
    """A house that shall be; with `row` the house stands and only the proposal is changed."""

    places: Mapping[str, str] = {"standard_id": "standard", "parent_code": "parent", "operator_code": "operator"}
    first = "code"

    def __init__(
        self, data: Any = None, *, standards: Choices, parents: Choices = (), operators: Choices = (),
        row: ProposalRow | None = None, initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            data,
            initial=_proposal_initial(row) if row else {"key": secrets.token_hex(8), **(initial or {})},
            label_suffix="",
        )
        self.fields["standard"] = choice(_("Standard that it shall meet"), standards)
        if row is None:
            for language, own_name in in_order():
                self.fields[f"names_{language}"] = text(_("Name in %s") % own_name, lang=language)
            self.fields["code"] = text(_("Code"), longest=40, required=True, dir="ltr")
            self.fields["code"].help_text = _("Capitals, digits and hyphens, as YZ-TAFT-INN; it stays for ever.")
            self.fields["parent"] = choice(
                _("In which house"), [("", _("in none: on an estate")), *parents], required=False
            )
            if operators:
                self.fields["operator"] = choice(_("Or on whose estate"), [("", "—"), *operators], required=False)
        self.fields["plan"] = words(_("What shall be there, and for whom"), required=True, rows=6)
        self.fields["area"] = text(_("Area in square metres"), longest=10, inputmode="numeric")
        self.fields["asked"] = text(_("Money that is asked for"), longest=20, inputmode="decimal")
        self.fields["currency"] = choice(
            _("Currency"), [("", "—"), *((one, one) for one in CURRENCIES)], required=False
        )
        self.fields["opens_on"] = text(_("Could open on"), longest=30, placeholder=day_text(date(2027, 3, 21)))
        self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """Figures in any digits, days in either calendar."""
        told: dict[str, Any] = super().clean() or {}
        self._whole(told, "area")
        self._money(told, "asked", told.get("currency") or "")
        self._day(told, "opens_on")
        return told

    def draft(self, code: str = "") -> ProposalDraft:
        """What was written."""
        told = self.cleaned_data
        return ProposalDraft(
            code=code or told.get("code", "").strip().upper(),
            standard_id=int(told["standard"]),
            plan=told["plan"],
            names=Label(**{one: (told.get(f"names_{one}") or "").strip() for one in LANGUAGES}),
            parent_code=told.get("parent") or "",
            operator_code="" if told.get("parent") else told.get("operator") or "",
            area=told["area"],
            asked=told["asked"],
            currency=told["currency"],
            opens_on=told["opens_on"],
        )


class StandardForm(_Form):
    """A standard but for its checklist."""

    places: Mapping[str, str] = {"authority_code": "authority"}
    first = "code"

    def __init__(self, data: Any = None, *, authorities: Choices, row: StandardRow | None = None) -> None:
        super().__init__(data, initial=_standard_initial(row), label_suffix="")
        self.row = row
        if row is None:
            self.fields["code"] = text(_("Code"), longest=40, required=True, dir="ltr")
            self.fields["code"].help_text = _(
                "Small letters, digits and hyphens; the code of a standard begins its next version."
            )
        self.fields["authority"] = choice(_("Published by"), authorities)
        language = reader.current().language
        self.fields["kind"] = choice(
            _("For which kind of house"), [(code, label.pick(language)) for code, label in FOUNDED_KINDS.items()]
        )
        for one, own_name in in_order():
            self.fields[f"names_{one}"] = text(_("Name in %s") % own_name, lang=one)
        for one, own_name in in_order():
            self.fields[f"descriptions_{one}"] = words(_("What it is for, in %s") % own_name, lang=one)
        self.fields["pass_percent"] = text(_("Per cent to meet it"), longest=3, required=True, inputmode="numeric")
        self.fields["assessors"] = text(_("How many assess"), longest=1, required=True, inputmode="numeric")
        self.fields["valid_months"] = text(
            _("Assessed again after months"), longest=3, required=True, inputmode="numeric"
        )

    def clean(self) -> dict[str, Any]:
        """Figures in any digits."""
        told: dict[str, Any] = super().clean() or {}
        self._whole(told, "pass_percent", "assessors", "valid_months")
        return told

    def draft(self) -> StandardDraft:
        """What was written."""
        told = self.cleaned_data
        return StandardDraft(
            code=self.row.code if self.row else told["code"].strip(),
            authority_code=told["authority"],
            kind=told["kind"],
            names=_label(told, "names"),
            descriptions=_label(told, "descriptions"),
            pass_percent=told["pass_percent"] or 0,
            assessors=told["assessors"] or 0,
            valid_months=told["valid_months"] or 0,
        )


class ItemForm(_Form):
    """An item of a checklist."""

    def __init__(self, data: Any = None, *, row: ItemRow | None = None) -> None:
        super().__init__(data, initial=_item_initial(row), label_suffix="")
        self.row = row
        if row is None:
            self.fields["code"] = text(_("Code"), longest=40, required=True, dir="ltr")
        for part, label in (("sections", _("Part of the checklist, in %s")), ("names", _("What is asked for, in %s"))):
            for one, own_name in in_order():
                self.fields[f"{part}_{one}"] = text(label % own_name, lang=one)
        for one, own_name in in_order():
            self.fields[f"evidence_{one}"] = words(_("What proves it, in %s") % own_name, lang=one)
        self.fields["weight"] = text(_("Weight, 1 to 100"), longest=3, required=True, inputmode="numeric")
        self.fields["scale"] = text(_("Highest score, 1 to 10"), longest=2, required=True, inputmode="numeric")
        self.fields["least"] = text(_("Least score without which all fails"), longest=2, inputmode="numeric")
        self.fields["photo"] = forms.BooleanField(
            label=_("A photograph belongs to it"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )

    def clean(self) -> dict[str, Any]:
        """Figures in any digits."""
        told: dict[str, Any] = super().clean() or {}
        self._whole(told, "weight", "scale", "least")
        return told

    def draft(self) -> ItemDraft:
        """What was written."""
        told = self.cleaned_data
        return ItemDraft(
            code=self.row.code if self.row else told["code"].strip(),
            names=_label(told, "names"),
            sections=_label(told, "sections"),
            evidence=_label(told, "evidence"),
            weight=told["weight"] or 0,
            scale=told["scale"] or 0,
            least=told["least"] or 0,
            photo=told["photo"],
        )


def in_order() -> list[tuple[str, str]]:
    """The languages with their own names, the reader's first."""
    own = reader.current().language
    return sorted(reader.LANGUAGES.items(), key=lambda one: one[0] != own)


def text(label: str, *, longest: int = 300, required: bool = False, **attrs: str) -> forms.CharField:
    """A line."""
    shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
    return forms.CharField(label=label, required=required, max_length=longest, widget=forms.TextInput(attrs=shown))


def words(label: str, *, required: bool = False, rows: int = 3, **attrs: str) -> forms.CharField:
    """Some lines."""
    shown = {"class": "textarea", "dir": "auto", "rows": rows, **attrs}
    return forms.CharField(label=label, required=required, max_length=10_000, widget=forms.Textarea(attrs=shown))


def choice(label: str, choices: Choices, *, required: bool = True) -> forms.ChoiceField:
    """One of some."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select(attrs={"class": "select"})
    )


def _label(told: Mapping[str, Any], part: str) -> Label:
    return Label(**{one: told[f"{part}_{one}"].strip() for one in LANGUAGES})


def _proposal_initial(row: ProposalRow) -> dict[str, Any]:
    return {
        "standard": str(row.standard.id), "plan": row.plan, "area": row.area, "currency": row.currency,
        "asked": plain_amount(row.asked, row.currency), "opens_on": day_text(row.opens_on),
    }  # fmt: skip


def _standard_initial(row: StandardRow | None) -> dict[str, Any]:
    if row is None:
        return {"pass_percent": 60, "assessors": 1, "valid_months": 24}
    return {
        "authority": row.authority.code, "kind": row.kind, "pass_percent": row.pass_percent, "assessors": row.assessors,
        "valid_months": row.valid_months, **{f"names_{one}": getattr(row.names, one) for one in LANGUAGES},
        **{f"descriptions_{one}": getattr(row.descriptions, one) for one in LANGUAGES},
    }  # fmt: skip


def _item_initial(row: ItemRow | None) -> dict[str, Any]:
    if row is None:
        return {"weight": 1, "scale": 4, "least": 0}
    labels = {
        f"{part}_{one}": getattr(getattr(row, part), one)
        for part in ("sections", "names", "evidence")
        for one in LANGUAGES
    }
    return {**labels, "weight": row.weight, "scale": row.scale, "least": row.least, "photo": row.photo}
