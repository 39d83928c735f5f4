"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class RulesFixed(Refusal):
    """The rules of the selection are fixed, and stay. Facts: round_id."""

    code = "selection.rules_fixed"
    kind = RefusalKind.CONFLICT


class RulesNotFixed(Refusal):
    """The rules must be fixed first: nobody judges by rules that can change. Facts: round_id."""

    code = "selection.rules_not_fixed"
    kind = RefusalKind.CONFLICT


class CallNotClosed(Refusal):
    """Applications can still be changed. Facts: call_id."""

    code = "selection.call_not_closed"
    kind = RefusalKind.CONFLICT


class ReviewerAlready(Refusal):
    """They are in the pool. Facts: reviewer_id."""

    code = "selection.reviewer_already"
    kind = RefusalKind.CONFLICT


class ReviewerFull(Refusal):
    """They have as many reviews as they take. Facts: reviewer_id, load."""

    code = "selection.reviewer_full"
    kind = RefusalKind.LIMIT


class AssignedAlready(Refusal):
    """They have this application. Facts: review_id."""

    code = "selection.assigned_already"
    kind = RefusalKind.CONFLICT


class Conflicted(Refusal):
    """Something ties the reviewer to the applicants. Facts: kinds."""

    code = "selection.conflicted"
    kind = RefusalKind.CONFLICT


class ReviewStateRefused(Refusal):
    """A review in this state does not take this step. Facts: review_id, state."""

    code = "selection.review_state_refused"
    kind = RefusalKind.CONFLICT


class ScoresMissing(Refusal):
    """Criteria have no score. Facts: criteria."""

    code = "selection.scores_missing"
    kind = RefusalKind.INVALID


class ApplicationStateRefused(Refusal):
    """An application in this state does not take this step. Facts: application_id, state."""

    code = "selection.application_state_refused"
    kind = RefusalKind.CONFLICT


class NothingToRank(Refusal):
    """No application of the call has a review that counts. Facts: round_id."""

    code = "selection.nothing_to_rank"
    kind = RefusalKind.CONFLICT


class DecidedMeanwhile(Refusal):
    """Somebody has decided since the page was drawn. Facts: application_id, kind, name."""

    code = "selection.decided_meanwhile"
    kind = RefusalKind.CONFLICT


class NoPlaceLeft(Refusal):
    """All places of the call are given. Facts: places."""

    code = "selection.no_place_left"
    kind = RefusalKind.LIMIT


class OwnMatter(Refusal):
    """Who decides has a tie to the applicants, or judges an appeal against their own decision. Facts: why."""

    code = "selection.own_matter"
    kind = RefusalKind.NOT_ALLOWED


class SlotTaken(Refusal):
    """Somebody else has this time. Facts: slot_id."""

    code = "selection.slot_taken"
    kind = RefusalKind.CONFLICT


class SlotOver(Refusal):
    """This time has begun. Facts: slot_id."""

    code = "selection.slot_over"
    kind = RefusalKind.CONFLICT


class AppealTooLate(Refusal):
    """The time to appeal is over. Facts: until."""

    code = "selection.appeal_too_late"
    kind = RefusalKind.CONFLICT


class AppealedAlready(Refusal):
    """This decision was appealed, or the appeal was answered. Facts: appeal_id, state."""

    code = "selection.appealed_already"
    kind = RefusalKind.CONFLICT


class ContractStateRefused(Refusal):
    """There is a contract already, or none that could be signed. Facts: state."""

    code = "selection.contract_state_refused"
    kind = RefusalKind.CONFLICT


class NoContractText(Refusal):
    """There is no text of a contract in the applicants' language, or it names something unknown. Facts: language, unknown."""

    code = "selection.no_contract_text"
    kind = RefusalKind.CONFLICT
