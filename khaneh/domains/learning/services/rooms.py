"""The rooms of a run: really booked, as the house's own use, so that nobody else has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from khaneh.domains.learning import permissions
from khaneh.domains.learning.errors import RoomTaken
from khaneh.domains.learning.models import Meeting, MeetingPlace, Run
from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces import services as booking
from khaneh.domains.spaces.types import BookingState, Channel, Override, SpaceRow
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal

# The house decides what it does with its own rooms; whether they are free and fit, nobody passes over.
_RIGHTS = frozenset({"book_over_limit", "book_for_blocked", "book_outside_hours", "book_unqualified"})
_NATIVE = {"IR": "fa", "VN": "vi"}


def known(actor: Actor, space_ids: Iterable[int]) -> dict[int, SpaceRow]:
    """The spaces, which are of houses in which the actor may plan. Six statements. Raises Invalid, NotAllowed."""
    wanted = set(space_ids)
    found = spaces.spaces_by_ids(wanted) if wanted else {}
    if wanted - found.keys():
        raise Invalid(fields={"meetings": "unknown_space"})
    for house_id in {row.house.id for row in found.values()}:
        permissions.require_plan(actor, house_id=house_id)
    return found


def take(
    run: Run,
    wanted: Sequence[tuple[Meeting, Sequence[int]]],
    rows: dict[int, SpaceRow],
    *,
    account_id: int,
    names: Label,
    now: datetime,
) -> None:
    """Book the spaces of meetings, all of them or none, for who answers for the run. Raises RoomTaken.

    The first of a meeting is where it is held and must have room for everybody. In the order of the trees of spaces, as everybody locks them.
    """
    facts = network.house_facts(run.house_id)
    organisation_id = facts.place.organisations[0] if facts.place.organisations else None
    title = names.pick(_NATIVE.get(facts.country, "en"))[:300]
    override = Override(_RIGHTS, f"learning.run:{run.pk}")
    made: dict[tuple[int, int], int] = {}
    asked = [
        (rows[space_id].path[0], meeting.number, order, meeting, space_id)
        for meeting, space_ids in wanted
        for order, space_id in enumerate(dict.fromkeys(space_ids))
    ]
    for _, number, order, meeting, space_id in sorted(asked, key=lambda one: one[:3]):
        try:
            done = booking.book(
                actor=SYSTEM, space_id=space_id, starts=meeting.starts, ends=meeting.ends, now=now,
                account_id=account_id, organisation_id=organisation_id, people_count=run.capacity if order == 0 else 1,
                title=title, channel=Channel.SYSTEM, override=override, own_use=True,
            )  # fmt: skip
            if done.state is BookingState.REQUESTED:
                booking.approve(actor=SYSTEM, booking_id=done.booking_id, now=now)
        except Refusal as refused:
            raise RoomTaken(
                meeting=number, space_id=space_id, space=rows[space_id].code, refusal=refused.code, why=refused.facts
            ) from refused
        made[meeting.pk, order] = done.booking_id
    MeetingPlace.objects.bulk_create(
        MeetingPlace(meeting_id=meeting_id, booking_id=number) for (meeting_id, _), number in sorted(made.items())
    )


def give_back(run_id: int, *, now: datetime) -> None:
    """Free what a run has booked and has not begun; bookings that others ended stay as they are."""
    places = MeetingPlace.objects.filter(meeting__run_id=run_id, booking__ends__gt=now)
    open_ = places.filter(booking__state__in=[BookingState.CONFIRMED.value, BookingState.REQUESTED.value])
    numbers = list(open_.order_by("booking__space__path", "pk").values_list("booking_id", flat=True))
    # First, so that nobody is told that a room is missing which the run itself gives up.
    MeetingPlace.objects.filter(booking_id__in=numbers).delete()
    for number in numbers:
        booking.cancel(actor=SYSTEM, booking_id=number, now=now)
