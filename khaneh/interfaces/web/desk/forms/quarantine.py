"""Forms of the quarantine: read it again in an encoding, mend it, or put it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.catalogue.types import QUARANTINE_STATES, Decoded, QuarantineState
from khaneh.formats.marc import encodings
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.desk.correction import Draft
from khaneh.interfaces.web.desk.forms.widgets import choice, labelled, paragraph
from khaneh.interfaces.web.desk.templatetags.desk import encoding_word


class FilterForm(forms.Form):
    """Which items are shown."""

    def __init__(self, data: Mapping[str, Any], *, reasons: Sequence[str], batches: Sequence[tuple[str, str]]) -> None:
        super().__init__({"state": QuarantineState.OPEN.value, **{key: data.get(key, "") for key in data}})
        self.fields["batch"] = choice(_("Import"), [("", _("all")), *batches], required=False)
        self.fields["reason"] = choice(
            _("Reason"), [("", _("all")), *((code, wording.reason(code)) for code in reasons)], required=False
        )
        self.fields["state"] = choice(
            _("State"), labelled((state.value, label) for state, label in QUARANTINE_STATES.items()), required=False
        )


class RetryForm(forms.Form):
    """Read again: in which encoding, whether doubts are accepted, for this record or all alike."""

    def __init__(self, data: Mapping[str, Any] | None, *, tries: Sequence[Decoded], likely: str, alike: int) -> None:
        super().__init__(data, initial={"encoding": likely, "scope": "one"})
        known = [(name, label) for name, label in encodings.choices()]
        repairs = [(one.encoding, encoding_word(one.encoding)) for one in tries if "/" in one.encoding]
        self.fields["encoding"] = choice(
            _("Encoding"), [("", _("as the file")), *repairs, *labelled(known)], required=False
        )
        self.fields["accept"] = forms.BooleanField(
            label=_("I have looked at it: take it in although there are doubts"), required=False
        )
        if alike > 1:
            self.fields["scope"] = forms.ChoiceField(
                label=_("For"),
                choices=[("one", _("this record")), ("batch", _("all of this import with the same reason"))],
                widget=forms.RadioSelect,
                required=False,
            )


class MendForm(forms.Form):
    """The record as text, to be corrected by hand."""

    way = forms.ChoiceField(choices=[("lines", ""), ("text", ""), ("hex", "")], widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, draft: Draft) -> None:
        super().__init__(data, initial={"way": draft.way, "text": draft.text})
        label = {"lines": _("Fields"), "text": _("Text"), "hex": _("Bytes")}[draft.way]
        hint = {
            "lines": _("One field a line: =245, two spaces, two indicators (\\ is a blank), then $a and the value."),
            "text": _("The text as it stands in the file."),
            "hex": _("Pairs of hexadecimal figures; spaces and line breaks do not matter."),
        }[draft.way]
        field = paragraph(label, longest=400_000, required=True, hint=hint, rows=12)
        field.strip = False
        field.widget.attrs["spellcheck"] = "false"
        field.widget.attrs["class"] = "textarea desk-lines"
        if draft.way == "hex":
            field.widget.attrs["class"] = "textarea input--code"
            field.widget.attrs.pop("dir")
        self.fields["text"] = field


class ReasonForm(forms.Form):
    """Why: somebody may ask later."""

    def __init__(self, data: Mapping[str, Any] | None, *, label: str = "", required: bool = True) -> None:
        super().__init__(data)
        self.fields["reason"] = paragraph(label or _("Reason"), longest=1000, required=required, rows=2)
