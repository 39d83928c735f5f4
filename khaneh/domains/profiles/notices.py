"""What the domain tells people of. A notice holds a number; what it says is looked up when it is written, and not told if it holds no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.profiles.models import ShownPerson, SignUp, SignUpDecision
from khaneh.domains.profiles.permissions import VERIFIERS
from khaneh.domains.profiles.types import REASONS, SIGNUP_STATES, Outcome, PersonState, SignUpState
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})

_ORGANISATION = Variable(
    "organisation", Label("Organisation", "سازمان", "Tổ chức"), Kind.TEXT,
    Label("Lam RFID", "برچسب هوشمند لام", "Nhãn Số Lam Giang"),
)  # fmt: skip
_WHO = Variable("who", Label("Who", "چه کسی", "Ai"), Kind.TEXT, Label("Sara Ahmadi", "سارا احمدی", "Nguyễn Thị Lan"))
_DECISION = Variable(
    "decision", Label("Decision", "تصمیم", "Quyết định"), Kind.TEXT, SIGNUP_STATES[SignUpState.VERIFIED]
)
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, REASONS["document_missing"])
_TITLE = Variable("title", Label("As what", "با چه عنوانی", "Với chức danh"), Kind.TEXT, Label("Founder", "بنیان‌گذار", "Người sáng lập"))  # fmt: skip


def _resolve_waiting(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = SignUp.objects.in_bulk([one["signup"] for one in facts])
    names = people.account_names(one.account_id for one in found.values())
    items: _Items = []
    for fact in facts:
        one = found.get(fact["signup"])
        stands = one is not None and one.state == SignUpState.SUBMITTED and one.turn == fact["turn"]
        items.append(
            {"organisation": Label.from_dict(one.names).pick(language), "who": names.get(one.account_id or 0, "")}
            if one is not None and stands
            else None
        )
    return items


def _resolve_decided(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    items: _Items = []
    for fact in facts:
        one = (
            SignUpDecision.objects.select_related("signup").filter(signup_id=fact["signup"], turn=fact["turn"]).first()
        )
        if one is None:
            items.append(None)
            continue
        why = [REASONS[code].pick(language) for code in one.reasons if code in REASONS]
        items.append(
            {
                "organisation": Label.from_dict(one.signup.names).pick(language),
                "decision": SIGNUP_STATES[SignUpState(one.outcome)].pick(language),
                "why": "; ".join([*why, *([one.words] if one.words else [])]) or "—",
            }
        )
    return items


def _resolve_asked(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = ShownPerson.objects.select_related("profile").in_bulk([one["person"] for one in facts])
    refs = network.organisation_refs(one.profile.organisation_id for one in found.values())
    items: _Items = []
    for fact in facts:
        one = found.get(fact["person"])
        items.append(
            {
                "organisation": refs[one.profile.organisation_id].names.pick(language),
                "title": Label.from_dict(one.titles).pick(language),
            }
            if one is not None and one.state == PersonState.ASKED
            else None
        )
    return items


EVENTS: tuple[EventType, ...] = (
    EventType(
        "profiles.waiting",
        Label("An organisation that wants to be verified", "سازمانی در انتظار تأیید", "Tổ chức chờ xác minh"),
        (_ORGANISATION, _WHO),
        channels=_LETTER,
        resolve=_resolve_waiting,
    ),
    EventType(
        "profiles.decided",
        Label("What was decided of my organisation", "نتیجهٔ بررسی سازمان من", "Kết quả xác minh tổ chức của tôi"),
        (_ORGANISATION, _DECISION, _WHY),
        channels=_LETTER,
        resolve=_resolve_decided,
    ),
    EventType(
        "profiles.asked",
        Label("Asked whether I may be shown", "درخواست نمایش نام من", "Xin phép hiển thị tên tôi"),
        (_ORGANISATION, _TITLE),
        channels=_LETTER,
        resolve=_resolve_asked,
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_verifiers(signup: SignUp, *, now: datetime) -> None:
    """Tell those who may verify it. About six statements, two for each of them and one for each authority above."""
    organisations = network.place_of_region(signup.region_id).organisations
    accounts = {
        row.account_id
        for number in organisations
        for row in people.roles_at(actor=SYSTEM, organisation_id=number, now=now)
        if row.role in VERIFIERS and row.is_valid(now)
    }
    turn = signup.turn + 1
    facts = {"signup": signup.pk, "turn": turn}
    _tell("profiles.waiting", sorted(accounts), facts, f"profiles.waiting:{signup.pk}:{turn}", signup.region_id, now)


def tell_applicant(signup: SignUp, outcome: Outcome, *, now: datetime) -> None:
    """Tell who signed it up. At most six statements."""
    if signup.account_id is not None:
        facts = {"signup": signup.pk, "turn": signup.turn}
        key = f"profiles.decided:{signup.pk}:{signup.turn}:{outcome.value}"
        _tell("profiles.decided", [signup.account_id], facts, key, signup.region_id, now)


def tell_asked(person: ShownPerson, organisation_id: int, *, now: datetime) -> None:
    """Tell somebody that they are asked. At most eight statements."""
    row = network.organisations_by_ids([organisation_id])[organisation_id]
    region_id = row.regions[-1].id if row.regions else None
    key = f"profiles.asked:{person.pk}:{now.isoformat()}"
    _tell("profiles.asked", [person.account_id], {"person": person.pk}, key, region_id, now)


def _tell(
    event: str, accounts: Iterable[int], facts: Mapping[str, Any], key: str, region_id: int | None, now: datetime
) -> None:
    house_id = _house_near(region_id)
    if house_id is None:
        return  # a network without houses writes no letters
    for account_id in accounts:
        services.tell_account(
            event=event, account_id=account_id, house_id=house_id, facts=facts, key=f"{key}:{account_id}", now=now
        )


def _house_near(region_id: int | None) -> int | None:
    """The house in whose name a letter goes out: one of the region, else any. Two statements."""
    near = network.house_ids_in_region(region_id) if region_id is not None else []
    public = {number for numbers in network.public_house_ids() for number in numbers}
    return min(public.intersection(near) or public, default=None)
