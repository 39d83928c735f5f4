"""The group of a booking afterwards: who is named is changed, withdraws, and is checked in one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import BookingEnded, TooManyPeople
from khaneh.domains.spaces.models import Booking, BookingPerson, Waiting, WaitingPerson
from khaneh.domains.spaces.services import companions
from khaneh.domains.spaces.services.booking import as_changed
from khaneh.domains.spaces.services.entering import space_of
from khaneh.domains.spaces.services.holding import held_booking
from khaneh.domains.spaces.services.visiting import let_in, refuse_entry
from khaneh.domains.spaces.types import OPEN_BOOKINGS, BookingState, Channel, PersonDraft
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_BOOKINGS]
_CHANGING = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.CHECKED_IN)


def name_persons(*, actor: Actor, booking_id: int, persons: Sequence[PersonDraft], now: datetime) -> None:
    """Say anew who comes along: who is not named any more does not, whoever is new counts and is told. By who booked, or the desk.

    A name without a card goes on standing for the member whom it stood for. Raises NotFound, BookingEnded, BookingChanged, Invalid
    (as `companions`), TooManyPeople, PersonOverLimit.
    """
    with db.transaction():
        seen = Booking.objects.filter(pk=booking_id).values_list("account_id", flat=True).first()
        drafted = companions.companions(persons, account_id=seen, now=now)
        booking = held_booking(booking_id, actor=actor, others=companions.accounts_of(drafted))
        if booking.state not in _CHANGING or booking.ends <= now:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        there = list(BookingPerson.objects.filter(booking_id=booking_id, left_at=None).order_by("pk"))
        stays, new = companions.matched(there, drafted)
        wish = as_changed(booking, None, None, None, None, Channel(booking.channel))
        people = max(booking.people - (len(there) - len(stays)), len(drafted) + 1)
        if people > wish.space.capacity:
            raise TooManyPeople(people=people, capacity=wish.space.capacity)
        wish = replace(wish, persons=tuple(new), people=people)
        companions.refuse_over_limit(wish, booking.terms, rights=(booking.override or {}).get("rights", ()), now=now)
        counted = companions.counts(wish, booking.terms)
        gone = [one.pk for one in there if one.pk not in stays]
        BookingPerson.objects.filter(pk__in=gone).delete()
        companions.write(booking_id, new, counted=counted, now=now)
        Booking.objects.filter(pk=booking_id).update(people=people, changed_at=now)
        journal.record(
            "spaces.booking.group_changed", actor=actor, house_id=booking.house_id, booking_id=booking_id,
            named=len(drafted),
        )  # fmt: skip
        notices.tell_group(booking_id, now=now)


def withdraw(*, actor: Actor, booking_id: int, now: datetime) -> None:
    """Somebody who is named does not come: it counts for them no more, and who booked is told. Done again, nothing happens.

    Raises NotFound, BookingEnded.
    """
    with db.transaction():
        if actor.account_id is None:
            raise NotFound(what="booking")
        named = BookingPerson.objects.filter(booking_id=booking_id, account_id=actor.account_id)
        person = named.order_by("-pk").first()
        if person is None:
            raise NotFound(what="booking")
        db.lock(("spaces.booker.account", actor.account_id))
        booking = Booking.objects.get(pk=booking_id)
        if booking.state not in _OPEN or booking.ends <= now:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        if not BookingPerson.objects.filter(pk=person.pk, left_at=None).update(left_at=now):
            return
        # Never fewer than whoever booked.
        Booking.objects.filter(pk=booking_id).update(people=Greatest(F("people") - 1, 1), changed_at=now)
        if booking.state == BookingState.TENTATIVE and booking.waiting_id is not None:
            _left_waiting(booking.waiting_id, actor.account_id, now)
        journal.record("spaces.booking.person_left", actor=actor, house_id=booking.house_id, booking_id=booking_id)
        notices.tell_withdrawn(person, booking, now=now)


def _left_waiting(waiting_id: int, account_id: int, now: datetime) -> None:
    """Whoever leaves what is only offered is not named again, should nobody take it."""
    waits = WaitingPerson.objects.filter(waiting_id=waiting_id, account_id=account_id, left_at=None)
    if waits.update(left_at=now):
        Waiting.objects.filter(pk=waiting_id).update(people=Greatest(F("people") - 1, 1))


def check_in_person(*, actor: Actor, booking_id: int, person_id: int, now: datetime, code: str = "") -> None:
    """One of a group has come: the desk says so, or they themself where the space is self-service, by its code where it has one.

    Whoever comes first checks the booking in. Raises NotFound, BookingEnded, NotYet, NotAllowed, CodeWrong, QualificationLost.
    """
    with db.transaction():
        person = BookingPerson.objects.filter(pk=person_id, booking_id=booking_id, left_at=None).first()
        own = person is not None and actor.account_id is not None and person.account_id == actor.account_id
        house_id = Booking.objects.filter(pk=booking_id).values_list("house_id", flat=True).first()
        if person is None or house_id is None or not (own or permissions.may_desk(actor, house_id=house_id)):
            raise NotFound(what="booking")
        # They are none of those who deal with the booking, and come in all the same.
        booking = held_booking(booking_id, actor=SYSTEM)
        if booking.state not in (BookingState.CONFIRMED, BookingState.CHECKED_IN):
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        space = space_of(booking.space_id)
        refuse_entry(booking, space, actor=actor, code=code, now=now)
        if booking.state == BookingState.CONFIRMED:
            let_in(booking, space, actor=actor, now=now)
        BookingPerson.objects.filter(pk=person_id, came_at=None, left_at=None).update(came_at=now)
