"""Everything that changes lending: one function an act."""

from functools import partial

from khaneh.domains.circulation.services.conflicts import keep_conflict, settle_conflict
from khaneh.domains.circulation.services.dating import change_due_date
from khaneh.domains.circulation.services.devices import (
    enrol_device,
    note_snapshot,
    recover_device,
    require_device,
    revoke_device,
)
from khaneh.domains.circulation.services.floating import drop_float_limit, let_collection_float, set_float_limit
from khaneh.domains.circulation.services.foreseeing import foresee_loan
from khaneh.domains.circulation.services.forgetting import forget_read
from khaneh.domains.circulation.services.inventories import (
    close_inventory,
    mark_missing,
    open_inventory,
    scan_file,
    scan_shelf,
    settle_finding,
)
from khaneh.domains.circulation.services.ledger import charge, pay, waive
from khaneh.domains.circulation.services.lending import check_out
from khaneh.domains.circulation.services.losing import (
    ClaimOutcome,
    claim_returned,
    declare_lost,
    lose_long_overdue,
    mark_damaged,
    settle_claim,
)
from khaneh.domains.circulation.services.measuring import measure_paces
from khaneh.domains.circulation.services.moving import cancel_transfer, expire_shelf, lose_transfer, send_transfer
from khaneh.domains.circulation.services.pickup import change_pickup
from khaneh.domains.circulation.services.queueing import Move, move_request
from khaneh.domains.circulation.services.receiving import receive_entries
from khaneh.domains.circulation.services.reminding import send_receipt
from khaneh.domains.circulation.services.renewing import renew, renew_all
from khaneh.domains.circulation.services.replaying import replay_pending
from khaneh.domains.circulation.services.requesting import (
    LONGEST_NOTE,
    cancel_request,
    place_request,
    resume_request,
    suspend_request,
)
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.services.runs import (
    cancel_run,
    end_run,
    miss_stop,
    plan_run,
    reach_stop,
    repeat_run,
    scan_at_stop,
    start_run,
)
from khaneh.domains.circulation.services.snapshotting import Snapshot, draw_snapshot
from khaneh.domains.circulation.services.targeting import not_on_shelf, target_waiting
from khaneh.domains.circulation.services.terminals import (
    add_terminal,
    answer_once,
    change_terminal,
    forget_answers,
    forget_line,
    open_terminal,
    rotate_terminal_password,
    sign_terminal_in,
    switch_terminal,
)
from khaneh.domains.circulation.services.undoing import UNDO_FOR, undo_loan, undo_return
from khaneh.domains.circulation.services.using import use_in_house
from khaneh.domains.policies import services as policies

# The acts and the rules that ship, put in force where nobody published others. Done after migrations.
ensure_policies = partial(policies.ensure_shipped, "khaneh.domains.circulation")

__all__ = [
    "LONGEST_NOTE",
    "UNDO_FOR",
    "ClaimOutcome",
    "Move",
    "Snapshot",
    "add_terminal",
    "answer_once",
    "cancel_request",
    "cancel_run",
    "cancel_transfer",
    "change_due_date",
    "change_pickup",
    "change_terminal",
    "charge",
    "check_in",
    "check_out",
    "claim_returned",
    "close_inventory",
    "declare_lost",
    "draw_snapshot",
    "drop_float_limit",
    "end_run",
    "enrol_device",
    "ensure_policies",
    "expire_shelf",
    "foresee_loan",
    "forget_answers",
    "forget_line",
    "forget_read",
    "keep_conflict",
    "let_collection_float",
    "lose_long_overdue",
    "lose_transfer",
    "mark_damaged",
    "mark_missing",
    "measure_paces",
    "miss_stop",
    "move_request",
    "not_on_shelf",
    "note_snapshot",
    "open_inventory",
    "open_terminal",
    "pay",
    "place_request",
    "plan_run",
    "reach_stop",
    "receive_entries",
    "recover_device",
    "renew",
    "renew_all",
    "repeat_run",
    "replay_pending",
    "require_device",
    "resume_request",
    "revoke_device",
    "rotate_terminal_password",
    "scan_at_stop",
    "scan_file",
    "scan_shelf",
    "send_receipt",
    "send_transfer",
    "set_float_limit",
    "settle_claim",
    "settle_conflict",
    "settle_finding",
    "sign_terminal_in",
    "start_run",
    "suspend_request",
    "switch_terminal",
    "target_waiting",
    "undo_loan",
    "undo_return",
    "use_in_house",
    "waive",
]
