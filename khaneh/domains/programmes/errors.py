"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another programme has this code. Facts: code."""

    code = "programmes.code_taken"
    kind = RefusalKind.CONFLICT


class CallStateRefused(Refusal):
    """A call at this stage does not take this act. Facts: call_id, stage."""

    code = "programmes.call_state_refused"
    kind = RefusalKind.CONFLICT


class CallNotOpen(Refusal):
    """Nothing can be handed in: before the call opens, after its deadline, or it is no call any more. Facts: why (early, late, state),
    opens_at, closes_at, at (the instant by which it was judged)."""

    code = "programmes.call_not_open"
    kind = RefusalKind.CONFLICT


class FormMissing(Refusal):
    """A call is published with a published form alone. Facts: call_id."""

    code = "programmes.form_missing"
    kind = RefusalKind.CONFLICT


class ChangedMeanwhile(Refusal):
    """Somebody else has saved since this was read. Facts: revision (of what is there)."""

    code = "programmes.changed_meanwhile"
    kind = RefusalKind.CONFLICT


class ApplicationStateRefused(Refusal):
    """An application in this state does not take this step. Facts: application_id, state, wanted."""

    code = "programmes.state_refused"
    kind = RefusalKind.CONFLICT


class NotComplete(Refusal):
    """Something is missing or does not count. Facts: fields, a mapping of a field's name or a question's key to a stable reason."""

    code = "programmes.not_complete"
    kind = RefusalKind.INVALID


class InTheTeamAlready(Refusal):
    """Somebody with this address writes or reads it already, or is invited. Facts: none."""

    code = "programmes.in_the_team_already"
    kind = RefusalKind.CONFLICT
