"""Events and registrations in words: where, how many places, and every refusal with its rule and what would change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.events.types import (
    ADMISSIONS,
    EVENT_KINDS,
    EVENT_STATES,
    REGISTRATION_STATES,
    TRANSPORTS,
    Admission,
    EventRow,
    EventState,
    RegistrationQuote,
    RegistrationRow,
    RegistrationState,
)
from khaneh.domains.network.types import Ref
from khaneh.domains.spaces.types import BookingState
from khaneh.interfaces import refusals
from khaneh.interfaces.web import lending, phrases, reader
from khaneh.interfaces.web.reasons import Facts, Reasons, Said, Why, of_fields
from khaneh.interfaces.web.spaces import wording as spaces
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

_TAKEN = (BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.DONE)
TONES = {
    EventState.PROPOSED: "warn",
    EventState.OPEN: "good",
    EventState.FULL: "accent",
    EventState.HELD: "",
    EventState.CANCELLED: "bad",
}
REGISTRATION_TONES = {
    RegistrationState.REQUESTED: "warn",
    RegistrationState.WAITING: "accent",
    RegistrationState.CONFIRMED: "good",
    RegistrationState.ATTENDED: "action",
    RegistrationState.ABSENT: "bad",
    RegistrationState.REFUSED: "bad",
    RegistrationState.CANCELLED: "",
}


picked, number, people = phrases.picked, phrases.number, phrases.people


def kind(code: str) -> str:
    """A kind of event."""
    return picked(EVENT_KINDS[code]) if code in EVENT_KINDS else code


def state(event: EventRow, now: datetime) -> str:
    """An event's state as a reader needs it: one that is open and over is over."""
    if event.state in (EventState.OPEN, EventState.FULL) and event.ends <= now:
        return _("Over")
    if event.state in (EventState.OPEN, EventState.FULL) and event.starts <= now:
        return _("At this moment")
    if event.state is EventState.OPEN and event.admission is Admission.FREE:
        return picked(ADMISSIONS[Admission.FREE])
    return picked(EVENT_STATES[event.state])


def tone(event: EventRow, now: datetime) -> str:
    """The colour of its state."""
    return "" if event.state in (EventState.OPEN, EventState.FULL) and event.ends <= now else TONES[event.state]


def transport(code: str) -> str:
    """How one comes to a stop."""
    return picked(TRANSPORTS[code]) if code in TRANSPORTS else code


def when(event: EventRow) -> str:
    """Day and time of an event on the clocks of its house."""
    return spaces.when(event.starts, event.ends, event.zone)


def until_day(event: EventRow) -> str:
    """The last day of an event that takes several; empty for others."""
    zone = ZoneInfo(event.zone)
    last = event.ends - timedelta(seconds=1)
    if last.astimezone(zone).date() == event.starts.astimezone(zone).date():
        return ""
    return _("until %(day)s") % {"day": spaces.day(last, event.zone)}


def where(event: EventRow) -> str:
    """Where it is: booked spaces, what it says, else its house."""
    language = reader.current().language
    booked = [one.names.pick(language) for one in event.spaces if one.state in _TAKEN]
    said = [text for text in (event.place.pick(language),) if text]
    return _(", ").join(dict.fromkeys([*booked, *said, event.house.names.pick(language)]))


def places(event: EventRow) -> str:
    """How many places there are and are left; nothing where one just comes."""
    if event.capacity is None:
        return _("Nobody needs to register.")
    if event.state is EventState.FULL:
        if event.waiting:
            return _("All %(number)s places are taken or kept; %(people)s waiting.") % {
                "number": number(event.capacity), "people": people(event.waiting),
            }  # fmt: skip
        return _("All %(number)s places are taken.") % {"number": number(event.capacity)}
    kept = sum(share.places - share.taken for share in event.shares)
    left = event.capacity - event.taken
    if kept:
        return _("%(free)s of %(number)s places are for everybody; %(kept)s are kept for members of the houses.") % {
            "free": number(left - kept), "number": number(event.capacity), "kept": number(kept),
        }  # fmt: skip
    said = ngettext("%(left)s of %(number)s places is free.", "%(left)s of %(number)s places are free.", left)
    return said % {"left": number(left), "number": number(event.capacity)}


def price(event: EventRow) -> str:
    """What one person pays."""
    return each(event.price) or _("Free of charge")


def each(money: Money | None) -> str:
    """What one person pays; empty where nothing is asked."""
    return _("%(sum)s for each person") % {"sum": spaces.amount(money)} if money is not None and money.amount else ""


def total(money: Money | None) -> str:
    """An amount; nothing asked is free."""
    return spaces.amount(money) if money is not None and money.amount else _("Free of charge")


def costs(row: RegistrationRow) -> str:
    """What is charged for a registration as it stands; empty where nothing is."""
    return " + ".join(spaces.amount(one) for one in row.costs)


