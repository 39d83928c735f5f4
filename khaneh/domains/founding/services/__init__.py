"""Everything that changes founding: one function an act, keyword arguments, the actor first."""

from khaneh.domains.founding.services.assessing import begin, begin_again, begin_first, give_up, save_scores, submit
from khaneh.domains.founding.services.deciding import approve, change_budget, refuse
from khaneh.domains.founding.services.fitting import (
    add_task,
    begin_fitting_out,
    change_task,
    open_house,
    set_task_state,
    spend,
    take_back,
)
from khaneh.domains.founding.services.importing import export_items, import_items
from khaneh.domains.founding.services.personal import erase_account, erase_member, export_member
from khaneh.domains.founding.services.photographs import LARGEST_UPLOAD, add_photo, remove_photo, sweep_files
from khaneh.domains.founding.services.proposing import change_proposal, propose, withdraw
from khaneh.domains.founding.services.standards import (
    add_standard,
    change_standard,
    drop_draft,
    publish_standard,
    retire_standard,
    set_items,
)
from khaneh.domains.founding.services.sweeping import sweep

__all__ = [
    "LARGEST_UPLOAD",
    "add_photo",
    "add_standard",
    "add_task",
    "approve",
    "begin",
    "begin_again",
    "begin_first",
    "begin_fitting_out",
    "change_budget",
    "change_proposal",
    "change_standard",
    "change_task",
    "drop_draft",
    "erase_account",
    "erase_member",
    "export_items",
    "export_member",
    "give_up",
    "import_items",
    "open_house",
    "propose",
    "publish_standard",
    "refuse",
    "remove_photo",
    "retire_standard",
    "save_scores",
    "set_items",
    "set_task_state",
    "spend",
    "submit",
    "sweep",
    "sweep_files",
    "take_back",
    "withdraw",
]
