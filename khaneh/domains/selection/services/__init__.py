"""Everything that changes a selection: one function an act."""

from khaneh.domains.selection.services.appealing import answer_appeal, appeal
from khaneh.domains.selection.services.contracting import issue_contract, sign_contract, take_back_contract
from khaneh.domains.selection.services.deciding import decide, decide_by_ranking, release
from khaneh.domains.selection.services.interviewing import add_slots, invite, remove_slot, take_slot
from khaneh.domains.selection.services.personal import erase_account, erase_member, export_member
from khaneh.domains.selection.services.pool import add_reviewer, assign, assign_all, remove_reviewer, take_back
from khaneh.domains.selection.services.ranking import make_ranking
from khaneh.domains.selection.services.reviewing import (
    Mark,
    declare_clear,
    declare_conflict,
    save_review,
    set_aside,
    submit_review,
)
from khaneh.domains.selection.services.rounds import change_contracts, change_round, fix_round, open_round

__all__ = [
    "Mark",
    "add_reviewer",
    "add_slots",
    "answer_appeal",
    "appeal",
    "assign",
    "assign_all",
    "change_contracts",
    "change_round",
    "decide",
    "decide_by_ranking",
    "declare_clear",
    "declare_conflict",
    "erase_account",
    "erase_member",
    "export_member",
    "fix_round",
    "invite",
    "issue_contract",
    "make_ranking",
    "open_round",
    "release",
    "remove_reviewer",
    "remove_slot",
    "save_review",
    "set_aside",
    "sign_contract",
    "submit_review",
    "take_back",
    "take_back_contract",
    "take_slot",
]
