"""What applicants and those who keep a call are told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.programmes.models import Application, ApplicationMember, Call, CallQuestion, Step, Submission
from khaneh.domains.programmes.permissions import MANAGERS
from khaneh.domains.programmes.types import ApplicationState, CallState, Part
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_URGENT = frozenset({Channel.EMAIL, Channel.SMS, Channel.APP})
# What officers and the domains above decide is told by those who write the letters; an exception that was made is told here.
OF_STATE: Mapping[ApplicationState, str] = {ApplicationState.ELIGIBLE: "programmes.admitted"}

_CALL = Variable(
    "call", Label("Call", "فراخوان", "Đợt"), Kind.TEXT,
    Label("Spring call of the incubator", "فراخوان بهارهٔ مرکز رشد", "Đợt xuân của vườn ươm"),
)  # fmt: skip
_APPLICATION = Variable(
    "application", Label("Application", "درخواست", "Hồ sơ"), Kind.TEXT,
    Label("Shelves that read themselves", "قفسه‌های خودخوان", "Giá sách tự đọc"),
)  # fmt: skip
_LEAD = Variable(
    "lead", Label("Who answers for it", "مسئول درخواست", "Người chịu trách nhiệm"), Kind.TEXT,
    Label("Sara Ahmadi", "سارا احمدی", "Nguyễn Thị Lan"),
)  # fmt: skip
_QUESTION = Variable(
    "question", Label("Question", "پرسش", "Câu hỏi"), Kind.TEXT,
    Label("May two people apply together?", "آیا دو نفر با هم می‌توانند درخواست دهند؟", "Hai người có thể cùng nộp không?"),
)  # fmt: skip
_RECEIPT = Variable("receipt", Label("Receipt", "رسید", "Biên nhận"), Kind.TEXT, "A-000412-2-K7QX")
_AT = Variable("at", Label("Handed in at", "زمان ارسال", "Nộp lúc"), Kind.INSTANT, "2026-03-02T12:00:00Z")
_UNTIL = Variable("until", Label("Deadline", "مهلت", "Hạn nộp"), Kind.INSTANT, "2026-03-20T14:00:00Z")
_WHY = Variable(
    "why", Label("Why", "علت", "Lý do"), Kind.TEXT,
    Label("The call is for another region", "این فراخوان برای منطقهٔ دیگری است", "Đợt này dành cho địa bàn khác"),
)  # fmt: skip


def _of_applications(holds: Callable[[Application], bool]) -> Any:
    """Fills the variables of an application's notice; what does not hold any more is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        ids = {one["application"] for one in facts}
        found = Application.objects.select_related("call").in_bulk(list(ids))
        handed = {(one.application_id, one.version): one for one in Submission.objects.filter(application_id__in=ids)}
        reasons = dict(
            Step.objects.filter(application_id__in=ids).order_by("pk").values_list("application_id", "reason")
        )
        names = people.account_names(one.account_id for one in found.values())
        items: _Items = []
        for one in facts:
            row = found.get(one["application"])
            if row is None or not holds(row):
                items.append(None)
                continue
            last = handed.get((row.pk, row.version))
            items.append(
                {
                    "application": row.title or Label.from_dict(row.call.names).pick(language),
                    "call": Label.from_dict(row.call.names).pick(language),
                    "until": row.call.closes_at.isoformat() if row.call.closes_at else None,
                    "receipt": last.receipt if last else "",
                    "at": last.submitted_at.isoformat() if last else None,
                    "why": reasons.get(row.pk, ""),
                    "lead": names.get(row.account_id or 0, ""),
                }
            )
        return items

    return resolve


