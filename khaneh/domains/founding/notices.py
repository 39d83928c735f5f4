"""What the domain tells people of. A notice holds numbers; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.founding.models import Passport, Proposal, Task
from khaneh.domains.founding.types import PROPOSAL_STATES, ProposalState, TaskState
from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})

_PLAN = Variable(
    "plan", Label("House", "خانه", "Cơ sở"), Kind.TEXT,
    Label("Taft Innovation Centre", "مرکز نوآوری تفت", "Trung tâm Đổi mới Taft"),
)  # fmt: skip
_DECISION = Variable(
    "decision", Label("Decision", "تصمیم", "Quyết định"), Kind.TEXT, PROPOSAL_STATES[ProposalState.APPROVED]
)
_REASON = Variable(
    "reason", Label("Reason", "دلیل", "Lý do"), Kind.TEXT,
    Label("The need is great", "نیاز زیاد است", "Nhu cầu lớn"),
)  # fmt: skip
_PERCENT = Variable("percent", Label("Per cent", "درصد", "Phần trăm"), Kind.NUMBER, 72)
_DUE = Variable("due", Label("Due on", "موعد", "Hạn"), Kind.DAY, "2026-11-22")
_TASK = Variable(
    "task", Label("Task", "کار", "Công việc"), Kind.TEXT,
    Label("Lay the network cables", "کابل‌کشی شبکه", "Kéo cáp mạng"),
)  # fmt: skip


def _of_proposal(holds: Callable[[Proposal], bool]) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Proposal.objects.in_bulk([one["proposal"] for one in facts])
        houses = network.house_refs(one.house_id for one in found.values())
        return [
            {
                "plan": houses[proposal.house_id].names.pick(language),
                "decision": PROPOSAL_STATES[ProposalState(proposal.state)].pick(language),
                "reason": proposal.reason,
                "percent": (proposal.permille or 0) // 10,
            }
            if (proposal := found.get(one["proposal"])) is not None and holds(proposal)
            else None
            for one in facts
        ]

    return resolve


def _of_house(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = {one.house_id: one for one in Passport.objects.filter(house_id__in=[one["house"] for one in facts])}
    houses = network.house_refs(found)
    return [
        {
            "plan": houses[one["house"]].names.pick(language),
            "percent": one.get("permille", 0) // 10,
            "due": found[one["house"]].due_on.isoformat(),
        }
        if one["house"] in found
        else None
        for one in facts
    ]


def _of_task(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = Task.objects.select_related("proposal").in_bulk([one["task"] for one in facts])
    houses = network.house_refs(one.proposal.house_id for one in found.values())
    return [
        {
            "plan": houses[task.proposal.house_id].names.pick(language),
            "task": task.title,
            "due": task.due_on.isoformat(),
        }
        if (task := found.get(one["task"])) is not None and task.state == TaskState.OPEN
        else None
        for one in facts
    ]


EVENTS: tuple[EventType, ...] = (
    EventType(
        "founding.proposed",
        Label("A house proposed, to be assessed", "پیشنهاد خانه‌ای تازه برای ارزیابی", "Có đề xuất lập cơ sở cần thẩm định"),
        (_PLAN,),
        channels=_LETTER,
        resolve=_of_proposal(lambda one: one.state == ProposalState.PROPOSED),
    ),
    EventType(
        "founding.assessed",
        Label("A proposal assessed, to be decided", "پیشنهاد ارزیابی‌شده در انتظار تصمیم", "Đề xuất đã thẩm định, chờ quyết định"),
        (_PLAN, _PERCENT),
        channels=_LETTER,
        resolve=_of_proposal(lambda one: one.state == ProposalState.ASSESSED),
    ),
    EventType(
        "founding.decided",
        Label("A decision on my proposal", "تصمیم دربارهٔ پیشنهاد من", "Quyết định về đề xuất của tôi"),
        (_PLAN, _DECISION, _REASON),
        channels=_LETTER,
        resolve=_of_proposal(lambda one: one.decided_at is not None),
    ),
    EventType(
        "founding.opened",
        Label("A house that I proposed has opened", "گشایش خانه‌ای که پیشنهاد دادم", "Cơ sở tôi đề xuất đã khai trương"),
        (_PLAN,),
        channels=_LETTER,
        resolve=_of_proposal(lambda one: one.state == ProposalState.OPEN),
    ),
    EventType(
        "founding.due",
        Label("A house to be assessed again", "موعد ارزیابی دوبارهٔ خانه", "Cơ sở đến hạn thẩm định lại"),
        (_PLAN, _DUE),
        channels=_LETTER,
        resolve=_of_house,
    ),
    EventType(
        "founding.meets",
        Label("Our house meets its standard", "خانهٔ ما با استاندارد می‌خواند", "Cơ sở của chúng tôi đạt tiêu chuẩn"),
        (_PLAN, _PERCENT, _DUE),
        channels=_LETTER,
        resolve=_of_house,
    ),
    EventType(
        "founding.falls_short",
        Label("Our house falls short of its standard", "خانهٔ ما از استاندارد بازمانده", "Cơ sở của chúng tôi chưa đạt tiêu chuẩn"),
        (_PLAN, _PERCENT, _DUE),
        channels=_LETTER,
        resolve=_of_house,
    ),
    EventType(
        "founding.late",
        Label("Fitting out: something is late", "تجهیز خانه: کاری عقب افتاده", "Trang bị cơ sở: có việc trễ hạn"),
        (_PLAN, _TASK, _DUE),
        channels=_LETTER,
        resolve=_of_task,
    ),
)  # fmt: skip


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_staff(event: str, proposal: Proposal, roles: Collection[str], *, now: datetime) -> None:
    """Tell those who hold one of the roles at the house or above it, but for who proposed it. Twelve statements and two for each."""
    tell_house(
        event, proposal.house_id, roles, facts={"proposal": proposal.pk}, key=f"proposal:{proposal.pk}", now=now,
        but=proposal.made_by_id,
    )  # fmt: skip


def tell_proposer(proposal: Proposal, *, event: str = "founding.decided", now: datetime) -> None:
    """Tell who proposed it. Two statements."""
    if proposal.made_by_id is not None:
        services.tell_account(
            event=event, account_id=proposal.made_by_id, house_id=_letterhead(proposal.house_id),
            facts={"proposal": proposal.pk}, key=f"{event}:{proposal.pk}", now=now,
        )  # fmt: skip


def tell_house(
    event: str, house_id: int, roles: Collection[str], *, facts: Mapping[str, Any], key: str, now: datetime,
    but: int | None = None,
) -> None:  # fmt: skip
    """Tell those who hold one of the roles at a house or above it. Twelve statements and two for each."""
    held = people.roles_at(actor=SYSTEM, house_id=house_id, now=now)
    held += people.roles_above(actor=SYSTEM, house_id=house_id, now=now)
    for account_id in sorted({row.account_id for row in held if row.role in roles and row.is_valid(now)} - {but}):
        services.tell_account(
            event=event, account_id=account_id, house_id=_letterhead(house_id), facts=facts,
            key=f"{event}:{key}:{account_id}", now=now,
        )  # fmt: skip


def _letterhead(house_id: int) -> int:
    """The house in whose name a letter goes out: the one around it, which has an address already, else itself."""
    path = network.house_facts(house_id).path
    return path[-2] if len(path) > 1 else house_id
