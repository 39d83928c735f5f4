"""Vacancies, matches and placements in words: evidence, pay, states and every refusal with what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.placements import queries
from khaneh.domains.placements.types import (
    END_REASONS,
    LEVELS,
    PLACEMENT_STATES,
    VACANCY_KINDS,
    About,
    EscoOutcome,
    Evidence,
    Level,
    Match,
    Outcome,
    PlacementRow,
    PlacementState,
    VacancyRow,
    VacancyState,
)
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces import refusals
from khaneh.interfaces.web import field_reasons, lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_number, show_short_date
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

TONES = {
    PlacementState.OFFERED: "accent",
    PlacementState.ACCEPTED: "action",
    PlacementState.STARTED: "action",
    PlacementState.CONFIRMED_3: "good",
    PlacementState.CONFIRMED_12: "good",
    PlacementState.UNKNOWN: "warn",
}
OUTCOME_TONES = {
    Outcome.CONFIRMED_12: "good",
    Outcome.CONFIRMED_3: "good",
    Outcome.ELSEWHERE: "good",
    Outcome.STARTED: "action",
    Outcome.SAID_JOB: "action",
    Outcome.SAID_BUSINESS: "action",
    Outcome.SAID_STUDY: "action",
    Outcome.NO_ANSWER: "warn",
    Outcome.NOTHING_KNOWN: "warn",
}
VACANCY_TONES = {
    VacancyState.PUBLISHED: "good",
    VacancyState.FILLED: "action",
    VacancyState.EXPIRED: "warn",
}


class Names(NamedTuple):
    """What codes of skills and qualifications are called."""

    skills: Mapping[str, Label]
    qualifications: Mapping[str, Label]


class Piece(NamedTuple):
    """One wish of a vacancy with what is there of it, in words."""

    said: str
    detail: str
    met: bool
    essential: bool


def names(matches: Iterable[Match | None]) -> Names:
    """What the evidence of matches speaks of. Two statements."""
    codes = {bit.code for match in matches if match is not None for bit in match.evidence if bit.about is About.SKILL}
    return Names(queries.skill_words(codes), dict(qualifications.choices()))


def pieces(match: Match, known: Names) -> list[Piece]:
    """The evidence of a match, what is lacking last."""
    return [_piece(one, known) for one in sorted(match.evidence, key=lambda one: (not one.met, not one.essential))]


def level(number: int) -> str:
    """How well."""
    return LEVELS[Level(number)].pick(reader.current().language)


def pay(row: VacancyRow) -> str:
    """A month's pay; empty where it is agreed."""
    if row.pay_from is None:
        return ""
    first = lending.money(Money(row.pay_from, row.pay_currency))
    if row.pay_to is None or row.pay_to == row.pay_from:
        return _("%(sum)s a month") % {"sum": first}
    return _("%(least)s to %(most)s a month") % {
        "least": first,
        "most": lending.money(Money(row.pay_to, row.pay_currency)),
    }


def place(row: VacancyRow) -> str:
    """Where it is, the smallest first."""
    language = reader.current().language
    said = [row.house.names.pick(language)] if row.house else []
    said += [ref.names.pick(language) for ref in reversed(row.regions)]
    if row.remote:
        said.append(_("from anywhere"))
    return _(", ").join(said)


def kind(row: VacancyRow | PlacementRow) -> str:
    """A job, an internship, an apprenticeship."""
    return VACANCY_KINDS[row.kind].pick(reader.current().language)


def state(row: PlacementRow) -> str:
    """How a placement stands, with the reason where it has ended."""
    language = reader.current().language
    said = PLACEMENT_STATES[row.state].pick(language)
    return f"{said}: {END_REASONS[row.end_reason].pick(language)}" if row.end_reason else said


def day(value: date) -> str:
    """A day in figures."""
    return show_short_date(value, calendar=reader.current().calendar, language=reader.current().language)


