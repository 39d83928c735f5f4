"""What the domain tells people of. A notice holds numbers; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.network.types import Role
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.residencies.models import Milestone, Request, Residency, Session
from khaneh.domains.residencies.types import MILESTONE_STATES, REQUEST_KINDS, MilestoneState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_RUNNERS = frozenset({Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER})

_TEAM = Variable("team", Label("Team", "گروه", "Nhóm"), Kind.TEXT, Label("Nomso", "نوم‌سو", "Nôm Số"))
_WHAT = Variable(
    "what", Label("About what", "دربارهٔ", "Về việc"), Kind.TEXT,
    Label("First hundred pages read", "خواندن صد صفحهٔ نخست", "Đọc một trăm trang đầu"),
)  # fmt: skip


def _resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    """Fills a notice's variables; what is gone is not told."""
    teams = Residency.objects.in_bulk([one["residency"] for one in facts])
    milestones = Milestone.objects.in_bulk([one["milestone"] for one in facts if "milestone" in one])
    requests = Request.objects.in_bulk([one["request"] for one in facts if "request" in one])
    sessions = Session.objects.in_bulk([one["session"] for one in facts if "session" in one])
    items: _Items = []
    for one in facts:
        team = teams.get(one["residency"])
        if team is None:
            items.append(None)
            continue
        what = ""
        if "milestone" in one and one["milestone"] in milestones:
            found = milestones[one["milestone"]]
            state = MILESTONE_STATES[MilestoneState(found.state)].pick(language)
            what = f"{Label.from_dict(found.names).pick(language)} ({state})"
        elif "request" in one and one["request"] in requests:
            what = REQUEST_KINDS[requests[one["request"]].kind].pick(language)
        elif "session" in one and one["session"] in sessions:
            what = sessions[one["session"]].topic
        items.append({"team": Label.from_dict(team.names).pick(language), "what": what})
    return items


def _event(code: str, name: Label, *, what: bool = False) -> EventType:
    variables = (_TEAM, _WHAT) if what else (_TEAM,)
    return EventType(f"residencies.{code}", name, variables, channels=_LETTER, resolve=_resolve)


EVENTS: tuple[EventType, ...] = (
    _event("offered", Label("A residency offered to my team", "پیشنهاد استقرار به گروه من", "Nhóm tôi được mời lưu trú")),
    _event("over", Label("My team's residency is over", "پایان استقرار گروه من", "Đợt lưu trú của nhóm tôi kết thúc")),
    _event("graduated", Label("My team has graduated", "پایان موفق دورهٔ استقرار", "Nhóm tôi hoàn thành lưu trú")),
    _event("mentored", Label("A mentor for my team", "راهنمای گروه من", "Nhóm tôi có cố vấn")),
    _event(
        "decided",
        Label("A milestone of my team answered", "پاسخ به نقطهٔ عطف گروه من", "Mốc của nhóm tôi được xét"),
        what=True,
    ),
    _event("given", Label("Support given to my team", "حمایت از گروه من", "Nhóm tôi nhận hỗ trợ")),
    _event(
        "answered",
        Label("A request of my team answered", "پاسخ به درخواست گروه من", "Yêu cầu của nhóm tôi được trả lời"),
        what=True,
    ),
    _event("follow_up", Label("Asked what became of my team", "پرسش از حال گروه من", "Hỏi thăm nhóm tôi sau lưu trú")),
    _event("gone", Label("A team leaves our house", "رفتن گروهی از خانهٔ ما", "Một nhóm rời cơ sở")),
    _event(
        "organisation_gone",
        Label("A team's organisation withdraws", "کناره‌گیری سازمان یک گروه", "Tổ chức của một nhóm rút khỏi mạng lưới"),
    ),
    _event(
        "submitted",
        Label("Evidence for a milestone to look at", "شواهد نقطهٔ عطف برای بررسی", "Minh chứng mốc cần xem xét"),
        what=True,
    ),
    _event("asked", Label("A team asks for a service", "درخواست خدمت از سوی یک گروه", "Nhóm yêu cầu dịch vụ"), what=True),
    _event("worry", Label("A mentor worries about a team", "نگرانی راهنما دربارهٔ گروه", "Cố vấn lo ngại về một nhóm")),
    _event("mentor", Label("A team to mentor", "گروهی برای راهنمایی", "Nhóm cần tôi cố vấn")),
    _event(
        "session", Label("A mentoring session agreed", "قرار جلسهٔ راهنمایی", "Hẹn buổi cố vấn"), what=True
    ),
    _event(
        "session_gone", Label("A mentoring session cancelled", "لغو جلسهٔ راهنمایی", "Hủy buổi cố vấn"), what=True
    ),
)  # fmt: skip


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_team(event: str, one: Residency, *, now: datetime, **facts: int | str) -> None:
    """Tell who answers for the team. At most three statements."""
    if one.founder_id is not None:
        _tell(event, one, one.founder_id, now, facts)


def tell_mentor(event: str, one: Residency, account_id: int, *, now: datetime, **facts: int | str) -> None:
    """Tell a mentor. At most three statements."""
    _tell(event, one, account_id, now, facts)


def tell_house(event: str, one: Residency, *, now: datetime, **facts: int | str) -> None:
    """Tell those who run residencies at the very house. Two statements and two for each of them."""
    held = people.roles_at(actor=SYSTEM, house_id=one.house_id, now=now)
    for account_id in sorted({row.account_id for row in held if row.role in _RUNNERS and row.is_valid(now)}):
        _tell(event, one, account_id, now, facts)


def _tell(event: str, one: Residency, account_id: int, now: datetime, facts: Mapping[str, int | str]) -> None:
    about = ":".join(f"{name}={value}" for name, value in sorted(facts.items()))
    services.tell_account(
        event=event, account_id=account_id, house_id=one.house_id, facts={"residency": one.pk, **facts},
        key=f"{event}:{one.pk}:{about}:{account_id}:{now.date().isoformat()}", now=now,
    )  # fmt: skip
