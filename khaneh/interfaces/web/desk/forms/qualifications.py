"""Forms of qualifications: what one is, who is given one and on what it rests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.qualifications.types import BASES, QualificationDraft, QualificationRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import space_words
from khaneh.interfaces.web.desk.forms.space_times import Timed, instant
from khaneh.interfaces.web.desk.forms.widgets import choice, code, labelled, paragraph, text
from khaneh.kernel.labels import LANGUAGES, Label


class QualificationForm(Timed):
    """What a qualification is. The code stays for ever."""

    def __init__(self, data: Mapping[str, Any] | None, *, row: QualificationRow | None) -> None:
        super().__init__(data, initial=_initial(row))
        self._row = row
        if row is None:
            self.fields["code"] = code(
                _("Code"), required=True, hint=_("Letters, digits and hyphens; it stays for ever.")
            )
        for language, own_name in reader.LANGUAGES.items():
            self.fields[f"names_{language}"] = text(_("Name in %s") % own_name, longest=300, lang=language)
        for language, own_name in reader.LANGUAGES.items():
            self.fields[f"descriptions_{language}"] = paragraph(_("Description in %s") % own_name, rows=2)
            self.fields[f"descriptions_{language}"].widget.attrs["lang"] = language
        for name, label, hint in (
            ("valid_months", _("Valid for (months)"), _("Empty: for life.")),
            ("disuse_months", _("Lapses when not used for (months)"), _("Empty: never.")),
            ("warn_days", _("Holders are warned so many days before"), ""),
        ):
            self.fields[name] = code(label, longest=4, hint=hint, inputmode="numeric")
        self.fields["active"] = forms.BooleanField(
            label=_("It is awarded"), required=False, widget=forms.CheckboxInput(attrs={"class": "check__box"})
        )

    def clean(self) -> dict[str, Any]:
        """Whole numbers, or none."""
        given = super().clean() or {}
        for name in ("valid_months", "disuse_months"):
            given[f"{name}_found"] = self.number_of(name) if given.get(name) else None
        given["warn_days_found"] = self.number_of("warn_days", otherwise=None if given.get("warn_days") else 30)
        return given

    def draft(self) -> QualificationDraft:
        """The qualification as the form would have it."""
        given = self.cleaned_data

        def label(name: str) -> Label:
            return Label(**{language: given.get(f"{name}_{language}", "").strip() for language in LANGUAGES})

        return QualificationDraft(
            code=self._row.code if self._row is not None else given["code"].strip(),
            names=label("names"),
            descriptions=label("descriptions"),
            valid_months=given["valid_months_found"],
            disuse_months=given["disuse_months_found"],
            warn_days=given["warn_days_found"],
            active=given["active"],
        )

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put a service's problems beside their fields."""
        for name, why in problems.items():
            field = f"{name}_{reader.current().language}" if name in ("names", "descriptions") else name
            self.add_error(field if field in self.fields else None, space_words.fault(why))


class AwardForm(Timed):
    """Who is given a qualification, on what it rests, in whose name, and until when if not as long as usual."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        houses: Sequence[tuple[str, str]],
        house: str = "",
        choices: Iterable[QualificationRow] | None = None,
        who: bool = True,
        prefix: str = "",
    ) -> None:
        super().__init__(data, initial={"house": house}, auto_id=f"{prefix}%s" if prefix else "id_%s")
        language = reader.current().language
        if who:
            self.fields["who"] = text(
                _("To whom"), required=True, autocomplete="off",
                hint=_("A card, a name or a telephone number; for somebody without a membership the e-mail address of their account."),
            )  # fmt: skip
        if choices is not None:
            self.fields["qualification"] = choice(
                _("Qualification"), [("", _("choose")), *((str(one.id), one.names.pick(language)) for one in choices)]
            )
        self.fields["basis"] = choice(_("It rests on"), labelled((one.value, label) for one, label in BASES.items()))
        self.fields["house"] = choice(_("In the name of"), houses)
        self.fields["source"] = text(_("Which course, which paper"), longest=1000)
        self._day("until", _("Valid until"), required=False, hint=_("Empty: as long as it usually is."))

    def expires_at(self, zone: str) -> datetime | None:
        """The end of the last day, on the clocks of the house."""
        day = self.day_of("until")
        return instant(day, 24 * 60, zone) if day is not None else None


def _initial(row: QualificationRow | None) -> dict[str, Any]:
    if row is None:
        return {"warn_days": "30", "active": True}
    found: dict[str, Any] = {
        name: "" if getattr(row, name) is None else str(getattr(row, name))
        for name in ("valid_months", "disuse_months", "warn_days")
    }
    for name in ("names", "descriptions"):
        found |= {f"{name}_{language}": getattr(getattr(row, name), language) for language in LANGUAGES}
    return found | {"active": row.active}
