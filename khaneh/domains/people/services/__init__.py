"""Everything that changes people, a module a subject."""

from khaneh.domains.people.services.accounts import (
    LONGEST_NAME,
    LONGEST_REASON,
    close_account,
    grant_role,
    open_account,
    record_sign_up,
    revoke_role,
    set_preferences,
)

__all__ = [
    "LONGEST_NAME",
    "LONGEST_REASON",
    "close_account",
    "grant_role",
    "open_account",
    "record_sign_up",
    "revoke_role",
    "set_preferences",
]
