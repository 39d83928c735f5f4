"""Founding in words: states, money, shares, and every refusal with what would change it."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.founding.types import (
    AssessmentState,
    LineOutcome,
    PassportState,
    ProposalState,
    StandardState,
    TaskState,
)
from khaneh.interfaces.web import field_reasons, lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_number
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

# By kind of state: states of different kinds have the same word.
_TONES: dict[tuple[type[StrEnum], str], str] = {
    (ProposalState, "proposed"): "accent",
    (ProposalState, "assessed"): "warn",
    (ProposalState, "approved"): "action",
    (ProposalState, "fitting_out"): "action",
    (ProposalState, "open"): "good",
    (ProposalState, "refused"): "bad",
    (StandardState, "published"): "good",
    (StandardState, "draft"): "accent",
    (PassportState, "meets"): "good",
    (PassportState, "falls_short"): "bad",
    (TaskState, "done"): "good",
    (AssessmentState, "submitted"): "good",
    (AssessmentState, "drafted"): "accent",
}


def tone(state: StrEnum) -> str:
    """The color of a state's badge; empty for the plain one."""
    return _TONES.get((type(state), state.value), "")


def money(amount: int | None, currency: str) -> str:
    """An amount in words; a dash where there is none."""
    return lending.money(Money(amount, currency)) if amount is not None and currency else "—"


def share(permille: int | None) -> str:
    """A share in per cent with one digit after the point where it is none of 0."""
    if permille is None:
        return "—"
    # What is a little less than enough is not rounded up to it.
    number = show_number(permille / 10, reader.current().language, decimals=1 if permille % 10 else 0)
    return _("%(number)s %%") % {"number": number}


def why(refusal: Refusal) -> Why:
    """Why something is refused, and what would change it."""
    facts = refusal.facts
    again = _("Look at how it stands: the page shows it as it is.")
    currency = str(facts.get("currency", ""))
    said: dict[str, tuple[str, str]] = {
        "founding.standard_state_refused": (
            _("The standard is not in a state for this."), _("What is published never changes: begin another version.")
        ),
        "founding.standard_not_in_force": (
            _("Nothing is judged by this standard."), _("Choose one that is in force and made for this kind of house.")
        ),
        "founding.code_taken": (_("Another authority has a standard with this code."), _("Choose another code.")),
        "network.code_taken": (_("Another house has this code."), _("Choose another code.")),
        "founding.proposed_already": (
            _("This house is proposed already, or in service."), _("Look for it among the proposals.")
        ),
        "founding.proposal_state_refused": (_("It has been dealt with in the meantime."), again),
        "founding.not_impartial": (
            {
                "proposer": _("You proposed this house yourself."),
                "assessor": _("You assessed this house yourself."),
            }.get(str(facts.get("role")), _("You manage this house yourself.")),
            _("Somebody else of the authority has to do this."),
        ),
        "founding.assessment_closed": (_("The assessment is closed, or somebody else is writing one."), again),
        "founding.assessment_incomplete": (
            ngettext(
                "%(number)s item is not complete.", "%(number)s items are not complete.", len(facts.get("items", ()))
            ) % {"number": show_number(len(facts.get("items", ())), reader.current().language)},
            _("Each needs a score and what was seen; where a photograph is asked for, that as well."),
        ),
        "founding.budget_exceeded": (
            _("This is more than the budget: %(left)s are left.") % {"left": money(int(facts.get("left") or 0), currency)},
            _("Who decided on the house can change the budget."),
        ),
        "founding.tasks_open": (
            _("Something is still to be done."), _("Mark the tasks as done, or drop them, and open it then.")
        ),
        "founding.taken_back_already": (_("This was taken back already."), again),
        "founding.file_unreadable": (
            _("Columns are missing: %(names)s.") % {"names": ", ".join(facts.get("columns", ()))}
            if facts.get("reason") == "missing_columns" else _("The file is not a table with a checklist."),
            _("Take the checklist of another standard as a pattern: CSV in UTF-8, or XLSX."),
        ),
        "kernel.not_found": (_("This has ended in the meantime."), ""),
    }  # fmt: skip
    found = said.get(refusal.code)
    return Why(*found) if found else lending.reasons(refusal)[0]


def sentence(refusal: Refusal) -> str:
    """Why, and what would change it, in one line."""
    told = why(refusal)
    return f"{told.said} {told.remedy}".strip()


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return field_reasons.wrong(
        reason,
        {
            "too_large": _("The picture is too large."),
            "future": _("This day is still to come."),
            "whole_number": _("This is no whole number."),
            "flag": _("Yes or no: 1 or 0."),
        },
    )


def outcomes() -> dict[LineOutcome, str]:
    """What becomes of a line of a file."""
    return {
        LineOutcome.ENTERED: _("entered"),
        LineOutcome.CHANGED: _("changed"),
        LineOutcome.SAME: _("unchanged"),
        LineOutcome.REMOVED: _("goes"),
        LineOutcome.REFUSED: _("refused"),
    }
