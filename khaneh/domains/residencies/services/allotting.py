"""Desks and rooms: allotted as long bookings of `spaces`, begun when the team comes, given back when it goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from khaneh.domains.network import queries as network
from khaneh.domains.residencies.errors import PlaceTaken
from khaneh.domains.residencies.models import Allotment, Residency
from khaneh.domains.residencies.rules import days
from khaneh.domains.residencies.services import holding, ledger
from khaneh.domains.residencies.types import DAYS, ResidencyState, SupportKind
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces import services as booking
from khaneh.domains.spaces.errors import SlotTaken
from khaneh.domains.spaces.types import BookingState, Override
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound

# A place that is had by day and by night, for months, beside what its holders book otherwise.
_PASSES = frozenset({"book_over_limit", "book_outside_hours", "book_for_blocked"})


def allot(*, actor: Actor, residency_id: int, space_id: int, first: date, last: date, now: datetime) -> int:
    """Give a residency a desk or room of its house from a day to another, at most a year. Gives the allotment's number.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid, PlaceTaken, and what `spaces.services.book` refuses.
    """
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        holding.open_one(one)
        space = spaces.space_by_id(space_id)
        if space.house.id != one.house_id:
            raise NotFound(what="space")
        today = holding.today_at(one.house_id, now)
        _refuse_days(one, first, last, today)
        again = Allotment.objects.filter(
            residency_id=one.pk, booking__space_id=space_id, first=first, last=last, given_back_on__isnull=True
        ).first()
        if again is not None:
            return again.pk
        zone = network.house_facts(one.house_id).calendar.zone
        starts, ends = days.allotted(first, last, zone=zone, slot_minutes=space.slot_minutes, now=now)
        try:
            booked = booking.book(
                actor=actor, space_id=space_id, starts=starts, ends=ends, now=now, account_id=one.founder_id,
                organisation_id=one.organisation_id, title=Label.from_dict(one.names).pick("en"), own_use=True,
                allotted=True, override=Override(_PASSES, f"residencies.residency:{one.pk}"),
            )  # fmt: skip
            if booked.state is BookingState.REQUESTED:
                booking.approve(actor=actor, booking_id=booked.booking_id, now=now)
        except SlotTaken as refusal:
            raise PlaceTaken from refusal
        made = Allotment.objects.create(residency_id=one.pk, booking_id=booked.booking_id, first=first, last=last)
        if one.state == ResidencyState.MOVED_IN and starts <= now:
            booking.check_in(actor=actor, booking_id=booked.booking_id, now=now)
        journal.record(
            "residencies.place.allotted", actor=actor, house_id=one.house_id, residency_id=one.pk, space_id=space_id,
            booking_id=booked.booking_id,
        )  # fmt: skip
    return made.pk


def give_back(*, actor: Actor, allotment_id: int, now: datetime) -> None:
    """A desk or room is free again; what was used of it goes into the ledger as days. Raises NotFound, NotAllowed, OwnTeam, StateRefused."""
    seen = Allotment.objects.filter(pk=allotment_id).values_list("residency_id", "residency__house_id").first()
    if seen is None:
        raise NotFound(what="allotment")
    with db.transaction():
        one = holding.held(seen[0], ledgers=[seen[1]])
        holding.run_by(actor, one)
        found = Allotment.objects.get(pk=allotment_id)
        if found.given_back_on is None:
            _end(one, found, actor=actor, today=holding.today_at(one.house_id, now), now=now)


def begin(residency_id: int, *, actor: Actor, now: datetime) -> None:
    """The team has come: what it was allotted up to this moment is in use."""
    for one in Allotment.objects.filter(residency_id=residency_id, given_back_on__isnull=True).order_by("pk"):
        found = spaces.bookings_by_ids([one.booking_id])[one.booking_id]
        if found.state is BookingState.CONFIRMED and found.starts <= now < found.ends:
            booking.check_in(actor=actor, booking_id=one.booking_id, now=now)


def give_all_back(one: Residency, *, actor: Actor, today: date, now: datetime) -> None:
    """Everything that a residency has is free again, with its locks and its house's ledger held."""
    for allotment in Allotment.objects.filter(residency_id=one.pk, given_back_on__isnull=True).order_by("pk"):
        _end(one, allotment, actor=actor, today=today, now=now)


def close_run_out(*, now: datetime) -> int:
    """What nobody gave back and whose last day is over: its days go into the ledger, as if it had been given back that day. How many there were.

    Told twice it is done once. A transaction for each residency.
    """
    # A day early: which day it is, the house's zone says.
    over = Allotment.objects.filter(given_back_on__isnull=True, last__lte=now.date())
    closed = 0
    for residency_id, house_id in sorted(set(over.values_list("residency_id", "residency__house_id"))):
        with db.transaction():
            one = holding.held(residency_id, ledgers=[house_id])
            today = holding.today_at(house_id, now)
            waiting = Allotment.objects.filter(residency_id=residency_id, given_back_on__isnull=True, last__lt=today)
            for allotment in waiting.order_by("pk"):
                _end(one, allotment, actor=SYSTEM, today=today, now=now)
                closed += 1
    return closed


def _end(one: Residency, allotment: Allotment, *, actor: Actor, today: date, now: datetime) -> None:
    found = spaces.bookings_by_ids([allotment.booking_id])[allotment.booking_id]
    # A place that is had from a later day on is checked in by nobody: for a team that has come it is in use from its first moment.
    begun_in = found.state is BookingState.CONFIRMED and found.starts <= now
    used = one.moved_in_on is not None and (found.state in (BookingState.CHECKED_IN, BookingState.DONE) or begun_in)
    # Whoever frees it was judged above: a team that goes frees its place, though the booking is the house's. What is over ends by itself.
    if found.ends > now and found.state is BookingState.CHECKED_IN:
        booking.finish(actor=SYSTEM, booking_id=allotment.booking_id, now=now)
    elif found.ends > now and found.state is BookingState.CONFIRMED:
        booking.cancel(actor=SYSTEM, booking_id=allotment.booking_id, now=now)
    Allotment.objects.filter(pk=allotment.pk).update(given_back_on=min(today, allotment.last))
    journal.record(
        "residencies.place.given_back", actor=actor, house_id=one.house_id, residency_id=one.pk,
        booking_id=allotment.booking_id,
    )  # fmt: skip
    begun = max(allotment.first, one.moved_in_on or allotment.first)
    spent = (min(today, allotment.last) - begun).days + 1
    if used and spent > 0:
        line = ledger.Given(
            SupportKind.PREMISES, DAYS, spent, min(today, allotment.last),
            source=f"residencies.allotment:{allotment.pk}"
        )  # fmt: skip
        ledger.write(one, line, actor=actor, key=f"residencies.allotment:{allotment.pk}", now=now)


def _refuse_days(one: Residency, first: date, last: date, today: date) -> None:
    if not today <= first <= last:
        raise Invalid(fields={"first": "out_of_range"})
    if last > one.ends_on or last - first > days.MOST_ALLOTTED - timedelta(days=1):
        raise Invalid(fields={"last": "out_of_range"})
