"""Controlled lists: kinds and states of events, transport, states of registrations, what may come of an event. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label

EVENT_KINDS: Mapping[str, Label] = {
    "talk": Label("Talk", "سخنرانی", "Tọa đàm"),
    "meetup": Label("Meeting", "گردهمایی", "Gặp gỡ"),
    "fair": Label("Fair", "نمایشگاه و بازار", "Hội chợ"),
    "exhibition": Label("Exhibition", "نمایشگاه", "Triển lãm"),
    "tour": Label("Technology tour", "تور فناوری", "Tham quan công nghệ"),
    "joint": Label("Joint event", "رویداد مشترک", "Sự kiện phối hợp"),
    "competition": Label("Competition", "مسابقه", "Cuộc thi"),
    "reading": Label("Reading and storytelling", "کتاب‌خوانی و قصه‌گویی", "Đọc sách, kể chuyện"),
    "other": Label("Other event", "رویداد دیگر", "Sự kiện khác"),
}


class EventState(StrEnum):
    """proposed → open ⇄ full → held; each of the first three may be cancelled."""

    PROPOSED = "proposed"
    OPEN = "open"
    FULL = "full"
    HELD = "held"
    CANCELLED = "cancelled"


EVENT_STATES: Mapping[EventState, Label] = {
    EventState.PROPOSED: Label("Proposed", "پیشنهادشده", "Đề xuất"),
    EventState.OPEN: Label("Open", "باز", "Đang mở"),
    EventState.FULL: Label("Full", "تکمیل", "Đã đủ chỗ"),
    EventState.HELD: Label("Held", "برگزارشده", "Đã diễn ra"),
    EventState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}
# What everybody may see: one that was cancelled too, so that nobody comes in vain.
PUBLIC_EVENTS = (EventState.OPEN, EventState.FULL, EventState.HELD, EventState.CANCELLED)
COMING_EVENTS = (EventState.OPEN, EventState.FULL)


class Admission(StrEnum):
    """How one comes to it."""

    FREE = "free"
    REGISTER = "register"
    APPROVAL = "approval"


ADMISSIONS: Mapping[Admission, Label] = {
    Admission.FREE: Label("Just come", "بدون ثبت‌نام", "Không cần đăng ký"),
    Admission.REGISTER: Label("Registration", "با ثبت‌نام", "Cần đăng ký"),
    Admission.APPROVAL: Label("Registration with approval", "ثبت‌نام با تأیید", "Đăng ký và chờ duyệt"),
}

# How one comes to a leg of a tour.
TRANSPORTS: Mapping[str, Label] = {
    "bus": Label("Bus", "اتوبوس", "Xe buýt"),
    "minibus": Label("Minibus", "مینی‌بوس", "Xe buýt nhỏ"),
    "car": Label("Car", "خودرو", "Ô tô"),
    "train": Label("Train", "قطار", "Tàu hỏa"),
    "boat": Label("Boat", "قایق", "Thuyền"),
    "walk": Label("On foot", "پیاده", "Đi bộ"),
    "own": Label("By one’s own means", "با وسیلهٔ شخصی", "Tự túc phương tiện"),
}
# Those in which places are limited.
SEATED = frozenset({"bus", "minibus", "car", "train", "boat"})


class RegistrationState(StrEnum):
    """requested → confirmed | waiting | refused; waiting ⇄ confirmed → attended | absent; what is open may be cancelled."""

    REQUESTED = "requested"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"
    REFUSED = "refused"
    CANCELLED = "cancelled"


REGISTRATION_STATES: Mapping[RegistrationState, Label] = {
    RegistrationState.REQUESTED: Label("Waits for approval", "در انتظار تأیید", "Chờ duyệt"),
    RegistrationState.WAITING: Label("On the waiting list", "در فهرست انتظار", "Trong danh sách chờ"),
    RegistrationState.CONFIRMED: Label("Confirmed", "قطعی", "Đã xác nhận"),
    RegistrationState.ATTENDED: Label("Came", "حاضر", "Đã tham dự"),
    RegistrationState.ABSENT: Label("Did not come", "غایب", "Vắng mặt"),
    RegistrationState.REFUSED: Label("Refused", "ردشده", "Bị từ chối"),
    RegistrationState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}
# What has its places.
HOLDING = (RegistrationState.CONFIRMED, RegistrationState.ATTENDED, RegistrationState.ABSENT)
OPEN_REGISTRATIONS = (RegistrationState.REQUESTED, RegistrationState.WAITING, RegistrationState.CONFIRMED)


class EndReason(StrEnum):
    """Why a registration ended before its event."""

    REGISTRANT = "registrant"
    STAFF = "staff"
    EVENT = "event"
    NO_PLACE = "no_place"
    UNANSWERED = "unanswered"
    ERASED = "erased"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.REGISTRANT: Label("Cancelled by who registered", "لغو از سوی ثبت‌نام‌کننده", "Người đăng ký hủy"),
    EndReason.STAFF: Label("By the house", "از سوی خانه", "Cơ sở hủy hoặc từ chối"),
    EndReason.EVENT: Label("The event was cancelled", "رویداد لغو شد", "Sự kiện bị hủy"),
    EndReason.NO_PLACE: Label("No place became free", "جایی آزاد نشد", "Không còn chỗ trống"),
    EndReason.UNANSWERED: Label("Nobody answered in time", "به‌موقع پاسخ داده نشد", "Không được trả lời kịp thời"),
    EndReason.ERASED: Label("The account was closed", "حساب بسته شد", "Tài khoản đã đóng"),
}

# What may come of an event, counted.
OUTCOMES: Mapping[str, Label] = {
    "contact": Label("Contacts made", "ارتباط تازه", "Kết nối mới"),
    "meeting": Label("Follow-up meetings", "جلسهٔ پیگیری", "Cuộc gặp tiếp theo"),
    "need": Label("Needs recorded", "نیاز ثبت‌شده", "Nhu cầu được ghi nhận"),
    "offer": Label("Offers recorded", "عرضهٔ ثبت‌شده", "Chào hàng được ghi nhận"),
    "application": Label("Applications", "درخواست", "Hồ sơ đăng ký"),
    "agreement": Label("Agreements", "توافق", "Thỏa thuận"),
    "investment": Label("Investments", "سرمایه‌گذاری", "Khoản đầu tư"),
    "placement": Label("Jobs and internships", "شغل و کارآموزی", "Việc làm, thực tập"),
    "media": Label("Reports in media", "بازتاب رسانه‌ای", "Tin bài truyền thông"),
}