def _of_questions(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = CallQuestion.objects.select_related("call").in_bulk([one["question"] for one in facts])
    return [
        {
            "call": Label.from_dict(found[one["question"]].call.names).pick(language),
            "question": found[one["question"]].text,
        }
        if one["question"] in found
        else None
        for one in facts
    ]


def _any(row: Application) -> bool:
    return True


def _in(*states: ApplicationState) -> Callable[[Application], bool]:
    return lambda row: row.state in states


EVENTS: tuple[EventType, ...] = (
    EventType(
        "programmes.submitted",
        Label("My application was received", "دریافت درخواست من", "Hồ sơ của tôi đã được nhận"),
        (_APPLICATION, _CALL, _RECEIPT, _AT, _UNTIL),
        channels=_LETTER,
        resolve=_of_applications(lambda row: row.version > 0),
    ),
    EventType(
        "programmes.deadline",
        Label("A deadline was moved", "تمدید مهلت", "Gia hạn nộp"),
        (_CALL, _UNTIL),
        channels=_LETTER,
        resolve=_of_applications(_any),
    ),
    EventType(
        "programmes.closes_soon",
        Label("Not handed in, and the deadline is near", "ارسال‌نشده و نزدیک به پایان مهلت", "Chưa nộp mà sắp hết hạn"),
        (_APPLICATION, _CALL, _UNTIL),
        channels=_URGENT,
        resolve=_of_applications(_in(ApplicationState.DRAFT)),
    ),
    EventType(
        "programmes.cancelled",
        Label("A call was cancelled", "لغو فراخوان", "Đợt bị hủy"),
        (_CALL,),
        channels=_URGENT,
        resolve=_of_applications(lambda row: row.call.state == CallState.CANCELLED),
    ),
    EventType(
        "programmes.ineligible",
        Label("Conditions not met", "فاقد شرایط", "Không đủ điều kiện"),
        (_APPLICATION, _CALL, _WHY),
        channels=_LETTER,
        resolve=_of_applications(_in(ApplicationState.INELIGIBLE)),
    ),
    EventType(
        "programmes.admitted",
        Label("Admitted after all", "پذیرش استثنایی", "Được chấp nhận ngoại lệ"),
        (_APPLICATION, _CALL),
        channels=_LETTER,
        resolve=_of_applications(lambda row: row.state != ApplicationState.INELIGIBLE),
    ),
    EventType(
        "programmes.withdrawn",
        Label("An application withdrawn", "انصراف از درخواست", "Đã rút hồ sơ"),
        (_APPLICATION, _CALL),
        channels=_LETTER,
        resolve=_of_applications(_in(ApplicationState.WITHDRAWN)),
    ),
    EventType(
        "programmes.invited",
        Label("Asked to write an application with others", "دعوت به نوشتن درخواست", "Được mời cùng soạn hồ sơ"),
        (_APPLICATION, _CALL, _LEAD),
        channels=_LETTER,
        resolve=_of_applications(lambda row: row.state != ApplicationState.WITHDRAWN),
    ),
    EventType(
        "programmes.asked",
        Label("A question about our call", "پرسشی دربارهٔ فراخوان ما", "Có câu hỏi về đợt của chúng tôi"),
        (_CALL, _QUESTION),
        channels=_LETTER,
        resolve=_of_questions,
    ),
    EventType(
        "programmes.answered",
        Label("My question about a call answered", "پاسخ پرسش من دربارهٔ فراخوان", "Câu hỏi của tôi đã được trả lời"),
        (_CALL, _QUESTION),
        channels=_LETTER,
        resolve=_of_questions,
    ),
    EventType(
        "programmes.answered_for_all",
        Label("Answers for all who apply", "پاسخ‌ها برای همهٔ متقاضیان", "Giải đáp chung cho người nộp"),
        (_CALL, _QUESTION),
        channels=frozenset({Channel.APP}),
        resolve=_of_questions,
    ),
)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_team(event: str, application_id: int, *, key: str, now: datetime) -> None:
    """Tell all who write or read an application. Two statements, and two for each of them."""
    house_id = Application.objects.filter(pk=application_id).values_list("call__house_id", flat=True).get()
    team = ApplicationMember.objects.filter(application_id=application_id, account_id__isnull=False)
    facts = {"application": application_id}
    _tell(
        event,
        _accounts(team.values_list("account_id", flat=True)),
        house_id,
        facts,
        f"{event}:{application_id}:{key}",
        now,
    )


def tell_writers(event: str, call_id: int, *, key: str, now: datetime, drafts_alone: bool = False) -> None:
    """Tell whoever answers for an application to a call, drafts too. Two statements, and two for each of them."""
    house_id = Call.objects.filter(pk=call_id).values_list("house_id", flat=True).get()
    lead = ApplicationMember.objects.filter(application__call_id=call_id, part=Part.LEAD.value, account__isnull=False)
    if drafts_alone:
        lead = lead.filter(application__state=ApplicationState.DRAFT.value)
    else:
        lead = lead.exclude(application__state=ApplicationState.WITHDRAWN.value)
    told: set[int] = set()
    for account_id, application_id in lead.order_by("pk").values_list("account_id", "application_id"):
        # Of an answer or a deadline everybody hears once, however many they write.
        if account_id is None or (account_id in told and not drafts_alone):
            continue
        told.add(account_id)
        facts = {"application": application_id, "question": int(key[1:]) if key.startswith("q") else None}
        _tell(event, [account_id], house_id, facts, f"{event}:{application_id}:{key}", now)


def tell_keepers(event: str, call_id: int, question_id: int, *, now: datetime) -> None:
    """Tell the programme managers of the house, or its other managers where there is none. At most twelve statements and two for each."""
    house_id = Call.objects.filter(pk=call_id).values_list("house_id", flat=True).get()
    held = [
        row
        for row in people.roles_at(actor=SYSTEM, house_id=house_id, now=now)
        if row.role in MANAGERS and row.is_valid(now)
    ]
    keepers = {row.account_id for row in held if row.role == "programme_manager"} or {row.account_id for row in held}
    _tell(event, sorted(keepers), house_id, {"question": question_id}, f"{event}:{question_id}", now)


def tell_asker(question_id: int, *, now: datetime) -> None:
    """Tell who asked that there is an answer. At most four statements."""
    found = CallQuestion.objects.select_related("call").get(pk=question_id)
    asked_by = [] if found.account_id is None else [found.account_id]
    _tell(
        "programmes.answered",
        asked_by,
        found.call.house_id,
        {"question": question_id},
        f"programmes.answered:{question_id}",
        now,
    )


def tell_invited(application_id: int, account_id: int, *, now: datetime) -> None:
    """Tell somebody that they are asked to write with others. Three statements."""
    house_id = Application.objects.filter(pk=application_id).values_list("call__house_id", flat=True).get()
    key = f"programmes.invited:{application_id}"
    _tell("programmes.invited", [account_id], house_id, {"application": application_id}, key, now)


def _accounts(found: Iterable[int | None]) -> list[int]:
    return sorted({number for number in found if number is not None})


def _tell(
    event: str, accounts: Iterable[int], house_id: int, facts: Mapping[str, Any], key: str, now: datetime
) -> None:
    for account_id in accounts:
        services.tell_account(
            event=event, account_id=account_id, house_id=house_id, facts=facts, key=f"{key}:{account_id}", now=now
        )
