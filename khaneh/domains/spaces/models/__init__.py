"""Rows of spaces, a module a subject."""

from khaneh.domains.spaces.models.bookings import Booking, Occupancy, Series, Waiting
from khaneh.domains.spaces.models.groups import BookingPerson, WaitingPerson
from khaneh.domains.spaces.models.photos import SpacePhoto
from khaneh.domains.spaces.models.spaces import Space, SpaceClosure, SpaceHours, SpaceRequirement

__all__ = [
    "Booking",
    "BookingPerson",
    "Occupancy",
    "Series",
    "Space",
    "SpaceClosure",
    "SpaceHours",
    "SpacePhoto",
    "SpaceRequirement",
    "Waiting",
    "WaitingPerson",
]
