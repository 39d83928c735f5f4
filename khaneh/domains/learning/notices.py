"""What the domain tells people of. A notice holds the enrolment's number; what it says is looked up when it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from khaneh.domains.learning.models import Certificate, Enrolment, Meeting, Run, RunTeacher
from khaneh.domains.learning.queries.rows import run_rows
from khaneh.domains.learning.types import (
    END_REASONS,
    ENROLMENT_STATES,
    LIVE_RUNS,
    SEATED,
    EndReason,
    EnrolmentState,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Urgency, Variable
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})
_LIVE = frozenset(state.value for state in LIVE_RUNS)

_COURSE = Variable(
    "course", Label("Course", "دوره", "Khóa học"), Kind.TEXT, Label("Laser safety", "ایمنی لیزر", "An toàn laser")
)
_STARTS = Variable("starts", Label("First meeting", "نخستین نشست", "Buổi đầu"), Kind.INSTANT, "2026-03-03T06:30:00Z")
_PLACE = Variable(
    "place", Label("Where", "کجا", "Địa điểm"), Kind.TEXT,
    Label("Central library", "کتابخانهٔ مرکزی", "Thư viện trung tâm"),
)  # fmt: skip
_CODE = Variable("code", Label("Code to show", "کد ورود", "Mã xuất trình"), Kind.TEXT, "K7MPW42QXA")
_ANSWER_BY = Variable("until", Label("Answer by", "مهلت پاسخ", "Trả lời trước"), Kind.INSTANT, "2026-03-02T12:00:00Z")
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.STARTED])
_ADDRESS = Variable(
    "address", Label("The certificate’s page", "صفحهٔ گواهی", "Trang chứng chỉ"), Kind.TEXT,
    "https://example.org/certificates/x1y2z3",
)  # fmt: skip

Holds = Callable[[Enrolment, datetime], bool]


def _resolver(holds: Holds) -> Any:
    """Fills a notice's variables; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        numbers = [one["enrolment"] for one in facts]
        found = Enrolment.objects.select_related("run__course", "party").in_bulk(numbers)
        keys = {row.enrolment_id: row for row in Certificate.objects.filter(enrolment_id__in=numbers, erased_at=None)}
        houses = network.house_refs({one.run.house_id for one in found.values()})
        items: _Items = []
        for number in numbers:
            one = found.get(number)
            if one is None or not holds(one, now):
                items.append(None)
                continue
            certificate = keys.get(number)
            items.append(
                {
                    "course": Label.from_dict(one.run.course.names).pick(language),
                    "starts": one.run.starts.isoformat() if one.run.starts else None,
                    "place": houses[one.run.house_id].names.pick(language),
                    "code": one.code,
                    "until": one.party.answer_by.isoformat() if one.party.answer_by else None,
                    "why": _why(one, certificate, language),
                    "address": f"{settings.SITE_URL}/certificates/{certificate.key}" if certificate else "",
                }
            )
        return items

    return resolve


