"""What booking refuses. What policies refuse is `policies.PolicyRefused`; here is what no policy can permit."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another space has this code. Facts: code."""

    code = "spaces.code_taken"
    kind = RefusalKind.CONFLICT


class SpaceDoesNotFit(Refusal):
    """The space cannot be there: another house, inside itself, or inside one that is counted. Facts: why, parent."""

    code = "spaces.does_not_fit"
    kind = RefusalKind.CONFLICT


class SpaceInUse(Refusal):
    """What is booked would be without its place: move or shrink it when nobody has it. Facts: why (stays, units_in_use, under_way)."""

    code = "spaces.in_use"
    kind = RefusalKind.CONFLICT


class SpaceNotInService(Refusal):
    """The space, or what it is in, is out of order or retired, or its house is not open. Facts: state."""

    code = "spaces.not_in_service"
    kind = RefusalKind.CONFLICT


class StateChangeRefused(Refusal):
    """A space does not go from this state to that. Facts: state, wanted."""

    code = "spaces.state_change_refused"
    kind = RefusalKind.CONFLICT


class WrongTime(Refusal):
    """The time is no time that could be booked here. Facts: why (not_after_start, past, too_short, too_long, not_on_slot, not_whole_slots,
    too_far, skipped_by_clocks), and min_minutes, max_minutes, slot_minutes where they matter.
    """

    code = "spaces.wrong_time"
    kind = RefusalKind.INVALID


class TooManyPeople(Refusal):
    """The space is for fewer. Facts: people, capacity."""

    code = "spaces.too_many_people"
    kind = RefusalKind.LIMIT


class SlotTaken(Refusal):
    """No unit is free for the whole time. Facts: by (booking, whole, part, closed), next_free or None."""

    code = "spaces.slot_taken"
    kind = RefusalKind.CONFLICT


class BookingEnded(Refusal):
    """The booking is over, or too far on its way for this. Facts: booking_id, state."""

    code = "spaces.booking_ended"
    kind = RefusalKind.CONFLICT


class BookingChanged(Refusal):
    """Somebody changed the booking at this moment. Facts: booking_id."""

    code = "spaces.booking_changed"
    kind = RefusalKind.CONFLICT


class TooLateToCancel(Refusal):
    """Only the desk cancels by now. Facts: booking_id, until."""

    code = "spaces.too_late_to_cancel"
    kind = RefusalKind.CONFLICT


class OthersRefused(Refusal):
    """Approving this would leave no room for others, and whoever approves has not said so. Facts: bookings, their numbers."""

    code = "spaces.others_refused"
    kind = RefusalKind.CONFLICT


class CodeWrong(Refusal):
    """The code does not check in this booking. Facts: none."""

    code = "spaces.code_wrong"
    kind = RefusalKind.NOT_ALLOWED


class NotYet(Refusal):
    """Too early, or too late, to check in. Facts: from, until."""

    code = "spaces.not_yet"
    kind = RefusalKind.CONFLICT


class NothingToBook(Refusal):
    """No day of the series can be booked, or none was chosen. Facts: none."""

    code = "spaces.nothing_to_book"
    kind = RefusalKind.CONFLICT


class SeriesChanged(Refusal):
    """A chosen day cannot be booked any more: look again. Facts: days, each with number and refusal."""

    code = "spaces.series_changed"
    kind = RefusalKind.CONFLICT


class ClosureEnded(Refusal):
    """The closure is over. Facts: closure_id."""

    code = "spaces.closure_ended"
    kind = RefusalKind.CONFLICT


class WaitingEnded(Refusal):
    """Nobody waits by this entry any more, or it is not offered. Facts: waiting_id, state."""

    code = "spaces.waiting_ended"
    kind = RefusalKind.CONFLICT


class WaitingChanged(Refusal):
    """Somebody changed who waits by this entry at this moment. Facts: waiting_id."""

    code = "spaces.waiting_changed"
    kind = RefusalKind.CONFLICT


class FreeAlready(Refusal):
    """There is room: book it. Facts: space_id, starts."""

    code = "spaces.free_already"
    kind = RefusalKind.CONFLICT


class PersonOverLimit(Refusal):
    """Somebody of the group has no room left in a limit of their own. Facts: names, as who books wrote them."""

    code = "spaces.person_over_limit"
    kind = RefusalKind.LIMIT


class QualificationLost(Refusal):
    """What the space asks for is not held any more. Facts: lacks, codes of qualifications."""

    code = "spaces.qualification_lost"
    kind = RefusalKind.NOT_ALLOWED
