"""Rows about people, a module a subject."""

from khaneh.domains.people.models.accounts import Account, AccountManager, RoleAssignment
from khaneh.domains.people.models.calendars import CalendarKey
from khaneh.domains.people.models.members import (
    Card,
    Guardianship,
    Member,
    MemberBlock,
    MemberCategory,
    MemberMerge,
    MemberMessage,
)
from khaneh.domains.people.models.proxies import ProxyOffer
from khaneh.domains.people.models.tokens import Token, TokenAnswer, TokenRole

__all__ = [
    "Account",
    "AccountManager",
    "CalendarKey",
    "Card",
    "Guardianship",
    "Member",
    "MemberBlock",
    "MemberCategory",
    "MemberMerge",
    "MemberMessage",
    "ProxyOffer",
    "RoleAssignment",
    "Token",
    "TokenAnswer",
    "TokenRole",
]
