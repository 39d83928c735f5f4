"""What the pages of selection say of refusals, and how they show what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.domains.selection.types import DECISION_KINDS, TIE_KINDS, DecisionKind, ReviewState, Standing, TieKind
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
        "selection.rules_fixed": _("The rules are fixed, and stay as they are."),
        "selection.rules_not_fixed": _("Fix the rules first: nobody judges by rules that can change."),
        "selection.call_not_closed": _("The call is still open: applications can change until its deadline."),
        "selection.reviewer_already": _("They are among the reviewers already."),
        "selection.reviewer_full": _("They have as many reviews as they take. Choose another reviewer, or raise their number."),
        "selection.assigned_already": _("They have this application already."),
        "selection.review_state_refused": _("This review has ended, or is submitted; it stays as it is."),
        "selection.scores_missing": _("Give every criterion a score before you submit. What you wrote is kept."),
        "selection.application_state_refused": _("The application is not in a state for this. Look how it stands."),
        "programmes.application_state_refused": _("The application is not in a state for this. Look how it stands."),
        "selection.nothing_to_rank": _("No review that counts has been submitted yet."),
        "selection.no_place_left": _("All places are given. Use the waiting list, or wait until one is given back."),
        "selection.own_matter": _("This concerns you or your own decision: another officer must do it."),
        "selection.slot_taken": _("Somebody else has taken this time. Choose another."),
        "selection.slot_over": _("This time has begun already. Choose another."),
        "selection.appeal_too_late": _("The time to appeal is over."),
        "selection.appealed_already": _("This appeal was made or answered already."),
        "selection.contract_state_refused": _("There is a contract already, or none that can be signed."),
        "selection.no_contract_text": _("There is no text of the contract in the applicants’ language. Write it among the rules."),
        "kernel.not_found": _("This has ended in the meantime."),
    }  # fmt: skip
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
