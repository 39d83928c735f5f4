"""What readers' pages of lending say: due days in words, sums, why something is refused and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.circulation.queries.queue import Expectation, QueuePlace
from khaneh.domains.circulation.types import Outlook
from khaneh.domains.network import queries as network
from khaneh.domains.policies.types import PolicyRefused
from khaneh.interfaces.web import reader, refusals
from khaneh.interfaces.web.reasons import Why, line, of_policies
from khaneh.kernel.calendars import latin_digits, show_date, show_number
from khaneh.kernel.money import Money
from khaneh.kernel.orthography import sort_key
from khaneh.kernel.refusal import Refusal

_REFUSALS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "circulation.loan_ended": lambda: (_("This loan has ended in the meantime."), ""),
    "circulation.request_ended": lambda: (
        _("This request has ended in the meantime, or its copy is under way already."),
        "",
    ),
    "circulation.already_requested": lambda: (
        _("You wait for it already."),
        _("Look at your requests: there you see your place in the queue."),
    ),
    "circulation.nothing_to_lend": lambda: (
        _("No copy in the network could be brought to you."),
        _("Ask for another edition, or speak to a librarian: they may buy it or fetch it from elsewhere."),
    ),
    "circulation.copy_unknown": lambda: (_("No copy has this barcode."), _("Scan the library’s barcode, not the ISBN.")),
    "circulation.copy_has_no_house": lambda: (_("This copy belongs to no house yet."), _("Please bring it to the desk.")),
    "kernel.not_found": lambda: (_("This has ended in the meantime."), ""),
    "kernel.invalid": lambda: (_("Something in it was not understood."), ""),
}  # fmt: skip


def reasons(refusal: Refusal) -> list[Why]:
    """Every reason of a refusal, in the reader's language."""
    if isinstance(refusal, PolicyRefused):
        return of_policies(refusal.facts)
    if refusal.code == "circulation.copy_on_loan":
        mine = refusal.facts.get("to_same_member")
        return [Why(_("You have it already.") if mine else _("It is lent to another reader."), "")]
    if refusal.code in _REFUSALS:
        return [Why(*_REFUSALS[refusal.code]())]
    return [Why(refusals.reason(refusal) or _("This is not possible."), "")]


def sentence(refusal: Refusal) -> str:
    """All reasons in one line, each with what would change it."""
    return line(reasons(refusal))


def money(amount: Money) -> str:
    """A sum with its currency, in the reader's digits."""
    scale = Money.parse("1", amount.currency).amount
    decimals = len(str(scale)) - 1
    shown = show_number(
        amount.amount / scale if decimals else amount.amount, reader.current().language, decimals=decimals
    )
    forms = {"IRR": _("%(sum)s rials"), "VND": _("%(sum)s đồng")}
    return forms.get(amount.currency, "%(sum)s " + amount.currency) % {"sum": shown}


def day_of(instant: datetime, house_id: int) -> str:
    """The day of an instant on a house's clocks, with its weekday, in the reader's calendar."""
    who = reader.current()
    local = instant.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()
    return show_date(local, calendar=who.calendar, language=who.language, weekday=True)


def due_in(days: int, *, late: bool) -> str:
    """`today`, `tomorrow`, `in 5 days`, `3 days late`."""
    number = {"number": show_number(abs(days), reader.current().language)}
    if days == 0:
        return _("was due today") if late else _("due today")
    if days == 1:
        return _("due tomorrow")
    if days > 0:
        return ngettext("due in %(number)s day", "due in %(number)s days", days) % number
    return ngettext("%(number)s day late", "%(number)s days late", -days) % number


def place(found: QueuePlace) -> str:
    """Where a request stands in the queue and why; empty once it has its copy."""
    if found.place is None:
        return ""
    language = reader.current().language

    def shown(number: int) -> dict[str, str]:
        return {"number": show_number(number, language)}

    parts = [_("number %(number)s in the queue") % shown(found.place)]
    if found.ahead_by_priority:
        said = ngettext(
            "%(number)s was put before you by the library",
            "%(number)s were put before you by the library",
            found.ahead_by_priority,
        )
        parts.append(said % shown(found.ahead_by_priority))
    able = found.copies_able
    parts.append(ngettext("%(number)s copy could come", "%(number)s copies could come", able) % shown(able))
    return " · ".join(parts)


def expected(found: Expectation, house_id: int) -> str:
    """When a copy may honestly be expected at a house; empty where the state says it already."""
    who = reader.current()
    zone = ZoneInfo(network.house_facts(house_id).calendar.zone)

    def day(instant: datetime) -> str:
        return show_date(instant.astimezone(zone).date(), calendar=who.calendar, language=who.language)

    if found.outlook is Outlook.DATED and found.earliest is not None and found.latest is not None:
        first, last = day(found.earliest), day(found.latest)
        if first == last:
            return _("expected on %(day)s") % {"day": first}
        return _("expected between %(first)s and %(last)s") % {"first": first, "last": last}
    if found.outlook is Outlook.OPEN and found.earliest is not None:
        return _("not before %(day)s; how much later cannot be said") % {"day": day(found.earliest)}
    if found.outlook is Outlook.NONE:
        why = {
            "no_copy": lambda: _("no copy is known that could come"),
            "too_long": lambda: _("it would take more than a year"),
        }
        return why[found.reason]() if found.reason in why else ""
    return ""


def number_of(text: str | None) -> int | None:
    """A row's number as a form sends it, in whatever digits; None for anything else."""
    plain = latin_digits(text or "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 18 else None


def pickup_houses() -> list[tuple[str, str]]:
    """Code and name of the houses where something can be collected, by name in the reader's language."""
    language = reader.current().language
    named = [(code, label.pick(language)) for code, label in network.library_names().items()]
    return sorted(named, key=lambda pair: (sort_key(pair[1], language), pair[0]))


def named_house(house_id: int) -> dict[str, Any]:
    """A house as a link needs it."""
    house = network.house_facts(house_id)
    return {"code": house.code, "name": house.names.pick(reader.current().language)}
