"""Forms of the ledger: money taken and paid out, corrections, work recorded for somebody, and what a credit is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.credits.types import MEANS, WORK_KINDS, Means, UnitDraft, UnitRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.circulation_words import amount as money_of
from khaneh.interfaces.web.desk.circulation_words import latin_digits
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.interfaces.web.spaces import asking
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money, is_credit
from khaneh.kernel.refusal import Invalid, Refusal

_FAULTS: Mapping[str, Any] = {
    "required": lambda: _("This is needed."),
    "out_of_range": lambda: _("This is out of range."),
    "too_long": lambda: _("This is too long."),
    "not_in_list": lambda: _("Choose one of the list."),
    "unknown": lambda: _("There is no such thing."),
    "own": lambda: _("Nobody corrects their own ledger: ask a colleague."),
    "format": lambda: _("Four to twelve capital letters and digits, a letter first."),
}


class OfLedger(forms.Form):
    """A form whose service names fields that are wrong."""

    def refuse(self, refusal: Refusal, said: str) -> None:
        """Put a refusal beside its fields, or above the form."""
        named = refusal.facts.get("fields", {}) if isinstance(refusal, Invalid) else {}
        for name, why in named.items():
            self.add_error(name if name in self.fields else None, _FAULTS.get(why, lambda: said)())
        if not named:
            self.add_error(None, said)

    def sum_of(self, unit: str) -> int | None:
        """The amount that was typed, in the smallest parts of a unit, above zero."""
        try:
            found = _amount(self.cleaned_data.get("amount", ""), unit)
        except ValueError:
            found = 0
        if found <= 0:
            self.add_error("amount", _("An amount above zero, e.g. 2.50."))
            return None
        return found


class MoneyForm(OfLedger):
    """Money over the counter."""

    def __init__(self, data: Any, *, currencies: Iterable[str], initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="money-%s")
        self.fields["amount"] = code(_("Amount"), longest=20, required=True, inputmode="decimal")
        self.fields["unit"] = choice(_("Currency"), [(one, one) for one in currencies])
        self.fields["means"] = choice(_("How"), labelled((one.value, MEANS[one]) for one in Means))
        self.fields["note"] = text(_("Note"), longest=500)


class CorrectForm(OfLedger):
    """A correction, up or down, for a reason."""

    def __init__(self, data: Any, *, units: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="correct-%s")
        self.fields["way"] = choice(
            _("Which way"), [("add", _("Add to the balance")), ("take", _("Take off the balance"))]
        )
        self.fields["amount"] = code(_("Amount"), longest=20, required=True, inputmode="decimal")
        self.fields["unit"] = choice(_("Of what"), units)
        self.fields["reason"] = text(
            _("Reason"), longest=500, required=True, hint=_("The holder reads it in their account.")
        )


class WorkForm(OfLedger):
    """Work that somebody did for the house, recorded at the desk."""

    def __init__(self, data: Any, *, kinds: Iterable[str]) -> None:
        super().__init__(data, initial={"minutes": "60"}, auto_id="work-%s")
        self.fields["kind"] = choice(_("What they did"), labelled((kind, WORK_KINDS[kind]) for kind in kinds))
        self.fields["minutes"] = code(_("Minutes"), longest=5, required=True, inputmode="numeric")
        self.fields["done_on"] = code(_("Day (today, if left empty)"), longest=20, inputmode="numeric")
        self.fields["note"] = paragraph(_("Note"), longest=1000, rows=2)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data["done_on"]
        day: date | None = asking.a_day(given) if given else None
        if given and day is None:
            self.add_error("done_on", _("This is not a date."))
        return {
            "kind": self.cleaned_data["kind"], "minutes": asking.whole(self.cleaned_data["minutes"]) or 0,
            "note": self.cleaned_data["note"], "done_on": day,
        }  # fmt: skip


class UnitForm(OfLedger):
    """A credit of the house: its code, names, and what an hour of each kind of work earns."""

    def __init__(self, data: Any, *, unit: UnitRow | None = None) -> None:
        known = unit.names if unit is not None else Label("", "", "")
        initial = {
            "code": unit.code if unit else "",
            "active": unit.active if unit else True,
            "en": known.en,
            "fa": known.fa,
            "vi": known.vi,
        }
        super().__init__(data, initial=initial, auto_id="unit-%s")
        if unit is None:
            self.fields["code"] = code(
                _("Code"),
                longest=12,
                required=True,
                hint=_("Four to twelve capital letters and digits; it never changes."),
            )
        for language, label in (
            ("fa", _("Name in Persian")),
            ("vi", _("Name in Vietnamese")),
            ("en", _("Name in English")),
        ):
            self.fields[language] = text(label, longest=100)
        for kind, named in WORK_KINDS.items():
            field = code(named.pick(reader.current().language), longest=12, inputmode="decimal")
            field.initial = f"{unit.rates[kind] / 100:.2f}" if unit is not None and kind in unit.rates else ""
            self.fields[f"rate-{kind}"] = field
        if unit is not None:
            self.fields["active"] = forms.BooleanField(
                label=_("It is given and taken"),
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "check__box"}),
            )

    @property
    def rates(self) -> list[Any]:
        """The fields of the rates."""
        return [self[name] for name in self.fields if name.startswith("rate-")]

    @property
    def names(self) -> list[Any]:
        """The fields of code and names."""
        return [self[name] for name in ("code", "fa", "vi", "en") if name in self.fields]

    def draft(self, house_code: str, unit: UnitRow | None) -> UnitDraft:
        """What the service takes; a field that is no number is told."""
        told, rates = self.cleaned_data, {}
        for kind in WORK_KINDS:
            typed = told.get(f"rate-{kind}", "")
            try:
                rates[kind] = _amount(typed, "CREDIT") if typed.strip() else 0
            except ValueError:
                self.add_error(f"rate-{kind}", _("A number, e.g. 1 or 0.50."))
        return UnitDraft(
            code=unit.code if unit is not None else told.get("code", "").strip().upper(),
            names=Label(told["en"].strip(), told["fa"].strip(), told["vi"].strip()),
            house_code=house_code,
            rates={kind: rate for kind, rate in rates.items() if rate},
            active=told.get("active", True) if unit is not None else True,
        )

    def refuse(self, refusal: Refusal, said: str) -> None:
        """As above; names and rates are several fields here."""
        named = refusal.facts.get("fields", {}) if isinstance(refusal, Invalid) else {}
        for name, why in named.items():
            place = {"names": "en", "rates": "rate-mentoring"}.get(name, name)
            self.add_error(place if place in self.fields else None, _FAULTS.get(why, lambda: said)())
        if not named:
            self.add_error("code" if "code" in self.fields else None, said)


def _amount(typed: str, unit: str) -> int:
    """Raises ValueError."""
    if not is_credit(unit):
        return money_of(typed, unit).amount
    return Money.parse(latin_digits(typed).replace("٫", ".").replace(",", "."), unit).amount
