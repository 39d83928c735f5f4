"""Refusals as words in the caller's language, each reason by itself. Codes stay as they are: programs read those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.policies.types import Answer, PolicyRefused
from khaneh.interfaces import refusals
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal, RefusalKind


class Reason(NamedTuple):
    """One reason: its code, the words, what would help, the right that passes over it, the field that it is about. Texts may be empty."""

    code: str
    message: str
    remedy: str = ""
    right: str | None = None
    field: str = ""


_KINDS: Mapping[RefusalKind, Callable[[], str]] = {
    RefusalKind.INVALID: lambda: _("Something in it was not understood."),
    RefusalKind.NOT_ALLOWED: lambda: _("Your roles do not cover this."),
    RefusalKind.NOT_FOUND: lambda: _("There is no such thing, or it is not for you to see."),
    RefusalKind.CONFLICT: lambda: _("It has changed in the meantime, or its state does not permit it."),
    RefusalKind.LIMIT: lambda: _("A limit has been reached."),
    RefusalKind.UNAVAILABLE: lambda: _(
        "A part of the system that is needed does not answer. Please try again in a minute."
    ),
}
_REFUSALS: Mapping[str, Callable[[], str]] = {
    "people.account_closed": lambda: _("This account is closed."),
    "people.role_held_already": lambda: _("This person has the role here already for some of that time."),
    "people.last_administrator": lambda: _("Nobody would be left to administer this organisation."),
    "people.card_taken": lambda: _("This card is or was another member’s."),
    "people.card_held_already": lambda: _("The member has a card in use. Replace it, or close it first."),
    "people.no_card_in_use": lambda: _("The member has no card in use."),
    "people.wrong_member_state": lambda: _("The membership’s state does not permit this."),
    "people.already_member": lambda: _("There is a membership with this account already."),
    "people.possible_duplicate": lambda: _("This person may be a member already. Say “sure” if it is another person."),
    "people.guardian_missing": lambda: _("This category needs somebody who answers for the member."),
    "people.guardianship_cycle": lambda: _("Somebody would in the end answer for themself."),
    "people.guardianship_held_already": lambda: _("The two stand so to each other already."),
    "people.cannot_merge": lambda: _("These two cannot be made one: they are one already, or one of them is no more."),
    "people.pin_locked": lambda: _("Too many wrong PINs. Please try again in a quarter of an hour."),
    "people.calendar_key_unknown": lambda: _("This key to a calendar is unknown or was ended."),
    "people.token_unknown": lambda: _("This key is unknown, has ended or was revoked, or its maker may no longer act so."),
    "people.token_reads_only": lambda: _("This key may read only."),
    "people.token_not_for_account": lambda: _("This key does not act for its maker’s own membership."),
    "people.too_many_calls": lambda: _("Too many calls in one minute. Please wait a little."),
    "people.key_used_otherwise": lambda: _("This Idempotency-Key came with another call before. Take another one."),
    "circulation.card_unknown": lambda: _("No such card."),
    "circulation.copy_unknown": lambda: _("No copy has this barcode."),
    "circulation.copy_has_no_house": lambda: _("This copy belongs to no house yet."),
    "circulation.loan_ended": lambda: _("This loan has ended in the meantime."),
    "circulation.request_ended": lambda: _(
        "This request has ended in the meantime, or its copy is under way already."
    ),
    "circulation.already_requested": lambda: _("The member waits for it already."),
    "circulation.nothing_to_lend": lambda: _("No copy in the network could be brought to you."),
    "circulation.transfer_ended": lambda: _("This journey has ended in the meantime."),
    "circulation.payment_too_high": lambda: _("This is more than what is owed."),
    "circulation.terminal_name_taken": lambda: _("Another machine signs in by this name."),
    "circulation.inventory_closed": lambda: _("This inventory is closed: open another one to scan."),
    "circulation.run_ended": lambda: _("This round is over or has set out already."),
    "circulation.run_goes_elsewhere": lambda: _("This round does not come where the copy goes."),
    "circulation.device_revoked": lambda: _("This device was cut off."),
    "circulation.log_tampered": lambda: _("The device’s log was changed, or is not the one that began here."),
    "circulation.log_gap": lambda: _("Entries are missing before the first that was sent."),
    "circulation.conflict_settled": lambda: _("Somebody has settled it already."),
    "policies.refused": lambda: _("The rules do not permit it."),
    "credits.balance_short": lambda: _("There is too little to pay for it: pay at the desk, or earn credit by agreed work."),
    "credits.code_taken": lambda: _("Another credit has this code."),
    "credits.work_earns_nothing": lambda: _("The house credits no work of this kind."),
    "credits.work_decided": lambda: _("The house has answered in the meantime."),
    "credits.own_work": lambda: _("Nobody confirms their own work: ask a colleague."),
    "credits.too_many_waiting": lambda: _("Much of your work waits for an answer already. Ask the house to look at it first."),
    "spaces.code_taken": lambda: _("Another space has this code."),
    "spaces.does_not_fit": lambda: _("The space cannot be there: it would be in another house, in itself, or in something counted."),
    "spaces.in_use": lambda: _("What is booked would be without its place. Do it when nobody has booked it."),
    "spaces.not_in_service": lambda: _("It is out of order or retired, or its house is not open."),
    "spaces.state_change_refused": lambda: _("It does not go from this state to that."),
    "spaces.wrong_time": lambda: _("This is no time that could be booked here."),
    "spaces.too_many_people": lambda: _("It is for fewer people."),
    "spaces.slot_taken": lambda: _("Somebody has it at that time, or it is closed."),
    "spaces.booking_ended": lambda: _("The booking is over, or too far on its way for this."),
    "spaces.too_late_to_cancel": lambda: _("Only the desk of the house can cancel it by now."),
    "spaces.others_refused": lambda: _("It would leave other requests without room: name them to refuse them."),
    "spaces.not_yet": lambda: _("It is too early, or too late, to check in."),
    "spaces.closure_ended": lambda: _("It is open again already."),
    "spaces.qualification_lost": lambda: _("What the space asks for is not held any more."),
    "qualifications.code_taken": lambda: _("Another qualification has this code."),
    "qualifications.already_held": lambda: _("This person holds it already: renew it instead."),
    "qualifications.not_awarded": lambda: _("This qualification is awarded no more."),
    "qualifications.holding_ended": lambda: _("It has run out or was taken back: award it anew."),
}  # fmt: skip
# Why a time is none that could be booked.
_TIMES: Mapping[str, Callable[[], str]] = {
    "not_after_start": lambda: _("It ends before it begins."),
    "past": lambda: _("That time is over."),
    "too_short": lambda: _("This is too short here."),
    "too_long": lambda: _("This is too long here."),
    "not_on_slot": lambda: _("It does not begin where a slot begins."),
    "not_whole_slots": lambda: _("Its length is no number of whole slots."),
    "too_far": lambda: _("This is too far ahead."),
    "skipped_by_clocks": lambda: _("The clocks skip this time."),
}
_FAULTS: Mapping[str, Callable[[], str]] = {
    "missing": lambda: _("This is needed."),
    "required": lambda: _("This is needed."),
    "string_too_short": lambda: _("This is needed."),
    "too_long": lambda: _("This is too long."),
    "string_too_long": lambda: _("This is too long."),
    "too_many": lambda: _("These are too many."),
    "not_in_list": lambda: _("This cannot be chosen."),
    "enum": lambda: _("This cannot be chosen."),
    "literal_error": lambda: _("This cannot be chosen."),
    "extra_forbidden": lambda: _("There is no such field."),
    "out_of_range": lambda: _("This does not fit."),
    "greater_than": lambda: _("This does not fit."),
    "greater_than_equal": lambda: _("This does not fit."),
    "less_than": lambda: _("This does not fit."),
    "less_than_equal": lambda: _("This does not fit."),
    "control_characters": lambda: _("There are signs in it that cannot be written."),
    "not_claimed": lambda: _("Nobody has said that it was returned."),
    "on_hold_shelf": lambda: _("It stands on the hold shelf for a reader."),
}


def reasons(refusal: Refusal) -> list[Reason]:
    """Every reason of a refusal; at least one."""
    if isinstance(refusal, PolicyRefused):
        return list(_of_policies(refusal)) or [Reason(refusal.code, _REFUSALS["policies.refused"]())]
    if isinstance(refusal, SomethingOwed):
        return [
            Reason(one["code"], f"{_own(one['label'])} ({one['count']})", _("First something must be settled."))
            for one in refusal.facts["owed"]
        ]
    if isinstance(refusal, Invalid):
        fields: dict[str, str] = refusal.facts.get("fields", {})
        return [Reason(why, fault(why), field=name) for name, why in fields.items()] or [of_kind(refusal)]
    if refusal.code == "circulation.copy_on_loan":
        mine = refusal.facts.get("to_same_member")
        return [Reason(refusal.code, _("This reader has it already.") if mine else _("It is lent to another reader."))]
    if has_words(refusal.code):
        return list(of_code(refusal.code, refusal.facts))
    return [of_kind(refusal)]


def of_code(code: str, facts: Mapping[str, Any]) -> Iterator[Reason]:
    """The reasons of a refusal that came as a value, as a plan or a quote tells it."""
    if code == "policies.refused" and facts.get("reasons"):
        yield from _told(facts["reasons"])
    elif code == "spaces.wrong_time" and facts.get("why") in _TIMES:
        yield Reason(code, _TIMES[facts["why"]](), field="starts")
    elif found := refusals.said(code, facts):
        yield Reason(code, found.message, found.remedy)
    else:
        yield Reason(code, _REFUSALS.get(code, _KINDS[RefusalKind.CONFLICT])())


def of_answer(answer: Answer) -> Iterator[Reason]:
    """Every reason for which the policies refuse."""
    language = (get_language() or "en")[:2]
    for one in answer.refusals:
        remedy = one.remedy.pick(language) if one.remedy else ""
        yield Reason(one.code, one.label.pick(language), remedy, one.right)


def of_quote(code: str, facts: Mapping[str, Any], answer: Answer | None = None) -> list[Reason]:
    """All that stands in the way of what was only asked about: the refusal, if there is one, and what the policies refuse."""
    told = list(of_code(code, facts)) if code else []
    return told + (list(of_answer(answer)) if answer is not None and not answer.permitted else [])


def has_words(code: str) -> bool:
    """Whether a code has words of its own."""
    return (
        code in _REFUSALS or refusals.has_words(code) or code in ("circulation.copy_on_loan", "people.something_owed")
    )


def of_kind(refusal: Refusal) -> Reason:
    """The words for what sort of no it is."""
    return Reason(refusal.code, _KINDS[refusal.kind]())


def fault(why: str) -> str:
    """What is wrong with one field."""
    return _FAULTS[why]() if why in _FAULTS else _("This was not understood.")


def _of_policies(refusal: PolicyRefused) -> Iterator[Reason]:
    yield from _told(refusal.facts["reasons"])


def _told(reasons: Any) -> Iterator[Reason]:
    for one in reasons:
        remedy = _own(one["remedy"]) if one["remedy"] else ""
        yield Reason(one["code"], _own(one["label"]), remedy, one["right"])


def _own(label: dict[str, Any]) -> str:
    return Label.from_dict(label).pick((get_language() or "en")[:2])
