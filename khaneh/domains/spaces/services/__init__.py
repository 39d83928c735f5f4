"""Everything that changes spaces and bookings: one function an act."""

from functools import partial

from khaneh.domains.policies import services as policies
from khaneh.domains.spaces.services.answering import approve, refuse, weigh_approval
from khaneh.domains.spaces.services.booking import book, change_booking, quote
from khaneh.domains.spaces.services.calendars import take_in_closures, take_in_holidays
from khaneh.domains.spaces.services.grouping import check_in_person, name_persons, withdraw
from khaneh.domains.spaces.services.holding import hold_bookings
from khaneh.domains.spaces.services.keeping import (
    add_space,
    change_space,
    change_space_state,
    close_space,
    lift_closure,
)
from khaneh.domains.spaces.services.moving import weigh_change
from khaneh.domains.spaces.services.opening import change_opening, weigh_opening
from khaneh.domains.spaces.services.personal import erase_account, erase_member, export_member, forget_names
from khaneh.domains.spaces.services.photos import (
    add_photo,
    describe_photo,
    forget_pictures,
    move_photo,
    remove_photo,
    tidy_pictures,
)
from khaneh.domains.spaces.services.repeating import book_series, plan_series
from khaneh.domains.spaces.services.visiting import cancel, check_in, finish, tidy
from khaneh.domains.spaces.services.waiting import (
    accept_offer,
    join_waiting_list,
    leave_waiting_list,
    offer_waiting,
    tidy_waiting,
)
from khaneh.domains.spaces.services.waiting_groups import leave_group, name_waiting
from khaneh.domains.spaces.services.weighing import weigh_closure, weigh_closures, weigh_holidays, weigh_state

# The acts and the rules that ship, put in force where nobody published others. Done after migrations.
ensure_policies = partial(policies.ensure_shipped, "khaneh.domains.spaces")

__all__ = [
    "accept_offer",
    "add_photo",
    "add_space",
    "approve",
    "book",
    "book_series",
    "cancel",
    "change_booking",
    "change_opening",
    "change_space",
    "change_space_state",
    "check_in",
    "check_in_person",
    "close_space",
    "describe_photo",
    "ensure_policies",
    "erase_account",
    "erase_member",
    "export_member",
    "finish",
    "forget_names",
    "forget_pictures",
    "hold_bookings",
    "join_waiting_list",
    "leave_group",
    "leave_waiting_list",
    "lift_closure",
    "move_photo",
    "name_persons",
    "name_waiting",
    "offer_waiting",
    "plan_series",
    "quote",
    "refuse",
    "remove_photo",
    "take_in_closures",
    "take_in_holidays",
    "tidy",
    "tidy_pictures",
    "tidy_waiting",
    "weigh_approval",
    "weigh_change",
    "weigh_closure",
    "weigh_closures",
    "weigh_holidays",
    "weigh_opening",
    "weigh_state",
    "withdraw",
]
