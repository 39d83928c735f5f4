"""The form of a profile: where the fields of a source hold its copies. The rules themselves are judged by the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khaneh.domains.catalogue.types import ProfileRow, SourceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.columns import meaning
from khaneh.interfaces.web.desk.forms.widgets import choice, code, paragraph, text
from khaneh.kernel.labels import Label

PARTS = ("barcode", "house", "location", "call_number", "price")
MOST_RULES = 20
MOST_COLUMNS = 200
SAMPLE = 2 * 1024 * 1024  # bytes of a sample file that are looked at


def _codes(label: Any, **attrs: Any) -> forms.CharField:
    return code(label, longest=12, **attrs)


class RuleForm(forms.Form):
    """One place where copies may stand: a field, the subfields of each part, and perhaps a field of items linked to it."""

    tag = code(gettext_lazy("Field"), longest=3, inputmode="text")
    barcode = _codes(gettext_lazy("Barcode"))
    house = _codes(gettext_lazy("House"))
    location = _codes(gettext_lazy("Location"))
    call_number = _codes(gettext_lazy("Call number"))
    price = _codes(gettext_lazy("Price"))
    needs_barcode = forms.BooleanField(label=gettext_lazy("A field without a barcode is no copy"), required=False)
    items_tag = code(gettext_lazy("Field of items"), longest=3)
    items_barcode = _codes(gettext_lazy("Barcode"))
    items_house = _codes(gettext_lazy("House"))
    items_location = _codes(gettext_lazy("Location"))
    items_call_number = _codes(gettext_lazy("Call number"))
    items_price = _codes(gettext_lazy("Price"))

    def own_fields(self) -> list[forms.BoundField]:
        """The fields of the place itself."""
        return [self[name] for name in ("tag", *PARTS)]

    def item_fields(self) -> list[forms.BoundField]:
        """The fields of linked items."""
        return [self[f"items_{name}"] for name in ("tag", *PARTS)]

    def rule(self) -> dict[str, Any] | None:
        """The rule as the catalogue keeps it; None where nothing is filled in."""
        given = self.cleaned_data
        if not any(given.get(name) for name in ("tag", *PARTS)):
            return None
        rule: dict[str, Any] = {"tag": given["tag"]}
        rule |= {name: given[name] for name in PARTS if given[name]}
        if given["needs_barcode"]:
            rule["needs_barcode"] = True
        if given["items_tag"]:
            rule["items"] = {"tag": given["items_tag"]} | {
                name: given[f"items_{name}"] for name in PARTS if given[f"items_{name}"]
            }
        return rule


RuleForms = forms.formset_factory(RuleForm, extra=1, max_num=MOST_RULES, absolute_max=MOST_RULES)


class ColumnForm(forms.Form):
    """A column of a source's tables and what it means."""

    column = forms.CharField(
        label=gettext_lazy("Column"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"] = meaning(gettext_lazy("What it means"), (self.initial or {}).get("target", ""))

    def pair(self) -> list[str] | None:
        """The column and its meaning as the catalogue keeps them; None for an empty line."""
        given = self.cleaned_data
        return [given["column"], given.get("target", "")] if given.get("column") else None


ColumnForms = forms.formset_factory(ColumnForm, extra=2, max_num=MOST_COLUMNS, absolute_max=MOST_COLUMNS)


def column_initial(columns: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """A profile's columns as the form shows them."""
    return [{"column": column, "target": target} for column, target in columns]


def rule_initial(rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A profile's rules as the form shows them."""
    shown = []
    for rule in rules.get("fields", ()):
        items = rule.get("items") or {}
        shown.append(
            {name: rule.get(name, "") for name in ("tag", *PARTS)}
            | {f"items_{name}": items.get(name, "") for name in ("tag", *PARTS)}
            | {"needs_barcode": rule.get("needs_barcode", False)}
        )
    return shown


class ProfileForm(forms.Form):
    """A profile's names, the source's words for houses, and the currency of prices that name none."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        row: ProfileRow | None,
        is_new: bool,
        sources: Sequence[SourceRow],
    ) -> None:
        rules = dict(row.rules) if row else {}
        initial = {
            "name": f"{row.name}-2" if row and is_new else row.name if row else "",
            "houses": "\n".join(f"{word} = {house}" for word, house in rules.get("houses", {}).items()),
            "currency": rules.get("currency", ""),
        }
        if row:
            initial |= {f"name_{language}": getattr(row.label, language) for language in reader.LANGUAGES}
        super().__init__(data, files, initial=initial)
        if is_new:
            self.fields["name"] = forms.SlugField(
                label=_("Short name"),
                max_length=60,
                help_text=_("Latin letters, digits and hyphens; it stays for ever."),
                widget=forms.TextInput(attrs={"class": "input input--code", "autocomplete": "off"}),
            )
        for language, own_name in reader.LANGUAGES.items():
            field = text(_("Name in %s") % own_name, lang=language)
            self.fields[f"name_{language}"] = field
        self.fields["houses"] = paragraph(
            _("The source’s words for houses"),
            longest=20_000,
            hint=_(
                "One a line: the word in the records, an equals sign, the house’s code. Codes themselves are known."
            ),
            rows=4,
        )
        self.fields["currency"] = code(
            _("Currency"), longest=3, hint=_("Of prices that name none, such as VND or IRR.")
        )
        language = reader.current().language
        self.fields["source"] = choice(
            _("Try on records of"),
            [
                ("", _("all that I may see, the latest")),
                *((str(one.id), one.label.pick(language) or one.code) for one in sources),
            ],
            required=False,
        )
        self.fields["sample"] = forms.FileField(
            label=_("or on a sample file"),
            required=False,
            help_text=_("Its first records are read; nothing is kept."),
            widget=forms.ClearableFileInput(attrs={"class": "input"}),
        )

    def label(self) -> Label:
        """The three names."""
        return Label(**{language: self.cleaned_data.get(f"name_{language}", "") for language in reader.LANGUAGES})

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to tell it from the others."""
        given = super().clean() or {}
        if not any(given.get(f"name_{language}") for language in reader.LANGUAGES):
            self.add_error(f"name_{reader.current().language}", _("Give it a name in one language at least."))
        return given

    def clean_houses(self) -> dict[str, str]:
        """Pairs of word and code. Raises ValidationError for a line that is none."""
        pairs: dict[str, str] = {}
        for line in self.cleaned_data["houses"].splitlines():
            word, sign, house = line.rpartition("=")
            if not line.strip():
                continue
            if not sign or not word.strip() or not house.strip():
                raise forms.ValidationError(_("Not understood: “%s”. Write a word, an equals sign and a code.") % line)
            pairs[word.strip()] = house.strip()
        return pairs
