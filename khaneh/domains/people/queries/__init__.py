"""Everything that reads people: accounts and roles, members, and what they are owed an answer about."""

from khaneh.domains.people.queries.accounts import (
    account,
    account_by_email,
    account_names,
    actor,
    grantable_at,
    password_fits,
    place_of,
    roles_above,
    roles_at,
    roles_of,
    roles_over,
)
from khaneh.domains.people.queries.standing import Standing, standing

__all__ = [
    "Standing",
    "account",
    "account_by_email",
    "account_names",
    "actor",
    "grantable_at",
    "password_fits",
    "place_of",
    "roles_above",
    "roles_at",
    "roles_of",
    "roles_over",
    "standing",
]
