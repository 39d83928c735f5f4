"""What is spent and planned for a proposal. Asked under its lock."""

from __future__ import annotations

from django.db.models import Sum

from khaneh.domains.founding.models import Spend, Task
from khaneh.domains.founding.types import TaskState


def spent(proposal_id: int) -> int:
    """In minor units of its currency. One statement."""
    return Spend.objects.filter(proposal_id=proposal_id).aggregate(Sum("amount"))["amount__sum"] or 0


def planned(proposal_id: int, *, but: int = 0) -> int:
    """What all tasks that are not dropped may cost, one of them left out. One statement."""
    tasks = Task.objects.filter(proposal_id=proposal_id).exclude(state=TaskState.DROPPED.value).exclude(pk=but)
    return tasks.aggregate(Sum("planned"))["planned__sum"] or 0
