"""Everything that reads spaces, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

from khaneh.domains.spaces.queries.bookings import booking, bookings_of, bookings_of_series, requests_of, week
from khaneh.domains.spaces.queries.free import alternatives, free_spaces, free_times, starts_of
from khaneh.domains.spaces.queries.photos import photos_of, picture
from khaneh.domains.spaces.queries.spaces import (
    closures_of,
    lacking,
    parts_of,
    public_space_ids,
    space,
    space_by_id,
    spaces_by_ids,
    spaces_of_house,
)

__all__ = [
    "alternatives",
    "booking",
    "bookings_of",
    "bookings_of_series",
    "closures_of",
    "free_spaces",
    "free_times",
    "lacking",
    "parts_of",
    "photos_of",
    "picture",
    "public_space_ids",
    "requests_of",
    "space",
    "space_by_id",
    "spaces_by_ids",
    "spaces_of_house",
    "starts_of",
    "week",
]