def money(row: RegistrationRow) -> str:
    """What a registration costs, as its desk needs it: charged, to be charged, or to be paid at the door by who has no ledger."""
    if row.price is None:
        return ""
    price = spaces.amount(Money(row.price.amount * row.people, row.price.currency))
    if row.account_id is None and row.organisation is None:
        return _("to pay at the door: %(sum)s") % {"sum": price}
    if row.costs:
        return _("charged: %(sum)s") % {"sum": costs(row)}
    if row.state in (RegistrationState.REQUESTED, RegistrationState.WAITING):
        return _("charged with the place: %(sum)s") % {"sum": price}
    return _("nothing charged")


def takings(rows: Iterable[RegistrationRow]) -> str:
    """What is charged for all of them; empty where nothing is."""
    found: dict[str, int] = defaultdict(int)
    for one in (money for row in rows for money in row.costs):
        found[one.currency] += one.amount
    return " + ".join(spaces.amount(Money(amount, unit)) for unit, amount in sorted(found.items()))


def payment(quote: RegistrationQuote, *, organisation: Ref | None, now: datetime) -> list[str]:
    """When and to whose balance a price is charged, and until when it is given back; nothing where nothing is asked."""
    if quote.price is None or not quote.price.amount or quote.answer is None:
        return []
    if quote.state is RegistrationState.CONFIRMED:
        when = _("It is charged at once.")
    elif quote.state is RegistrationState.REQUESTED:
        when = _("It is charged when the house approves and there is a place, not before. You agree to it with this.")
    else:
        when = _("It is charged when you get a place, not before. You agree to it with this.")
    body = picked(organisation.names) if organisation is not None else ""
    whose = _("%(organisation)s pays, from its balance.") % {"organisation": body} if body else ""
    terms = quote.answer.terms
    return [said for said in (when, whose, refund(terms.get("refund_hours"), terms.get("cancel_hours"), terms.get("late_refund_percent"), quote.event)) if said]  # fmt: skip


def refund(hours: Any, cancel_hours: Any, percent: Any, event: EventRow) -> str:
    """Until when what was paid is given back, and what part later."""
    if not isinstance(hours, int):
        until = event.starts - timedelta(hours=cancel_hours if isinstance(cancel_hours, int) else 0)
        return _("All is given back if you cancel until %(until)s.") % {"until": spaces.instant(until, event.zone)}
    facts = {
        "until": spaces.instant(event.starts - timedelta(hours=hours), event.zone),
        "percent": number(percent or 0),
    }
    if percent:
        return _("All is given back if you cancel until %(until)s, later %(percent)s %%.") % facts
    return _("All is given back if you cancel until %(until)s, later nothing.") % facts


def given_back(row: RegistrationRow, now: datetime) -> str:
    """What cancelling would give back at this moment; empty where nothing is charged."""
    if row.price is None or row.state is not RegistrationState.CONFIRMED or not row.price.amount:
        return ""
    late = row.refund_until is not None and now > row.refund_until and not row.moved
    paid = row.price.amount * row.people
    # As much stays as `rules.prices` keeps: rounded in favor of who gives the place up.
    back = paid - paid * (100 - row.late_percent) // 100 if late else paid
    if not back:
        return _("It is too late for what it cost to be given back.")
    return _("Given back: %(sum)s.") % {"sum": spaces.amount(Money(back, row.price.currency))}


def registration_state(value: RegistrationState) -> str:
    """A registration's state."""
    return picked(REGISTRATION_STATES[value])


def house(event: EventRow) -> dict[str, Any]:
    """The house that answers for it."""
    return dict(lending.named_house(event.house.id))


def fields_of(refusal: Refusal) -> dict[str, str]:
    """What is wrong with which field, for the words beside it."""
    return {
        name: _FIELDS[name]() if name in _FIELDS else _("This was not understood.")
        for name in refusal.facts.get("fields", {})
    }


def _not_open(facts: Facts, zone: str) -> Why:
    why = facts.get("why")
    if why == "too_early":
        return Why(
            _("Registration begins on %(when)s.") % {"when": spaces.moment(facts, "from", zone)}, _("Come back then.")
        )
    if why == "closed":
        return Why(
            _("Registration ended on %(when)s.") % {"when": spaces.moment(facts, "until", zone)},
            _("Ask the house whether there is still a place."),
        )
    return Why(*refusals.not_open(str(why)))


def _too_many(facts: Facts, zone: str) -> Why:
    most = int(facts.get("most") or 0)
    if int(facts.get("people") or 0) < 1:
        return Why(_("Nobody would come."), _("Say how many people, at least one."))
    said = ngettext("At most %(number)s person comes together.", "At most %(number)s people come together.", most)
    return Why(said % {"number": number(most)}, _("Come with fewer, or ask the house."))


def _ended(facts: Facts, zone: str) -> Why:
    value = facts.get("state")
    label = registration_state(RegistrationState(value)) if value in set(RegistrationState) else ""
    return Why(_("That is not possible any more. The registration’s state: %(state)s.") % {"state": label}, "")


