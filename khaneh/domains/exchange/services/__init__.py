"""Everything that changes needs, offers and matches: one function an act."""

from khaneh.domains.exchange.services.agreeing import accept_text, confirm_outcome, propose_text, tell_outcome
from khaneh.domains.exchange.services.gathering import answer_gathering, decide_gathering, gather_needs
from khaneh.domains.exchange.services.matching import (
    decide_proposal,
    end_match,
    introduce,
    invite,
    say_yes,
    set_meeting,
    show_interest,
    start_talks,
)
from khaneh.domains.exchange.services.personal import erase_account, erase_member, export_member
from khaneh.domains.exchange.services.postings import (
    LONGEST_NOTE,
    add_posting,
    change_posting,
    close_posting,
    publish,
    renew,
    seen_mark,
    submit,
    take_back,
    telltale,
    withdraw_organisation,
)
from khaneh.domains.exchange.services.reaching import reckon_reach
from khaneh.domains.exchange.services.reading import gather_texts, learn_weights, read_texts
from khaneh.domains.exchange.services.records import find_records
from khaneh.domains.exchange.services.reviewing import approve, refuse, send_back
from khaneh.domains.exchange.services.sweeping import sweep

__all__ = [
    "LONGEST_NOTE",
    "accept_text",
    "add_posting",
    "answer_gathering",
    "approve",
    "change_posting",
    "close_posting",
    "confirm_outcome",
    "decide_gathering",
    "decide_proposal",
    "end_match",
    "erase_account",
    "erase_member",
    "export_member",
    "find_records",
    "gather_needs",
    "gather_texts",
    "introduce",
    "invite",
    "learn_weights",
    "propose_text",
    "publish",
    "read_texts",
    "reckon_reach",
    "refuse",
    "renew",
    "say_yes",
    "seen_mark",
    "send_back",
    "set_meeting",
    "show_interest",
    "start_talks",
    "submit",
    "sweep",
    "take_back",
    "tell_outcome",
    "telltale",
    "withdraw_organisation",
]
