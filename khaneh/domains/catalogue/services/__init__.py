"""Everything that changes the catalogue: one function an act."""

from khaneh.domains.catalogue.services.copies import keep_copy_at, let_float, set_copy_state, set_copy_states
from khaneh.domains.catalogue.services.importing.batches import begin as begin_import
from khaneh.domains.catalogue.services.imports import import_file, import_files, run_import
from khaneh.domains.catalogue.services.merging import judge_pair, merge_records, move_to_work, undo_merge
from khaneh.domains.catalogue.services.moved_houses import touch_records_of_houses
from khaneh.domains.catalogue.services.profiles import save_profile, set_source
from khaneh.domains.catalogue.services.quarantine import discard_quarantined, retry_batch, retry_quarantined
from khaneh.domains.catalogue.services.refreshing import refresh_stale
from khaneh.domains.catalogue.services.rematching import regroup_works, rematch
from khaneh.domains.catalogue.services.uploads import keep_file, start_import

__all__ = [
    "begin_import",
    "discard_quarantined",
    "import_file",
    "import_files",
    "judge_pair",
    "keep_copy_at",
    "keep_file",
    "let_float",
    "merge_records",
    "move_to_work",
    "refresh_stale",
    "regroup_works",
    "rematch",
    "retry_batch",
    "retry_quarantined",
    "run_import",
    "save_profile",
    "set_copy_state",
    "set_copy_states",
    "set_source",
    "start_import",
    "touch_records_of_houses",
    "undo_merge",
]
