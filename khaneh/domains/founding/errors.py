"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class StandardStateRefused(Refusal):
    """A standard in this state does not take this step: what is published never changes. Facts: state."""

    code = "founding.standard_state_refused"
    kind = RefusalKind.CONFLICT


class StandardNotInForce(Refusal):
    """Nothing is judged by a draft or by what is applied no more, nor a house by a standard for others. Facts: state, kind."""

    code = "founding.standard_not_in_force"
    kind = RefusalKind.CONFLICT


class CodeTaken(Refusal):
    """A standard of another authority has this code. Facts: code."""

    code = "founding.code_taken"
    kind = RefusalKind.CONFLICT


class ProposedAlready(Refusal):
    """A proposal for this house is on its way, or it is in service already. Facts: house, state."""

    code = "founding.proposed_already"
    kind = RefusalKind.CONFLICT


class ProposalStateRefused(Refusal):
    """A proposal in this state does not take this step. Facts: state, wanted."""

    code = "founding.proposal_state_refused"
    kind = RefusalKind.CONFLICT


class NotImpartial(Refusal):
    """Who proposed a house neither assesses it nor decides on it, and who assessed it does not decide. Facts: role."""

    code = "founding.not_impartial"
    kind = RefusalKind.CONFLICT


class AssessmentClosed(Refusal):
    """The assessment is submitted or given up. Facts: state."""

    code = "founding.assessment_closed"
    kind = RefusalKind.CONFLICT


class AssessmentIncomplete(Refusal):
    """Items without a score, without what was seen, or without the photograph that belongs to them. Facts: items, their codes."""

    code = "founding.assessment_incomplete"
    kind = RefusalKind.CONFLICT


class BudgetExceeded(Refusal):
    """More than the budget. Facts: budget, left, asked, currency."""

    code = "founding.budget_exceeded"
    kind = RefusalKind.LIMIT


class TasksOpen(Refusal):
    """Something is still to be done. Facts: number."""

    code = "founding.tasks_open"
    kind = RefusalKind.CONFLICT


class TakenBackAlready(Refusal):
    """This was taken back, or takes back another. Facts: spend_id."""

    code = "founding.taken_back_already"
    kind = RefusalKind.CONFLICT


class FileUnreadable(Refusal):
    """Not a table of items. Facts: reason (not_a_table, no_header, too_large, missing_columns), columns."""

    code = "founding.file_unreadable"
    kind = RefusalKind.INVALID
