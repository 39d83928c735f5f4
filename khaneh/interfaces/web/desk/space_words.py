"""What the desk says of spaces and bookings: refusals with their rule and what staff may do about them, and codes as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from khaneh.domains.network.types import ROLES, Role
from khaneh.domains.policies.types import PolicyRefused
from khaneh.domains.spaces.permissions import RIGHT_HOLDERS
from khaneh.domains.spaces.types import END_REASONS, BookingState, EndReason
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal

Facts = Mapping[str, Any]
# Good, warn and bad are colours; a booking that is simply over has none.
TONES: Mapping[BookingState, str] = {
    BookingState.TENTATIVE: "warn",
    BookingState.REQUESTED: "accent",
    BookingState.CONFIRMED: "action",
    BookingState.CHECKED_IN: "good",
    BookingState.DONE: "",
    BookingState.CANCELLED: "",
    BookingState.NO_SHOW: "bad",
    BookingState.REFUSED: "",
}
_IN_USE: Mapping[str, Callable[[], str]] = {
    "stays": lambda: _("Somebody has booked it, or something in it: move it when nobody has."),
    "units_in_use": lambda: _("Some of those that would go are booked: cancel or move these bookings first."),
    "under_way": lambda: _("Somebody is using it: close it from the end of their time."),
}
_FITS: Mapping[str, Callable[[], str]] = {
    "house": lambda: _("What it is in must be of the same house."),
    "one_house": lambda: _("What it is in must be of the same house."),
    "cycle": lambda: _("It cannot be inside itself."),
    "tree_cycle": lambda: _("It cannot be inside itself."),
    "counted_holds_nothing": lambda: _("What is counted, such as twelve equal desks, contains nothing."),
}
_SAID: Mapping[str, Callable[[Facts], str]] = {
    "spaces.code_taken": lambda facts: _("Another space has this code."),
    "spaces.does_not_fit": lambda facts: _said(_FITS, facts.get("why"), _("It cannot be there.")),
    "spaces.in_use": lambda facts: _said(_IN_USE, facts.get("why"), _("Somebody has booked it.")),
    "spaces.state_change_refused": lambda facts: _("Its state has changed in the meantime: look at it again."),
    "spaces.closure_ended": lambda facts: _("This closure is over."),
    "spaces.others_refused": lambda facts: _(
        "In the meantime others asked who would be left without room. They are among those below: look again."
    ),
    "qualifications.code_taken": lambda facts: _("Another qualification has this code."),
    "qualifications.already_held": lambda facts: _("They hold it at this moment: renew it instead."),
    "qualifications.not_awarded": lambda facts: _("It is awarded no more."),
    "qualifications.holding_ended": lambda facts: _("It is over: award it anew."),
    "kernel.not_allowed": lambda facts: _("This is for whoever leads the house to do."),
}
_FAULTS: Mapping[str, Callable[[], str]] = {
    "required": lambda: _("This is needed."),
    "format": lambda: _("Latin letters, digits, points, hyphens and underscores; a letter or digit first."),
    "too_long": lambda: _("This is too long."),
    "not_in_list": lambda: _("This cannot be chosen."),
    "out_of_range": lambda: _("This number does not fit."),
    "not_whole_slots": lambda: _("No whole number of slots lies between the shortest and the longest time."),
    "overlap": lambda: _("Two spans of a day share time."),
    "unknown": lambda: _("There is no such thing."),
    "out_of_order": lambda: _("The end must lie after the beginning."),
    "past": lambda: _("This time is over."),
    "not_a_picture": lambda: _("This is no picture that can be read: send a JPEG, PNG or WebP file."),
    "too_large": lambda: _("This picture is too large: 25 MB and 80 million pixels at most."),
    "too_many": lambda: _("A space shows twelve photographs at most: take one away first."),
}


class Reason(NamedTuple):
    """Why the rules say no; `right` passes over it, which `mine` says is the reader's, and `who` whose it is."""

    said: str
    remedy: str
    right: str
    mine: bool
    who: str


def refusal(found: Refusal, *, zone: str = "UTC") -> str:
    """Any refusal in a sentence or two."""
    if found.code in _SAID:
        return _SAID[found.code](found.facts)
    if isinstance(found, Invalid):
        said = list(dict.fromkeys(fault(why) for why in found.facts.get("fields", {}).values()))
        return " ".join(said)
    return wording.sentence(found, zone=zone)


def of_code(code: str, facts: Facts, *, zone: str) -> str:
    """The same for a refusal that a quote tells of."""
    return " ".join(f"{why.said} {why.remedy}".strip() for why in wording.reasons_of(code, facts, zone=zone))


def fault(why: str) -> str:
    """What is wrong with one field."""
    return _FAULTS[why]() if why in _FAULTS else _("This was not understood.")


def reasons(found: PolicyRefused, mine: frozenset[str]) -> list[Reason]:
    """Every reason of the rules, with what would help and who may pass over it."""
    language = reader.current().language
    order = list(Role)
    return [
        Reason(
            said=Label(**one["label"]).pick(language),
            remedy=Label(**one["remedy"]).pick(language) if one["remedy"] else "",
            right=one["right"] or "",
            mine=one["right"] in mine,
            who=_(", ").join(
                ROLES[Role(role)].pick(language)
                for role in sorted(RIGHT_HOLDERS.get(one["right"] or "", ()), key=lambda role: order.index(Role(role)))
            ),
        )
        for one in found.facts["reasons"]
    ]


def ended(reason: EndReason | None, words: str) -> str:
    """Why a booking ended, in its own words where there are any."""
    if words:
        return words
    return END_REASONS[reason].pick(reader.current().language) if reason is not None else ""


def _said(words: Mapping[str, Callable[[], str]], why: Any, otherwise: str) -> str:
    return words[why]() if why in words else otherwise
