"""Pure decisions about people: no ORM, no clock, no settings. A module a subject."""

from khaneh.domains.people.rules.granting import grantable, sees_roles

__all__ = ["grantable", "sees_roles"]
