"""What networking refuses. Facts name what a page needs to say why."""

from __future__ import annotations

from khaneh.kernel.refusal import Refusal, RefusalKind


class TooMuchFollowed(Refusal):
    """Nobody follows more than this at once. Facts: most."""

    code = "networking.too_much_followed"
    kind = RefusalKind.CONFLICT


class NothingFollowed(Refusal):
    """A digest is of what is followed, and nothing is. Facts: none."""

    code = "networking.nothing_followed"
    kind = RefusalKind.CONFLICT


class SharedAlready(Refusal):
    """The same is shared with the same houses already, or is offered to them. Facts: sharing_id."""

    code = "networking.shared_already"
    kind = RefusalKind.CONFLICT


class SharingStateRefused(Refusal):
    """A sharing in this state does not take this step. Facts: state."""

    code = "networking.sharing_state_refused"
    kind = RefusalKind.CONFLICT


class SharingNotForThis(Refusal):
    """The sharing is not of this place, not of this day, or not for who books. Facts: none."""

    code = "networking.sharing_not_for_this"
    kind = RefusalKind.CONFLICT


class SharedHoursUsedUp(Refusal):
    """So much of the month is used that this does not fit any more. Facts: minutes, left."""

    code = "networking.shared_hours_used_up"
    kind = RefusalKind.CONFLICT
