"""What the clock does: houses are told that they are to be assessed again, and who fits out that something is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.founding import notices, permissions
from khaneh.domains.founding.models import Passport, Task
from khaneh.domains.founding.types import ProposalState, Swept, TaskState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseState
from khaneh.infrastructure import db

BATCH = 200
# So long before an assessment is due those are told who keep the house and those who assess it.
AHEAD = timedelta(days=30)


def sweep(*, now: datetime, limit: int = BATCH) -> Swept:
    """One round of at most `limit` of each; call it again while it did something. Each is told once, in a transaction of its own."""
    return Swept(_due(now, limit), _late(now, limit))


def _due(now: datetime, limit: int) -> int:
    found = Passport.objects.filter(due_on__lte=(now + AHEAD).date(), reminded=False).order_by("due_on", "pk")
    done = 0
    for one in list(found[:limit]):
        with db.transaction():
            if not Passport.objects.filter(pk=one.pk, reminded=False, due_on=one.due_on).update(reminded=True):
                continue
            done += 1
            if network.house_facts(one.house_id).state in (HouseState.OPEN, HouseState.SUSPENDED):
                notices.tell_house(
                    "founding.due", one.house_id, permissions.FITTERS | permissions.ASSESSORS,
                    facts={"house": one.house_id}, key=f"due:{one.pk}:{one.due_on}", now=now,
                )  # fmt: skip
    return done


def _late(now: datetime, limit: int) -> int:
    running = [ProposalState.APPROVED.value, ProposalState.FITTING_OUT.value]
    found = Task.objects.filter(
        state=TaskState.OPEN.value, reminded=False, due_on__lt=now.date(), proposal__state__in=running
    ).select_related("proposal")
    done = 0
    for one in list(found.order_by("due_on", "pk")[:limit]):
        with db.transaction():
            fresh = Task.objects.filter(pk=one.pk, reminded=False, state=TaskState.OPEN.value, due_on=one.due_on)
            if not fresh.update(reminded=True):
                continue
            done += 1
            notices.tell_house(
                "founding.late", one.proposal.house_id, permissions.FITTERS, facts={"task": one.pk},
                key=f"late:{one.pk}:{one.due_on}", now=now,
            )  # fmt: skip
    return done
