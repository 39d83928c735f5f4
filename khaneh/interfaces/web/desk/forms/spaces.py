"""Forms of spaces at the desk: what one is, its week, its state, its photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network.types import WeeklyHours as HouseHours
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.domains.spaces.types import (
    FACILITIES,
    KIND_GROUPS,
    PRICE_UNITS,
    SPACE_GROUPS,
    SPACE_KINDS,
    PriceUnit,
    SpaceDraft,
    SpaceRow,
    WeeklyHours,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import space_words
from khaneh.interfaces.web.desk.circulation_words import amount, plain
from khaneh.interfaces.web.desk.forms.network import WeekForm
from khaneh.interfaces.web.desk.forms.space_times import Timed
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import LANGUAGES, Label


class SpaceForm(Timed):
    """Everything that a space is but its state, its closures and its hours. The code stays for ever."""

    NUMBERS = ("capacity", "quantity", "slot_minutes", "min_minutes", "max_minutes", "setup_minutes", "cleanup_minutes")
    FLAGS = ("approval", "self_service", "needs_code")

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        row: SpaceRow | None,
        spaces: Sequence[SpaceRow],
        qualifications: Sequence[QualificationRow],
        own: Iterable[str],
        currency: str,
    ) -> None:
        super().__init__(data, initial=_initial(row, own))
        self._row, self._currency = row, row.price.currency if row is not None and row.price else currency
        language = reader.current().language
        if row is None:
            self.fields["code"] = code(
                _("Code"), required=True, hint=_("Letters, digits and hyphens; it stays for ever.")
            )
        for other, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{other}"] = text(_("Name in %s") % own_name, longest=300, lang=other)
            for name, label in (("descriptions", _("Description in %s")), ("instructions", _("How to get in, in %s"))):
                self.fields[f"{name}_{other}"] = paragraph(label % own_name, longest=10_000, rows=2)
                self.fields[f"{name}_{other}"].widget.attrs["lang"] = other
        self.fields["kind"] = choice(_("Kind"), _kinds())
        # What it is in cannot be itself, what is in it, or something that is counted.
        possible = [one for one in spaces if one.quantity == 1 and (row is None or row.id not in one.path)]
        self.fields["parent"] = choice(_("Inside"), [("", _("no other space")), *_by_code(possible)], required=False)
        for name, label, hint in (
            ("capacity", _("For how many people"), ""),
            ("quantity", _("How many equal ones"), _("Twelve equal desks are one space: 12.")),
            ("slot_minutes", _("Begins every (minutes)"), ""),
            ("min_minutes", _("Shortest (minutes)"), ""),
            ("max_minutes", _("Longest (minutes)"), ""),
            ("setup_minutes", _("Setting up before (minutes)"), _("Kept free before each booking.")),
            ("cleanup_minutes", _("Cleaning after (minutes)"), _("Kept free after each booking.")),
        ):
            self.fields[name] = code(label, longest=7, hint=hint, required=True, inputmode="numeric")
        for name, label in (
            ("approval", _("Somebody must approve")),
            ("self_service", _("Who booked checks in without the desk")),
            ("needs_code", _("A code opens it: six digits are given with each booking")),
        ):
            self.fields[name] = forms.BooleanField(
                label=label, required=False, widget=forms.CheckboxInput(attrs={"class": "check__box"})
            )
        self.fields["facilities"] = forms.MultipleChoiceField(
            label=_("Facilities"),
            required=False,
            choices=labelled(FACILITIES.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["requires"] = forms.MultipleChoiceField(
            label=_("Who books it must hold"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(one.code, one.names.pick(language)) for one in qualifications],
        )  # fmt: skip
        self.fields["price"] = code(
            _("Price (%s)") % self._currency, longest=20, inputmode="decimal", hint=_("Empty: free of charge.")
        )
        self.fields["price_unit"] = choice(
            _("Price for"), labelled((one.value, label) for one, label in PRICE_UNITS.items())
        )

    def clean(self) -> dict[str, Any]:
        """Numbers and an amount."""
        given = super().clean() or {}
        for name in self.NUMBERS:
            if name in given and name not in self.errors:
                given[f"{name}_found"] = self.number_of(name)
        given["price_found"] = None
        if given.get("price"):
            try:
                given["price_found"] = amount(given["price"], self._currency)
            except ValueError:
                self.add_error("price", _("This is not an amount."))
        return given

    def draft(self, *, house_code: str, hours: Iterable[WeeklyHours]) -> SpaceDraft:
        """The space as the form would have it."""
        given = self.cleaned_data

        def label(name: str) -> Label:
            return Label(**{language: given.get(f"{name}_{language}", "").strip() for language in LANGUAGES})

        numbers = {name: given[f"{name}_found"] for name in self.NUMBERS}
        flags = {name: given[name] for name in self.FLAGS}
        return SpaceDraft(
            code=self._row.code if self._row is not None else given["code"].strip(),
            house_code=house_code,
            kind=given["kind"],
            names=label("names"),
            descriptions=label("descriptions"),
            instructions=label("instructions"),
            parent_code=given["parent"],
            facilities=tuple(given["facilities"]),
            price=given["price_found"],
            price_unit=PriceUnit(given["price_unit"]),
            hours=tuple(hours),
            requires=tuple(given["requires"]),
            **numbers,
            **flags,
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems beside their fields."""
        beside = {name: f"{name}_{reader.current().language}" for name in ("names", "descriptions", "instructions")}
        beside["parent_code"] = "parent"
        for name, why in problems.items():
            field = beside.get(name, name)
            self.add_error(field if field in self.fields else None, space_words.fault(why))


