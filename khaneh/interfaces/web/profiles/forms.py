"""The forms of sign-ups, profiles, products and mentors. They parse; services judge."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.network.types import ORGANISATION_KINDS, SECTORS, capability_code, sector_name
from khaneh.domains.profiles.types import (
    PROFILED_KINDS,
    READINESS,
    SIZES,
    STAGES,
    MentorDraft,
    ProductDraft,
    ProfileDraft,
    SignUpDraft,
    Stage,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.kernel.calendars import latin_digits, show_number
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import Refusal

_SECTOR_FIELDS = ("sector_1", "sector_2", "sector_3")


class _Form(forms.Form):
    """Words in three languages, the reader's own first and the others folded away; refusals beside the field that they are about."""

    words: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, files: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, files, initial=dict(initial or {}), label_suffix="")

    def add_words(self, name: str, label: str, *, longest: int, lines: int = 1, hint: str = "") -> None:
        """A text in each language."""
        spoken = {"fa": _("in Persian"), "vi": _("in Vietnamese"), "en": _("in English")}
        for language in self._languages():
            shown = {
                "class": "input" if lines == 1 else "textarea",
                "dir": "auto",
                "lang": language,
                "autocomplete": "off",
            }
            widget = forms.TextInput(attrs=shown) if lines == 1 else forms.Textarea(attrs={**shown, "rows": lines})
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=f"{label} {spoken[language]}", required=False, max_length=longest, widget=widget,
                help_text=hint if language == reader.current().language else "",
            )  # fmt: skip

    def add_text(self, name: str, label: str, *, longest: int, hint: str = "", **attrs: str) -> None:
        """One line."""
        shown = {"class": "input", "dir": "auto", "autocomplete": "off", **attrs}
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=shown), help_text=hint
        )

    def add_choice(
        self, name: str, label: str, choices: list[tuple[str, str]], *, empty: str = "—", hint: str = ""
    ) -> None:
        """One of a list, or nothing."""
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=[("", empty), *choices], widget=forms.Select(attrs={"class": "select"}),
            help_text=hint,
        )  # fmt: skip

    def add_sectors(self, chosen: tuple[str, ...]) -> None:
        """Up to three sectors of the economy; a finer code that is stored stays while it is not changed."""
        language = reader.current().language
        divisions = [(code, f"{code} {label.pick(language)}") for code, label in SECTORS.items() if not code.isalpha()]
        fine = [(code, f"{code} {sector_name(code).pick(language)}") for code in chosen if len(code) > 2]
        for number, name in enumerate(_SECTOR_FIELDS):
            self.add_choice(name, _("Sector") if not number else _("Another sector"), [*fine, *divisions])

    def told(self, name: str) -> Label:
        """What was written in the three languages."""
        return Label(
            **{language: (self.cleaned_data.get(f"{name}_{language}") or "").strip() for language in LANGUAGES}
        )

    def told_sectors(self) -> tuple[str, ...]:
        """The sectors that were chosen."""
        return tuple(dict.fromkeys(one for name in _SECTOR_FIELDS if (one := self.cleaned_data.get(name))))

    def told_capabilities(self) -> tuple[str, ...]:
        """What was written between commas, by code where a code is meant."""
        return tuple(dict.fromkeys(map(capability_code, wording.several(self.cleaned_data.get("capabilities") or ""))))

    def number(self, name: str) -> int | None:
        """A number in any digits; what is none is refused by its service as out of range."""
        given = latin_digits(self.cleaned_data.get(name) or "").strip()
        if not given:
            return None
        return int(given) if given.isdecimal() and len(given) < 6 else -1

    def refuse(self, refusal: Refusal) -> None:
        """Put what a service refused beside its field, else on top."""
        language = reader.current().language
        fields = wording.facts_of(refusal)
        if not fields:
            told = wording.why(refusal)
            self.add_error(None, f"{told.said} {told.remedy}")
        places = {"region_code": "region", "sectors": "sector_1", "organisation_code": "organisation", "trl": "trl"}
        for name, said in fields.items():
            field = f"{name}_{language}" if f"{name}_{language}" in self.fields else places.get(name, name)
            self.add_error(field if field in self.fields else None, said)

    @property
    def own(self) -> list[forms.BoundField]:
        """What everybody fills in, in the order of the page."""
        language = reader.current().language
        return [self[f"{name}_{language}" if name in self.words else name] for name in self.plain if self._has(name)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The same words in the other languages."""
        return [self[f"{name}_{language}"] for name in self.words for language in self._languages()[1:]]

    @property
    def others_open(self) -> bool:
        """Whether something of them is wrong."""
        return any(field.errors for field in self.others)

    def _has(self, name: str) -> bool:
        return name in self.words or name in self.fields

    @staticmethod
    def _languages() -> list[str]:
        language = reader.current().language
        return [language, *(one for one in LANGUAGES if one != language)]


def _spread(name: str, label: Label) -> dict[str, str]:
    return {f"{name}_{language}": getattr(label, language) for language in LANGUAGES}


def _sectors(codes: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(_SECTOR_FIELDS, codes, strict=False))


class SignUpForm(_Form):
    """An organisation as somebody tells of it."""

    words = ("names", "descriptions")
    plain = (
        "kind", "names", "registration_number", "region", *_SECTOR_FIELDS, "capabilities", "descriptions", "address",
        "phone", "email", "website", "note",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, draft: SignUpDraft | None = None) -> None:
        """`draft` is what is changed."""
        language = reader.current().language
        initial: dict[str, Any] = {"key": secrets.token_hex(8), "kind": "company_startup"}
        if draft is not None:
            initial = {
                "kind": draft.kind, "region": draft.region_code, "registration_number": draft.registration_number,
                "capabilities": wording.capabilities(draft.capabilities), "address": draft.address, "phone": draft.phone,
                "email": draft.email, "website": draft.website, "note": draft.note, **_spread("names", draft.names),
                **_spread("descriptions", draft.descriptions), **_sectors(draft.sectors),
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=[(code, ORGANISATION_KINDS[code].pick(language)) for code in PROFILED_KINDS],
            widget=forms.Select(attrs={"class": "select"}),
        )  # fmt: skip
        self.add_words("names", _("Name"), longest=300)
        self.add_text(
            "registration_number", _("Registration number"), longest=64, dir="ltr",
            hint=_("As it stands on the certificate. It is checked, and shown once the organisation is verified."),
        )  # fmt: skip
        self.add_choice("region", _("Region"), region_choices(draft.region_code if draft else ""), empty=_("choose"))
        self.add_sectors(draft.sectors if draft else ())
        self.add_text(
            "capabilities", _("What it can do"), longest=2000, hint=_("Between commas: software, 3D printing, dyeing")
        )
        self.add_words("descriptions", _("In one sentence"), longest=5000, lines=2)
        self.add_text("address", _("Address"), longest=300)
        self.add_text("phone", _("Telephone"), longest=64, dir="ltr", inputmode="tel")
        self.add_text("email", _("E-mail"), longest=254, dir="ltr", inputmode="email")
        self.add_text("website", _("Website"), longest=300, dir="ltr", inputmode="url", placeholder="https://")
        self.add_text("note", _("A word to who verifies it"), longest=2000, hint=_("Nobody else reads it."))
        self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def draft(self, country: str) -> SignUpDraft:
        """What was written; the country is the region's."""
        told = self.cleaned_data
        return SignUpDraft(
            kind=told["kind"], names=self.told("names"), country=country, region_code=told["region"],
            registration_number=told["registration_number"], sectors=self.told_sectors(),
            capabilities=self.told_capabilities(), descriptions=self.told("descriptions"), address=told["address"],
            phone=told["phone"], email=told["email"], website=told["website"], note=told["note"],
        )  # fmt: skip


class ProfileForm(_Form):
    """What an organisation says of itself."""

    words = ("makes",)
    plain = ("makes", "stage", "trl", "size", "founded", "markets")

    def __init__(self, data: Any = None, *, draft: ProfileDraft) -> None:
        """`draft` is what is changed."""
        language = reader.current().language
        initial = {
            **_spread("makes", draft.makes), "stage": draft.stage.value if draft.stage else "", "trl": draft.trl or "",
            "size": draft.size, "founded": draft.founded or "",
            "markets": wording.joined([wording.country_name(code, language) for code in draft.markets]),
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.add_words(
            "makes", _("What we make or do"), longest=5000, lines=5,
            hint=_("For whom, what is special, what it has shown. People and needs find you by these words."),
        )  # fmt: skip
        self.add_choice("stage", _("Stage"), [(one.value, label.pick(language)) for one, label in STAGES.items()])
        self.add_choice("trl", _("Technology readiness"), _levels())
        self.add_choice("size", _("People"), [(code, label.pick(language)) for code, label in SIZES.items()])
        self.add_text(
            "founded", _("Founded in"), longest=8, inputmode="numeric", hint=_("A year of the Gregorian calendar")
        )
        self.add_text("markets", _("Sold in"), longest=1000, hint=_("Countries, between commas"))

    def draft(self) -> ProfileDraft:
        """What was written."""
        told = self.cleaned_data
        return ProfileDraft(
            makes=self.told("makes"), stage=Stage(told["stage"]) if told["stage"] else None, trl=self.number("trl"),
            size=told["size"], founded=self.number("founded"), markets=wording.countries(told["markets"]),
        )  # fmt: skip


class ProductForm(_Form):
    """Something in the showcase."""

    words = ("names", "texts", "alts")
    plain = ("names", "texts", "trl", "website", "picture", "alts")

    def __init__(self, data: Any = None, *, files: Any = None, draft: ProductDraft | None = None) -> None:
        """`draft` is what is changed."""
        initial: dict[str, Any] = {"key": secrets.token_hex(8)}
        if draft is not None:
            initial = {
                **_spread("names", draft.names), **_spread("texts", draft.texts), **_spread("alts", draft.alts),
                "trl": draft.trl or "", "website": draft.website,
            }  # fmt: skip
        super().__init__(data, files=files, initial=initial)
        self.add_words("names", _("Name"), longest=300)
        self.add_words("texts", _("What it is good for"), longest=5000, lines=3)
        self.add_choice("trl", _("Technology readiness"), _levels())
        self.add_text("website", _("Website"), longest=300, dir="ltr", placeholder="https://")
        self.fields["picture"] = forms.FileField(
            label=_("Picture"), required=False,
            widget=forms.FileInput(attrs={"class": "input", "accept": "image/jpeg,image/png,image/webp"}),
            help_text=_("JPEG, PNG or WebP. Where it was taken and by whom is left out."),
        )  # fmt: skip
        self.add_words("alts", _("What the picture shows"), longest=300)
        self.fields["key"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def draft(self) -> ProductDraft:
        """What was written."""
        return ProductDraft(
            self.told("names"), self.told("texts"), self.number("trl"), self.cleaned_data["website"], self.told("alts")
        )


class MentorForm(_Form):
    """What somebody offers as a mentor."""

    words = ("headlines", "about")
    plain = ("headlines", "about", "capabilities", *_SECTOR_FIELDS, "languages", "region", "organisation", "hours")

    def __init__(self, data: Any = None, *, draft: MentorDraft | None, organisations: list[tuple[str, str]]) -> None:
        """`draft` is what is changed; `organisations` are those that may be named."""
        initial: dict[str, Any] = {"hours": 4, "languages": reader.current().language}
        if draft is not None:
            initial = {
                **_spread("headlines", draft.headlines), **_spread("about", draft.about), **_sectors(draft.sectors),
                "capabilities": wording.capabilities(draft.capabilities), "languages": wording.joined(draft.languages),
                "region": draft.region_code, "organisation": draft.organisation_code, "hours": draft.hours,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.add_words(
            "headlines", _("In a few words"), longest=300, hint=_("Such as: solar energy and power electronics")
        )
        self.add_words("about", _("What I can help with"), longest=5000, lines=4)
        self.add_text(
            "capabilities", _("What I know"), longest=2000, hint=_("Between commas: software, 3D printing, dyeing")
        )
        self.add_sectors(draft.sectors if draft else ())
        self.add_text("languages", _("Languages"), longest=100, dir="ltr", hint=_("Codes between commas: fa, vi, en"))
        self.add_choice("region", _("Region"), region_choices(draft.region_code if draft else ""))
        self.add_choice("organisation", _("Organisation"), organisations)
        self.add_text("hours", _("Hours a month"), longest=4, inputmode="numeric")

    def draft(self) -> MentorDraft:
        """What was written."""
        told = self.cleaned_data
        return MentorDraft(
            headlines=self.told("headlines"), about=self.told("about"), capabilities=self.told_capabilities(),
            sectors=self.told_sectors(), languages=tuple(one.lower() for one in wording.several(told["languages"])),
            region_code=told["region"], organisation_code=told["organisation"], hours=self.number("hours") or 0,
        )  # fmt: skip


def _levels() -> list[tuple[str, str]]:
    language = reader.current().language
    return [(str(one), f"{show_number(one, language)} — {label.pick(language)}") for one, label in READINESS.items()]
