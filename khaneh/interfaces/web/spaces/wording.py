"""Spaces and bookings in words: lengths, times, prices, and every refusal with its rule and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.credits import queries as ledger
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces.types import (
    BOOKING_STATES,
    PRICE_UNITS,
    SPACE_KINDS,
    SPACE_STATES,
    BookingState,
    SpaceRow,
    SpaceState,
)
from khaneh.interfaces.web import lending, phrases, reader
from khaneh.interfaces.web.reasons import Facts, Reasons, Said, Why, of_fields
from khaneh.kernel.calendars import show_date, show_minutes, show_number
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money, is_credit
from khaneh.kernel.refusal import Refusal

_DAY = 24 * 60


def zone_of(space: SpaceRow) -> str:
    """On whose clocks a space lives. No statement where its house was asked for lately."""
    return network.house_facts(space.house.id).calendar.zone


def length(minutes: int) -> str:
    """`2 hours 30 minutes`; whole days from two days on."""
    language = reader.current().language

    def shown(number: int) -> dict[str, str]:
        return {"number": show_number(number, language)}

    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        days = minutes // _DAY
        return ngettext("%(number)s day", "%(number)s days", days) % shown(days)
    hours, rest = divmod(minutes, 60)
    said_hours = ngettext("%(number)s hour", "%(number)s hours", hours) % shown(hours)
    said_minutes = ngettext("%(number)s minute", "%(number)s minutes", rest) % shown(rest)
    if hours and rest:
        return _("%(hours)s and %(minutes)s") % {"hours": said_hours, "minutes": said_minutes}
    return said_hours if hours else said_minutes


def amount(money: Money, names: Mapping[str, Label] | None = None) -> str:
    """A sum of money, or of a house's credit. `names` are those of credits, asked for where they are not given (one statement)."""
    if not is_credit(money.currency):
        return lending.money(money)
    language = reader.current().language
    known = names if names is not None else ledger.names([money.currency])
    whole, parts = divmod(abs(money.amount), 100)
    shown = show_number(whole if not parts else money.amount / 100, language, decimals=2 if parts else 0)
    named = known[money.currency].pick(language) if money.currency in known else money.currency
    return _("%(number)s × %(credit)s") % {"number": shown, "credit": named}


def price(money: Money | None) -> str:
    """An amount; nothing asked is free."""
    return amount(money) if money is not None and money.amount else _("Free of charge")


def rate(space: SpaceRow, names: Mapping[str, Label] | None = None) -> str:
    """What a space costs by itself; rules may say otherwise, and then the page of a booking does."""
    if space.price is None or not space.price.amount:
        return _("Free of charge")
    unit = PRICE_UNITS[space.price_unit].pick(reader.current().language)
    return _("%(sum)s %(unit)s") % {"sum": amount(space.price, names), "unit": unit}


def kind(code: str) -> str:
    """A kind of space."""
    return SPACE_KINDS[code].pick(reader.current().language) if code in SPACE_KINDS else code


def state(space: SpaceRow) -> str:
    """A space's state."""
    return SPACE_STATES[space.state].pick(reader.current().language)


def booking_state(state: str) -> Label:
    """A booking's state."""
    return BOOKING_STATES[BookingState(state)]


def clock(value: datetime, zone: str) -> str:
    """The time of day of an instant, isolated from what stands around it."""
    local = value.astimezone(ZoneInfo(zone))
    return f"\u2068{show_minutes(local.hour * 60 + local.minute, reader.current().language)}\u2069"


def day(value: datetime, zone: str) -> str:
    """The day of an instant with its weekday."""
    who = reader.current()
    local = value.astimezone(ZoneInfo(zone)).date()
    return show_date(local, calendar=who.calendar, language=who.language, weekday=True)


def instant(value: datetime, zone: str) -> str:
    """Day and time of an instant."""
    return _("%(day)s, %(time)s") % {"day": day(value, zone), "time": clock(value, zone)}


def when(starts: datetime, ends: datetime, zone: str) -> str:
    """`Tuesday, 24 November 2026, 09:00–11:00`; both days where it ends on another. Midnight belongs to the day before it."""
    clocks = ZoneInfo(zone)
    first, last = starts.astimezone(clocks), ends.astimezone(clocks)
    days = (last.date() - first.date()).days
    if days == 0 or (days == 1 and last.hour == last.minute == 0):
        end = f"\u2068{show_minutes(_DAY, reader.current().language)}\u2069" if days else clock(ends, zone)
        return _("%(day)s, %(from)s–%(until)s") % {"day": day(starts, zone), "from": clock(starts, zone), "until": end}
    return _("%(from)s until %(until)s") % {"from": instant(starts, zone), "until": instant(ends, zone)}