def places(row: VacancyRow) -> str:
    """How many are looked for."""
    number = {"number": show_number(row.left, reader.current().language)}
    return ngettext("%(number)s place", "%(number)s places", row.left) % number


def why(refusal: Refusal) -> Why:
    """Why something is refused, and what would change it."""
    facts = refusal.facts
    shown = {name: show_number(value, reader.current().language) for name, value in facts.items() if type(value) is int}
    said: dict[str, tuple[str, str]] = {
        "placements.not_due_yet": (
            _("They have not worked there for so long."),
            _("It can be confirmed from %(day)s.") % {"day": day(date.fromisoformat(facts["due_on"]))}
            if "due_on" in facts else "",
        ),
        "placements.fewer_places_than_taken": (
            _("%(taken)s places are taken already.") % {"taken": shown.get("taken", "")}, _("Choose at least so many.")
        ),
        "placements.file_unreadable": (
            {
                "not_utf8": _("The file is not in UTF-8."),
                "columns": _("Columns are missing: %(names)s.") % {"names": facts.get("missing", "")},
            }.get(str(facts.get("reason")), _("The file is not a table.")),
            _("Take skills_en.csv as ESCO publishes it."),
        ),
        "kernel.not_found": (_("This has ended in the meantime."), ""),
    }  # fmt: skip
    found = said.get(refusal.code) or refusals.said(refusal.code, facts)
    return Why(*found) if found else lending.reasons(refusal)[0]


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return field_reasons.wrong(
        reason,
        {
            "out_of_range": _("This is not possible: too much, too little or too late."),
            "twice": _("The same is chosen twice."),
        },
    )


def facts_of(refusal: Refusal) -> dict[str, str]:
    """The wrong fields of a refusal, each with its sentence."""
    return field_reasons.by_field(refusal, wrong)


def _piece(one: Evidence, known: Names) -> Piece:
    language = reader.current().language
    if one.about is About.SKILL:
        said = known.skills[one.code].pick(language) if one.code in known.skills else one.code
        wanted = level(one.wanted or 1)
        detail = wanted if one.met else _("wanted: %(level)s") % {"level": wanted}
        return Piece(said, detail, one.met, one.essential)
    if one.about is About.QUALIFICATION:
        said = known.qualifications[one.code].pick(language) if one.code in known.qualifications else one.code
        return Piece(said, _("they hold it") if one.met else _("they do not hold it"), one.met, one.essential)
    if one.about is About.KIND:
        label = next((label for code, label in VACANCY_KINDS.items() if code.value == one.code), None)
        return Piece(label.pick(language) if label else one.code, "", one.met, one.essential)
    return Piece(_("Place of work"), _where(one), one.met, one.essential)


def _where(one: Evidence) -> str:
    if one.code == "remote":
        return _("from anywhere")
    if one.code == "km" and one.has is not None:
        far = show_number(one.has, reader.current().language)
        return _("%(far)s km away") % {"far": far}
    if one.code == "region":
        return _("the same region") if one.met else _("another region")
    return _("not known")


def esco_outcomes() -> dict[EscoOutcome, str]:
    """What becomes of a line of ESCO's file."""
    return {
        EscoOutcome.ENTERED: _("entered, lies aside"),
        EscoOutcome.LINKED: _("joined to a skill of ours"),
        EscoOutcome.CHANGED: _("changed"),
        EscoOutcome.SAME: _("unchanged"),
        EscoOutcome.REFUSED: _("refused"),
    }


def esco_reason(reason: str) -> str:
    """Why a line was refused, or what one should look at."""
    return {
        "not_a_skill": _("Not a skill but something else of ESCO."),
        "format": _("No address of a skill in ESCO."),
        "required": _("It has no name."),
        "too_long": _("Its name is too long."),
        "twice": _("It stands in the file before."),
        "code_taken": _("Its code is taken by a skill that was merged."),
        "not_released": _("ESCO does not publish it any more."),
        "resembles": _("One of its other names is that of a skill of ours: merge the two if they are the same."),
    }.get(reason, _("This is not possible here."))
