"""Everything that changes lending: one function an act."""

from khaneh.domains.circulation.services.dating import change_due_date
from khaneh.domains.circulation.services.foreseeing import foresee_loan
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
from khaneh.domains.circulation.services.moving import cancel_transfer, expire_shelf, lose_transfer, send_transfer
from khaneh.domains.circulation.services.policies import ensure_policies
from khaneh.domains.circulation.services.renewing import renew, renew_all
from khaneh.domains.circulation.services.requesting import (
    cancel_request,
    place_request,
    resume_request,
    suspend_request,
)
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.services.targeting import not_on_shelf, target_waiting
from khaneh.domains.circulation.services.terminals import (
    add_terminal,
    answer_once,
    change_terminal,
    forget_answers,
    forget_line,
    rotate_terminal_password,
    sign_terminal_in,
    switch_terminal,
)
from khaneh.domains.circulation.services.undoing import UNDO_FOR, undo_loan, undo_return
from khaneh.domains.circulation.services.using import use_in_house

__all__ = [
    "UNDO_FOR",
    "ClaimOutcome",
    "add_terminal",
    "answer_once",
    "cancel_request",
    "cancel_transfer",
    "change_due_date",
    "change_terminal",
    "charge",
    "check_in",
    "check_out",
    "claim_returned",
    "declare_lost",
    "ensure_policies",
    "expire_shelf",
    "foresee_loan",
    "forget_answers",
    "forget_line",
    "lose_long_overdue",
    "lose_transfer",
    "mark_damaged",
    "not_on_shelf",
    "pay",
    "place_request",
    "renew",
    "renew_all",
    "resume_request",
    "rotate_terminal_password",
    "send_transfer",
    "settle_claim",
    "sign_terminal_in",
    "suspend_request",
    "switch_terminal",
    "target_waiting",
    "undo_loan",
    "undo_return",
    "use_in_house",
    "waive",
]
