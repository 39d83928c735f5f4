"""Circulation's words: states and reasons with their labels, and what its acts answer. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from khaneh.kernel.labels import Label


class LoanState(StrEnum):
    """open → returned | lost; lost → found. A lost loan still holds its copy."""

    OPEN = "open"
    RETURNED = "returned"
    LOST = "lost"
    FOUND = "found"


LOAN_STATES: Mapping[LoanState, Label] = {
    LoanState.OPEN: Label("On loan", "در امانت", "Đang mượn"),
    LoanState.RETURNED: Label("Returned", "بازگردانده شد", "Đã trả"),
    LoanState.LOST: Label("Lost", "گم شد", "Đã mất"),
    LoanState.FOUND: Label("Lost and found again", "گم شد و پیدا شد", "Mất rồi tìm lại được"),
}
LOANS_HOLDING_A_COPY = (LoanState.OPEN, LoanState.LOST)


class RequestState(StrEnum):
    """placed → (suspended) → targeted → in transit → on shelf → fulfilled | cancelled | expired | unfilled."""

    PLACED = "placed"
    SUSPENDED = "suspended"
    TARGETED = "targeted"
    IN_TRANSIT = "in_transit"
    ON_SHELF = "on_shelf"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNFILLED = "unfilled"


REQUEST_STATES: Mapping[RequestState, Label] = {
    RequestState.PLACED: Label("Waiting", "در نوبت", "Đang chờ"),
    RequestState.SUSPENDED: Label("Suspended", "معلق", "Tạm hoãn"),
    RequestState.TARGETED: Label("Being fetched", "در حال آماده‌سازی", "Đang được lấy"),
    RequestState.IN_TRANSIT: Label("On its way", "در راه", "Đang chuyển đến"),
    RequestState.ON_SHELF: Label("Ready to collect", "آمادهٔ دریافت", "Sẵn sàng nhận"),
    RequestState.FULFILLED: Label("Collected", "دریافت شد", "Đã nhận"),
    RequestState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
    RequestState.EXPIRED: Label("Expired", "منقضی شد", "Đã hết hạn"),
    RequestState.UNFILLED: Label("Could not be filled", "برآورده نشد", "Không đáp ứng được"),
}
# How many days a copy stays on the hold shelf where no policy says so.
SHELF_DAYS = 5
WAITING_REQUESTS = (RequestState.PLACED, RequestState.TARGETED)
CAPTURED_REQUESTS = (RequestState.IN_TRANSIT, RequestState.ON_SHELF)
ACTIVE_REQUESTS = (RequestState.PLACED, RequestState.SUSPENDED, RequestState.TARGETED, *CAPTURED_REQUESTS)


class RequestLevel(StrEnum):
    """What a request asks for: any edition of a work (a title), any copy of a record (an edition), or one copy."""

    WORK = "work"
    RECORD = "record"
    COPY = "copy"


REQUEST_LEVELS: Mapping[RequestLevel, Label] = {
    RequestLevel.WORK: Label("Any edition", "هر ویراست", "Bất kỳ ấn bản nào"),
    RequestLevel.RECORD: Label("This edition", "همین ویراست", "Ấn bản này"),
    RequestLevel.COPY: Label("This copy", "همین نسخه", "Bản này"),
}


class TargetState(StrEnum):
    """A house is asked to fetch a copy: asked → captured | not found | silent (no answer in time) | withdrawn (the request went elsewhere or ended)."""

    ASKED = "asked"
    CAPTURED = "captured"
    NOT_FOUND = "not_found"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


class TransferState(StrEnum):
    """sent → received | lost | cancelled."""

    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    CANCELLED = "cancelled"


TRANSFER_STATES: Mapping[TransferState, Label] = {
    TransferState.SENT: Label("On its way", "در راه", "Đang chuyển"),
    TransferState.RECEIVED: Label("Received", "دریافت شد", "Đã nhận"),
    TransferState.LOST: Label("Lost on the way", "در راه گم شد", "Mất trên đường"),
    TransferState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
}


class TransferReason(StrEnum):
    """Why a copy travels."""

    REQUEST = "request"
    RETURN = "return"
    REBALANCE = "rebalance"
    MANUAL = "manual"


TRANSFER_REASONS: Mapping[TransferReason, Label] = {
    TransferReason.REQUEST: Label("For a reader", "برای خواننده", "Cho bạn đọc"),
    TransferReason.RETURN: Label("Back to its house", "بازگشت به کتابخانهٔ خود", "Trả về thư viện gốc"),
    TransferReason.REBALANCE: Label("Floating collection", "مجموعهٔ گردان", "Bộ sưu tập luân chuyển"),
    TransferReason.MANUAL: Label("Sent by staff", "فرستادهٔ کتابدار", "Nhân viên gửi"),
}


class RunState(StrEnum):
    """A courier's or bookmobile's round: planned → under way → done | cancelled."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


