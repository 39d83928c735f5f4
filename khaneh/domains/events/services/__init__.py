"""Everything that changes events and registrations: one function an act."""

from functools import partial

from khaneh.domains.events.services.after import give_feedback, record_outcome
from khaneh.domains.events.services.changing import (
    approve_registration,
    cancel_registration,
    change_registration,
    refuse_registration,
)
from khaneh.domains.events.services.coming import check_in, check_in_guest, undo_check_in
from khaneh.domains.events.services.housing import leave_space, use_space
from khaneh.domains.events.services.keeping import (
    cancel_event,
    change_event,
    close_event,
    close_what_is_over,
    open_event,
    propose_event,
)
from khaneh.domains.events.services.losing import note_found, note_lost, settle_found, tell_lost
from khaneh.domains.events.services.offline import offline_list, take_offline
from khaneh.domains.events.services.personal import erase_account, erase_member, export_member, forget_names
from khaneh.domains.events.services.registering import quote, register
from khaneh.domains.events.services.reminding import remind
from khaneh.domains.events.services.sharing import tidy_places
from khaneh.domains.policies import services as policies

# The acts and the rules that ship, put in force where nobody published others. Done after migrations.
ensure_policies = partial(policies.ensure_shipped, "khaneh.domains.events")

__all__ = [
    "approve_registration",
    "cancel_event",
    "cancel_registration",
    "change_event",
    "change_registration",
    "check_in",
    "check_in_guest",
    "close_event",
    "close_what_is_over",
    "ensure_policies",
    "erase_account",
    "erase_member",
    "export_member",
    "forget_names",
    "give_feedback",
    "leave_space",
    "note_found",
    "note_lost",
    "offline_list",
    "open_event",
    "propose_event",
    "quote",
    "record_outcome",
    "refuse_registration",
    "register",
    "remind",
    "settle_found",
    "take_offline",
    "tell_lost",
    "tidy_places",
    "undo_check_in",
    "use_space",
]
