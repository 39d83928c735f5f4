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
from khaneh.domains.meetings.services.pitching import (
    add_pitch,
    answer_contact,
    ask_contact,
    draw_order,
    order_pitches,
    remove_pitch,
    take_back_interest,
)
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
    "add_pitch",
    "answer_contact",
    "answer_person",
    "ask",
    "ask_contact",
    "ask_person",
    "cancel_matchmaking",
    "cancel_meeting",
    "change_matchmaking",
    "change_participant",
    "choose_time",
    "decline",
    "draw_order",
    "erase_account",
    "erase_member",
    "export_member",
    "note_meeting",
    "open_matchmaking",
    "order_pitches",
    "plan",
    "register",
    "remove_pitch",
    "say_outcome",
    "say_when",
    "take_back",
    "take_back_interest",
    "withdraw_organisation",
    "withdraw_participant",
]
