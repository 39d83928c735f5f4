"""What notices are made of: events with their variables, channels, states, choices; and the rows that queries give. No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import Label


class Channel(StrEnum):
    """How a message reaches somebody."""

    EMAIL = "email"
    SMS = "sms"
    APP = "app"


CHANNELS: Mapping[Channel, Label] = {
    Channel.EMAIL: Label("E-mail", "ایمیل", "Email"),
    Channel.SMS: Label("Text message", "پیامک", "Tin nhắn SMS"),
    Channel.APP: Label("In my account", "در حساب من", "Trong tài khoản"),
}


class State(StrEnum):
    """waiting → sending → sent | waiting again | failed | unsure | suppressed; a person settles what is unsure or failed.

    `unsure`: the mark `sending` was written and no answer came, so that it has perhaps been sent. Nothing sends it again by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    SUPPRESSED = "suppressed"


STATES: Mapping[State, Label] = {
    State.WAITING: Label("Waiting", "در صف", "Đang chờ"),
    State.SENDING: Label("Being sent", "در حال ارسال", "Đang gửi"),
    State.SENT: Label("Sent", "فرستاده شد", "Đã gửi"),
    State.FAILED: Label("Failed", "ناموفق", "Thất bại"),
    State.UNSURE: Label("Perhaps sent", "شاید فرستاده شده", "Có thể đã gửi"),
    State.SUPPRESSED: Label("Not sent", "فرستاده نشد", "Không gửi"),
}
OPEN_STATES = (State.WAITING, State.SENDING, State.FAILED, State.UNSURE)

# Why a message was not sent, or not yet.
REASONS: Mapping[str, Label] = {
    "address_refused": Label("The address does not exist", "نشانی وجود ندارد", "Địa chỉ không tồn tại"),
    "address_wrong": Label(
        "The address was found to be wrong before", "نادرستی نشانی پیش‌تر معلوم شده است", "Địa chỉ đã được biết là sai"
    ),
    "no_address": Label("No address or number is known", "نشانی یا شماره‌ای ثبت نشده", "Chưa có địa chỉ hoặc số"),
    "not_wanted": Label("The member does not want it", "عضو آن را نمی‌خواهد", "Thành viên không muốn nhận"),
    "not_member": Label("No longer a member", "دیگر عضو نیست", "Không còn là thành viên"),
    "no_longer_true": Label("It was settled meanwhile", "در این میان حل شد", "Đã được giải quyết"),
    "too_late": Label("Its time was over", "زمانش گذشت", "Đã quá thời hạn"),
    "busy": Label("The server asked to wait", "سرور خواست صبر شود", "Máy chủ yêu cầu chờ"),
    "unreachable": Label("The server does not answer", "سرور پاسخ نمی‌دهد", "Máy chủ không trả lời"),
    "rejected": Label("The server refused the message", "سرور پیام را نپذیرفت", "Máy chủ từ chối tin"),
    "not_set_up": Label("The channel is not set up", "این راه راه‌اندازی نشده", "Kênh chưa được thiết lập"),
    "no_answer": Label("No answer came after sending", "پس از ارسال پاسخی نیامد", "Không có phản hồi sau khi gửi"),
    "text_wrong": Label("The text could not be written", "متن ساخته نشد", "Không tạo được nội dung"),
    "settled": Label("Settled by staff", "کتابدار رسیدگی کرد", "Nhân viên đã xử lý"),
}


class Urgency(StrEnum):
    """NOW: at once, by e-mail also at night. SOON: at once in waking hours. LATER: waits a little for others, to be one message."""

    NOW = "now"
    SOON = "soon"
    LATER = "later"


class Kind(StrEnum):
    """How a variable is written for a reader. Facts hold: text; list of texts, each a line; ISO day; ISO instant; whole number; {amount, currency}."""

    TEXT = "text"
    LINES = "lines"
    DAY = "day"
    INSTANT = "instant"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that templates may use, what it means, and a value to show it with (in the form of `kind`)."""

    name: str
    label: Label
    kind: Kind
    sample: Any


# Facts of many notices of one event -> for each, what its item says (by variable, in the form of its kind) or None: no longer true.
Resolver = Callable[[Sequence[Mapping[str, Any]], str, datetime], Sequence[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class EventType:
    """Something that people are told of. `items` are the variables of one notice; a message holds a list of them.

    `channels` are those used where the member has not chosen. `resolve(facts, language, now)` fills the variables when the message is
    written, so that a notice holds numbers and no titles, and one that is not true any more is not sent; without it the facts are the
    variables. `chosen` events are offered in the member's choices. `leave_by` names the variable that holds an address at which a POST ends such
    messages without signing in (RFC 8058): mail programs show it as a button.
    """

    code: str
    label: Label
    items: tuple[Variable, ...]
    urgency: Urgency = Urgency.SOON
    channels: frozenset[Channel] = frozenset({Channel.EMAIL, Channel.APP})
    resolve: Resolver | None = None
    chosen: bool = True
    leave_by: str = ""
    samples: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What a template says: a subject (e-mail and in the account) and a body. SMS has no subject."""

    subject: str
    body: str


# language -> channel -> text
Texts = Mapping[str, Mapping[Channel, Text]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go: plain text, and HTML for e-mail. `segments` is what an SMS costs, 0 elsewhere. `leave` is where messages like it end."""

    subject: str
    plain: str
    html: str = ""
    segments: int = 0
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reader of a message reads: language, calendar, and the zone whose clock counts."""

    language: str
    calendar: Calendar
    zone: str


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `starts` to `ends` (minutes after midnight, on the house's clock) nobody is woken; may pass midnight; equal: never quiet."""

    starts: int = 21 * 60
    ends: int = 8 * 60


@dataclass(frozen=True, slots=True)
class Told:
    """One notice to be told, for telling many at once, to a member, or (None) to an account. `key` makes it unique: told twice, it is kept once."""

    member_id: int | None
    house_id: int
    facts: Mapping[str, Any]
    key: str
    not_before: datetime | None = None
    until: datetime | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in the queue. No address and nothing that somebody reads; the member by number and name."""

    id: int
    member_id: int | None
    member_name: str
    house_id: int
    channel: Channel
    events: tuple[str, ...]
    state: State
    reason: str
    detail: str
    attempts: int
    not_before: datetime
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """An address that mail or messages do not reach, for a person to settle."""

    id: int
    member_id: int
    member_name: str
    channel: Channel
    reason: str
    found_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The text in force at a house for an event, channel and language. `house_id` is where it is written, None: the one that ships."""

    event: str
    channel: Channel
    language: str
    text: Text
    house_id: int | None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One message in somebody's account, written in the language they read now."""

    id: int
    event: str
    subject: str
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """For one event, which channels the member gets, in the order of CHANNELS; `default` where they have not chosen."""

    event: str
    label: Label
    wanted: Mapping[Channel, bool]
    default: Mapping[Channel, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the work did."""

    gathered: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0
    unsure: int = 0
    suppressed: int = 0