class HoursForm(WeekForm):
    """The week of a space of its own, within the house's."""

    def hours(self) -> list[WeeklyHours]:
        """The spans as a space keeps them."""
        return [WeeklyHours(one.weekday, one.span.opens, one.span.closes) for one in self.week()]


def week_of(hours: Iterable[WeeklyHours]) -> list[HouseHours]:
    """A space's hours as the form of a week has them."""
    return [HouseHours(one.weekday, Span(one.opens, one.closes)) for one in hours]


class StateForm(forms.Form):
    """The next state of a space, and why."""

    def __init__(self, data: Mapping[str, Any] | None, *, states: Iterable[tuple[str, Label]]) -> None:
        super().__init__(data)
        self.fields["state"] = choice(_("State"), labelled(states))
        self.fields["reason"] = text(_("Reason"), longest=1000, hint=_("Those whose bookings end are told it."))


class PhotoForm(forms.Form):
    """A photograph and what is to be seen in it."""

    def __init__(self, data: Mapping[str, Any] | None, files: Any = None, *, alts: Label | None = None) -> None:
        super().__init__(data, files)
        if alts is None:
            self.fields["photo"] = forms.FileField(
                label=_("Photograph"), help_text=_("JPEG, PNG or WebP. Where and by whom it was taken is not kept."),
                widget=forms.ClearableFileInput(attrs={"class": "input", "accept": "image/jpeg,image/png,image/webp"}),
            )  # fmt: skip
        for language, own_name in reader.LANGUAGES.items():
            field = text(_("What is to be seen, in %s") % own_name, longest=300, lang=language)
            field.initial = getattr(alts, language) if alts is not None else ""
            self.fields[f"alts_{language}"] = field

    def alts(self) -> Label:
        """The words, in three languages."""
        return Label(**{language: self.cleaned_data.get(f"alts_{language}", "") for language in LANGUAGES})

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems beside their fields."""
        for name, why in problems.items():
            field = f"alts_{reader.current().language}" if name == "alts" else name
            said = _("Say in at least one language what is to be seen.") if (name, why) == ("alts", "required") else ""
            self.add_error(field if field in self.fields else None, said or space_words.fault(why))


def _initial(row: SpaceRow | None, own: Iterable[str]) -> dict[str, Any]:
    if row is None:
        return {
            "capacity": "1", "quantity": "1", "slot_minutes": "30", "min_minutes": "30", "max_minutes": "480",
            "setup_minutes": "0", "cleanup_minutes": "0", "price_unit": PriceUnit.HOUR.value,
        }  # fmt: skip
    found: dict[str, Any] = {name: str(getattr(row, name)) for name in SpaceForm.NUMBERS}
    found |= {name: getattr(row, name) for name in SpaceForm.FLAGS}
    for name in ("names", "descriptions", "instructions"):
        found |= {f"{name}_{language}": getattr(getattr(row, name), language) for language in LANGUAGES}
    found |= {
        "kind": row.kind, "facilities": list(row.facilities), "requires": list(own), "price_unit": row.price_unit.value,
        "price": plain(row.price) if row.price else "",
    }  # fmt: skip
    return found


def _kinds() -> list[Any]:
    language = reader.current().language
    return [
        (SPACE_GROUPS[group].pick(language), [(kind, label.pick(language)) for kind, label in SPACE_KINDS.items() if KIND_GROUPS[kind] is group])
        for group in SPACE_GROUPS
    ]  # fmt: skip


def _by_code(spaces: Iterable[SpaceRow]) -> list[tuple[str, str]]:
    language = reader.current().language
    return [(row.code, "— " * (len(row.path) - 1) + row.names.pick(language)) for row in spaces]
