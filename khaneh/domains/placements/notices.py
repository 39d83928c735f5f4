"""What the domain tells people of. A notice holds the placement's number; what it says is looked up when it is written.

An employer is told through those who speak for it; on the employer's page it waits for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.placements.models import Confirmation, Interest, Placement, Vacancy
from khaneh.domains.placements.permissions import REPRESENTATIVES
from khaneh.domains.placements.types import AT_WORK, END_REASONS, EndReason, PlacementState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})

_VACANCY = Variable(
    "vacancy", Label("Vacancy", "فرصت شغلی", "Vị trí tuyển"), Kind.TEXT,
    Label("CNC operator", "اپراتور سی‌ان‌سی", "Thợ vận hành CNC"),
)  # fmt: skip
_EMPLOYER = Variable(
    "organisation", Label("Employer", "کارفرما", "Nhà tuyển dụng"), Kind.TEXT,
    Label("Mehr Wood Industries", "صنایع چوب مهر", "Công ty Gỗ Mehr"),
)  # fmt: skip
_TRAINEE = Variable(
    "trainee", Label("Who", "چه کسی", "Ai"), Kind.TEXT, Label("Sara Ahmadi", "سارا احمدی", "Nguyễn Thị Lan")
)
_UNTIL = Variable("until", Label("Answer by", "مهلت پاسخ", "Trả lời trước"), Kind.INSTANT, "2026-03-02T12:00:00Z")
_SINCE = Variable("since", Label("Since", "از", "Từ ngày"), Kind.DAY, "2026-03-01")
_MONTHS = Variable("months", Label("After so many months", "پس از چند ماه", "Sau mấy tháng"), Kind.NUMBER, 3)
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.FILLED])


def _resolver(holds: Callable[[Placement], bool]) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = Placement.objects.select_related("vacancy").in_bulk([one["placement"] for one in facts])
        employers = network.organisation_refs(one.organisation_id for one in found.values())
        names = people.account_names(one.account_id for one in found.values() if one.accepted_at is not None)
        items: _Items = []
        for one in facts:
            placement = found.get(one["placement"])
            if placement is None or not holds(placement):
                items.append(None)
                continue
            items.append(
                {
                    "vacancy": Label.from_dict(placement.vacancy.names).pick(language),
                    "organisation": employers[placement.organisation_id].names.pick(language),
                    "trainee": names.get(placement.account_id or 0, ""),
                    "until": placement.answer_by.isoformat() if placement.answer_by else None,
                    "since": placement.started_on.isoformat() if placement.started_on else None,
                    "months": one.get("months"),
                    "why": END_REASONS[EndReason(placement.end_reason)].pick(language) if placement.end_reason else "",
                }
            )
        return items

    return resolve


def _resolve_interest(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = Interest.objects.select_related("vacancy", "seeker").in_bulk([one["interest"] for one in facts])
    names = people.account_names(one.seeker.account_id for one in found.values())
    return [
        {
            "vacancy": Label.from_dict(found[one["interest"]].vacancy.names).pick(language),
            "trainee": names.get(found[one["interest"]].seeker.account_id, ""),
        }
        if one["interest"] in found
        else None
        for one in facts
    ]


def _at_work(placement: Placement) -> bool:
    return PlacementState(placement.state) in AT_WORK


EVENTS: tuple[EventType, ...] = (
    EventType(
        "placements.offered",
        Label("A place offered to me", "پیشنهاد کار به من", "Có nơi mời tôi làm việc"),
        (_VACANCY, _EMPLOYER, _UNTIL),
        channels=_URGENT,
        resolve=_resolver(lambda one: one.state == PlacementState.OFFERED),
    ),
    EventType(
        "placements.gone",
        Label("An offer that came to nothing", "پیشنهادی که به سرانجام نرسید", "Lời mời không thành"),
        (_VACANCY, _EMPLOYER, _WHY),
        channels=_LETTER,
        resolve=_resolver(lambda one: one.state == PlacementState.DECLINED),
    ),
    EventType(
        "placements.started",
        Label("The employer says that I have begun", "اعلام آغاز کار از سوی کارفرما", "Nơi làm báo tôi đã bắt đầu"),
        (_VACANCY, _EMPLOYER, _SINCE),
        channels=_LETTER,
        resolve=_resolver(lambda one: one.started_on is not None),
    ),
    EventType(
        "placements.interest",
        Label("Interest in our vacancy", "علاقه به فرصت شغلی ما", "Có người quan tâm tin tuyển"),
        (_VACANCY, _TRAINEE),
        channels=_LETTER,
        resolve=_resolve_interest,
    ),
    EventType(
        "placements.accepted",
        Label("Our offer accepted", "پذیرش پیشنهاد ما", "Lời mời được nhận"),
        (_VACANCY, _TRAINEE),
        channels=_LETTER,
        resolve=_resolver(lambda one: one.state == PlacementState.ACCEPTED),
    ),
    EventType(
        "placements.declined",
        Label("Our offer not taken up", "نپذیرفتن پیشنهاد ما", "Lời mời không được nhận"),
        (_VACANCY, _WHY),
        channels=_LETTER,
        resolve=_resolver(lambda one: one.state == PlacementState.DECLINED),
    ),
    EventType(
        "placements.confirm",
        Label("Asked whether somebody works with us still", "پرسش دربارهٔ ادامهٔ کار", "Hỏi còn làm việc không"),
        (_VACANCY, _TRAINEE, _MONTHS, _SINCE),
        channels=_URGENT,
        resolve=_resolver(_at_work),
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_trainee(event: str, placement: Placement, *, now: datetime, until: datetime | None = None) -> None:
    """Tell whom it was offered to. At most six statements."""
    if placement.account_id is not None:
        key = f"{event}:{placement.pk}"
        _tell(event, [placement.account_id], {"placement": placement.pk}, key, placement.vacancy, now, until)


def tell_employer(event: str, placement: Placement, *, now: datetime) -> None:
    """Tell those who speak for the employer. Nine statements and two for each of them."""
    facts = {"placement": placement.pk}
    who = _representatives(placement.organisation_id, now)
    _tell(event, who, facts, f"{event}:{placement.pk}", placement.vacancy, now)


def tell_employer_to_confirm(asked: Confirmation, *, turn: int, now: datetime) -> None:
    """Ask those who speak for the employer; every turn is another letter. Nine statements and two for each of them."""
    facts = {"placement": asked.placement_id, "months": asked.months}
    who = _representatives(asked.placement.organisation_id, now)
    _tell("placements.confirm", who, facts, f"placements.confirm:{asked.pk}:{turn}", asked.placement.vacancy, now)


def tell_employer_of_interest(interest: Interest, vacancy: Vacancy, *, now: datetime) -> None:
    """Somebody has said that a vacancy interests them. Nine statements and two for each of them."""
    who = _representatives(vacancy.organisation_id, now)
    _tell("placements.interest", who, {"interest": interest.pk}, f"placements.interest:{interest.pk}", vacancy, now)


def _representatives(organisation_id: int, now: datetime) -> list[int]:
    held = people.roles_at(actor=SYSTEM, organisation_id=organisation_id, now=now)
    return sorted({row.account_id for row in held if row.role in REPRESENTATIVES and row.is_valid(now)})


def _tell(
    event: str,
    accounts: Iterable[int],
    facts: Mapping[str, Any],
    key: str,
    vacancy: Vacancy,
    now: datetime,
    until: datetime | None = None,
) -> None:
    house_id = _house_of(vacancy)
    if house_id is None:
        return  # a network without houses writes no letters
    for account_id in accounts:
        services.tell_account(
            event=event, account_id=account_id, house_id=house_id, facts=facts, key=f"{key}:{account_id}", now=now,
            until=until,
        )  # fmt: skip


def _house_of(vacancy: Vacancy) -> int | None:
    """The house in whose name a letter goes out: where the work is, else one of its region, else any. At most two statements."""
    if vacancy.house_id is not None:
        return vacancy.house_id
    near = network.house_ids_in_region(vacancy.region_id) if vacancy.region_id is not None else []
    public = {number for numbers in network.public_house_ids() for number in numbers}
    return min(public.intersection(near) or public, default=None)
