"""What lending refuses. What policies refuse is `policies.PolicyRefused`; here is what no policy can permit."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CardUnknown(Refusal):
    """No active card has this barcode. Facts: card, the last four signs of it."""

    code = "circulation.card_unknown"
    kind = RefusalKind.NOT_FOUND


class CopyUnknown(Refusal):
    """No copy of the network has this barcode. Facts: barcode."""

    code = "circulation.copy_unknown"
    kind = RefusalKind.NOT_FOUND


class CopyOnLoan(Refusal):
    """The copy is lent: it must come back first. Facts: barcode, loan_id, to_same_member."""

    code = "circulation.copy_on_loan"
    kind = RefusalKind.CONFLICT


class CopyHasNoHouse(Refusal):
    """The copy's house is not known to the network, so nobody can lend it. Facts: barcode."""

    code = "circulation.copy_has_no_house"
    kind = RefusalKind.CONFLICT


class LoanEnded(Refusal):
    """The loan is over. Facts: loan_id, state."""

    code = "circulation.loan_ended"
    kind = RefusalKind.CONFLICT


class RequestEnded(Refusal):
    """The request is over, or too far on its way for this. Facts: request_id, state."""

    code = "circulation.request_ended"
    kind = RefusalKind.CONFLICT


class AlreadyRequested(Refusal):
    """The member waits for it already. Facts: request_id."""

    code = "circulation.already_requested"
    kind = RefusalKind.CONFLICT


class NothingToLend(Refusal):
    """No copy anywhere in the network could ever fill the request. Facts: level."""

    code = "circulation.nothing_to_lend"
    kind = RefusalKind.CONFLICT


class TransferEnded(Refusal):
    """The transfer is over. Facts: transfer_id, state."""

    code = "circulation.transfer_ended"
    kind = RefusalKind.CONFLICT


class PaymentTooHigh(Refusal):
    """More than what is owed. Facts: owed, currency."""

    code = "circulation.payment_too_high"
    kind = RefusalKind.INVALID


class TerminalNameTaken(Refusal):
    """Another machine of the network signs in by this name. Facts: name."""

    code = "circulation.terminal_name_taken"
    kind = RefusalKind.CONFLICT


class DeviceRevoked(Refusal):
    """The device was cut off: it gets nothing any more. Facts: device_id."""

    code = "circulation.device_revoked"
    kind = RefusalKind.NOT_ALLOWED


class LogTampered(Refusal):
    """The log of the device was changed, or is not the one that began here. Facts: device_id, number."""

    code = "circulation.log_tampered"
    kind = RefusalKind.CONFLICT


class LogGap(Refusal):
    """Entries are missing before the first that was sent. Facts: device_id, expected."""

    code = "circulation.log_gap"
    kind = RefusalKind.CONFLICT


class ConflictSettled(Refusal):
    """Somebody has settled it already. Facts: conflict_id, state."""

    code = "circulation.conflict_settled"
    kind = RefusalKind.CONFLICT


class InventoryClosed(Refusal):
    """The inventory is over: nothing is scanned into it any more. Facts: inventory_id."""

    code = "circulation.inventory_closed"
    kind = RefusalKind.CONFLICT


class RunEnded(Refusal):
    """The round is over, cancelled, or too far on its way for this. Facts: run_id, state."""

    code = "circulation.run_ended"
    kind = RefusalKind.CONFLICT


class RunGoesElsewhere(Refusal):
    """The round does not come to where the copy goes: it stays and waits for another. Facts: barcode, to_house_id."""

    code = "circulation.run_goes_elsewhere"
    kind = RefusalKind.CONFLICT
