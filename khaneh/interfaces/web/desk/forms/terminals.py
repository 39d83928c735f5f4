"""Forms of a house's machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.circulation.queries.terminals import TerminalRow
from khaneh.domains.circulation.types import TERMINAL_KINDS, TerminalKind
from khaneh.formats.sip2 import ENCODINGS
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled


class TerminalForm(forms.Form):
    """What a machine is for and how it is spoken to; its name only while it is added."""

    def __init__(self, data: Mapping[str, Any] | None, *, terminal: TerminalRow | None = None) -> None:
        own = {
            "kind": terminal.kind.value, "language": terminal.language, "encoding": terminal.encoding, "asks_pin": terminal.asks_pin,
        } if terminal else {"asks_pin": True, "language": reader.current().language}  # fmt: skip
        super().__init__(data, initial=own, prefix=f"t{terminal.id}" if terminal else None)
        if terminal is None:
            self.fields["name"] = code(
                _("Name to sign in by"), required=True, hint=_("No other machine of the network has it.")
            )
        self.fields["kind"] = choice(_("Kind of machine"), labelled((k.value, v) for k, v in TERMINAL_KINDS.items()))
        self.fields["language"] = choice(
            _("Language of its screen"), reader.LANGUAGES.items(), hint=_("Readers who are known see their own.")
        )
        self.fields["encoding"] = choice(_("Characters"), ENCODINGS.items())
        self.fields["asks_pin"] = forms.BooleanField(
            label=_("Readers give their PIN"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "check__box"}),
        )

    def facts(self) -> dict[str, Any]:
        """What services take."""
        given = self.cleaned_data
        return {
            "kind": TerminalKind(given["kind"]),
            "language": given["language"],
            "encoding": given["encoding"],
            "asks_pin": given["asks_pin"],
        }
