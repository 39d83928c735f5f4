"""Everything that changes sessions, meetings and demo days: one function an act."""

from khaneh.domains.meetings.services.after import note_meeting, say_outcome
from khaneh.domains.meetings.services.arranging import (
    add_matchmaking,
    cancel_matchmaking,
    change_matchmaking,
    open_matchmaking,
)
from khaneh.domains.meetings.services.asking import accept, ask, cancel_meeting, choose_time, decline, take_back
from khaneh.domains.meetings.services.personal import erase_account, erase_member, export_member, withdraw_organisation
from khaneh.domains.meetings.services.planning import plan
from khaneh.domains.meetings.services.registering import (
    answer_person,
    ask_person,
    change_participant,
    register,
    say_when,
    withdraw_participant,
)

__all__ = [
    "accept",
    "add_matchmaking",
    "answer_person",
    "ask",
    "ask_person",
    "cancel_matchmaking",
    "cancel_meeting",
    "change_matchmaking",
    "change_participant",
    "choose_time",
    "decline",
    "erase_account",
    "erase_member",
    "export_member",
    "note_meeting",
    "open_matchmaking",
    "plan",
    "register",
    "say_outcome",
    "say_when",
    "take_back",
    "withdraw_organisation",
    "withdraw_participant",
]
