"""Sign-ups, profiles and tables in words: what is wrong with a field, and every refusal with what would change it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import icu
from django.utils.translation import gettext as _

from khaneh.domains.network.types import capability_name, sector_name
from khaneh.domains.profiles.types import READINESS, SIGNUP_STATES, LineOutcome, ProfileState, SignUpState
from khaneh.interfaces import refusals
from khaneh.interfaces.web import field_reasons, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, Refusal

SIGNUP_TONES = {
    SignUpState.SUBMITTED: "action",
    SignUpState.RETURNED: "warn",
    SignUpState.VERIFIED: "good",
    SignUpState.REFUSED: "bad",
}
PROFILE_TONES = {ProfileState.PUBLISHED: "good", ProfileState.WITHDRAWN: "warn"}
LINE_TONES = {
    LineOutcome.CREATED: "good",
    LineOutcome.CHANGED: "action",
    LineOutcome.JOINED: "action",
    LineOutcome.UNSURE: "warn",
    LineOutcome.REFUSED: "bad",
}
_SEPARATORS = re.compile(r"[,،;؛\n]+")


def several(text: str) -> tuple[str, ...]:
    """What somebody wrote between commas of any script."""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def joined(words: tuple[str, ...] | list[str]) -> str:
    """The same the other way."""
    return _(", ").join(words)


def capabilities(codes: tuple[str, ...]) -> str:
    """Capabilities as somebody would write them."""
    return joined([capability_name(code).pick(reader.current().language) for code in codes])


def sectors(codes: tuple[str, ...]) -> list[str]:
    """Sectors by name, none twice."""
    return list(dict.fromkeys(sector_name(code).pick(reader.current().language) for code in codes))


def place(regions: Any) -> str:
    """Regions in words, the smallest first."""
    return joined([ref.names.pick(reader.current().language) for ref in reversed(regions)])


def readiness(trl: int | None) -> str:
    """A level with its words; empty without one."""
    if trl is None:
        return ""
    language = reader.current().language
    return f"TRL {show_number(trl, language)}: {READINESS[trl].pick(language)}"


@lru_cache(maxsize=2048)
def country_name(code: str, language: str) -> str:
    """A country of ISO 3166 in a language."""
    return str(icu.Locale(f"und_{code}").getDisplayCountry(icu.Locale(language))) or code


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    codes = list(icu.Locale.getISOCountries())
    return {
        name.casefold(): code
        for code in codes
        for name in (code, *(country_name(code, language) for language in ("fa", "vi", "en")))
    }


def countries(text: str) -> tuple[str, ...]:
    """Countries that were written by name in any of the languages, or by code; what is none stays as it is, to be refused."""
    return tuple(_countries().get(part.casefold(), part) for part in several(text))


def signup_state(state: SignUpState) -> str:
    """In words."""
    return SIGNUP_STATES[state].pick(reader.current().language)


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return field_reasons.wrong(
        reason,
        {
            "too_large": _("The file is too large."),
            "not_in_list": _("Choose from the list, or write it as the list does."),
            "unknown": _("There is no such one."),
            "web_address": _("A web address begins with https://."),
            "email": _("This is no e-mail address."),
            "not_of_region": _("This region is in another country."),
            "not_yours": _("You hold no role at this organisation."),
        },
    )


def facts_of(refusal: Refusal) -> dict[str, str]:
    """The wrong fields of a refusal, each with its sentence."""
    return field_reasons.by_field(refusal, wrong)


def why(refusal: Refusal) -> Why:
    """Why an act was refused, and what would change it."""
    if isinstance(refusal, Invalid):
        return Why(" ".join(facts_of(refusal).values()), "")
    facts = refusal.facts
    if said := refusals.said(refusal.code, facts):
        return Why(said.message, said.remedy)
    if refusal.code == "profiles.not_a_document":
        return {
            "required": Why(_("No file was chosen."), _("Choose one.")),
            "too_large": Why(_("The file is larger than 10 MB."), _("Scan it with fewer dots, or in grey.")),
            "too_many": Why(_("Six documents are enough."), _("Take one back first.")),
            "active": Why(_("This PDF would run something when it is opened."), _("Print it into a new PDF, or send a photograph.")),
        }.get(
            facts.get("reason", ""),
            Why(_("By its content this is no PDF and no picture, whatever its name says."), _("Send a PDF, JPEG, PNG or WebP.")),
        )  # fmt: skip
    if refusal.code == "profiles.incomplete":
        names = {
            "registration_number": _("the registration number"),
            "sectors": _("a sector"),
            "documents": _("a document that shows the number"),
        }
        missing = joined([names.get(name, name) for name in facts.get("missing", ())])
        return Why(_("Still missing: %(what)s.") % {"what": missing}, _("Complete it and hand it in again."))
    told = {
        "profiles.signup_state_refused": Why(
            _("Somebody was faster, or it is over: it is “%(state)s”.")
            % {"state": signup_state(SignUpState(facts["state"])) if facts.get("state") else ""},
            _("Look at it as it stands."),
        ),
        "profiles.too_many_signups": Why(
            _("Five sign-ups are open already."), _("Finish or take back one of them; for many companies there is the desk’s table.")
        ),
        "profiles.own_signup": Why(_("Nobody verifies their own organisation."), _("Ask a colleague.")),
        "profiles.number_taken": Why(
            _("Another organisation has this registration number by now."), _("Return it, so that it is handed in as a claim of that one.")
        ),
        "profiles.no_account": Why(_("Nobody has an account with this address."), _("They make one first; it takes a minute.")),
        "profiles.line_decided": Why(_("Somebody has judged this line already."), _("Look at the next one.")),
        "network.table_unreadable": Why(_("This is no CSV and no XLSX with a header."), _("Save the table as one of them.")),
    }  # fmt: skip
    return told.get(refusal.code, Why(_("You may not do this here."), ""))
