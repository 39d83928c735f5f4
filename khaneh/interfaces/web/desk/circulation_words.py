"""What the desk says of each scan: words and a tone (good, info, warn, bad), in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.circulation.permissions import RIGHT_HOLDERS
from khaneh.domains.circulation.queries.damages import damage_fee
from khaneh.domains.circulation.queries.members import MemberPicture
from khaneh.domains.circulation.types import REQUEST_STATES, RequestState, Returned, ReturnedTo
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.network.types import ROLES, Role
from khaneh.domains.people.types import BLOCK_REASONS, MEMBER_STATES, MemberState
from khaneh.domains.policies.types import PolicyRefused
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.templatetags.khaneh import short_day
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money, minor_digits
from khaneh.kernel.refusal import Refusal

_REFUSALS: Mapping[str, Callable[[], str]] = {
    "circulation.card_unknown": lambda: _("No such card."),
    "circulation.copy_unknown": lambda: _("No copy has this barcode."),
    "circulation.copy_has_no_house": lambda: _("This copy belongs to no house yet."),
    "circulation.loan_ended": lambda: _("This loan has changed in the meantime, or ten minutes have passed."),
    "circulation.payment_too_high": lambda: _("This is more than what is owed."),
    "circulation.request_ended": lambda: _("This request has changed in the meantime."),
    "circulation.already_requested": lambda: _("The reader waits for it already."),
    "kernel.not_allowed": lambda: _("This is for the house that lent it to do, or for whoever leads it."),
    "kernel.invalid": lambda: _("Please look at the date or the reason again."),
}
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def latin_digits(text: str) -> str:
    """Digits as barcodes have them, whatever keyboard typed them."""
    return text.strip().translate(_DIGITS)


def money(amount: Money) -> str:
    """An amount with its currency, in the reader's digits."""
    digits = minor_digits(amount.currency)
    value = amount.amount / 10**digits if digits else amount.amount
    forms = {"IRR": _("%(sum)s rials"), "VND": _("%(sum)s đồng")}
    shown = show_number(value, reader.current().language, decimals=digits)
    return forms.get(amount.currency, "%(sum)s " + amount.currency) % {"sum": shown}


def plain(amount: Money) -> str:
    """An amount as a field holds it."""
    digits = minor_digits(amount.currency)
    return f"{amount.amount / 10**digits:.{digits}f}" if digits else str(amount.amount)


def amount(text: str, currency: str) -> Money:
    """What somebody typed as an amount: any digits; signs between thousands where the currency has no smaller part. Raises ValueError."""
    plain_text = latin_digits(text).replace("٬", "").replace(" ", "").replace("\u00a0", "").replace("٫", ".")
    if not minor_digits(currency):
        plain_text = plain_text.replace(",", "").replace(".", "")
    return Money.parse(plain_text, currency)


def count(number: int) -> str:
    """A number in the reader's digits."""
    return show_number(number, reader.current().language)


def lent(due_at: datetime, house: HouseFacts) -> str:
    """A loan was made."""
    return _("Lent until %(day)s") % {"day": short_day(due_at.astimezone(ZoneInfo(house.calendar.zone)))}


def renewed(due_at: datetime, house: HouseFacts) -> str:
    """A loan goes on."""
    return _("Renewed until %(day)s") % {"day": short_day(due_at.astimezone(ZoneInfo(house.calendar.zone)))}


def welcome(member: MemberPicture, today: date) -> tuple[str, str]:
    """Tone and words when a card is read: what a librarian must know before anything is lent. `today` is the house's day."""
    row, language = member.member, reader.current().language
    more = [BLOCK_REASONS[block.reason].pick(language) for block in row.blocks]
    if row.state is not MemberState.ACTIVE:
        more.append(MEMBER_STATES[row.state].pick(language))
    if row.expires_on is not None and row.expires_on < today:
        more.append(_("The membership has ended."))
    stop = bool(more)
    if member.overdue:
        more.append(_("%(number)s overdue") % {"number": count(member.overdue)})
    more += [_("owes %(shown)s") % {"shown": money(owed)} for owed in member.owed if owed.amount > 0]
    if row.messages:
        more.append(_("There is a message."))
    if member.ready:
        more.append(_("%(number)s ready to collect") % {"number": count(member.ready)})
    # A Latin name must not turn a Persian line around.
    return ("bad" if stop else "warn" if more else "good"), " · ".join([f"\u2068{row.name}\u2069", *more])