RUN_STATES: Mapping[RunState, Label] = {
    RunState.PLANNED: Label("Planned", "برنامه‌ریزی شد", "Đã lên lịch"),
    RunState.UNDER_WAY: Label("Under way", "در راه", "Đang đi"),
    RunState.DONE: Label("Done", "انجام شد", "Đã xong"),
    RunState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
}


class FeeKind(StrEnum):
    """An entry of the ledger. Charges are above zero, all others below."""

    OVERDUE = "overdue"
    LOST = "lost"
    DAMAGED = "damaged"
    PROCESSING = "processing"
    OTHER = "other"
    PAYMENT = "payment"
    WAIVER = "waiver"
    REFUND = "refund"


FEE_KINDS: Mapping[FeeKind, Label] = {
    FeeKind.OVERDUE: Label("Returned late", "دیرکرد", "Trả muộn"),
    FeeKind.LOST: Label("Lost copy", "نسخهٔ گم‌شده", "Mất bản"),
    FeeKind.DAMAGED: Label("Damage", "آسیب", "Hư hỏng"),
    FeeKind.PROCESSING: Label("Processing", "هزینهٔ آماده‌سازی", "Phí xử lý"),
    FeeKind.OTHER: Label("Other charge", "هزینهٔ دیگر", "Khoản khác"),
    FeeKind.PAYMENT: Label("Payment", "پرداخت", "Thanh toán"),
    FeeKind.WAIVER: Label("Forgiven", "بخشودگی", "Miễn giảm"),
    FeeKind.REFUND: Label("Taken back", "برگشت هزینه", "Hoàn lại"),
}
CHARGES = (FeeKind.OVERDUE, FeeKind.LOST, FeeKind.DAMAGED, FeeKind.PROCESSING, FeeKind.OTHER)


