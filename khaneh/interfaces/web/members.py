"""What the account's and the desk's pages of members share: the form of a membership, the card's bars, words for refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries
from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.people.types import MemberDraft, MemberRow
from khaneh.formats import code128
from khaneh.interfaces.web import reader, refusals
from khaneh.kernel.calendars import parse_date, show_number, show_short_date
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal

_REFUSALS: Mapping[str, Callable[[], str]] = {
    "people.card_taken": lambda: _("This card is or was another member’s."),
    "people.card_held_already": lambda: _("The member has a card in use. Replace it, or close it first."),
    "people.no_card_in_use": lambda: _("The member has no card in use."),
    "people.wrong_member_state": lambda: _("The membership’s state does not permit this."),
    "people.already_member": lambda: _("There is a membership with this account already."),
    "people.possible_duplicate": lambda: _(
        "This person may be a member already. Look at those below before you go on."
    ),
    "people.guardian_missing": lambda: _("This category needs somebody who answers for the member."),
    "people.guardianship_cycle": lambda: _("Somebody would in the end answer for themself."),
    "people.guardianship_held_already": lambda: _("The two stand so to each other already."),
    "people.cannot_merge": lambda: _("These two cannot be made one: they are one already, or one of them is no more."),
    "people.pin_locked": lambda: _("Too many wrong PINs. Please try again in a quarter of an hour."),
    "kernel.not_found": lambda: _("There is no such member."),
    "kernel.not_allowed": lambda: _("This is for another house’s desk to do."),
}
_FIELD_FAULTS: Mapping[str, Callable[[], str]] = {
    "missing": lambda: _("This is needed."),
    "too_long": lambda: _("This is too long."),
    "not_in_list": lambda: _("This cannot be chosen."),
    "not_understood": lambda: _("This was not understood."),
    "out_of_range": lambda: _("This does not fit."),
    "control_characters": lambda: _("There are signs in it that cannot be written."),
}


def words(refusal: Refusal) -> str:
    """What to say when a service refuses."""
    if isinstance(refusal, SomethingOwed):
        language = reader.current().language
        owed = [
            f"{Label.from_dict(one['label']).pick(language)} ({show_number(one['count'], language)})"
            for one in refusal.facts["owed"]
        ]
        return _("First something must be settled: %s") % ("، " if language == "fa" else ", ").join(owed)
    if isinstance(refusal, Invalid):
        return " ".join(fault(why) for why in refusal.facts.get("fields", {}).values())
    return _REFUSALS[refusal.code]() if refusal.code in _REFUSALS else refusals.reason(refusal) or refusal.code


def fault(why: str) -> str:
    """What is wrong with one field."""
    return _FIELD_FAULTS[why]() if why in _FIELD_FAULTS else why


def bars(barcode: str) -> SafeString:
    """The barcode as SVG: black on white in every theme, with its quiet zones, one unit a module. Empty for no barcode."""
    if not barcode:
        return SafeString()
    at, strokes = code128.QUIET, []
    for turn, width in enumerate(code128.widths(barcode)):
        if turn % 2 == 0:
            strokes.append(f"M{at} 0h{width}v40h-{width}z")
        at += width
    return format_html(
        '<svg class="barcode" viewBox="0 0 {} 40" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<path fill="#fff" d="M0 0h{}v40h-{}z"/><path fill="#000" d="{}"/></svg>',
        *(at + code128.QUIET, barcode, at + code128.QUIET, at + code128.QUIET, "".join(strokes)),
    )


class MemberForm(forms.Form):
    """A membership as it is written, by the applicant or at a desk. Days are understood in either calendar."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        house_ids: Iterable[int],
        row: MemberRow | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**_initial(row), **(initial or {})})
        language = reader.current().language
        houses = sorted(
            ((str(ref.id), ref.names.pick(language)) for ref in network.house_refs(house_ids).values()),
            key=lambda pair: pair[1],
        )
        categories = [(one.code, one.names.pick(language)) for one in queries.categories()]
        self.fields["given_name"] = _text(_("Given name"), 120, autocomplete="given-name")
        self.fields["family_name"] = _text(_("Family name"), 120, required=True, autocomplete="family-name")
        self.fields["birth_date"] = _text(_("Date of birth"), 30, autocomplete="bday", inputmode="text")
        self.fields["birth_date"].help_text = _("For example %s.") % show_short_date(
            date(1991, 3, 21), calendar=reader.current().calendar, language=language
        )
        self.fields["category"] = _choice(_("Category"), [("", _("choose")), *categories])
        self.fields["home_house"] = _choice(_("Home library"), [("", _("choose")), *houses])
        self.fields["phone"] = _text(_("Telephone"), 40, autocomplete="tel", inputmode="tel", dir="ltr")
        self.fields["email"] = _text(_("E-mail"), 254, autocomplete="email", inputmode="email", dir="ltr")
        self.fields["address"] = _text(_("Address"), 500, autocomplete="street-address")
        self.fields["language"] = _choice(_("Language of letters"), list(reader.LANGUAGES.items()))
        self.fields["national_id"] = _text(_("Identity number"), 40, autocomplete="off", dir="ltr")
        self.fields["national_id"].help_text = _("Only a fingerprint of it is kept, to find double memberships.")

    def clean_birth_date(self) -> date | None:
        """The day, from figures or words of either calendar."""
        given = self.cleaned_data["birth_date"]
        try:
            return parse_date(given) if given else None
        except ValueError as error:
            raise forms.ValidationError(_("This is not a date.")) from error

    def draft(self) -> MemberDraft:
        """What was written."""
        told = self.cleaned_data
        return MemberDraft(
            given_name=told["given_name"],
            family_name=told["family_name"],
            birth_date=told["birth_date"],
            category=told["category"],
            home_house_id=int(told["home_house"]),
            phone=told["phone"],
            email=told["email"],
            address=told["address"],
            language=told["language"],
            calendar=told.get("calendar") or "auto",
            national_id=told["national_id"],
        )

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or above the form."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, words(refusal))
            return
        for name, why in refusal.facts.get("fields", {}).items():
            self.add_error(name if name in self.fields else None, fault(why))


def _initial(row: MemberRow | None) -> dict[str, Any]:
    if row is None:
        return {"language": reader.current().language}
    who = reader.current()
    born = show_short_date(row.birth_date, calendar=who.calendar, language=who.language) if row.birth_date else ""
    return {
        "given_name": row.given_name, "family_name": row.family_name, "birth_date": born.removesuffix(" AP"),
        "category": row.category.code, "home_house": str(row.home_house.id), "phone": row.phone, "email": row.email,
        "address": row.address, "language": row.language,
    }  # fmt: skip


def _text(label: str, longest: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "dir": "auto", **attrs})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "select"}))
