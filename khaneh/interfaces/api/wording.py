"""Refusals as words in the caller's language, each reason by itself. Codes stay as they are: programs read those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.policies.types import PolicyRefused
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
}  # fmt: skip
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
    if refusal.code in _REFUSALS:
        return [Reason(refusal.code, _REFUSALS[refusal.code]())]
    return [of_kind(refusal)]


def has_words(code: str) -> bool:
    """Whether a code has words of its own; for tests."""
    return code in _REFUSALS or code in ("circulation.copy_on_loan", "people.something_owed")


def of_kind(refusal: Refusal) -> Reason:
    """The words for what sort of no it is."""
    return Reason(refusal.code, _KINDS[refusal.kind]())


def fault(why: str) -> str:
    """What is wrong with one field."""
    return _FAULTS[why]() if why in _FAULTS else _("This was not understood.")


def _of_policies(refusal: PolicyRefused) -> Iterator[Reason]:
    for one in refusal.facts["reasons"]:
        remedy = _own(one["remedy"]) if one["remedy"] else ""
        yield Reason(one["code"], _own(one["label"]), remedy, one["right"])


def _own(label: dict[str, Any]) -> str:
    return Label.from_dict(label).pick((get_language() or "en")[:2])
