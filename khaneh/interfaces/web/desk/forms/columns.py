"""What a column of a table may mean, as a choice: for a file that is about to be imported and for a profile that is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.formats.marc.columns import TARGETS
from khaneh.interfaces.web.desk.forms.widgets import choice, labelled


def meaning(label: Any, known: str) -> forms.ChoiceField:
    """The choice of a meaning; `known` is the present one, which may be a place in MARC that has no name."""
    offered = [("", _("leave out")), *labelled((name, target.label) for name, target in TARGETS.items())]
    if known and known not in TARGETS:
        offered.append((known, known))
    field = choice(label, offered, required=False)
    field.initial = known
    return field
