"""Forms of importing: which files from whom, and how they are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.catalogue.types import ProfileRow
from khaneh.domains.network.types import Ref
from khaneh.formats.marc import encodings
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.columns import meaning
from khaneh.interfaces.web.desk.forms.widgets import choice, labelled


def profile_choices(profiles: Sequence[ProfileRow]) -> list[tuple[str, str]]:
    """Profiles by their names in the reader's language."""
    language = reader.current().language
    return [(row.name, row.label.pick(language) or row.name) for row in profiles]


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once; the view reads and judges each, so that one that is refused does not refuse the others."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """What came, as it came."""
        return data


class UploadForm(forms.Form):
    """Whose records they are, and the profile; the files themselves are read from the request."""

    def clean_house(self) -> str:
        """A house's code, or nothing for a source that is no house. Raises ValidationError where nothing was chosen."""
        chosen: str = self.cleaned_data["house"]
        if chosen == "-":
            raise forms.ValidationError(_("Choose whose records these are."))
        return chosen

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        houses: Sequence[Ref],
        without_house: bool,
        profiles: Sequence[ProfileRow],
        chosen: str = "",
    ) -> None:
        super().__init__(data, initial={"house": chosen, "profile": "auto"})
        language = reader.current().language
        offered = [(ref.code, ref.names.pick(language)) for ref in houses]
        if len(offered) > 1:
            # Nobody's records should come in under another library's name because that one is first in the alphabet.
            offered.insert(0, ("-", _("choose")))
        if without_house:
            offered.append(("", _("No house: the file’s name says whose records they are")))
        self.fields["files"] = _FilesField(
            label=_("Files"),
            help_text=_(
                "MARC 21 or UNIMARC as ISO 2709, MARCXML or JSON, or a CSV or XLSX table; also packed with gzip."
            ),
            widget=_SeveralFiles(
                attrs={
                    "class": "input",
                    "multiple": True,
                    "accept": ".mrc,.marc,.iso,.xml,.json,.jsonl,.csv,.tsv,.txt,.xlsx,.gz,.mrk",
                }
            ),
        )
        self.fields["house"] = choice(_("Whose records"), offered, required=not without_house)
        self.fields["profile"] = choice(
            _("Profile"), profile_choices(profiles), hint=_("Says where barcode, shelf and price of a copy stand.")
        )


class StartForm(forms.Form):
    """How a waiting file is to be read, and what its columns mean where it is a table."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, profiles: Sequence[ProfileRow], initial: Mapping[str, str]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        as_found = ("", _("As recognised"))
        self.fields["profile"] = choice(_("Profile"), profile_choices(profiles))
        self.fields["encoding"] = choice(_("Encoding"), [as_found, *labelled(encodings.choices())], required=False)
        self.fields["dialect"] = choice(
            _("MARC dialect"), [as_found, ("marc21", "MARC 21"), ("unimarc", "UNIMARC")], required=False
        )


class ColumnsForm(forms.Form):
    """What each column of a table means; a column may be left out."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, columns: Sequence[str], mapping: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self._columns = columns
        known = dict(mapping)
        for number, column in enumerate(columns):
            self.fields[f"column-{number}"] = meaning(column or _("column %s") % (number + 1), known.get(column, ""))

    def chosen(self) -> list[tuple[str, str]]:
        """Pairs of column and target, without those left out."""
        return [
            (column, self.cleaned_data[f"column-{number}"])
            for number, column in enumerate(self._columns)
            if self.cleaned_data.get(f"column-{number}")
        ]

    def told(self) -> list[tuple[str, str]]:
        """Pairs of every named column and what it means, those left out too: what a profile keeps."""
        return [
            (column, self.cleaned_data.get(f"column-{number}", ""))
            for number, column in enumerate(self._columns)
            if column
        ]