def _resolve_rooms(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    """Of a meeting whose room was lost or found: what does not stand so any more is not told."""
    found = Meeting.objects.select_related("run__course").in_bulk([one["meeting"] for one in facts])
    rows = {row.id: row for one in run_rows(Run.objects.filter(meetings__in=found).distinct()) for row in one.meetings}
    houses = network.house_refs({one.run.house_id for one in found.values()})
    items: _Items = []
    for one in facts:
        meeting = found.get(one["meeting"])
        if meeting is None or meeting.ends <= now or meeting.run.state not in _LIVE:
            items.append(None)
            continue
        row = rows[meeting.pk]
        shown = row.places if one["found"] else row.lost
        if not shown or (row.places and not one["found"]):
            items.append(None)
            continue
        house = houses[meeting.run.house_id].names.pick(language)
        items.append(
            {
                "course": Label.from_dict(meeting.run.course.names).pick(language),
                "starts": meeting.starts.isoformat(),
                "place": f"{shown[0].names.pick(language)} ({house})",
            }
        )
    return items


def _is(*states: EnrolmentState) -> Holds:
    return lambda one, now: one.state in states


def _is_offered(one: Enrolment, now: datetime) -> bool:
    return one.state == EnrolmentState.OFFERED and one.party.answer_by is not None and one.party.answer_by > now


def _is_coming(one: Enrolment, now: datetime) -> bool:
    return one.state == EnrolmentState.ENROLLED and one.run.state in (RunState.OPEN, RunState.RUNNING)


_ENDED = (EnrolmentState.WITHDRAWN, EnrolmentState.REFUSED, EnrolmentState.CANCELLED)
EVENTS: tuple[EventType, ...] = (
    EventType(
        "learning.enrolled",
        Label("Enrolled in a course", "ثبت‌نام در دوره", "Đã ghi danh khóa học"),
        (_COURSE, _STARTS, _PLACE, _CODE),
        channels=_LETTER,
        resolve=_resolver(_is(EnrolmentState.ENROLLED)),
    ),
    EventType(
        "learning.offered",
        Label("A place in a course became free", "جایی در دوره آزاد شد", "Có chỗ trong khóa học"),
        (_COURSE, _STARTS, _PLACE, _ANSWER_BY),
        urgency=Urgency.NOW,
        channels=_URGENT,
        resolve=_resolver(_is_offered),
    ),
    EventType(
        "learning.moved",
        Label("Other times of a course", "تغییر زمان دوره", "Đổi lịch khóa học"),
        (_COURSE, _STARTS, _PLACE),
        channels=_URGENT,
        resolve=_resolver(lambda one, now: one.state in SEATED),
    ),
    EventType(
        "learning.room_lost",
        Label("The room of a course is missing", "کلاس دوره بی‌اتاق مانده است", "Khóa học bị mất phòng"),
        (_COURSE, _STARTS, _PLACE),
        channels=_URGENT,
        resolve=_resolve_rooms,
    ),
    EventType(
        "learning.room_found",
        Label("Another room for a course", "اتاق تازهٔ دوره", "Khóa học đổi phòng"),
        (_COURSE, _STARTS, _PLACE),
        channels=_URGENT,
        resolve=_resolve_rooms,
    ),
    EventType(
        "learning.reminder",
        Label("A course meets soon", "یادآوری نشست دوره", "Nhắc lịch khóa học"),
        (_COURSE, _STARTS, _PLACE, _CODE),
        resolve=_resolver(_is_coming),
    ),
    EventType(
        "learning.ended",
        Label("No place in a course", "نداشتن جا در دوره", "Không có chỗ trong khóa học"),
        (_COURSE, _STARTS, _PLACE, _WHY),
        channels=_URGENT,
        resolve=_resolver(_is(*_ENDED)),
    ),
    EventType(
        "learning.completed",
        Label("Course completed", "به پایان رساندن دوره", "Hoàn thành khóa học"),
        (_COURSE, _PLACE, _ADDRESS),
        channels=_LETTER,
        resolve=_resolver(_is(EnrolmentState.COMPLETED)),
    ),
    EventType(
        "learning.failed",
        Label("Course not completed", "به پایان نرساندن دوره", "Chưa hoàn thành khóa học"),
        (_COURSE, _PLACE),
        channels=_LETTER,
        resolve=_resolver(_is(EnrolmentState.FAILED)),
    ),
    EventType(
        "learning.revoked",
        Label("Certificate taken back", "پس‌گرفتن گواهی", "Thu hồi chứng chỉ"),
        (_COURSE, _PLACE, _WHY),
        channels=_URGENT,
        resolve=_resolver(lambda one, now: one.state == EnrolmentState.COMPLETED),
    ),
)
# What an act gave, and the event that tells of it; what the page itself has said is not told again.
_EVENT_OF: Mapping[str, str] = {
    "enrolled": "enrolled",
    "offered": "offered",
    "ended": "ended",
    "refused": "ended",
    "cancelled": "ended",
    "completed": "completed",
    "failed": "failed",
    "revoked": "revoked",
}


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell(
    what: str, enrolment_ids: Iterable[int], *, house_id: int, now: datetime, until: datetime | None = None
) -> None:
    """Have each of them told what became of their enrolment. One statement, and at most two a person."""
    event = _EVENT_OF.get(what)
    numbers = list(enrolment_ids)
    if event is None or not numbers:
        return
    _tell(event, numbers, house_id=house_id, now=now, turn=now.isoformat(), until=until)


def tell_moved(run_id: int, *, house_id: int, now: datetime) -> None:
    """Everybody with a seat is told of other times. One statement, and at most two a person."""
    seated = Enrolment.objects.filter(run_id=run_id, state__in=[EnrolmentState.ENROLLED.value]).order_by("pk")
    _tell("moved", list(seated.values_list("pk", flat=True)), house_id=house_id, now=now, turn=now.isoformat())


def tell_room(meeting_id: int, *, found: bool, now: datetime) -> None:
    """Everybody with a seat, and who teaches, is told that a meeting has lost its room, or has another. Three statements, and two a person."""
    meeting = Meeting.objects.select_related("run").get(pk=meeting_id)
    seated = Enrolment.objects.filter(run_id=meeting.run_id, state=EnrolmentState.ENROLLED.value)
    taught = RunTeacher.objects.filter(run_id=meeting.run_id)
    # Where nobody teaches yet, who planned it answers for its rooms.
    answer: set[int | None] = {*taught.values_list("account_id", flat=True)} or {meeting.run.planned_by_id}
    told = {*seated.values_list("account_id", flat=True), *answer}
    event = "learning.room_found" if found else "learning.room_lost"
    for account_id in sorted(number for number in told if number is not None):
        services.tell_account(
            event=event, account_id=account_id, house_id=meeting.run.house_id,
            facts={"meeting": meeting_id, "found": found}, key=f"{event}:{meeting_id}:{account_id}:{now.isoformat()}",
            now=now, until=meeting.ends,
        )  # fmt: skip


def remind(*, now: datetime, until: datetime) -> int:
    """Whoever is enrolled is told once of each first meeting that begins until an instant. Gives how many meetings that were."""
    soon = Meeting.objects.filter(starts__gt=now, starts__lte=until, number=1, run__state=RunState.OPEN.value).order_by(
        "starts", "pk"
    )
    meetings = list(soon.values_list("pk", "run_id", "run__house_id", "starts"))
    for meeting_id, run_id, house_id, starts in meetings:
        inside = Enrolment.objects.filter(run_id=run_id, state=EnrolmentState.ENROLLED.value).order_by("pk")
        numbers = list(inside.values_list("pk", flat=True))
        _tell("reminder", numbers, house_id=house_id, now=now, turn=f"{meeting_id}:{starts.isoformat()}", until=starts)
    return len(meetings)


def _tell(
    event: str, numbers: list[int], *, house_id: int, now: datetime, turn: str, until: datetime | None = None
) -> None:
    whose = Enrolment.objects.filter(pk__in=numbers, account__isnull=False).order_by("pk")
    for number, account_id in whose.values_list("pk", "account_id"):
        if account_id is not None:
            services.tell_account(
                event=f"learning.{event}", account_id=account_id, house_id=house_id, facts={"enrolment": number},
                key=f"learning.{event}:{number}:{turn}", now=now, until=until,
            )  # fmt: skip


def _why(one: Enrolment, certificate: Certificate | None, language: str) -> str:
    if certificate is not None and certificate.revoked_at is not None:
        return certificate.reason
    if one.state == EnrolmentState.CANCELLED:
        return one.run.reason
    if one.reason:
        return one.reason
    if one.end_reason:
        return END_REASONS[EndReason(one.end_reason)].pick(language)
    return ENROLMENT_STATES[EnrolmentState(one.state)].pick(language)