def returned(back: Returned, house: HouseFacts) -> tuple[str, str]:
    """Tone and words of a return: where the copy goes, and what was late."""
    to = _house(back.to_house_id)
    tone, said = {
        ReturnedTo.SHELF: ("good", _("Returned: back on the shelf")),
        ReturnedTo.HOLD_SHELF: ("warn", _("A reader waits for it: put it on the hold shelf")),
        ReturnedTo.TRANSIT_TO_READER: ("warn", _("A reader waits for it at %(house)s: send it there") % {"house": to}),
        ReturnedTo.TRANSIT_TO_EVEN_OUT: (
            "warn",
            _("Too many of its kind are here: send it to %(house)s") % {"house": to},
        ),
        ReturnedTo.TRANSIT_HOME: ("warn", _("It belongs to %(house)s: send it there") % {"house": to}),
        ReturnedTo.REPAIR: ("warn", _("Put it aside for repair")),
    }[back.goes_to]
    more = []
    if back.loan_id is None:
        more.append(_("it was not lent"))
    if back.was_late_days:
        more.append(_("%(days)s days late") % {"days": show_number(back.was_late_days, reader.current().language)})
    if back.fee:
        more.append(_("fee %(sum)s") % {"sum": money(Money(back.fee, back.currency))})
    if back.fee:
        tone = "warn"
    elif back.loan_id is None and tone == "good":
        tone = "info"
    return tone, " · ".join([said, *more])


def damage_terms(back: Returned, house: HouseFacts) -> dict[str, str]:
    """What a damage of a copy that came in costs by the terms of its loan, as a form holds it; an empty amount where they say nothing."""
    fee = damage_fee(back.loan_id) if back.loan_id is not None else None
    return {
        "amount": plain(fee) if fee is not None else "",
        "currency": fee.currency if fee is not None else house.currency,
    }


def slip(back: Returned) -> str:
    """The address of the slip that goes into the copy, or empty."""
    if back.goes_to is ReturnedTo.HOLD_SHELF:
        return reverse("desk-circulation-slip", kwargs={"kind": "hold", "number": back.request_id})
    if back.transfer_id is not None:
        return reverse("desk-circulation-slip", kwargs={"kind": "transfer", "number": back.transfer_id})
    return ""


def reasons(refusal: PolicyRefused, mine: frozenset[str]) -> list[dict[str, Any]]:
    """Why the rules say no: words, what would help, and who may pass over it."""
    language = reader.current().language
    shown = []
    for one in refusal.facts["reasons"]:
        right = one["right"]
        roles = sorted(RIGHT_HOLDERS.get(right or "", ()), key=[role.value for role in Role].index)
        shown.append(
            {
                "label": Label(**one["label"]).pick(language),
                "remedy": Label(**one["remedy"]).pick(language) if one["remedy"] else "",
                "right": right,
                "mine": right in mine,
                "who": _(", ").join(ROLES[Role(role)].pick(language) for role in roles),
            }
        )
    return shown


def why_not(found: Refusal) -> str:
    """Any refusal in words, those of the rules with all their reasons."""
    if isinstance(found, PolicyRefused):
        return "; ".join(one["label"] for one in reasons(found, frozenset()))
    return refusal(found)


def refusal(found: Refusal) -> str:
    """Any other refusal of a scan."""
    if found.code == "circulation.copy_on_loan":
        return _("This reader has it already.") if found.facts["to_same_member"] else _("It is lent to another reader.")
    return _REFUSALS[found.code]() if found.code in _REFUSALS else wording.refusal(found)


def request_state(state: RequestState) -> Label:
    """The label of a request's state."""
    return REQUEST_STATES[state]


def _house(house_id: int | None) -> str:
    return network.house_facts(house_id).names.pick(reader.current().language) if house_id is not None else ""
