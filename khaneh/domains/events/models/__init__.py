"""Events' rows, a module a subject, with what PostgreSQL itself keeps about them."""

from khaneh.domains.events.models.events import Event, EventSpace, Leg, Organiser, Pool
from khaneh.domains.events.models.outcomes import Outcome, OutcomeCount
from khaneh.domains.events.models.registrations import CheckIn, Feedback, Registration

__all__ = [
    "CheckIn",
    "Event",
    "EventSpace",
    "Feedback",
    "Leg",
    "Organiser",
    "Outcome",
    "OutcomeCount",
    "Pool",
    "Registration",
]
