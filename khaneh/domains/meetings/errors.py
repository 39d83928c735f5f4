"""What the domain refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class StateRefused(Refusal):
    """What is in this state does not take this step. Facts: what, state."""

    code = "meetings.state_refused"
    kind = RefusalKind.CONFLICT


class NotOpen(Refusal):
    """Nobody registers or asks at this moment. Facts: why (state, closed, over)."""

    code = "meetings.not_open"
    kind = RefusalKind.CONFLICT


class NotInvited(Refusal):
    """The session is for others: other kinds of participants, or other sectors. Facts: why (kind, sector)."""

    code = "meetings.not_invited"
    kind = RefusalKind.NOT_ALLOWED


class AlreadyRegistered(Refusal):
    """The organisation, team or person takes part already, or comes for somebody else. Facts: participant_id, None where it is not theirs."""

    code = "meetings.already_registered"
    kind = RefusalKind.CONFLICT


class NobodyComes(Refusal):
    """Somebody has to come for every participant: whoever is the last withdraws the participant instead. Facts: none."""

    code = "meetings.nobody_comes"
    kind = RefusalKind.CONFLICT


class AlreadyAsked(Refusal):
    """The two have a meeting together already, asked for or agreed, or it was declined before. Facts: meeting_id."""

    code = "meetings.already_asked"
    kind = RefusalKind.CONFLICT


class TooManyAsked(Refusal):
    """So many questions wait for an answer already. Facts: most."""

    code = "meetings.too_many_asked"
    kind = RefusalKind.LIMIT


class RoundTaken(Refusal):
    """At this time one of the two cannot, or every table is taken. Facts: why (absent, meets, elsewhere, tables, over)."""

    code = "meetings.round_taken"
    kind = RefusalKind.CONFLICT


class MeetingThen(Refusal):
    """There is a meeting at this time: cancel or move it before saying that one is not there. Facts: rounds (numbers)."""

    code = "meetings.meeting_then"
    kind = RefusalKind.CONFLICT


class NotYet(Refusal):
    """It is too early: the meeting has not begun. Facts: none."""

    code = "meetings.not_yet"
    kind = RefusalKind.CONFLICT


class TableInUse(Refusal):
    """Meetings take place there: there are fewer tables than meetings at one time. Facts: needed."""

    code = "meetings.table_in_use"
    kind = RefusalKind.CONFLICT


class OwnPitch(Refusal):
    """Nobody asks their own team for contact. Facts: none."""

    code = "meetings.own_pitch"
    kind = RefusalKind.CONFLICT


class NotAnInvestor(Refusal):
    """Contact is asked for by those who speak for an investor, an accelerator or a company, and by mentors. Facts: none."""

    code = "meetings.not_an_investor"
    kind = RefusalKind.NOT_ALLOWED