def moment(facts: Facts, name: str, zone: str) -> str:
    """An instant among the facts of a refusal, on the clocks of the house; empty where there is none."""
    value = facts.get(name)
    return instant(datetime.fromisoformat(str(value)), zone) if value else ""


def _not_in_service(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    if state == SpaceState.ACTIVE:
        return Why(_("Its house, or what it is in, is not in service at present."), _("Choose another space."))
    label = SPACE_STATES[SpaceState(state)].pick(reader.current().language) if state in set(SpaceState) else ""
    return Why(_("It cannot be booked at present: %(state)s.") % {"state": label}, _("Choose another space."))


def _wrong_time(facts: Facts, zone: str) -> Why:
    def minutes(name: str) -> str:
        return length(int(facts.get(name) or 0))

    why = facts.get("why")
    said: Mapping[str, Callable[[], Why]] = {
        "not_after_start": lambda: Why(_("It would end before it begins."), _("Choose a length above zero.")),
        "past": lambda: Why(_("This time is over."), _("Choose a later time.")),
        "too_far": lambda: Why(_("This is too many years ahead."), _("Choose an earlier day.")),
        "too_long": lambda: Why(
            _("It can be had for %(most)s at most.") % {"most": minutes("max_minutes")}, _("Choose a shorter time.")
        ),
        "too_short": lambda: Why(
            _("It is given for %(least)s at least.") % {"least": minutes("min_minutes")}, _("Choose a longer time.")
        ),
        "not_on_slot": lambda: Why(
            _("Bookings here begin every %(slot)s, counted from midnight.") % {"slot": minutes("slot_minutes")},
            _("Choose one of the times offered."),
        ),
        "not_whole_slots": lambda: Why(
            _("The length is counted in steps of %(slot)s.") % {"slot": minutes("slot_minutes")},
            _("Choose one of the lengths offered."),
        ),
        "skipped_by_clocks": lambda: Why(
            _("The clocks skip this time on that day."), _("Choose an hour earlier or later.")
        ),
    }
    return said[str(why)]() if why in said else Why(_("This is no time that can be booked."), _("Choose another time."))


def _too_many_people(facts: Facts, zone: str) -> Why:
    if int(facts.get("people") or 0) < 1:
        return Why(_("Nobody would come."), _("Say how many people, at least one."))
    most = int(facts.get("capacity") or 0)
    said = ngettext("It is for %(number)s person at most.", "It is for %(number)s people at most.", most)
    return Why(said % {"number": phrases.number(most)}, _("Look for a larger space, or come with fewer."))


def _slot_taken(facts: Facts, zone: str) -> Why:
    by = {
        "closed": lambda: _("It is closed at that time."),
        "part": lambda: _("Something in it is booked at that time."),
    }
    said = by[str(facts.get("by"))]() if facts.get("by") in by else _("It is taken at that time.")
    return Why(said, _("Choose another time, another space, or wait for it."))


def _booking_ended(facts: Facts, zone: str) -> Why:
    state = facts.get("state")
    label = BOOKING_STATES[BookingState(state)].pick(reader.current().language) if state in set(BookingState) else ""
    return Why(_("That is not possible any more. The booking’s state: %(state)s.") % {"state": label}, "")


def _too_late(facts: Facts, zone: str) -> Why:
    return Why(
        _("It could be cancelled until %(until)s.") % {"until": moment(facts, "until", zone)},
        _("Please call the desk of the house: it can still cancel."),
    )


def _not_yet(facts: Facts, zone: str) -> Why:
    return Why(
        _("Checking in is possible from %(from)s until %(until)s.")
        % {"from": moment(facts, "from", zone), "until": moment(facts, "until", zone)},
        "",
    )


def _lost(facts: Facts, zone: str) -> Why:
    wanted = set(facts.get("lacks") or ())
    language = reader.current().language
    names = [row.names.pick(language) for row in qualifications.qualifications(with_retired=True) if row.code in wanted]
    return Why(
        _("This qualification is not valid any more: %(names)s.") % {"names": _(", ").join(names)},
        _("Renew it at the desk, or take the course again."),
    )


def _short(facts: Facts, zone: str) -> Why:
    unit = str(facts.get("unit"))

    def shown(name: str) -> str:
        return amount(Money(int(facts.get(name) or 0), unit))

    if facts.get("is_credit"):
        said = _("It costs %(needed)s, and you have %(balance)s.") % {
            "needed": shown("needed"), "balance": shown("balance"),
        }  # fmt: skip
        return Why(said, _("Earn credit by agreed work in the house, an hour of mentoring for one; ask its desk."))
    return Why(
        _("So much is owed already that this cannot be added."),
        _("Pay %(short)s at the desk first.") % {"short": shown("short")},
    )


def _not_allowed(facts: Facts, zone: str) -> Why:
    if facts.get("act") == "spaces.desk":
        return Why(_("Here the desk checks in."), _("Please say at the desk that you have come."))
    if facts.get("act") == "spaces.book_for_organisation":
        return Why(_("You have no role at this organisation."), _("Book for yourself, or ask it to give you a role."))
    return Why(_("You may not do this."), _("Please speak to the desk of the house."))


_FIELDS: Mapping[str, Callable[[], str]] = {
    "until": lambda: _("Say until when, or how often: a day within five years of the first."),
    "count": lambda: _("How often: 1 to 500 times."),
    "every": lambda: _("Every how many weeks or months: 1 to 52."),
    "weekdays": lambda: _("This is no day of the week."),
    "day": lambda: _("A day of the month: 1 to 31."),
    "minutes": lambda: _("The length must be above zero and fit into the time given."),
    "title": lambda: _("What it is for: 300 letters at most."),
    "reason": lambda: _("The reason: 1,000 letters at most."),
    "last": lambda: _("The time must lie ahead, end after it begins, and be 62 days long at most."),
    "units": lambda: _("How many: 1 to 500."),
    "people_count": lambda: _("How many people: at least one."),
    "kind": lambda: _("There is no such kind of space."),
    "persons": lambda: _("Name 60 people at most; more come as a number."),
}  # fmt: skip
_PERSON: Mapping[str, Callable[[], str]] = {
    "required": lambda: _("Line %(number)s: write a name before the card."),
    "too_long": lambda: _("Line %(number)s: the name is too long."),
    "card_unknown": lambda: _("Line %(number)s: no member has this card."),
    "card_without_account": lambda: _("Line %(number)s: this member has no account yet; write the name alone."),
    "twice": lambda: _("Line %(number)s: this member is named already."),
    "is_booker": lambda: _("Line %(number)s: this is your own card; you are counted anyway."),
}
_FEWER, _NO_ROOM = "fewer_than_named", "no_room"


def _invalid(facts: Facts, zone: str) -> Why:
    return Why(_persons(facts), "") if _persons(facts) else of_fields(facts, _FIELDS)


def _persons(facts: Facts) -> str:
    """What is wrong with the lines of a group; empty where nothing is."""
    found = []
    for name, why in facts.get("fields", {}).items():
        field, _dot, number = name.partition(".")
        if field == "persons" and why in _PERSON:
            found.append(_PERSON[why]() % {"number": phrases.number(int(number))})
        elif field == "people_count" and why == _FEWER:
            found.append(_("More people than that are named: change who comes along first."))
        elif why == _NO_ROOM:
            found.append(_("So many have no room in what you wait for: ask for more of them at once, or name fewer."))
    return " ".join(found)


def fields_of(refusal: Refusal) -> dict[str, str]:
    """What is wrong with which field, for the words beside it."""
    wrong = refusal.facts.get("fields", {})
    said = {name: _FIELDS[name]() if name in _FIELDS else "" for name in wrong}
    lines = _persons(refusal.facts)
    beside = "people_count" if wrong.get("people_count") == _NO_ROOM else "persons"
    return {**said, beside: lines} if lines else said


_SAID: Mapping[str, Said] = {
    "spaces.not_in_service": _not_in_service,
    "spaces.wrong_time": _wrong_time,
    "spaces.too_many_people": _too_many_people,
    "spaces.slot_taken": _slot_taken,
    "spaces.booking_ended": _booking_ended,
    "spaces.too_late_to_cancel": _too_late,
    "spaces.not_yet": _not_yet,
    "spaces.qualification_lost": _lost,
    "spaces.person_over_limit": lambda facts, zone: Why(
        _("There is no room left in the limits of: %(names)s.") % {"names": _(", ").join(f"\u2068{one}\u2069" for one in facts.get("names", ()))},
        _("Choose another time, or come without them."),
    ),
    "credits.balance_short": _short,
    "kernel.not_found": lambda facts, zone: Why(_("There is no such thing any more."), ""),
    "kernel.not_allowed": _not_allowed,
    "kernel.invalid": _invalid,
}  # fmt: skip

REASONS = Reasons(_SAID)
reasons, reasons_of, sentence = REASONS.of, REASONS.of_code, REASONS.sentence
