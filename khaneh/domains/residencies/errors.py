"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class StateRefused(Refusal):
    """What is in this state does not take this step. Facts: what, state."""

    code = "residencies.state_refused"
    kind = RefusalKind.CONFLICT


class AlreadyResident(Refusal):
    """The organisation has a residency in this house. Facts: residency_id."""

    code = "residencies.already_resident"
    kind = RefusalKind.CONFLICT


class MilestonesOpen(Refusal):
    """Whoever graduates has reached or dropped every milestone. Facts: open."""

    code = "residencies.milestones_open"
    kind = RefusalKind.CONFLICT


class NoEvidence(Refusal):
    """Nothing shows that a milestone was reached: neither words nor a file. Facts: none."""

    code = "residencies.no_evidence"
    kind = RefusalKind.CONFLICT


class FileRefused(Refusal):
    """A file is not kept. Facts: why (empty, too_large, not_what_it_says, too_many)."""

    code = "residencies.file_refused"
    kind = RefusalKind.INVALID


class PlaceTaken(Refusal):
    """Nothing of the space is free for all of the time. Facts: none."""

    code = "residencies.place_taken"
    kind = RefusalKind.CONFLICT


class MentorHasConflict(Refusal):
    """Nobody mentors their own team. Facts: none."""

    code = "residencies.mentor_has_conflict"
    kind = RefusalKind.CONFLICT


class NotTheMentor(Refusal):
    """Only who mentors the team offers it sessions. Facts: none."""

    code = "residencies.not_the_mentor"
    kind = RefusalKind.CONFLICT


class SlotTaken(Refusal):
    """Somebody has this time of the mentor. Facts: slot_id."""

    code = "residencies.slot_taken"
    kind = RefusalKind.CONFLICT


class SlotOver(Refusal):
    """The time has begun. Facts: slot_id."""

    code = "residencies.slot_over"
    kind = RefusalKind.CONFLICT


class TimesMeet(Refusal):
    """Somebody would be in two places at once. Facts: who (mentor, team)."""

    code = "residencies.times_meet"
    kind = RefusalKind.CONFLICT


class NotYet(Refusal):
    """It has not taken place yet. Facts: none."""

    code = "residencies.not_yet"
    kind = RefusalKind.CONFLICT


class BudgetShort(Refusal):
    """A budget line has less left. Facts: left, wanted, unit."""

    code = "residencies.budget_short"
    kind = RefusalKind.LIMIT


class LineNotInForce(Refusal):
    """The line gives nothing on this day. Facts: first, last."""

    code = "residencies.line_not_in_force"
    kind = RefusalKind.CONFLICT


class MilestoneNotReached(Refusal):
    """The tranche waits for a milestone. Facts: milestone_id."""

    code = "residencies.milestone_not_reached"
    kind = RefusalKind.CONFLICT


class OwnTeam(Refusal):
    """Nobody gives to, or decides for, a team of their own. Facts: none."""

    code = "residencies.own_team"
    kind = RefusalKind.NOT_ALLOWED


class NoConsent(Refusal):
    """The team has not agreed that what becomes of it is kept. Facts: none."""

    code = "residencies.no_consent"
    kind = RefusalKind.CONFLICT
