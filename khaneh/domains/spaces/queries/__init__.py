"""Everything that reads spaces, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

from khaneh.domains.spaces.queries.bookings import (
    booking,
    bookings_by_ids,
    bookings_of,
    bookings_of_series,
    busy,
    requests_of,
)
from khaneh.domains.spaces.queries.calendars import (
    bookings_between,
    bookings_of_house,
    closures_of_house,
    taken_times,
)
from khaneh.domains.spaces.queries.desk import Missed, bookings_at_desk, missed, served_houses, waiting_requests
from khaneh.domains.spaces.queries.free import alternatives, free_spaces, free_times, free_units, starts_of
from khaneh.domains.spaces.queries.groups import booking_naming, bookings_naming, persons_of
from khaneh.domains.spaces.queries.photos import photo, photos_of, picture
from khaneh.domains.spaces.queries.shared import SharedSpan, shared_minutes
from khaneh.domains.spaces.queries.spaces import (
    closures_of,
    kinds_offered,
    lacking,
    own_requirements,
    parts_of,
    public_space_ids,
    space,
    space_by_id,
    space_of_closure,
    spaces_by_ids,
    spaces_of_house,
)
from khaneh.domains.spaces.queries.unmet import unmet
from khaneh.domains.spaces.queries.waiting import waiting_along, waiting_by_id, waiting_of
from khaneh.domains.spaces.queries.week import week, week_of

__all__ = [
    "Missed",
    "SharedSpan",
    "alternatives",
    "booking",
    "booking_naming",
    "bookings_at_desk",
    "bookings_between",
    "bookings_by_ids",
    "bookings_naming",
    "bookings_of",
    "bookings_of_house",
    "bookings_of_series",
    "busy",
    "closures_of",
    "closures_of_house",
    "free_spaces",
    "free_times",
    "free_units",
    "kinds_offered",
    "lacking",
    "missed",
    "own_requirements",
    "parts_of",
    "persons_of",
    "photo",
    "photos_of",
    "picture",
    "public_space_ids",
    "requests_of",
    "served_houses",
    "shared_minutes",
    "space",
    "space_by_id",
    "space_of_closure",
    "spaces_by_ids",
    "spaces_of_house",
    "starts_of",
    "taken_times",
    "unmet",
    "waiting_along",
    "waiting_by_id",
    "waiting_of",
    "waiting_requests",
    "week",
    "week_of",
]
