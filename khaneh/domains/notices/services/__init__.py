"""Everything that changes notices: one function an act."""

from khaneh.domains.notices.services.choosing import choose, read, throw_away
from khaneh.domains.notices.services.gathering import gather
from khaneh.domains.notices.services.persons import erase_account, erase_member, export_member, merge_members
from khaneh.domains.notices.services.sending import claim, hand_over, mark, note_wrong_address, recover, send_due
from khaneh.domains.notices.services.settling import give_up, send_again, settle_address, take_as_sent
from khaneh.domains.notices.services.telling import tell, tell_account, tell_many, telling
from khaneh.domains.notices.services.texts import drop_text, save_text, set_quiet_hours
from khaneh.domains.notices.services.tidying import forget_what_is_over, tidy

__all__ = [
    "choose",
    "claim",
    "drop_text",
    "erase_account",
    "erase_member",
    "export_member",
    "forget_what_is_over",
    "gather",
    "give_up",
    "hand_over",
    "mark",
    "merge_members",
    "note_wrong_address",
    "read",
    "recover",
    "save_text",
    "send_again",
    "send_due",
    "set_quiet_hours",
    "settle_address",
    "take_as_sent",
    "tell",
    "tell_account",
    "tell_many",
    "telling",
    "throw_away",
    "tidy",
]
