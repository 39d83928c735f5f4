"""Closing by a calendar file: times of a space, days of a house. What a file says again is done once; what it moves is moved.

Whoever booked what is closed by it is told and has other spaces named, as with every closure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.errors import HolidayTaken
from khaneh.domains.network.types import HolidayDraft, Outcome
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.errors import SpaceInUse
from khaneh.domains.spaces.models import Booking, Space, SpaceClosure
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.queries.shut_out import is_shut_out
from khaneh.domains.spaces.services import ending
from khaneh.domains.spaces.services.judging import hold
from khaneh.domains.spaces.services.keeping import close_space, lift_closure
from khaneh.domains.spaces.types import (
    LONGEST_UID,
    OPEN_BOOKINGS,
    BookingState,
    ClosureKind,
    EndReason,
    EntryOutcome,
    HouseDay,
    TakenIn,
    Window,
)
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import Dates, DayRule, OpeningCalendar
from khaneh.kernel.refusal import NotFound

# A booking is at most so long.
_LONGEST = timedelta(days=366)
_HOUSE_RANK = 1000
_OUTCOMES = {
    Outcome.CREATED: EntryOutcome.NEW,
    Outcome.CHANGED: EntryOutcome.MOVED,
    Outcome.SAME: EntryOutcome.SAME,
}


def take_in_closures(
    *,
    actor: Actor,
    space_id: int,
    kind: ClosureKind,
    windows: Sequence[Window],
    cancelled: Collection[str] = (),
    now: datetime,
) -> TakenIn:
    """Close a space for the times of a file, all of it or nothing but what is left out and told. Raises NotFound, NotAllowed."""
    with db.transaction():
        path = Space.objects.filter(pk=space_id).values_list("path", "house_id").first()
        if path is None:
            raise NotFound(what="space")
        permissions.require_lead(actor, house_id=path[1])
        hold(trees={path[0][0]})
        there = {one.uid: one for one in SpaceClosure.objects.filter(space_id=space_id, lifted_at=None).exclude(uid="")}
        outcomes: list[tuple[str, EntryOutcome]] = []
        ended: list[int] = []
        for one in windows:
            outcome = _closed(actor, space_id, kind, one, there.get(one.uid), ended, now)
            outcomes.append((one.uid, outcome))
        for uid in cancelled:
            known = there.get(uid)
            if known is not None and (known.ends is None or known.ends > now):
                lift_closure(actor=actor, closure_id=known.pk, now=now)
                outcomes.append((uid, EntryOutcome.OPENED))
    return TakenIn(tuple(outcomes), tuple(ended))


def take_in_holidays(
    *, actor: Actor, house_id: int, days: Sequence[HouseDay], cancelled: Collection[str] = (), now: datetime
) -> TakenIn:
    """Close a house on the days of a file. What was booked within its hours and is outside of them by it ends; what is in use goes on.

    Raises NotFound, NotAllowed.
    """
    with db.transaction():
        ref = network.house_refs([house_id]).get(house_id)
        if ref is None:
            raise NotFound(what="house")
        paths = Space.objects.filter(house_id=house_id).values_list("path", flat=True)
        hold(trees={path[0] for path in paths}, opening=[house_id])
        calendar = network.opening_calendars([house_id])[house_id]
        today = now.astimezone(ZoneInfo(calendar.zone)).date()
        outcomes: list[tuple[str, EntryOutcome]] = []
        ended: list[int] = []
        for one in days:
            outcome = _entered(actor, ref.code, one, today)
            outcomes.append((one.uid, outcome))
            if outcome in (EntryOutcome.NEW, EntryOutcome.MOVED):
                met = _shut_out(house_id, calendar, one, now=now, but=ended)
                words = next(filter(None, one.names), "")
                found = Booking.objects.filter(pk__in=met)
                ended += ending.end_all(found, reason=EndReason.CLOSED, words=words, actor=actor, now=now)
        for uid in cancelled:
            if network_services.remove_taken_in(actor=actor, house_id=house_id, uid=uid):
                outcomes.append((uid, EntryOutcome.OPENED))
    return TakenIn(tuple(outcomes), tuple(ended))


def _closed(
    actor: Actor,
    space_id: int,
    kind: ClosureKind,
    one: Window,
    known: SpaceClosure | None,
    ended: list[int],
    now: datetime,
) -> EntryOutcome:
    if len(one.uid) > LONGEST_UID:
        return EntryOutcome.UNNAMEABLE
    if one.ends <= now:
        return EntryOutcome.PAST
    if known is not None and (known.starts, known.ends, known.note, known.kind) == (*one[1:], kind.value):
        return EntryOutcome.SAME
    try:
        with db.transaction():
            if known is not None:
                SpaceClosure.objects.filter(pk=known.pk).update(lifted_at=now)
            done = close_space(
                actor=actor, space_id=space_id, kind=kind, starts=one.starts, ends=one.ends, now=now, note=one.note,
                uid=one.uid,
            )  # fmt: skip
    except SpaceInUse:
        return EntryOutcome.IN_USE
    ended += done.booking_ids
    return EntryOutcome.NEW if known is None else EntryOutcome.MOVED


def _entered(actor: Actor, house_code: str, one: HouseDay, today: date) -> EntryOutcome:
    if len(one.uid) > LONGEST_UID:
        return EntryOutcome.UNNAMEABLE
    if one.last < today:
        return EntryOutcome.PAST
    draft = HolidayDraft(
        scope="house", scope_code=house_code, rule="date", names=one.names, first=one.first, last=one.last
    )
    try:
        return _OUTCOMES[network_services.take_in_holiday(actor=actor, draft=draft, uid=one.uid)]
    except HolidayTaken:
        return EntryOutcome.TAKEN


def _shut_out(
    house_id: int, calendar: OpeningCalendar, one: HouseDay, *, now: datetime, but: Collection[int]
) -> Iterator[int]:
    """What was within opening hours before and is not with these days off. What somebody booked outside of them by right stays."""
    zone = ZoneInfo(calendar.zone)
    after = replace(calendar, rules=(*calendar.rules, DayRule(Dates(one.first, one.last), one.names, (), _HOUSE_RANK)))
    begins = datetime.combine(one.first, time(), zone).astimezone(UTC)
    # A day's hours may reach into the next.
    ends = datetime.combine(one.last + timedelta(days=2), time(), zone).astimezone(UTC)
    open_ = Booking.objects.filter(
        house_id=house_id, state__in=[state.value for state in OPEN_BOOKINGS], ends__gt=max(begins, now), starts__lt=ends,
        starts__gt=begins - _LONGEST,
    ).exclude(state=BookingState.CHECKED_IN.value)  # fmt: skip
    found = [booking for booking in open_ if booking.pk not in but]
    spaces = by_ids({booking.space_id for booking in found})
    for booking in found:
        if is_shut_out(booking.starts, booking.ends, spaces[booking.space_id].hours, calendar, after):
            yield booking.pk
