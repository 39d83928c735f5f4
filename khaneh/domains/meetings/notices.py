"""What the domain tells people of. A notice holds numbers; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.meetings.models import Interest, Matchmaking, Meeting, Participant, Person, Pitch
from khaneh.domains.meetings.queries.rows import participant_names
from khaneh.domains.meetings.types import PersonState
from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.kernel.calendars import calendar_for, show_instant
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})

_SESSION = Variable(
    "session", Label("Matchmaking session", "نشست همتایابی", "Phiên kết nối"), Kind.TEXT,
    Label("Buyers meet makers", "دیدار خریداران و سازندگان", "Người mua gặp nhà sản xuất"),
)  # fmt: skip
_WHO = Variable("who", Label("With whom", "با چه کسی", "Với ai"), Kind.TEXT, Label("Nomso", "نوم‌سو", "Nôm Số"))
_WHEN = Variable(
    "when", Label("When", "زمان", "Thời gian"), Kind.TEXT,
    Label("12 May, 10:20", "۲۲ اردیبهشت، ۱۰:۲۰", "12 tháng 5, 10:20"),
)  # fmt: skip
_PITCH = Variable(
    "pitch", Label("Pitch", "ارائه", "Phần trình bày"), Kind.TEXT,
    Label("Reading Hán Nôm", "خواندن هان‌نوم", "Đọc Hán Nôm"),
)  # fmt: skip
_ASKER = Variable(
    "who", Label("Who asks", "پرسنده", "Người hỏi"), Kind.TEXT, Label("Anar Fund", "صندوق انار", "Quỹ Lựu")
)


def _resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    """Fills a notice's variables; what is gone is not told."""
    sessions = Matchmaking.objects.in_bulk([one["matchmaking"] for one in facts])
    meetings = Meeting.objects.select_related("table").in_bulk([one["meeting"] for one in facts if "meeting" in one])
    sides = Participant.objects.in_bulk(
        {one["participant"] for one in facts if "participant" in one}
        | {number for row in meetings.values() for number in (row.asker_id, row.asked_id)}
    )
    names = participant_names(sides.values())
    items: _Items = []
    for one in facts:
        session = sessions.get(one["matchmaking"])
        if session is None:
            items.append(None)
            continue
        meeting = meetings.get(one.get("meeting", 0))
        me = one.get("participant", 0)
        other = (meeting.asked_id if meeting.asker_id == me else meeting.asker_id) if meeting is not None else me
        starts = datetime.fromisoformat(one["starts"]) if one.get("starts") else None
        when = ""
        if starts is not None:
            zone = network.house_facts(session.house_id).calendar.zone
            when = show_instant(starts, zone=zone, calendar=calendar_for("", language), language=language)
        items.append(
            {
                "session": Label.from_dict(session.names).pick(language),
                "who": names[other].pick(language) if other in names else "",
                "when": when,
            }
        )
    return items


def _resolve_pitch(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = Interest.objects.select_related("pitch").in_bulk([one["interest"] for one in facts])
    organisations = network.organisation_refs({row.organisation_id for row in found.values() if row.organisation_id})
    items: _Items = []
    for one in facts:
        row = found.get(one["interest"])
        if row is None:
            items.append(None)
            continue
        of = organisations.get(row.organisation_id or 0)
        items.append({"pitch": row.pitch.title, "who": of.names.pick(language) if of is not None else ""})
    return items


def _event(code: str, name: Label, *variables: Variable) -> EventType:
    return EventType(f"meetings.{code}", name, (_SESSION, *variables), channels=_LETTER, resolve=_resolve)


EVENTS: tuple[EventType, ...] = (
    _event("come", Label("Asked to come to a matchmaking session", "دعوت به نشست همتایابی", "Được mời dự phiên kết nối"), _WHO),
    _event("asked", Label("Asked for a meeting", "درخواست دیدار", "Lời đề nghị gặp"), _WHO),
    _event("accepted", Label("A meeting accepted", "پذیرش دیدار", "Lời đề nghị gặp được nhận"), _WHO),
    _event("declined", Label("A meeting declined", "رد دیدار", "Lời đề nghị gặp bị từ chối"), _WHO),
    _event("placed", Label("A meeting has its time", "تعیین زمان دیدار", "Cuộc gặp đã có giờ"), _WHO, _WHEN),
    _event("lifted", Label("A meeting has lost its time", "از دست رفتن زمان دیدار", "Cuộc gặp mất giờ đã xếp"), _WHO),
    _event("cancelled", Label("A meeting cancelled", "لغو دیدار", "Cuộc gặp bị hủy"), _WHO, _WHEN),
    _event("moved", Label("Other hours of a matchmaking session", "تغییر ساعت نشست همتایابی", "Phiên kết nối đổi giờ")),
    _event("called_off", Label("A matchmaking session cancelled", "لغو نشست همتایابی", "Phiên kết nối bị hủy")),
    _event("taken_off", Label("Taken out of a matchmaking session", "حذف از نشست همتایابی", "Bị đưa ra khỏi phiên kết nối")),
    EventType(
        "meetings.interest", Label("Contact asked for after a pitch", "درخواست تماس پس از ارائه", "Có người xin liên hệ sau phần trình bày"),
        (_PITCH, _ASKER), channels=_LETTER, resolve=_resolve_pitch,
    ),
    EventType(
        "meetings.contact", Label("A team gives its contact", "پاسخ گروه به درخواست تماس", "Nhóm trả lời lời xin liên hệ"),
        (_PITCH,), channels=_LETTER, resolve=_resolve_pitch,
    ),
)  # fmt: skip


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell(event: str, one: Matchmaking, participant: Participant, *, now: datetime) -> None:
    """Tell everybody who comes for a participant. One statement and two for each."""
    for account_id in _coming(participant.pk):
        tell_one(event, one, participant, account_id, now=now)


def tell_one(event: str, one: Matchmaking, participant: Participant, account_id: int, *, now: datetime) -> None:
    """Tell one person, of a participant. Two statements."""
    _send(event, one, account_id, {"matchmaking": one.pk, "participant": participant.pk}, now)


def tell_about(event: str, one: Matchmaking, participant_id: int, meeting: Meeting, *, now: datetime) -> None:
    """Tell everybody who comes for one side of a meeting. One statement and two for each."""
    facts: dict[str, Any] = {"matchmaking": one.pk, "participant": participant_id, "meeting": meeting.pk}
    if meeting.starts is not None:
        facts["starts"] = meeting.starts.isoformat()
    for account_id in _coming(participant_id):
        _send(event, one, account_id, facts, now)


def tell_of_interest(
    event: str, interest: Interest, pitch: Pitch, account_id: int, *, house_id: int, now: datetime
) -> None:
    """Tell somebody of a team, or who asked it. Two statements."""
    services.tell_account(
        event=event, account_id=account_id, house_id=house_id, facts={"interest": interest.pk},
        key=f"{event}:{interest.pk}:{account_id}:{interest.state}", now=now,
    )  # fmt: skip


def _coming(participant_id: int) -> list[int]:
    rows = Person.objects.filter(participant_id=participant_id, state=PersonState.COMING.value)
    return sorted(rows.values_list("account_id", flat=True))


def _send(event: str, one: Matchmaking, account_id: int, facts: Mapping[str, Any], now: datetime) -> None:
    about = ":".join(f"{name}={value}" for name, value in sorted(facts.items()))
    services.tell_account(
        event=event, account_id=account_id, house_id=one.house_id, facts=facts,
        key=f"{event}:{about}:{account_id}:{now.isoformat(timespec='minutes')}", now=now,
    )  # fmt: skip