class PaymentMethod(StrEnum):
    """How money came."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    ONLINE = "online"


PAYMENT_METHODS: Mapping[PaymentMethod, Label] = {
    PaymentMethod.CASH: Label("Cash", "نقد", "Tiền mặt"),
    PaymentMethod.CARD: Label("Bank card", "کارت بانکی", "Thẻ ngân hàng"),
    PaymentMethod.TRANSFER: Label("Bank transfer", "حوالهٔ بانکی", "Chuyển khoản"),
    PaymentMethod.ONLINE: Label("Online", "برخط", "Trực tuyến"),
}


class Channel(StrEnum):
    """Through which door an act came."""

    DESK = "desk"
    SELF_CHECK = "self_check"
    SIP2 = "sip2"
    WEB = "web"
    API = "api"
    OFFLINE = "offline"


CHANNELS: Mapping[Channel, Label] = {
    Channel.DESK: Label("Desk", "میز امانت", "Quầy"),
    Channel.SELF_CHECK: Label("Self-check", "امانت خودکار", "Tự mượn trả"),
    Channel.SIP2: Label("Machine", "دستگاه", "Máy"),
    Channel.WEB: Label("Web", "وب", "Web"),
    Channel.API: Label("Program", "برنامه", "Chương trình"),
    Channel.OFFLINE: Label("Desk without a line", "میز بدون اتصال", "Quầy ngoại tuyến"),
}


class TerminalKind(StrEnum):
    """What a machine is for, which says what it may do."""

    SELF_CHECK = "self_check"
    SORTER = "sorter"
    GATE = "gate"
    PAYMENT = "payment"


TERMINAL_KINDS: Mapping[TerminalKind, Label] = {
    TerminalKind.SELF_CHECK: Label("Self-check", "امانت خودکار", "Máy tự mượn trả"),
    TerminalKind.SORTER: Label("Return sorter", "دستگاه بازگشت و تفکیک", "Máy nhận và phân loại sách trả"),
    TerminalKind.GATE: Label("Gate", "گیت", "Cổng an ninh"),
    TerminalKind.PAYMENT: Label("Payment machine", "دستگاه پرداخت", "Máy thanh toán"),
}


class Act(StrEnum):
    """What statistics count."""

    LOAN = "loan"
    RENEWAL = "renewal"
    RETURN = "return"
    IN_HOUSE_USE = "in_house_use"
    REQUEST = "request"
    TRANSFER = "transfer"


ACTS: Mapping[Act, Label] = {
    Act.LOAN: Label("Loans", "امانت", "Lượt mượn"),
    Act.RENEWAL: Label("Renewals", "تمدید", "Lượt gia hạn"),
    Act.RETURN: Label("Returns", "بازگشت", "Lượt trả"),
    Act.IN_HOUSE_USE: Label("Read in the house", "استفاده در محل", "Đọc tại chỗ"),
    Act.REQUEST: Label("Requests", "درخواست", "Yêu cầu"),
    Act.TRANSFER: Label("Transfers", "انتقال", "Luân chuyển"),
}


class ScanFinding(StrEnum):
    """What scanning a shelf tells of a copy."""

    EXPECTED = "expected"
    MISPLACED = "misplaced"
    UNEXPECTED = "unexpected"
    UNKNOWN = "unknown"
    MISSING = "missing"


SCAN_FINDINGS: Mapping[ScanFinding, Label] = {
    ScanFinding.EXPECTED: Label("In its place", "سر جای خود", "Đúng chỗ"),
    ScanFinding.MISPLACED: Label("Belongs elsewhere", "جابه‌جا شده", "Sai chỗ"),
    ScanFinding.UNEXPECTED: Label("Should not be on the shelf", "نباید در قفسه باشد", "Lẽ ra không ở trên giá"),
    ScanFinding.UNKNOWN: Label("Unknown barcode", "بارکد ناشناس", "Mã vạch lạ"),
    ScanFinding.MISSING: Label("Not found", "پیدا نشد", "Không tìm thấy"),
}


class ScanDetail(StrEnum):
    """Why a scanned copy is misplaced or unexpected."""

    OTHER_LOCATION = "other_location"
    OUTSIDE_RANGE = "outside_range"
    OTHER_HOUSE = "other_house"
    ON_LOAN = "on_loan"
    IN_TRANSIT = "in_transit"
    ON_HOLD_SHELF = "on_hold_shelf"
    AT_REPAIR = "at_repair"
    NOT_READY = "not_ready"
    MISSING = "missing"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


SCAN_DETAILS: Mapping[ScanDetail, Label] = {
    ScanDetail.OTHER_LOCATION: Label("Belongs to another shelf", "جایش قفسهٔ دیگری است", "Thuộc giá khác"),
    ScanDetail.OUTSIDE_RANGE: Label("Another call number", "شمارهٔ راهنمای دیگر", "Ký hiệu xếp giá khác"),
    ScanDetail.OTHER_HOUSE: Label("Belongs to another house", "از آنِ خانهٔ دیگر است", "Thuộc thư viện khác"),
    ScanDetail.ON_LOAN: Label("On loan by the system", "در سامانه در امانت است", "Hệ thống ghi đang cho mượn"),
    ScanDetail.IN_TRANSIT: Label("On its way by the system", "در سامانه در راه است", "Hệ thống ghi đang chuyển"),
    ScanDetail.ON_HOLD_SHELF: Label("Kept for a reader", "برای خواننده‌ای نگه داشته شده", "Đang giữ cho bạn đọc"),
    ScanDetail.AT_REPAIR: Label("At repair by the system", "در سامانه در تعمیر است", "Hệ thống ghi đang sửa chữa"),
    ScanDetail.NOT_READY: Label("Not processed yet", "هنوز آماده‌سازی نشده", "Chưa xử lý xong"),
    ScanDetail.MISSING: Label("Missing, and found", "ناپیدا بود و پیدا شد", "Thất lạc, nay tìm thấy"),
    ScanDetail.LOST: Label("Lost, and found", "گم شده بود و پیدا شد", "Đã mất, nay tìm thấy"),
    ScanDetail.WITHDRAWN: Label("Withdrawn", "وجین شده", "Đã thanh lý"),
}


class ScanOutcome(StrEnum):
    """What was done about a finding."""

    MARKED_MISSING = "marked_missing"
    TAKEN_IN = "taken_in"
    SENT = "sent"
    PUT_BACK = "put_back"
    PUT_ASIDE = "put_aside"
    SEEN = "seen"


SCAN_OUTCOMES: Mapping[ScanOutcome, Label] = {
    ScanOutcome.MARKED_MISSING: Label("Marked missing", "ناپیدا ثبت شد", "Đã ghi thất lạc"),
    ScanOutcome.TAKEN_IN: Label("Taken in", "پس گرفته شد", "Đã nhận lại"),
    ScanOutcome.SENT: Label("Sent on", "فرستاده شد", "Đã gửi đi"),
    ScanOutcome.PUT_BACK: Label("Put in its place", "سر جایش گذاشته شد", "Đã xếp lại đúng chỗ"),
    ScanOutcome.PUT_ASIDE: Label("Put aside", "کنار گذاشته شد", "Đã để riêng"),
    ScanOutcome.SEEN: Label("Found after all", "سرانجام پیدا شد", "Cuối cùng đã thấy"),
}


class PaceKind(StrEnum):
    """What is measured: days from the due date to the return; from asking a house to having the copy; on the way; on the hold shelf."""

    RETURN = "return"
    FETCH = "fetch"
    TRANSFER = "transfer"
    SHELF = "shelf"


class Outlook(StrEnum):
    """What can be said of when a request has its copy."""

    READY = "ready"
    DATED = "dated"
    OPEN = "open"
    NONE = "none"


class CopyStanding(StrEnum):
    """Where a copy is, as somebody who waits for it would say."""

    ON_SHELF = "on_shelf"
    ASKED_FOR = "asked_for"
    ON_LOAN = "on_loan"
    IN_TRANSIT = "in_transit"
    ON_HOLD_SHELF = "on_hold_shelf"
    NOT_READY = "not_ready"
    GONE = "gone"


COPY_STANDINGS: Mapping[CopyStanding, Label] = {
    CopyStanding.ON_SHELF: Label("On the shelf", "در قفسه", "Trên giá"),
    CopyStanding.ASKED_FOR: Label("Being fetched from the shelf", "در حال آوردن از قفسه", "Đang được lấy từ giá"),
    CopyStanding.ON_LOAN: Label("On loan", "در امانت", "Đang cho mượn"),
    CopyStanding.IN_TRANSIT: Label("On its way", "در راه", "Đang chuyển"),
    CopyStanding.ON_HOLD_SHELF: Label("Kept for a reader", "برای خواننده‌ای نگه داشته شده", "Đang giữ cho bạn đọc"),
    CopyStanding.NOT_READY: Label("Not ready for lending", "آمادهٔ امانت نیست", "Chưa sẵn sàng cho mượn"),
    CopyStanding.GONE: Label("Cannot be found", "پیدا نمی‌شود", "Không tìm thấy"),
}


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody passes over refusals by named rights, for a reason that is kept."""

    rights: frozenset[str]
    reason: str

    def to_facts(self) -> dict[str, Any]:
        """For the row and the journal."""
        return {"rights": sorted(self.rights), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Lent:
    """A copy was lent."""

    loan_id: int
    copy_id: int
    member_id: int
    due_at: datetime
    decision_id: int | None


class ReturnedTo(StrEnum):
    """What happens to a copy that came in."""

    SHELF = "shelf"  # it belongs here: put it back
    HOLD_SHELF = "hold_shelf"  # a reader of this house waits for it
    TRANSIT_TO_READER = "transit_to_reader"  # a reader of another house waits for it
    TRANSIT_HOME = "transit_home"  # it belongs to another house
    TRANSIT_TO_EVEN_OUT = "transit_to_even_out"  # it floats, and this house has too many
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Returned:
    """A copy came in. `loan_id` is None when it was not lent; `fee` is in minor units of `currency`; `to_house_id` is where it goes next.

    `charge_id` is the ledger's line of the fee: nothing else leads to it, so whoever may want to undo the return keeps it.
    """

    copy_id: int
    record_id: int
    loan_id: int | None
    member_id: int | None
    was_late_days: int
    fee: int
    currency: str
    goes_to: ReturnedTo
    to_house_id: int | None
    request_id: int | None
    transfer_id: int | None
    was_lost: bool
    refunded: int
    charge_id: int | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A loan was renewed."""

    loan_id: int
    due_at: datetime
    renewals: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A request was placed; it waits until `expires_at` at most."""

    request_id: int
    expires_at: datetime | None


class EntryAct(StrEnum):
    """What a desk without a line does."""

    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    REGISTER = "register"


ENTRY_ACTS: Mapping[EntryAct, Label] = {
    EntryAct.CHECK_OUT: Label("Loan", "امانت", "Cho mượn"),
    EntryAct.CHECK_IN: Label("Return", "بازگشت", "Trả sách"),
    EntryAct.REGISTER: Label("New member", "عضو تازه", "Thành viên mới"),
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
    ConflictKind.AGAINST_RULES: Label("The rules say no", "قواعد اجازه نمی‌دهند", "Quy định không cho phép"),
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
