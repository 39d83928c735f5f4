"""Where somebody is at the times of a run already: another run that they are in or teach, a space that they have booked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Enrolment, Meeting, Teaching
from khaneh.domains.learning.types import LIVE_RUNS, SEATED, Clash, ClashKind, EnrolmentState
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.types import BookingState
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

# Who waits only is nowhere yet.
_THERE = [*(state.value for state in SEATED), EnrolmentState.REQUESTED.value]
_LIVE = [state.value for state in LIVE_RUNS]
_KEPT = (BookingState.CONFIRMED, BookingState.CHECKED_IN)
_NOTHING = Label("", "", "")


def clashes(run_id: int, account_ids: Collection[int], *, actor: Actor, now: datetime) -> list[Clash]:
    """What each of these people has at the times of the meetings of a run that are to come, by when. Three statements, and at most eight
    where the actor is one of them.

    What others have is not named, but where the actor works at the desk of the house that holds it; their bookings are their own affair.
    """
    times = list(Meeting.objects.filter(run_id=run_id, ends__gt=now).order_by("starts").values_list("starts", "ends"))
    if not times:
        return []
    found = [*_learning(run_id, account_ids, actor, now), *_teaching(run_id, account_ids, actor, now)]
    if actor.account_id is not None and actor.account_id in account_ids:
        found += _booked(actor.account_id, now)
    there = {
        (one.account_id, one.key, one.starts): one
        for one in found
        if any(one.starts < ends and starts < one.ends for starts, ends in times)
    }
    return sorted(there.values(), key=lambda one: (one.starts, one.account_id, one.key))


def _learning(run_id: int, account_ids: Collection[int], actor: Actor, now: datetime) -> Iterable[Clash]:
    inside = Enrolment.objects.filter(
        account_id__in=account_ids, state__in=_THERE, run__state__in=_LIVE, run__meetings__ends__gt=now
    ).exclude(run_id=run_id)
    rows = inside.values_list(
        "account_id", "run_id", "run__house_id", "run__course__names", "run__meetings__starts", "run__meetings__ends"
    )
    for account_id, number, house_id, names, starts, ends in rows:
        if account_id is not None:
            named = _names(names, account_id, house_id, actor)
            yield Clash(ClashKind.RUN, number, account_id, named, starts, ends)


def _teaching(run_id: int, account_ids: Collection[int], actor: Actor, now: datetime) -> Iterable[Clash]:
    """The run itself too: nobody teaches themselves."""
    taught = Teaching.objects.filter(account_id__in=account_ids, meeting__ends__gt=now)
    rows = taught.values_list(
        "account_id", "meeting__run_id", "meeting__run__house_id", "meeting__run__course__names", "meeting__starts", "meeting__ends"
    )  # fmt: skip
    for account_id, number, house_id, names, starts, ends in rows:
        yield Clash(ClashKind.TEACHING, number, account_id, _names(names, account_id, house_id, actor), starts, ends)


def _booked(account_id: int, now: datetime) -> Iterable[Clash]:
    for one in spaces.bookings_of(account_id, now=now):
        if one.state in _KEPT:
            yield Clash(ClashKind.BOOKING, one.id, account_id, one.space.names, one.starts, one.ends)


def _names(names: dict[str, str], account_id: int, house_id: int, actor: Actor) -> Label:
    seen = account_id == actor.account_id or permissions.may_desk(actor, house_id=house_id)
    return Label.from_dict(names) if seen else _NOTHING
