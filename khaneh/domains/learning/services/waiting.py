"""The waiting list of a run: what is free is offered, oldest first, a party all that it needs or nothing.

An offer holds its seats until it is answered or lapses; whoever lets it lapse goes to the end. Called with the run held, but for what comes
from outside.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from khaneh.domains.learning import notices, permissions
from khaneh.domains.learning.errors import EnrolmentEnded
from khaneh.domains.learning.models import Enrolment, Party, Run
from khaneh.domains.learning.rules import queue
from khaneh.domains.learning.services import charging
from khaneh.domains.learning.services.judging import hold
from khaneh.domains.learning.types import EndReason, EnrolmentState, RunState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

BATCH = 200
_WAITING, _OFFERED = EnrolmentState.WAITING.value, EnrolmentState.OFFERED.value


def is_awaited(run_id: int) -> bool:
    """Whether somebody waits for the run. One statement."""
    return Enrolment.objects.filter(run_id=run_id, state=_WAITING).exists()


def accept_offer(*, actor: Actor, party_id: int, now: datetime) -> tuple[int, ...]:
    """Take the seats that are kept for a party. Gives its enrolments. Raises NotFound, EnrolmentEnded."""
    with db.transaction():
        party, house_id = _held(actor, party_id)
        offered = Enrolment.objects.filter(party=party, state=_OFFERED).order_by("pk")
        numbers = list(offered.values_list("pk", flat=True))
        if not numbers or party.answer_by is None or party.answer_by <= now:
            raise EnrolmentEnded(enrolment_id=None, state="lapsed")
        offered.update(state=EnrolmentState.ENROLLED.value, enrolled_at=now, changed_at=now)
        Party.objects.filter(pk=party_id).update(answer_by=None)
        journal.record(
            "learning.offer.accepted", actor=actor, house_id=house_id, run_id=party.run_id, party_id=party_id
        )
        notices.tell("enrolled", numbers, house_id=house_id, now=now)
        charging.settle(numbers, actor=actor, now=now)
    return tuple(numbers)


def decline_offer(*, actor: Actor, party_id: int, now: datetime) -> None:
    """Do not take the seats: the whole party waits no more, and they go to the next. Raises NotFound, EnrolmentEnded."""
    with db.transaction():
        party, house_id = _held(actor, party_id)
        offered = Enrolment.objects.filter(party=party, state=_OFFERED)
        done = offered.update(
            state=EnrolmentState.WITHDRAWN.value, seat=None, end_reason=EndReason.LEARNER.value, changed_at=now
        )
        if not done:
            raise EnrolmentEnded(enrolment_id=None, state="lapsed")
        Party.objects.filter(pk=party_id).update(answer_by=None)
        journal.record(
            "learning.offer.declined", actor=actor, house_id=house_id, run_id=party.run_id, party_id=party_id
        )
        offer(party.run_id, now=now)


def offer(run_id: int, *, now: datetime) -> list[int]:
    """Offer the free seats of a run that takes people in, with the run held. Gives the parties that were offered theirs."""
    run = Run.objects.get(pk=run_id)
    if run.state != RunState.OPEN or run.starts is None or run.starts <= now:
        return []
    waiting = Enrolment.objects.filter(run_id=run_id, state=_WAITING).order_by("party__joined_at", "party_id", "pk")
    sizes = Counter(waiting.values_list("party_id", flat=True))
    if not sizes:
        return []
    seats = Enrolment.objects.filter(run_id=run_id, seat__isnull=False).values_list("seat", flat=True)
    taken = {seat for seat in seats if seat is not None}
    patient = queue.is_patient(starts=run.starts, now=now)
    parties = [queue.Waiting(number, size) for number, size in sizes.items()]
    done = queue.chosen(parties, run.capacity - len(taken), patient=patient)
    until = min(now + queue.KEPT, run.starts)
    for party_id in done:
        numbers = list(waiting.filter(party_id=party_id).values_list("pk", flat=True))
        for number, seat in zip(numbers, queue.seats(taken, len(numbers), run.capacity), strict=True):
            taken.add(seat)
            Enrolment.objects.filter(pk=number).update(state=_OFFERED, seat=seat, changed_at=now)
        Party.objects.filter(pk=party_id).update(answer_by=until)
        journal.record("learning.offer.made", actor=SYSTEM, house_id=run.house_id, run_id=run_id, party_id=party_id)
        notices.tell("offered", numbers, house_id=run.house_id, now=now, until=until)
    return done


def settle_offer(party_id: int, *, now: datetime) -> None:
    """Where nobody of a party is offered anything any more, there is nothing to answer. Two statements."""
    if not Enrolment.objects.filter(party_id=party_id, state=_OFFERED).exists():
        Party.objects.filter(pk=party_id).update(answer_by=None)


def tidy_offers(*, now: datetime, limit: int = BATCH) -> int:
    """Offers that nobody answered go to the next; what is nearly due is given to whoever fits. Gives how many offers lapsed."""
    due = Party.objects.filter(answer_by__lte=now).order_by("answer_by", "pk")
    lapsed = 0
    for number, run_id in list(due.values_list("pk", "run_id")[:limit]):
        with db.transaction():
            hold(run_ids=[run_id])
            lapsed += _lapse(number, run_id, now)
    # Patience ends by the clock: then large parties are passed by.
    near = Run.objects.filter(state=RunState.OPEN.value, starts__lte=now + queue.PATIENCE, starts__gt=now)
    for run_id in list(near.filter(enrolments__state=_WAITING).distinct().values_list("pk", flat=True)[:limit]):
        with db.transaction():
            hold(run_ids=[run_id])
            offer(run_id, now=now)
    return lapsed


def end_queue(run_id: int, *, now: datetime) -> None:
    """A run has begun: whoever asks or waits is told that there was no place; offers are over. With the run held."""
    house_id = Run.objects.values_list("house_id", flat=True).get(pk=run_id)
    left = Enrolment.objects.filter(
        run_id=run_id, state__in=[EnrolmentState.REQUESTED.value, _WAITING, _OFFERED]
    ).order_by("pk")
    numbers = list(left.values_list("pk", flat=True))
    left.update(state=EnrolmentState.REFUSED.value, seat=None, end_reason=EndReason.STARTED.value, changed_at=now)
    Party.objects.filter(run_id=run_id, answer_by__isnull=False).update(answer_by=None)
    notices.tell("refused", numbers, house_id=house_id, now=now)


def _lapse(party_id: int, run_id: int, now: datetime) -> int:
    party = Party.objects.get(pk=party_id)
    if party.answer_by is None or party.answer_by > now:
        return 0
    offered = Enrolment.objects.filter(party=party, state=_OFFERED)
    over = party.missed + 1 >= queue.MOST_MISSED
    if over:
        offered.update(
            state=EnrolmentState.WITHDRAWN.value, seat=None, end_reason=EndReason.OFFER_LAPSED.value, changed_at=now
        )
    else:
        offered.update(state=_WAITING, seat=None, changed_at=now)
    # At the end of the queue: whoever comes later is later still.
    Party.objects.filter(pk=party_id).update(answer_by=None, missed=party.missed + 1, joined_at=now)
    house_id = Run.objects.values_list("house_id", flat=True).get(pk=run_id)
    journal.record("learning.offer.lapsed", actor=SYSTEM, house_id=house_id, run_id=run_id, party_id=party_id)
    offer(run_id, now=now)
    return 1


def _held(actor: Actor, party_id: int) -> tuple[Party, int]:
    """The party, its run held, for who enrolled it, somebody of it, and the desk. Raises NotFound."""
    seen = Party.objects.filter(pk=party_id).values_list("account_id", "run_id", "run__house_id").first()
    if seen is None:
        raise NotFound(what="party")
    account_id, run_id, house_id = seen
    own = actor.account_id is not None and (
        account_id == actor.account_id
        or Enrolment.objects.filter(party_id=party_id, account_id=actor.account_id).exists()
    )
    if not (own or permissions.may_desk(actor, house_id=house_id)):
        raise NotFound(what="party")
    hold(run_ids=[run_id])
    return Party.objects.get(pk=party_id), house_id
