"""The form of a further version of a deprivation index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network.types import DeprivationIndexDraft
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.widgets import code, paragraph, text
from khaneh.kernel.calendars import parse_date
from khaneh.kernel.labels import LANGUAGES, Label


class IndexForm(forms.Form):
    """Which index, which version, from when, under which names, and whether it is a statistic at all."""

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, codes: list[str]) -> None:
        super().__init__(data, initial={"code": codes[0] if codes else ""})
        self.fields["code"] = code(
            _("Code of the index"), required=True, hint=_("The same for all its versions."), pattern="[A-Za-z0-9._-]+"
        )
        self.fields["version"] = code(_("Version"), required=True, hint=_("Such as 2026 or 2026.2."))
        self.fields["published"] = code(_("Published on"), required=True, longest=20, inputmode="numeric")
        self.fields["published"].initial = figures(today)
        for own, name in reader.LANGUAGES.items():
            self.fields[f"names_{own}"] = text(_("Name in %s") % name, longest=300, lang=own)
        for own, name in reader.LANGUAGES.items():
            field = paragraph(_("Source and method in %s") % name, longest=4000, rows=2)
            field.widget.attrs["lang"] = own
            self.fields[f"notes_{own}"] = field
        self.fields["illustrative"] = forms.BooleanField(
            label=_("Illustrative: no official statistic"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )

    def clean_published(self) -> date:
        """A day in either calendar."""
        try:
            return parse_date(self.cleaned_data["published"])
        except ValueError as error:
            raise forms.ValidationError(_("This is not a date.")) from error

    def draft(self) -> DeprivationIndexDraft:
        """The version as the form would have it."""
        given = self.cleaned_data

        def label(name: str) -> Label:
            return Label(**{language: given[f"{name}_{language}"] for language in LANGUAGES})

        return DeprivationIndexDraft(
            code=given["code"],
            version=given["version"],
            names=label("names"),
            notes=label("notes"),
            published_on=given["published"],
            illustrative=given["illustrative"],
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems, already in words, beside their fields."""
        for name, words in problems.items():
            own = f"names_{reader.current().language}" if name == "names" else name
            self.add_error(own if own in self.fields else None, words)
