"""Everything that changes skills, vacancies, profiles and placements: one function an act."""

from khaneh.domains.placements.services.confirming import confirm, end_placement, start
from khaneh.domains.placements.services.merging import import_esco, merge_skills, offer_skills
from khaneh.domains.placements.services.offering import accept, decline, offer, withdraw_offer
from khaneh.domains.placements.services.personal import erase_account, erase_member, export_member
from khaneh.domains.placements.services.seeking import (
    LONGEST_NOTE,
    forget_profile,
    give_consent,
    save_profile,
    show_interest,
    take_back_interest,
    withdraw_consent,
)
from khaneh.domains.placements.services.skills import change_skill, define_skill, ensure_skills
from khaneh.domains.placements.services.stating import confirm_statement, state_outcome, withdraw_statement
from khaneh.domains.placements.services.sweeping import sweep
from khaneh.domains.placements.services.vacancies import (
    add_vacancy,
    change_vacancy,
    close_for_withdrawn,
    close_vacancy,
    publish_vacancy,
)

__all__ = [
    "LONGEST_NOTE",
    "accept",
    "add_vacancy",
    "change_skill",
    "change_vacancy",
    "close_for_withdrawn",
    "close_vacancy",
    "confirm",
    "confirm_statement",
    "decline",
    "define_skill",
    "end_placement",
    "ensure_skills",
    "erase_account",
    "erase_member",
    "export_member",
    "forget_profile",
    "give_consent",
    "import_esco",
    "merge_skills",
    "offer",
    "offer_skills",
    "publish_vacancy",
    "save_profile",
    "show_interest",
    "start",
    "state_outcome",
    "sweep",
    "take_back_interest",
    "withdraw_consent",
    "withdraw_offer",
    "withdraw_statement",
]
