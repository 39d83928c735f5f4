"""What changes the index, and what readers keep of it.

Other domains call `touch`; a worker calls `keep_fresh`; commands call `drain_now` and `rebuild`.
"""

from khaneh.domains.discovery.services.changes import drain, pending, touch, touching
from khaneh.domains.discovery.services.keeping import drain_now, keep_fresh
from khaneh.domains.discovery.services.lists import (
    LISTED,
    LONGEST_NAME,
    LONGEST_NOTE,
    add_to_list,
    change_list,
    delete_list,
    make_list,
    move_item,
    note_item,
    remove_from_list,
    share_list,
)
from khaneh.domains.discovery.services.rebuilding import RebuildRunning, is_current, rebuild
from khaneh.domains.discovery.services.watching import drop_search, keep_search, look_again, tell_of_search

__all__ = [
    "LISTED",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "RebuildRunning",
    "add_to_list",
    "change_list",
    "delete_list",
    "drain",
    "drain_now",
    "drop_search",
    "is_current",
    "keep_fresh",
    "keep_search",
    "look_again",
    "make_list",
    "move_item",
    "note_item",
    "pending",
    "rebuild",
    "remove_from_list",
    "share_list",
    "tell_of_search",
    "touch",
    "touching",
]
