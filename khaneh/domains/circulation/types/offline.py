"""Desks without a line: the entries of their logs, and what a person settles of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from khaneh.kernel.labels import Label


class EntryAct(StrEnum):
    """What a desk without a line does."""

    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    REGISTER = "register"
    REQUEST = "request"


ENTRY_ACTS: Mapping[EntryAct, Label] = {
    EntryAct.CHECK_OUT: Label("Loan", "امانت", "Cho mượn"),
    EntryAct.CHECK_IN: Label("Return", "بازگشت", "Trả sách"),
    EntryAct.REGISTER: Label("New member", "عضو تازه", "Thành viên mới"),
    EntryAct.REQUEST: Label("Request", "درخواست", "Đặt trước"),
}


class EntryOutcome(StrEnum):
    """What became of an entry of a log: done, kept for a person, or nothing to do because it was so already."""

    DONE = "done"
    CONFLICT = "conflict"
    SUPERSEDED = "superseded"


class ConflictSource(StrEnum):
    """Who did without a line what is to be settled."""

    OFFLINE = "offline"
    SIP2 = "sip2"


class ConflictKind(StrEnum):
    """Why a person must look at an act that was done without a line."""

    COPY_LENT = "copy_lent"
    LENT_SINCE = "lent_since"
    MEMBER_BLOCKED = "member_blocked"
    MEMBER_EXPIRED = "member_expired"
    OVER_LIMIT = "over_limit"
    RESERVED = "reserved"
    NOT_FOR_LOAN = "not_for_loan"
    AGAINST_RULES = "against_rules"
    CARD_UNKNOWN = "card_unknown"
    COPY_UNKNOWN = "copy_unknown"
    CARD_TAKEN = "card_taken"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    INCOMPLETE = "incomplete"
    MEMBER_WAITS = "member_waits"
    CAPTURED = "captured"
    TIME_UNSURE = "time_unsure"
    DEVICE_REVOKED = "device_revoked"
    TAMPERED = "tampered"
    FAILED = "failed"


CONFLICT_KINDS: Mapping[ConflictKind, Label] = {
    ConflictKind.COPY_LENT: Label(
        "The copy is lent to another reader", "نسخه در امانت دیگری است", "Tài liệu đang cho bạn đọc khác mượn"
    ),
    ConflictKind.LENT_SINCE: Label(
        "The copy has been lent since", "نسخه پس از آن امانت داده شده است", "Tài liệu đã được cho mượn sau đó"
    ),
    ConflictKind.MEMBER_BLOCKED: Label("The member is blocked", "عضو مسدود است", "Thành viên đang bị khóa"),
    ConflictKind.MEMBER_EXPIRED: Label("The membership has ended", "عضویت پایان یافته است", "Thẻ đã hết hạn"),
    ConflictKind.OVER_LIMIT: Label("Over a limit", "بیش از سقف", "Vượt giới hạn"),
    ConflictKind.RESERVED: Label(
        "Another reader waits for it", "خوانندهٔ دیگری در نوبت آن است", "Bạn đọc khác đang chờ"
    ),
    ConflictKind.NOT_FOR_LOAN: Label("Not for loan", "امانی نیست", "Không cho mượn"),
    ConflictKind.AGAINST_RULES: Label("The rules say no", "مقررات اجازه نمی‌دهد", "Quy định không cho phép"),
    ConflictKind.CARD_UNKNOWN: Label("No such card", "چنین کارتی نیست", "Không có thẻ này"),
    ConflictKind.COPY_UNKNOWN: Label("Unknown barcode", "بارکد ناشناس", "Mã vạch lạ"),
    ConflictKind.CARD_TAKEN: Label("The card is another's", "کارت از آنِ دیگری است", "Thẻ của người khác"),
    ConflictKind.POSSIBLE_DUPLICATE: Label(
        "May be a member already", "شاید از پیش عضو باشد", "Có thể đã là thành viên"
    ),
    ConflictKind.INCOMPLETE: Label(
        "Something is missing or wrong", "چیزی کم یا نادرست است", "Thiếu hoặc sai thông tin"
    ),
    ConflictKind.MEMBER_WAITS: Label(
        "Its new member is to be settled first", "نخست عضو تازهٔ آن روشن شود", "Cần giải quyết thành viên mới trước"
    ),
    ConflictKind.CAPTURED: Label(
        "Another reader waits for it: take it off the shelf",
        "خواننده‌ای در نوبت آن است: از قفسه بردارید",
        "Có bạn đọc đang chờ: lấy khỏi giá",
    ),
    ConflictKind.TIME_UNSURE: Label("Its time is not sure", "زمان آن روشن نیست", "Không chắc thời điểm"),
    ConflictKind.DEVICE_REVOKED: Label(
        "Its device had been cut off", "دستگاه آن کنار گذاشته شده بود", "Thiết bị đã bị thu hồi"
    ),
    ConflictKind.TAMPERED: Label("The log was changed", "گزارش دستکاری شده است", "Nhật ký đã bị sửa đổi"),
    ConflictKind.FAILED: Label("It could not be done", "انجام نشد", "Không thực hiện được"),
}


class ConflictState(StrEnum):
    """open → accepted | undone | dismissed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    UNDONE = "undone"
    DISMISSED = "dismissed"


CONFLICT_STATES: Mapping[ConflictState, Label] = {
    ConflictState.OPEN: Label("To be settled", "در انتظار رسیدگی", "Chờ giải quyết"),
    ConflictState.ACCEPTED: Label("Accepted", "پذیرفته شد", "Đã chấp nhận"),
    ConflictState.UNDONE: Label("Undone", "برگردانده شد", "Đã hoàn tác"),
    ConflictState.DISMISSED: Label("Set aside", "کنار گذاشته شد", "Đã bỏ qua"),
}


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """One entry of a device's log as it was sent: the exact text and its signature (64 bytes)."""

    body: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one entry. `result` is what the device tells its desk: never a name."""

    number: int
    outcome: EntryOutcome
    result: Mapping[str, Any]
