"""The forms of what became of somebody without a vacancy. They parse; services judge."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.placements.types import STATED_KINDS, TELLERS, StatedKind, StatementDraft, Teller
from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import parse_date, show_short_date


class _Days(forms.Form):
    """A form with days in either calendar."""

    days: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Days as days."""
        told: dict[str, Any] = super().clean() or {}
        for name in self.days:
            if not told.get(name):
                continue
            try:
                told[name] = parse_date(told[name])
            except ValueError:
                self.add_error(name, _("This is not a date."))
        return told

    def refuse(self, wrong: dict[str, str]) -> None:
        """Put what a service refused beside its field."""
        for name, said in wrong.items():
            self.add_error(name if name in self.fields else None, said)


class OwnStatementForm(_Days):
    """What somebody says of themself."""

    days: tuple[str, ...] = ("since",)

    def __init__(self, data: Any = None, *, today: date) -> None:
        """`today` is the day on which it is said."""
        super().__init__(data, label_suffix="", prefix="said")
        self.today = today
        language = reader.current().language
        self.fields["kind"] = forms.ChoiceField(
            label=_("How it is"), choices=[("", _("choose")), *((k.value, v.pick(language)) for k, v in STATED_KINDS.items())],
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        self.fields["since"] = _text(_("Since"), longest=30, initial=_day(today), inputmode="numeric")
        self.fields["where"] = _text(_("Where"), longest=300, required=False)
        self.fields["where"].help_text = _("The employer, your business or the school.")
        self.fields["agreed"] = _tick(
            _("I agree that the centre where I learned keeps this and counts it in its figures. I can take it back.")
        )

    def draft(self) -> StatementDraft:
        """What was written."""
        told = self.cleaned_data
        return StatementDraft(
            kind=StatedKind(told["kind"]),
            since=told["since"],
            told_on=self.today,
            where=told["where"].strip(),
            agreed=told["agreed"],
        )


class NotedStatementForm(OwnStatementForm):
    """What the staff were told of somebody, when and by whom."""

    days = ("since", "told_on")

    def __init__(self, data: Any = None, *, today: date) -> None:
        """`today` is the day on which it is noted."""
        super().__init__(data, today=today)
        language = reader.current().language
        self.fields["where"].help_text = _("The employer, their business or the school.")
        self.fields["said_by"] = forms.ChoiceField(
            label=_("Who said it"),
            choices=[(one.value, label.pick(language)) for one, label in TELLERS.items()],
            widget=forms.Select(attrs={"class": "select"}),
        )
        self.fields["told_on"] = _text(_("Told on"), longest=30, initial=_day(today), inputmode="numeric")
        self.fields["confirmed_by"] = _text(_("Who at the employer said so"), longest=300, required=False)
        self.fields["confirmed_by"].help_text = _("Needed where the employer said it: it then counts as confirmed.")
        self.fields["agreed"].label = _("The trainee agrees that it is noted and counted.")
        self.order_fields(["kind", "since", "where", "said_by", "told_on", "confirmed_by", "agreed"])

    def draft(self) -> StatementDraft:
        """What was written."""
        told = self.cleaned_data
        return StatementDraft(
            kind=StatedKind(told["kind"]),
            since=told["since"],
            told_on=told["told_on"],
            said_by=Teller(told["said_by"]),
            where=told["where"].strip(),
            confirmed_by=told["confirmed_by"].strip(),
            agreed=told["agreed"],
        )


class ConfirmationForm(_Days):
    """An employer says that it is as somebody said."""

    days = ("confirmed_on",)

    def __init__(self, data: Any = None, *, today: date, number: int) -> None:
        """`number` is the statement's."""
        super().__init__(data, label_suffix="", prefix=f"sure{number}")
        self.fields["confirmed_by"] = _text(_("Who at the employer said so"), longest=300)
        self.fields["confirmed_on"] = _text(_("Told on"), longest=30, initial=_day(today), inputmode="numeric")


def _day(value: date) -> str:
    who = reader.current()
    return show_short_date(value, calendar=who.calendar, language=who.language)


def _text(
    label: str, *, longest: int, required: bool = True, initial: str | None = None, **attrs: str
) -> forms.CharField:
    shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
    return forms.CharField(
        label=label, required=required, max_length=longest, initial=initial, widget=forms.TextInput(attrs=shown)
    )


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs={"class": "check__box"}))
