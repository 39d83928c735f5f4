"""What learning refuses. What policies refuse is `policies.PolicyRefused`; here is what no policy can permit."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another course has this code. Facts: code."""

    code = "learning.code_taken"
    kind = RefusalKind.CONFLICT


class CourseStateRefused(Refusal):
    """A course does not go from this state to that, or is not given in this one. Facts: state, wanted."""

    code = "learning.course_state_refused"
    kind = RefusalKind.CONFLICT


class RunStateRefused(Refusal):
    """The run is not in a state for this. Facts: run_id, state."""

    code = "learning.run_state_refused"
    kind = RefusalKind.CONFLICT


class WrongTimes(Refusal):
    """The meetings are no times at which a run can be held. Facts: why (none, not_after_start, past, overlap, too_many), meeting."""

    code = "learning.wrong_times"
    kind = RefusalKind.INVALID


class TeacherBusy(Refusal):
    """A teacher is in another run at the time of a meeting. Facts: account_id, name, run_id (the other), course (its names), starts, ends."""

    code = "learning.teacher_busy"
    kind = RefusalKind.CONFLICT


class InTwoPlaces(Refusal):
    """Somebody would be in two places at once, and has not said that they know. Facts: clashes (a `Clash` each, as JSON), known (their keys)."""

    code = "learning.in_two_places"
    kind = RefusalKind.CONFLICT


class RoomTaken(Refusal):
    """A space cannot be had at the time of a meeting. Facts: meeting, space_id, refusal (its code), and that refusal's facts."""

    code = "learning.room_taken"
    kind = RefusalKind.CONFLICT


class RoomNotMissing(Refusal):
    """The meeting has lost no room. Facts: run_id, meeting."""

    code = "learning.room_not_missing"
    kind = RefusalKind.CONFLICT


class CapacityInUse(Refusal):
    """More seats are taken than there would be. Facts: capacity, taken."""

    code = "learning.capacity_in_use"
    kind = RefusalKind.CONFLICT


class NotEnrolling(Refusal):
    """The run does not take anybody in: it is not open, or over. Facts: run_id, state."""

    code = "learning.not_enrolling"
    kind = RefusalKind.CONFLICT


class EnrolledAlready(Refusal):
    """Somebody is in the run, or waits for it. Facts: account_ids."""

    code = "learning.enrolled_already"
    kind = RefusalKind.CONFLICT


class TooManyPeople(Refusal):
    """The run has fewer seats than people were named. Facts: people, capacity."""

    code = "learning.too_many_people"
    kind = RefusalKind.LIMIT


class EnrolmentEnded(Refusal):
    """The enrolment is over, or not in a state for this. Facts: enrolment_id, state."""

    code = "learning.enrolment_ended"
    kind = RefusalKind.CONFLICT


class TooLateToWithdraw(Refusal):
    """Only the desk withdraws somebody by now. Facts: enrolment_id, until."""

    code = "learning.too_late_to_withdraw"
    kind = RefusalKind.CONFLICT


class NotOnTheList(Refusal):
    """The card, code or person is not enrolled in this run. Facts: run_id."""

    code = "learning.not_on_the_list"
    kind = RefusalKind.NOT_FOUND


class NotYet(Refusal):
    """Too early for this. Facts: from."""

    code = "learning.not_yet"
    kind = RefusalKind.CONFLICT


class Unassessed(Refusal):
    """Some who came have no result. Facts: enrolment_ids."""

    code = "learning.unassessed"
    kind = RefusalKind.CONFLICT


class NoAssessment(Refusal):
    """The course has no assessment. Facts: course."""

    code = "learning.no_assessment"
    kind = RefusalKind.CONFLICT


class CertificateRevoked(Refusal):
    """The certificate has been taken back. Facts: certificate_id."""

    code = "learning.certificate_revoked"
    kind = RefusalKind.CONFLICT


class RequirementEnded(Refusal):
    """It is asked of nobody any more. Facts: requirement_id."""

    code = "learning.requirement_ended"
    kind = RefusalKind.CONFLICT
