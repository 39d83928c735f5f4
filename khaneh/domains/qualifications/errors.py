"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another qualification has this code. Facts: code."""

    code = "qualifications.code_taken"
    kind = RefusalKind.CONFLICT


class AlreadyHeld(Refusal):
    """The account holds it at this moment: renew it instead. Facts: holding_id."""

    code = "qualifications.already_held"
    kind = RefusalKind.CONFLICT


class NotAwarded(Refusal):
    """It is awarded no more. Facts: code."""

    code = "qualifications.not_awarded"
    kind = RefusalKind.CONFLICT


class HoldingEnded(Refusal):
    """The holding is over: award it anew. Facts: holding_id."""

    code = "qualifications.holding_ended"
    kind = RefusalKind.CONFLICT