def _event_state(facts: Facts, zone: str) -> Why:
    value = facts.get("state")
    label = picked(EVENT_STATES[EventState(value)]) if value in set(EventState) else ""
    return Why(_("The event’s state does not permit it: %(state)s.") % {"state": label}, "")


def _fewer(facts: Facts, zone: str) -> Why:
    return Why(
        _("%(taken)s are registered already, and there would be %(places)s places.")
        % {"taken": people(int(facts.get("taken") or 0)), "places": number(int(facts.get("places") or 0))},
        _("Keep as many places as are taken."),
    )


def _then(facts: Facts, zone: str) -> Why:
    if facts.get("until"):
        return Why(
            _("That is possible from %(from)s until %(until)s.")
            % {"from": spaces.moment(facts, "from", zone), "until": spaces.moment(facts, "until", zone)},
            "",
        )
    return Why(_("That is possible from %(from)s on.") % {"from": spaces.moment(facts, "from", zone)}, "")


def _not_allowed(facts: Facts, zone: str) -> Why:
    if facts.get("act") == "events.register_for_organisation":
        return Why(
            _("You have no role at this organisation."), _("Register for yourself, or ask it to give you a role.")
        )
    return Why(_("You may not do this."), _("Please speak to the desk of the house."))


_FIELDS: Mapping[str, Callable[[], str]] = {
    "kind": lambda: _("Choose a kind of event."),
    "names": lambda: _("A name is needed in at least one language, with 300 letters at most. Of those who come, at most as many as there are people."),
    "descriptions": lambda: _("At most 20,000 letters."),
    "place": lambda: _("At most 300 letters."),
    "starts": lambda: _("It must end in the future."),
    "ends": lambda: _("It must end after it begins, and within a year."),
    "online_url": lambda: _("A link begins with https://."),
    "sectors": lambda: _("There is no such sector."),
    "organisers": lambda: _("There is no such organisation."),
    "house": lambda: _("There is no such house here."),
    "price": lambda: _("This is not an amount."),
    "capacity": lambda: _("How many people: 1 to 100,000; none where one just comes."),
    "admission": lambda: _("People have registered already."),
    "largest_group": lambda: _("At least one."),
    "shares": lambda: _("Shares are at least one place each, each house once, and together at most all places."),
    "opens_at": lambda: _("Registration must begin before it ends."),
    "closes_at": lambda: _("Registration must end before the event does."),
    "release_at": lambda: _("The shares must become common before the event ends."),
    "legs": lambda: _("Each stop has one place and a means of transport, lies within the time of the event, and after the one before."),
    "remind_hours": lambda: _("0 to 720 hours."),
    "people": lambda: _("Not so many are missing."),
    "name": lambda: _("At most 200 letters."),
    "guest": lambda: _("At most 200 letters."),
    "note": lambda: _("At most 2,000 letters."),
    "reason": lambda: _("Say why, in 1,000 letters at most."),
    "words": lambda: _("At most 4,000 letters."),
    "rating": lambda: _("Choose a mark from 1 to 5."),
    "text": lambda: _("At most 20,000 letters."),
    "counts": lambda: _("Whole numbers, up to a million."),
    "attendance": lambda: _("A whole number."),
}  # fmt: skip


def _invalid(facts: Facts, zone: str) -> Why:
    return of_fields(facts, _FIELDS)


_SAID: Mapping[str, Said] = {
    "events.not_open": _not_open,
    "events.too_many_people": _too_many,
    "events.registration_ended": _ended,
    "events.state_refused": _event_state,
    "events.fewer_than_taken": _fewer,
    "events.space_busy": lambda facts, zone: Why(
        _("The space %(space)s is not free at that time.") % {"space": facts.get("space", "")},
        _("Give it up first, or choose another time."),
    ),
    "events.too_late_to_cancel": lambda facts, zone: Why(
        _("It could be cancelled until %(until)s.") % {"until": spaces.moment(facts, "until", zone)},
        _("Please call the desk of the house: it can still cancel."),
    ),
    "events.not_then": _then,
    "events.approved_as_it_is": lambda facts, zone: Why(
        _("It was approved for %(people)s.") % {"people": people(int(facts.get("people") or 1))},
        _("Ask the house for more."),
    ),
    "events.price_not_agreed": lambda facts, zone: Why(
        _("The price for each person is %(sum)s.") % {"sum": spaces.amount(Money(*facts["price"]))},
        _("Look at it, and do it again if you agree."),
    ),
    "kernel.not_allowed": _not_allowed,
    "kernel.invalid": _invalid,
}  # fmt: skip

_REASONS = Reasons(_SAID, below=spaces.REASONS)
reasons, reasons_of, sentence = _REASONS.of, _REASONS.of_code, _REASONS.sentence
before = _REASONS.before
