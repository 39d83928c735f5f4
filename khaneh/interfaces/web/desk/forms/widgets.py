"""Fields in the design system's dress, so that every form of the desk looks the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from khaneh.interfaces.web import reader
from khaneh.kernel.labels import Label


def text(label: Any, *, longest: int = 200, required: bool = False, hint: Any = "", **attrs: Any) -> forms.CharField:
    """A line of text whose direction follows what is typed."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto", **attrs}),
    )


def code(label: Any, *, longest: int = 60, required: bool = False, hint: Any = "", **attrs: Any) -> forms.CharField:
    """A code: Latin, left to right in every language."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=hint,
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "off",
                **attrs,
            }
        ),
    )


def paragraph(
    label: Any, *, longest: int = 4000, required: bool = False, hint: Any = "", rows: int = 3
) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=hint,
        widget=forms.Textarea(attrs={"class": "textarea", "dir": "auto", "rows": rows}),
    )


def choice(
    label: Any, choices: Iterable[tuple[str, Any]], *, required: bool = True, hint: Any = ""
) -> forms.ChoiceField:
    """One of a list."""
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=list(choices),
        help_text=hint,
        widget=forms.Select(attrs={"class": "select"}),
    )


def labelled(labels: Iterable[tuple[str, Label]]) -> list[tuple[str, str]]:
    """A list's choices in the reader's language, in its own order."""
    language = reader.current().language
    return [(str(key), label.pick(language)) for key, label in labels]
