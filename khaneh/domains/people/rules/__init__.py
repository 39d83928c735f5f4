"""Pure decisions about people: no ORM, no clock, no settings. A module a subject."""

from khaneh.domains.people.rules.granting import grantable, sees_roles
from khaneh.domains.people.rules.tokens import CALENDAR_PREFIX, PREFIX, contained, containing, digest, seal, still_held

__all__ = [
    "CALENDAR_PREFIX",
    "PREFIX",
    "contained",
    "containing",
    "digest",
    "grantable",
    "seal",
    "sees_roles",
    "still_held",
]
