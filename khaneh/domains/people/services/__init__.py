"""Everything that changes people, a module a subject."""

from khaneh.domains.people.rules.members import LONGEST_ADDRESS, LONGEST_TEXT
from khaneh.domains.people.services import personal_data
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
from khaneh.domains.people.services.calendars import LONGEST_NAME as LONGEST_CALENDAR_KEY_NAME
from khaneh.domains.people.services.calendars import end_calendar_key, make_calendar_key, open_calendar_key
from khaneh.domains.people.services.members import (
    apply_for_membership,
    approve_application,
    change_member,
    close_membership,
    decline_application,
    ensure_category,
    register_member,
    renew_membership,
    reopen_membership,
)
from khaneh.domains.people.services.members_cards import check_pin, close_card, issue_card, replace_card, set_pin
from khaneh.domains.people.services.members_guardians import add_guardian, end_guardianship
from khaneh.domains.people.services.members_merging import merge_members
from khaneh.domains.people.services.members_notes import leave_message, lift_block, read_message, set_block
from khaneh.domains.people.services.members_privacy import (
    erase_member,
    erase_myself,
    export_member_data,
    owed,
    set_keep_history,
)
from khaneh.domains.people.services.members_proxies import OPEN_FOR as PROXY_OFFERS_OPEN_FOR
from khaneh.domains.people.services.members_proxies import accept_proxy, drop_proxy_offer, name_proxy
from khaneh.domains.people.services.tokens import LONGEST_NAME as LONGEST_TOKEN_NAME
from khaneh.domains.people.services.tokens import REMEMBERED as TOKEN_ANSWERS_REMEMBERED
from khaneh.domains.people.services.tokens import (
    answer_once,
    forget_token_answers,
    make_token,
    open_token,
    revoke_token,
)

__all__ = [
    "LONGEST_ADDRESS",
    "LONGEST_CALENDAR_KEY_NAME",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "LONGEST_TEXT",
    "LONGEST_TOKEN_NAME",
    "PROXY_OFFERS_OPEN_FOR",
    "TOKEN_ANSWERS_REMEMBERED",
    "accept_proxy",
    "add_guardian",
    "answer_once",
    "apply_for_membership",
    "approve_application",
    "change_member",
    "check_pin",
    "close_account",
    "close_card",
    "close_membership",
    "decline_application",
    "drop_proxy_offer",
    "end_calendar_key",
    "end_guardianship",
    "ensure_category",
    "erase_member",
    "erase_myself",
    "export_member_data",
    "forget_token_answers",
    "grant_role",
    "issue_card",
    "leave_message",
    "lift_block",
    "make_calendar_key",
    "make_token",
    "merge_members",
    "name_proxy",
    "open_account",
    "open_calendar_key",
    "open_token",
    "owed",
    "personal_data",
    "read_message",
    "record_sign_up",
    "register_member",
    "renew_membership",
    "reopen_membership",
    "replace_card",
    "revoke_role",
    "revoke_token",
    "set_block",
    "set_keep_history",
    "set_pin",
    "set_preferences",
]
