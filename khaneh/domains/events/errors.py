"""What events refuse. What policies refuse is `policies.PolicyRefused`; here is what no policy can permit."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class EventStateRefused(Refusal):
    """An event does not go from this state to that, or is not changed any more. Facts: state, wanted."""

    code = "events.state_refused"
    kind = RefusalKind.CONFLICT


class FewerThanTaken(Refusal):
    """More places or seats are taken than there would be. Facts: taken, places, what (capacity, share, seats)."""

    code = "events.fewer_than_taken"
    kind = RefusalKind.CONFLICT


class SpaceBusy(Refusal):
    """A space of the event cannot be moved with it. Facts: space, why (the code of what spaces refused)."""

    code = "events.space_busy"
    kind = RefusalKind.CONFLICT


class NotOpen(Refusal):
    """Nobody registers at this moment. Facts: why (state, too_early, closed, just_come), from, until."""

    code = "events.not_open"
    kind = RefusalKind.CONFLICT


class TooManyPeople(Refusal):
    """A group is at most so large, or the event has never so many places. Facts: people, most."""

    code = "events.too_many_people"
    kind = RefusalKind.LIMIT


class AlreadyRegistered(Refusal):
    """Who registers has registered: change that. Facts: registration_id."""

    code = "events.already_registered"
    kind = RefusalKind.CONFLICT


class RegistrationEnded(Refusal):
    """The registration is over, or too far on its way for this. Facts: registration_id, state."""

    code = "events.registration_ended"
    kind = RefusalKind.CONFLICT


class TooLateToCancel(Refusal):
    """The hours until which one may cancel are over. Facts: registration_id, until."""

    code = "events.too_late_to_cancel"
    kind = RefusalKind.CONFLICT


class NotThen(Refusal):
    """It is not the time to check in, to give an opinion or to write down what came of it. Facts: from, until."""

    code = "events.not_then"
    kind = RefusalKind.CONFLICT


class NobodyFound(Refusal):
    """No registration of this event has this code, card or number. Facts: none, since what was scanned may be a card."""

    code = "events.nobody_found"
    kind = RefusalKind.NOT_FOUND


class NotConfirmed(Refusal):
    """The registration has no place, so nobody is checked in by it. Facts: registration_id, state."""

    code = "events.not_confirmed"
    kind = RefusalKind.CONFLICT


class AllCame(Refusal):
    """Everybody of the registration is checked in. Facts: registration_id, people."""

    code = "events.all_came"
    kind = RefusalKind.CONFLICT


class ListWrong(Refusal):
    """The list by which somebody was checked in is not ours, is another event's or is too old."""

    code = "events.list_wrong"
    kind = RefusalKind.NOT_ALLOWED


class NoRoom(Refusal):
    """There is no room for more; what was registered stays as it is. Facts: registration_id, people."""

    code = "events.no_room"
    kind = RefusalKind.LIMIT


class PriceNotAgreed(Refusal):
    """It costs more than what was agreed to, or something else. Facts: price (amount and unit, for each person), people."""

    code = "events.price_not_agreed"
    kind = RefusalKind.CONFLICT


class ApprovedAsItIs(Refusal):
    """It was approved for so many: ask the house for more. Facts: registration_id, people."""

    code = "events.approved_as_it_is"
    kind = RefusalKind.CONFLICT
