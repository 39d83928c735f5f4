"""What the pages of selection say of refusals, and how they show what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.domains.selection.types import DECISION_KINDS, TIE_KINDS, DecisionKind, ReviewState, Standing, TieKind
from khaneh.interfaces import refusals
from khaneh.interfaces.web import lending, reader
from khaneh.kernel.calendars import latin_digits, show_instant, show_number
from khaneh.kernel.refusal import Refusal

TONES: Mapping[ReviewState, str] = {
    ReviewState.ASSIGNED: "accent",
    ReviewState.DECLARED: "action",
    ReviewState.DRAFTED: "action",
    ReviewState.SUBMITTED: "good",
    ReviewState.CONFLICTED: "bad",
    ReviewState.SET_ASIDE: "bad",
}


def told(request: HttpRequest, refusal: Refusal) -> None:
    """Say on top of the next page why something was refused, and what would help."""
    messages.error(request, sentence(refusal))


def sentence(refusal: Refusal) -> str:
    """Why something was refused, and what would help."""
    facts = refusal.facts
    if refusal.code == "kernel.invalid":
        return " ".join(dict.fromkeys(wrong(reason) for reason in facts.get("fields", {}).values()))
    if refusal.code == "selection.conflicted":
        kinds = _(", ").join(tie(kind) for kind in facts.get("kinds", ()))
        return _("Something ties the reviewer to the applicants: %(kinds)s. Choose another reviewer.") % {
            "kinds": kinds
        }
    if refusal.code == "selection.decided_meanwhile":
        return _("%(name)s has decided meanwhile: %(kind)s. Look at it before you decide again.") % {
            "name": facts.get("name") or _("Somebody"),
            "kind": DECISION_KINDS[DecisionKind(facts["kind"])].pick(_language()) if facts.get("kind") else "—",
        }
    said = {
        "programmes.application_state_refused": _("The application is not in a state for this. Look how it stands."),
        "kernel.not_found": _("This has ended in the meantime."),
    }
    if (found := refusals.said(refusal.code, facts)) is not None:
        return f"{found.message} {found.remedy}".strip()
    return said.get(refusal.code) or lending.sentence(refusal)


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return {
        "required": _("Something that is needed is missing."),
        "too_long": _("A text is too long."),
        "not_in_list": _("Something is not in the list."),
        "out_of_range": _("A number is too small or too large."),
        "past": _("The time is over already."),
        "format": _("A number, day or time was not understood."),
        "twice": _("The same group is named twice."),
        "too_many": _("There are too many lines."),
        "no_account": _("Nobody has an account with this address. Ask them to sign up first."),
        "unknown_word": _("A word in braces is unknown; the list of those that can be filled stands beside the text."),
        "not_the_last": _("There is a later ranking. Decide by that one."),
    }.get(reason, _("This is not possible here."))


def tie(kind: str) -> str:
    """A kind of tie in words."""
    return TIE_KINDS[TieKind(kind)].pick(_language())


def standing(one: Standing) -> str:
    """What a ranking proposes."""
    return {
        Standing.PLACE: _("A place"),
        Standing.WAITING: _("Waiting list"),
        Standing.NONE: _("No place"),
    }[one]


def act(kind: str) -> str:
    """An act of the trail."""
    return {
        "round.opened": _("Selection begun"),
        "round.changed": _("Rules changed"),
        "round.fixed": _("Rules fixed"),
        "contract.text_changed": _("Text of the contract changed"),
        "reviewer.added": _("Reviewer added"),
        "reviewer.left": _("Reviewer left"),
        "review.assigned": _("Review assigned"),
        "review.taken_back": _("Review taken back"),
        "review.declared": _("No conflict declared"),
        "review.submitted": _("Review submitted"),
        "review.conflicted": _("Review ended for a conflict"),
        "review.set_aside": _("Submitted review set aside for a conflict"),
        "ranking.made": _("Ranking made"),
        "slots.added": _("Times for interviews added"),
        "slots.removed": _("Time for an interview removed"),
        "interview.invited": _("Invited to an interview"),
        "interview.slot_taken": _("Time for the interview taken"),
        "decision.made": _("Decided"),
        "appeal.made": _("Appealed"),
        "appeal.answered": _("Appeal answered"),
        "contract.issued": _("Contract issued"),
        "contract.taken_back": _("Contract taken back"),
        "contract.signed": _("Contract signed"),
    }.get(kind, kind)


def points(value: int | None) -> str:
    """Thousandths as points with one decimal, in the reader's digits."""
    return "—" if value is None else show_number(value / 1000, _language(), decimals=1)


def whole(text: str) -> int | None:
    """A whole number in whatever digits; None where it is none."""
    typed = latin_digits(text.strip())
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def thousandths(text: str) -> int | None:
    """Points with at most three decimals, in whatever digits, as thousandths; None where they are none."""
    typed = latin_digits(text.strip()).replace("٫", ".").replace(",", ".")
    first, _point, rest = typed.partition(".")
    if not (first.isascii() and first.isdigit() and len(first) < 5 and len(rest) < 4 and (not rest or rest.isdigit())):
        return None
    return int(first) * 1000 + int(rest.ljust(3, "0") or 0)


def zone_of(house_id: int) -> str:
    """The clocks of a house."""
    return network.house_facts(house_id).calendar.zone


def instant(at: datetime, zone: str) -> str:
    """Day and time on the clocks of a house."""
    who = reader.current()
    return show_instant(at, zone=zone, calendar=who.calendar, language=who.language)


def _language() -> str:
    return reader.current().language
