"""Everything that changes learning: one function an act."""

from functools import partial

from khaneh.domains.learning.services.attending import record_attendance, undo_attendance
from khaneh.domains.learning.services.certifying import revoke_certificate, status_list
from khaneh.domains.learning.services.enrolling import approve, enrol, quote, refuse, withdraw
from khaneh.domains.learning.services.finishing import assess, finish_run
from khaneh.domains.learning.services.keeping import (
    add_course,
    change_course,
    publish_course,
    retire_course,
)
from khaneh.domains.learning.services.materials import add_file, add_material, forget_files, remove_material, tidy_files
from khaneh.domains.learning.services.personal import erase_account, erase_member, export_member
from khaneh.domains.learning.services.planning import (
    cancel_run,
    change_run,
    change_times,
    open_run,
    plan_run,
    start_runs,
)
from khaneh.domains.learning.services.rehousing import note_lost, replace_room, tell_lost
from khaneh.domains.learning.services.training import end_requirement, require_training
from khaneh.domains.learning.services.waiting import accept_offer, decline_offer, tidy_offers
from khaneh.domains.policies import services as policies

# The acts and the rules that ship, put in force where nobody published others. Done after migrations.
ensure_policies = partial(policies.ensure_shipped, "khaneh.domains.learning")

__all__ = [
    "accept_offer",
    "add_course",
    "add_file",
    "add_material",
    "approve",
    "assess",
    "cancel_run",
    "change_course",
    "change_run",
    "change_times",
    "decline_offer",
    "end_requirement",
    "enrol",
    "ensure_policies",
    "erase_account",
    "erase_member",
    "export_member",
    "finish_run",
    "forget_files",
    "note_lost",
    "open_run",
    "plan_run",
    "publish_course",
    "quote",
    "record_attendance",
    "refuse",
    "remove_material",
    "replace_room",
    "require_training",
    "retire_course",
    "revoke_certificate",
    "start_runs",
    "status_list",
    "tell_lost",
    "tidy_files",
    "tidy_offers",
    "undo_attendance",
    "withdraw",
]
