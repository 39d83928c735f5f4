"""Everything that reads people: accounts and roles, members, and what they are owed an answer about."""

from khaneh.domains.people.queries.accounts import (
    account,
    account_by_email,
    account_emails,
    account_names,
    actor,
    grantable_at,
    organisations_of,
    own_address,
    password_fits,
    place_of,
    roles_above,
    roles_at,
    roles_of,
    roles_over,
)
from khaneh.domains.people.queries.acting import Acting, OfferRow, acting_for, proxy_offers
from khaneh.domains.people.queries.calendars import calendar_keys_of
from khaneh.domains.people.queries.contacts import Contact, contacts, member_of_account, memberships_ending
from khaneh.domains.people.queries.members import answers_for, categories, contact, lines, member, membership_of
from khaneh.domains.people.queries.members_finding import (
    duplicates,
    duplicates_of,
    find_members,
    served_houses,
    waiting_applications,
)
from khaneh.domains.people.queries.standing import Standing, age_on, history_keepers, standing, standing_of_account
from khaneh.domains.people.queries.tokens import machine_tokens_of_others, token_choices, tokens_of

__all__ = [
    "Acting",
    "Contact",
    "OfferRow",
    "Standing",
    "account",
    "account_by_email",
    "account_emails",
    "account_names",
    "acting_for",
    "actor",
    "age_on",
    "answers_for",
    "calendar_keys_of",
    "categories",
    "contact",
    "contacts",
    "duplicates",
    "duplicates_of",
    "find_members",
    "grantable_at",
    "history_keepers",
    "lines",
    "machine_tokens_of_others",
    "member",
    "member_of_account",
    "membership_of",
    "memberships_ending",
    "organisations_of",
    "own_address",
    "password_fits",
    "place_of",
    "proxy_offers",
    "roles_above",
    "roles_at",
    "roles_of",
    "roles_over",
    "served_houses",
    "standing",
    "standing_of_account",
    "token_choices",
    "tokens_of",
    "waiting_applications",
]
