"""Residencies in words: amounts in their units, tones of states, and every refusal with what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.residencies.types import DAYS, MINUTES, MilestoneState, ResidencyState, SessionState, TrancheState
from khaneh.interfaces import refusals
from khaneh.interfaces.web import field_reasons, lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_minutes, show_number, show_short_date
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

TONES: Mapping[str, str] = {
    ResidencyState.OFFERED: "accent",
    ResidencyState.MOVED_IN: "action",
    ResidencyState.GRADUATED: "good",
    MilestoneState.SUBMITTED: "warn",
    MilestoneState.REACHED: "good",
    SessionState.BOOKED: "action",
    SessionState.HELD: "good",
    SessionState.MISSED: "warn",
    TrancheState.PROMISED: "accent",
    TrancheState.PAID: "good",
}


def amount(value: int, unit: str) -> str:
    """An amount with its unit, in the reader's digits: money, hours and minutes, or days."""
    language = reader.current().language
    if unit == MINUTES:
        sign = "−" if value < 0 else ""
        return sign + _duration(abs(value))
    if unit == DAYS:
        return ngettext("%(number)s day", "%(number)s days", value) % {"number": show_number(value, language)}
    return lending.money(Money(value, unit))


def _duration(minutes: int) -> str:
    language = reader.current().language
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": show_number(rest, language)}
    if not rest:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": show_number(hours, language)}
    return _("%(hours)s h %(minutes)s min") % {
        "hours": show_number(hours, language),
        "minutes": show_number(rest, language),
    }


def clock(minutes: int) -> str:
    """A time of day in the reader's digits."""
    return show_minutes(minutes, reader.current().language)


def short(day: date) -> str:
    """A day as it is typed, in the reader's calendar."""
    who = reader.current()
    return show_short_date(day, calendar=who.calendar, language=who.language)


def why(refusal: Refusal) -> Why:
    """Why something is refused and what would change it."""
    facts = refusal.facts
    if refusal.code == "residencies.file_refused":
        return Why(*_file(str(facts.get("why", ""))))
    if refusal.code == "residencies.budget_short" and {"left", "unit"} <= set(facts):
        left = amount(facts["left"], facts["unit"])
        return Why(
            _("The budget line has %(left)s left.") % {"left": left},
            _("Give less, choose another line, or raise its limit."),
        )
    if refusal.code == "networking.shared_hours_used_up":
        return Why(
            _("So much of the mentor's shared hours is not left this month."), _("Take a time in another month.")
        )
    found = refusals.said(refusal.code, facts)
    return Why(found.message, found.remedy) if found else lending.reasons(refusal)[0]


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return field_reasons.wrong(
        reason,
        {
            "too_many": _("There are too many already."),
            "not_of_kind": _("The budget line is for something else."),
            "out_of_range": _("This is not possible: too much, too little, too early or too late."),
            "past": _("This time is over."),
        },
    )


def fields() -> dict[str, str]:
    """What fields of small forms are called, for a sentence about them."""
    return {
        "amount": _("Amount"), "answer": _("Answer"), "due_on": _("Due on"), "ends": _("Until"), "ends_on": _("Until"),
        "fate": _("What it is today"), "first": _("From"), "given_on": _("Given on"), "kind": _("Kind"), "last": _("Until"),
        "line": _("Budget line"), "milestone": _("Milestone"), "names": _("Name"), "note": _("Note"),
        "people": _("People"), "place": _("Place"), "reason": _("Reason"), "said": _("Your words"),
        "starts": _("Begins"), "summary": _("What was agreed"), "text": _("What you need"), "topic": _("About what"),
        "wanted": _("What shows it"), "why": _("Why they"),
    }  # fmt: skip


def facts_of(refusal: Refusal) -> dict[str, str]:
    """The wrong fields of a refusal, each with its sentence."""
    return field_reasons.by_field(refusal, wrong)


def sentence(refusal: Refusal) -> str:
    """A refusal in one line: the wrong fields, or why not and what would change it."""
    told = facts_of(refusal)
    if told:
        known = fields()
        return " ".join(f"{known[name]}: {text}" if name in known else text for name, text in told.items())
    found = why(refusal)
    return f"{found.said} {found.remedy}".strip()


def _file(why: str) -> tuple[str, str]:
    return {
        "empty": (_("The file is empty."), _("Choose another one.")),
        "too_large": (_("The file is larger than 20 megabytes."), _("Make it smaller, or give it in parts.")),
        "too_many": (_("Twelve files are there already."), _("Put several into one.")),
    }.get(
        why,
        (
            _("The file is not what its name says, or of a kind that is not taken."),
            _("PDF, PNG, JPEG, WebP, DOCX, XLSX and plain text are taken."),
        ),
    )
