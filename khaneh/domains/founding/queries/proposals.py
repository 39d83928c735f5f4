"""Proposals, with what is done and spent for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet, Sum

from khaneh.domains.founding import permissions
from khaneh.domains.founding.models import Proposal, Spend, Task
from khaneh.domains.founding.queries import standards
from khaneh.domains.founding.types import (
    ProposalRow,
    ProposalState,
    SpendRow,
    TaskRow,
    TaskState,
    Weighed,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound


def proposals(
    *, actor: Actor, now: datetime, states: Iterable[ProposalState] = (), limit: int = 300
) -> list[ProposalRow]:
    """Those of the houses where the actor may see what is proposed, the latest first. 17 statements at most."""
    found = Proposal.objects.order_by("-made_at", "-pk")
    wanted = [state.value for state in states]
    if wanted:
        found = found.filter(state__in=wanted)
    seen = permissions.seen(actor, found.values_list("house_id", flat=True))
    return _rows(found.filter(house_id__in=seen)[:limit], now)


def proposal(proposal_id: int, *, actor: Actor, now: datetime) -> ProposalRow:
    """One. 17 statements at most. Raises NotFound."""
    found = Proposal.objects.filter(pk=proposal_id)
    if not permissions.seen(actor, found.values_list("house_id", flat=True)):
        raise NotFound(what="proposal")
    return _rows(found, now)[0]


def tasks(proposal_id: int) -> list[TaskRow]:
    """What is to be done, the soonest first. Two statements; who asks is judged with the proposal."""
    spent: dict[int, int] = dict(
        Spend.objects.filter(proposal_id=proposal_id, task__isnull=False)
        .values_list("task_id")
        .annotate(Sum("amount"))
        .values_list("task_id", "amount__sum")
    )
    return [
        TaskRow(one.pk, one.title, one.due_on, one.planned, spent.get(one.pk, 0), TaskState(one.state), one.done_on)
        for one in Task.objects.filter(proposal_id=proposal_id).order_by("due_on", "pk")
    ]


def spends(proposal_id: int) -> list[SpendRow]:
    """What was spent, the latest first. Two statements; who asks is judged with the proposal."""
    found = list(Spend.objects.filter(proposal_id=proposal_id).order_by("-spent_on", "-pk"))
    names = people.account_names(one.noted_by_id for one in found)
    back = {one.reverses_id for one in found}
    return [
        SpendRow(
            one.pk, one.task_id, one.amount, one.spent_on, one.receipt, names.get(one.noted_by_id or 0, ""),
            one.reverses_id, one.pk in back,
        )
        for one in found
    ]  # fmt: skip


def _rows(found: QuerySet[Proposal], now: datetime) -> list[ProposalRow]:
    proposals = list(found)
    houses = network.houses_by_ids([one.house_id for one in proposals], actor=SYSTEM, now=now)
    known = standards.with_items(one.standard_id for one in proposals)
    names = people.account_names([*(one.made_by_id for one in proposals), *(one.decided_by_id for one in proposals)])
    spent: dict[int, int] = defaultdict(int)
    sums = Spend.objects.filter(proposal_id__in=[one.pk for one in proposals]).values_list("proposal_id")
    for number, total in sums.annotate(Sum("amount")).values_list("proposal_id", "amount__sum"):
        spent[number] = total
    return [
        ProposalRow(
            id=one.pk,
            house=houses[one.house_id],
            standard=known[one.standard_id],
            state=ProposalState(one.state),
            plan=one.plan,
            area=one.area,
            asked=one.asked,
            currency=one.currency,
            opens_on=one.opens_on,
            made_by=one.made_by_id,
            made_by_name=names.get(one.made_by_id or 0, ""),
            made_at=one.made_at,
            permille=one.permille,
            failed=tuple(one.failed),
            weighed=Weighed.from_dict(one.weighed),
            decided_by=one.decided_by_id,
            decided_by_name=names.get(one.decided_by_id or 0, ""),
            decided_at=one.decided_at,
            reason=one.reason,
            despite=one.despite,
            budget=one.budget,
            spent=spent[one.pk],
            opened_on=one.opened_on,
            ended_at=one.ended_at,
        )
        for one in proposals
    ]
