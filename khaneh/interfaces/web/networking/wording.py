"""Networking in words: hours, prices, with whom something is shared, what is new, and every refusal with what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.networking.types import NEWS_WORDS, NewsItem, NewsKind, SharingRow, SharingState
from khaneh.interfaces.web import field_reasons, reader
from khaneh.interfaces.web.phrases import picked
from khaneh.interfaces.web.reasons import Facts, Reasons, Why
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.calendars import show_short_date
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

TONES: Mapping[SharingState, str] = {
    SharingState.OFFERED: "warn",
    SharingState.ACTIVE: "good",
    SharingState.DECLINED: "bad",
}


REASONS = Reasons(
    {
        "networking.shared_already": lambda facts, zone: Why(
            _("The same is shared with them already, or offered to them."), _("End that first, if it shall be on other terms.")
        ),
        "networking.sharing_state_refused": lambda facts, zone: Why(
            _("It has been dealt with in the meantime."), _("Look at how it stands: the page shows it as it is.")
        ),
        "networking.too_much_followed": lambda facts, zone: Why(
            _("You follow as much as one can."), _("Take something away first: a region or a section has much in it.")
        ),
        "kernel.not_found": lambda facts, zone: Why(_("It is not there any more."), ""),
        "kernel.invalid": lambda facts, zone: Why(" ".join(sorted(set(by_field(facts).values()))), ""),
    }
)  # fmt: skip


def sentence(refusal: Refusal) -> str:
    """Why, and what would change it, in one line."""
    return REASONS.sentence(refusal)


def by_field(facts: Facts) -> dict[str, str]:
    """The wrong fields, each with its sentence."""
    own = {
        "too_early": _("It ends before it begins, or is over already."),
        "too_late": _("At most three years."),
        "one_of_both": _("One house, or one region."),
    }
    return {name: field_reasons.wrong(reason, own) for name, reason in facts.get("fields", {}).items()}


def price(money: Money | None) -> str:
    """What an hour costs."""
    return _("%(price)s an hour") % {"price": spaces.amount(money)} if money is not None else _("free of charge")


def whom(row: SharingRow) -> str:
    """With whom it is shared."""
    if row.to_house is not None:
        return picked(row.to_house.names)
    if row.to_region is not None:
        return _("all houses in %(region)s") % {"region": picked(row.to_region.names)}
    return _("all houses of the network")


def day(value: date) -> str:
    """A day in the reader's calendar, in figures."""
    who = reader.current()
    return show_short_date(value, calendar=who.calendar, language=who.language)


def news(item: NewsItem) -> dict[str, Any]:
    """Something new with its kind and its page."""
    address = {
        NewsKind.COMPANY: "company", NewsKind.GRADUATE: "company", NewsKind.OFFER: "exchange-posting",
        NewsKind.NEED: "exchange-posting", NewsKind.CALL: "call", NewsKind.EVENT: "event",
    }[item.kind]  # fmt: skip
    key: str | int = item.key if address == "company" else int(item.key)
    return {
        "kind": NEWS_WORDS[item.kind],
        "names": item.names,
        "where": item.where,
        "on": item.on,
        "ends": item.kind is not NewsKind.EVENT,
        "url": reverse(address, args=[key]),
    }


def sharing(row: SharingRow) -> dict[str, Any]:
    """A sharing as tables show it."""
    return {
        "row": row,
        "tone": TONES.get(row.state, ""),
        "whom": whom(row),
        "hours": spaces.length(row.minutes),
        "used": spaces.length(row.used) if row.used else "",
        "left": spaces.length(row.left) if row.left else "",
        "percent": min(100, round(100 * row.used / row.minutes)),
        "price": price(row.price),
        "first": day(row.valid_from),
        "last": day(row.valid_until),
        "offered": row.state is SharingState.OFFERED,
        "active": row.state is SharingState.ACTIVE,
    }
