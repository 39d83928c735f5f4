"""Ending bookings: cancelled by who booked or by the house, refused, closed over, gone by. Whoever is concerned is told.

Called with the tree of the space held, but for what the clock ends, which frees and takes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from khaneh.domains.spaces import notices
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.queries.holding import room
from khaneh.domains.spaces.queries.rows import by_ids
from khaneh.domains.spaces.services import charging
from khaneh.domains.spaces.types import HOLDING, BookingState, EndReason
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import Actor

# By whoever booked; what they gave up too late stays charged.
_GIVEN_UP = (EndReason.BOOKER, EndReason.ERASED)
_GIVEN_BACK = (BookingState.CANCELLED, BookingState.REFUSED)
_END = """
UPDATE spaces_booking
SET state = %(state)s, ended_at = %(now)s::timestamptz, held_until = NULL, end_reason = %(end_reason)s, reason = %(reason)s,
    terms = %(terms)s::jsonb, changed_at = %(now)s::timestamptz, revision = revision + 1
WHERE id = %(id)s::bigint AND state = %(was)s AND revision = %(revision)s
"""
# Also whoever is offered something and may let it lapse.
_AWAITED = "SELECT 1 FROM spaces_waiting WHERE house_id = %(house)s::bigint AND state IN ('waiting', 'offered') LIMIT 1"


def end(
    booking: Booking,
    *,
    state: BookingState,
    actor: Actor,
    now: datetime,
    reason: EndReason | None = None,
    words: str = "",
    settled: bool = True,
    held: bool = True,
) -> bool:
    """Take a booking to its end; false when somebody did so meanwhile. What it held is free, and who waits is offered it.

    What it cost is given back, all of it where the house ended it; `settled` false leaves that to the caller (`charging.settle`), who ends
    several. `held` false: without the tree of the space.
    """
    terms = booking.terms
    if reason in _GIVEN_UP:
        terms = charging.terms_after(booking, now)
    elif state in _GIVEN_BACK:
        terms = {**terms, "kept": []}
    # As it was seen: one that was moved or checked in meanwhile is another matter.
    done = db.execute(
        _END,
        {
            "id": booking.pk, "was": booking.state, "revision": booking.revision, "state": state.value, "now": now,
            "end_reason": reason.value if reason else "", "reason": words, "terms": json.dumps(terms),
        },
    )  # fmt: skip
    if done:
        journal.record(
            f"spaces.booking.{state.value}", actor=actor, house_id=booking.house_id, booking_id=booking.pk,
            space_id=booking.space_id, **({"reason": reason.value} if reason else {}),
        )  # fmt: skip
        if booking.state in HOLDING and booking.ends > now:
            offer(booking, held=held)
        # Of an offer that nobody took, its group has not been told.
        taken = booking.state != BookingState.TENTATIVE
        if booking.people > 1 and taken and state in (*_GIVEN_BACK, BookingState.NO_SHOW):
            notices.tell_group(booking.pk, now=now, ended=True)
        # What was used, or left unused, costs what it did.
        if settled and state in _GIVEN_BACK and (booking.price_amount or booking.terms.get("kept")):
            charging.settle([booking.pk], actor=actor, now=now)
    return bool(done)


def offer(booking: Booking, *, held: bool = True) -> None:
    """Have what a booking held offered to who waits, in the caller's transaction. One statement where nobody waits in its house.

    Whoever begins to wait has found, with the trees held, that nothing is free: without them (`held` false) they may not be seen yet.
    """
    if not held or db.fetch_one(_AWAITED, {"house": booking.house_id}):
        jobs.defer("spaces.offer", space_id=booking.space_id)


def end_all(
    bookings: QuerySet[Booking], *, reason: EndReason, words: str, actor: Actor, now: datetime, settled: bool = True
) -> list[int]:
    """End everything that is to come, by the house: what holds is cancelled, what asks is refused. Each of those who booked is told, and has
    their money back (unless the caller settles).

    What is in use goes on. Gives the numbers.
    """
    ended = []
    for booking in bookings.exclude(state=BookingState.CHECKED_IN.value).order_by("pk"):
        asked = booking.state == BookingState.REQUESTED
        state = BookingState.REFUSED if asked else BookingState.CANCELLED
        if end(booking, state=state, actor=actor, now=now, reason=reason, words=words, settled=False):
            notices.tell_ended(booking, now=now)
            ended.append(booking.pk)
    if settled:
        charging.settle(ended, actor=actor, now=now)
    return ended


def without_room(
    space_id: int, *, first: datetime, last: datetime | None, except_ids: Iterable[int] = ()
) -> list[Booking]:
    """Requests in the tree of a space, within a time, for which there is no room. Two statements, and one a request."""
    path = Space.objects.values_list("path", flat=True).get(pk=space_id)
    near = Space.objects.filter(path__contains=[path[0]]).values_list("pk", flat=True)
    asked = Booking.objects.filter(
        space_id__in=list(near), state=BookingState.REQUESTED.value, blocks__overlap=(first, last)
    ).exclude(pk__in=list(except_ids))
    found = list(asked.order_by("booked_at", "pk"))
    spaces = by_ids({one.space_id for one in found})
    return [
        one
        for one in found
        if not room(spaces[one.space_id], one.blocks.lower, one.blocks.upper, except_id=one.pk).free
    ]


def refuse_without_room(
    *, space_id: int, words: str, actor: Actor, now: datetime, reason: EndReason = EndReason.CLOSED
) -> list[int]:
    """Refuse the requests to come for which no room is left. Gives their numbers."""
    left = without_room(space_id, first=now, last=None)
    return end_all(
        Booking.objects.filter(pk__in=[one.pk for one in left]), reason=reason, words=words, actor=actor, now=now
    )
