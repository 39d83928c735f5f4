"""Rows about people, a module a subject."""

from khaneh.domains.people.models.accounts import Account, AccountManager, RoleAssignment

__all__ = ["Account", "AccountManager", "RoleAssignment"]
