"""Everything that changes residencies, mentoring and the support ledger: one function an act."""

from khaneh.domains.residencies.services.allotting import allot, close_run_out, give_back
from khaneh.domains.residencies.services.asking import answer_request, ask, withdraw_request
from khaneh.domains.residencies.services.following import answer_follow_up, ask_follow_ups, consent
from khaneh.domains.residencies.services.mentoring import (
    appoint_mentor,
    book_session,
    cancel_session,
    check_health,
    hold_session,
    offer_slot,
    release_mentor,
    withdraw_slot,
)
from khaneh.domains.residencies.services.milestones import (
    add_evidence,
    decide_milestone,
    drop_milestone,
    plan_milestone,
    submit_milestone,
)
from khaneh.domains.residencies.services.personal import erase_account, erase_member, export_member
from khaneh.domains.residencies.services.residing import (
    end_residency,
    graduate,
    leave,
    move_in,
    offer_residency,
    prolong,
    withdraw_organisation,
)
from khaneh.domains.residencies.services.support import (
    acknowledge,
    add_line,
    cancel_tranche,
    change_line,
    give,
    pay,
    promise,
    take_back,
)

__all__ = [
    "acknowledge",
    "add_evidence",
    "add_line",
    "allot",
    "answer_follow_up",
    "answer_request",
    "appoint_mentor",
    "ask",
    "ask_follow_ups",
    "book_session",
    "cancel_session",
    "cancel_tranche",
    "change_line",
    "check_health",
    "close_run_out",
    "consent",
    "decide_milestone",
    "drop_milestone",
    "end_residency",
    "erase_account",
    "erase_member",
    "export_member",
    "give",
    "give_back",
    "graduate",
    "hold_session",
    "leave",
    "move_in",
    "offer_residency",
    "offer_slot",
    "pay",
    "plan_milestone",
    "prolong",
    "promise",
    "release_mentor",
    "submit_milestone",
    "take_back",
    "withdraw_organisation",
    "withdraw_request",
    "withdraw_slot",
]
