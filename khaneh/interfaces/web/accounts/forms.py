"""The forms that are ours: a name at sign-up, the profile, closing the account. They parse; services judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khaneh.domains.people.services import LONGEST_NAME
from khaneh.interfaces.web import reader


class NameAtSignUp(forms.Form):
    """What allauth's form of signing up asks besides address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email")

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth with the account that it has just made."""
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class ProfileForm(forms.Form):
    """Name, language and calendar."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=list(reader.LANGUAGES.items()),
        widget=forms.Select(attrs={"class": "select"}),
    )
    calendar = forms.ChoiceField(
        label=_("Calendar"),
        choices=[
            ("auto", _("As usual in the language")),
            ("jalali", _("Jalali (Solar Hijri)")),
            ("gregorian", _("Gregorian")),
        ],
        widget=forms.Select(attrs={"class": "select"}),
    )


class CloseForm(forms.Form):
    """Closing an account cannot be undone, so it is asked for in so many words."""

    sure = forms.BooleanField(
        label=_("I understand that this cannot be undone."), widget=forms.CheckboxInput(attrs={"class": "check__box"})
    )
