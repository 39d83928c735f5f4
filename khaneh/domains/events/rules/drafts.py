"""What is wrong with a draft of an event by itself: a field and a stable reason each."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from khaneh.domains.events.types import EVENT_KINDS, SEATED, TRANSPORTS, Admission, EventDraft, LegDraft
from khaneh.domains.network.types import is_sector
from khaneh.kernel.labels import Label
from khaneh.kernel.money import is_credit, is_currency

LONGEST_NAME, LONGEST_TEXT, LONGEST_URL = 300, 20_000, 2_000
MOST_PEOPLE = 100_000
LONGEST = timedelta(days=366)
MOST_LEGS, MOST_SHARES, MOST_ORGANISERS, MOST_SECTORS = 40, 200, 40, 20


def problems(draft: EventDraft) -> dict[str, str]:
    """Reasons: required, too_long, not_in_list, out_of_range, overlap, outside, twice, format."""
    found: dict[str, str] = {}
    if draft.kind not in EVENT_KINDS:
        found["kind"] = "not_in_list"
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif _longest(draft.names) > LONGEST_NAME:
        found["names"] = "too_long"
    if _longest(draft.descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    if _longest(draft.place) > LONGEST_NAME:
        found["place"] = "too_long"
    if not timedelta() < draft.ends - draft.starts <= LONGEST:
        found["ends"] = "out_of_range"
    if draft.online_url and not _is_link(draft.online_url):
        found["online_url"] = "format"
    if len(draft.sectors) > MOST_SECTORS or not all(is_sector(code) for code in draft.sectors):
        found["sectors"] = "not_in_list"
    if len(draft.organiser_ids) > MOST_ORGANISERS:
        found["organisers"] = "out_of_range"
    price = draft.price
    if price is not None and not (
        0 <= price.amount < 10**12 and (is_currency(price.currency) or is_credit(price.currency))
    ):
        found["price"] = "out_of_range"
    if not 0 <= draft.remind_hours <= 24 * 30:
        found["remind_hours"] = "out_of_range"
    return found | _places(draft) | _times(draft) | _legs(draft)


def seats(legs: tuple[LegDraft, ...]) -> int | None:
    """How many can go along: the seats of the smallest vehicle; None where every one is large enough."""
    counted = [leg.seats for leg in legs if leg.transport in SEATED and leg.seats is not None]
    return min(counted, default=None)


def _places(draft: EventDraft) -> dict[str, str]:
    if draft.admission is Admission.FREE:
        return {name: "outside" for name, given in (("capacity", draft.capacity), ("shares", draft.shares)) if given}
    found = {}
    if draft.capacity is None:
        return {"capacity": "required"}
    if not 1 <= draft.capacity <= MOST_PEOPLE:
        found["capacity"] = "out_of_range"
    if not 1 <= draft.largest_group <= MOST_PEOPLE:
        found["largest_group"] = "out_of_range"
    houses = [share.house_id for share in draft.shares]
    if len(set(houses)) < len(houses):
        found["shares"] = "twice"
    elif (
        len(houses) > MOST_SHARES
        or any(share.places < 1 for share in draft.shares)
        or sum(share.places for share in draft.shares) > draft.capacity
    ):
        found["shares"] = "out_of_range"
    return found


def _times(draft: EventDraft) -> dict[str, str]:
    found = {}
    if draft.closes_at is not None and draft.closes_at > draft.ends:
        found["closes_at"] = "out_of_range"
    if draft.opens_at is not None and draft.opens_at >= (draft.closes_at or draft.starts):
        found["opens_at"] = "out_of_range"
    if draft.release_at is not None and draft.release_at > draft.ends:
        found["release_at"] = "out_of_range"
    return found


def _legs(draft: EventDraft) -> dict[str, str]:
    if len(draft.legs) > MOST_LEGS:
        return {"legs": "out_of_range"}
    for leg in draft.legs:
        sites = [leg.house_id is not None, leg.organisation_id is not None, any(text.strip() for text in leg.place)]
        if sites.count(True) != 1:
            return {"legs": "required"}
        if leg.transport not in TRANSPORTS:
            return {"legs": "not_in_list"}
        if leg.seats is not None and not 1 <= leg.seats <= MOST_PEOPLE:
            return {"legs": "out_of_range"}
        if max(_longest(leg.place), _longest(leg.meeting)) > LONGEST_NAME:
            return {"legs": "too_long"}
        if not draft.starts <= leg.arrives < leg.leaves <= draft.ends:
            return {"legs": "outside"}
    if any(after.arrives < before.leaves for before, after in pairwise(draft.legs)):
        return {"legs": "overlap"}
    return {}


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return len(text) <= LONGEST_URL and parts.scheme in ("http", "https") and bool(parts.hostname)


def _longest(label: Label) -> int:
    return max(len(text) for text in label)
