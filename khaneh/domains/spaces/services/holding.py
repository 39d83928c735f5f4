"""A booking that is dealt with: seen, then held, then read again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.errors import BookingChanged
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.rows import seen
from khaneh.domains.spaces.services import companions
from khaneh.domains.spaces.services.judging import hold
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_SEEN = """
SELECT b.account_id, b.organisation_id, b.space_id, b.house_id, coalesce((b.terms -> 'own_use')::boolean, false), s.path[1],
  ARRAY(SELECT p.account_id FROM spaces_bookingperson p WHERE p.booking_id = b.id AND p.account_id IS NOT NULL AND p.left_at IS NULL)
FROM spaces_booking b JOIN spaces_space s ON s.id = b.space_id WHERE b.id = %(id)s::bigint
"""
_FIELDS = [(field.attname, str(field.column)) for field in Booking._meta.concrete_fields]
_JSON = ("terms", "override")
_READ = f"""
SELECT {", ".join(column + ("::text" if column in _JSON else "") for _, column in _FIELDS)}
FROM spaces_booking WHERE id = %(id)s::bigint
"""  # noqa: S608


def hold_bookings(booking_ids: Collection[int]) -> None:
    """Hold everybody of several bookings and the trees of their spaces, before an act that deals with one after the other. A statement a booking, and one."""
    trees, persons, organisations, houses = set(), set[int](), set(), set()
    for number in booking_ids:
        found = db.fetch_one(_SEEN, {"id": number})
        if found is not None:
            account_id, organisation_id, _space, house_id, _own_use, top, named = found
            trees.add(top)
            houses.add(house_id)
            persons |= {*named, *([account_id] if account_id is not None else [])}
            organisations |= {organisation_id} - {None}
    hold(trees=trees, others=persons, organisations=organisations, open_in=houses)


def held_booking(booking_id: int, *, actor: Actor, also: int | None = None, others: Collection[int] = ()) -> Booking:
    """A booking that the actor may deal with (their own, or at the desk), with everybody of it and the trees held; of another space, and
    others who are to come, too.

    The house's own use is the desk's alone: whoever it is booked by for a course does not give the course's room away. Raises NotFound,
    also for what is none of the actor's business, BookingChanged. Three statements, and one for a group.
    """
    found = db.fetch_one(_SEEN, {"id": booking_id})
    if found is None:
        raise NotFound(what="booking")
    account_id, organisation_id, space_id, house_id, own_use, top, named = found
    own = account_id is not None and account_id == actor.account_id and not own_use
    if not (own or permissions.may_desk(actor, house_id=house_id)):
        raise NotFound(what="booking")
    trees, houses = {top}, {house_id}
    other = None
    if also is not None and also != space_id:
        other = seen(also)
        if other is None:
            raise NotFound(what="space")
        trees.add(other.space.path[0])
        houses.add(other.space.house.id)
    hold(trees=trees, account_id=account_id, organisation_id=organisation_id, others={*named, *others}, open_in=houses)
    booking = _read(booking_id)
    # One person is nobody's group.
    joined = companions.accounts_of(companions.named(booking_id)) if booking.people > 1 else set()
    if booking.space_id != space_id or not joined <= {*named, *others}:
        raise BookingChanged(booking_id=booking_id)
    if other is not None and not own:
        permissions.require_desk(actor, house_id=other.space.house.id)
    return booking


def _read(booking_id: int) -> Booking:
    row: tuple[Any, ...] = db.fetch_one(_READ, {"id": booking_id}) or ()
    values = {name: value for (name, _), value in zip(_FIELDS, row, strict=True)}
    for name in _JSON:
        if values[name] is not None:
            values[name] = orjson.loads(values[name])
    made: Booking = Booking.from_db(None, list(values), list(values.values()))
    return made
