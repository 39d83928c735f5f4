"""The controlled lists of residencies, with their words in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.domains.programmes.types import ApplicationState
from khaneh.kernel.labels import Label

# An application in these states can become a residency.
ACCEPTED = frozenset({ApplicationState.ACCEPTED, ApplicationState.CONTRACTED})


class ResidencyState(StrEnum):
    """How far a residency is. The last three are final."""

    OFFERED = "offered"
    MOVED_IN = "moved_in"
    GRADUATED = "graduated"
    LEFT = "left"
    ENDED = "ended"


RESIDENCY_STATES: Mapping[ResidencyState, Label] = {
    ResidencyState.OFFERED: Label("Offered", "پیشنهاد شده", "Đã mời"),
    ResidencyState.MOVED_IN: Label("In the house", "مستقر", "Đang lưu trú"),
    ResidencyState.GRADUATED: Label("Graduated", "دورهٔ استقرار را به پایان رسانده", "Đã hoàn thành"),
    ResidencyState.LEFT: Label("Left", "خانه را ترک کرده", "Đã rời đi"),
    ResidencyState.ENDED: Label("Ended by the house", "پایان‌یافته از سوی خانه", "Cơ sở đã chấm dứt"),
}
OPEN_STATES = frozenset({ResidencyState.OFFERED, ResidencyState.MOVED_IN})


class OverReason(StrEnum):
    """Why a residency is over without having been completed."""

    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MOVED_ELSEWHERE = "moved_elsewhere"
    GAVE_UP = "gave_up"
    TERM_OVER = "term_over"
    RULES_BROKEN = "rules_broken"
    OTHER = "other"


OVER_REASONS: Mapping[OverReason, Label] = {
    OverReason.DECLINED: Label("The team did not take the offer", "گروه پیشنهاد را نپذیرفت", "Nhóm không nhận lời mời"),
    OverReason.WITHDRAWN: Label("The house took the offer back", "خانه پیشنهاد را پس گرفت", "Cơ sở rút lời mời"),
    OverReason.MOVED_ELSEWHERE: Label("Moved to another place", "جابه‌جایی به جای دیگر", "Chuyển đến nơi khác"),
    OverReason.GAVE_UP: Label("Gave the plan up", "دست کشیدن از طرح", "Từ bỏ kế hoạch"),
    OverReason.TERM_OVER: Label("The agreed time was over", "پایان زمان توافق‌شده", "Hết thời hạn thỏa thuận"),
    OverReason.RULES_BROKEN: Label("The house's rules were broken", "نقض مقررات خانه", "Vi phạm nội quy"),
    OverReason.OTHER: Label("Another reason", "علت دیگر", "Lý do khác"),
}
LEAVING = (OverReason.MOVED_ELSEWHERE, OverReason.GAVE_UP, OverReason.OTHER)
ENDING = (OverReason.TERM_OVER, OverReason.RULES_BROKEN, OverReason.OTHER)


class MilestoneState(StrEnum):
    """How far a milestone is. Reached and dropped are final."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    REACHED = "reached"
    DROPPED = "dropped"


MILESTONE_STATES: Mapping[MilestoneState, Label] = {
    MilestoneState.PLANNED: Label("Planned", "برنامه‌ریزی‌شده", "Đã lên kế hoạch"),
    MilestoneState.SUBMITTED: Label("Evidence waits for the house", "شواهد در انتظار بررسی خانه", "Minh chứng chờ xét"),
    MilestoneState.REACHED: Label("Reached", "محقق‌شده", "Đã đạt"),
    MilestoneState.DROPPED: Label("Dropped", "کنار گذاشته‌شده", "Đã bỏ"),
}


class SessionState(StrEnum):
    """How a mentoring session stands. All but the first are final."""

    BOOKED = "booked"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


SESSION_STATES: Mapping[SessionState, Label] = {
    SessionState.BOOKED: Label("Agreed", "قرار گذاشته‌شده", "Đã hẹn"),
    SessionState.HELD: Label("Held", "برگزارشده", "Đã diễn ra"),
    SessionState.MISSED: Label("The team did not come", "گروه نیامد", "Nhóm vắng mặt"),
    SessionState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}
LIVE_SESSIONS = (SessionState.BOOKED, SessionState.HELD, SessionState.MISSED)


class SupportKind(StrEnum):
    """What was given."""

    GRANT = "grant"
    CREDIT = "credit"
    INVESTMENT = "investment"
    MENTORING = "mentoring"
    PREMISES = "premises"
    EQUIPMENT = "equipment"
    TRAINING = "training"


SUPPORT_KINDS: Mapping[SupportKind, Label] = {
    SupportKind.GRANT: Label("Grant", "کمک بلاعوض", "Tài trợ"),
    SupportKind.CREDIT: Label("Credit", "وام", "Tín dụng"),
    SupportKind.INVESTMENT: Label("Investment", "سرمایه‌گذاری", "Đầu tư"),
    SupportKind.MENTORING: Label("Mentoring", "راهنمایی", "Cố vấn"),
    SupportKind.PREMISES: Label("Premises", "فضای کار", "Mặt bằng"),
    SupportKind.EQUIPMENT: Label("Time on equipment", "زمان دستگاه", "Thời gian dùng thiết bị"),
    SupportKind.TRAINING: Label("Training", "آموزش", "Đào tạo"),
}
IN_MONEY = frozenset({SupportKind.GRANT, SupportKind.CREDIT, SupportKind.INVESTMENT})
MINUTES, DAYS = "minutes", "days"
# Everything that is no money is counted in this.
UNITS: Mapping[SupportKind, str] = {
    SupportKind.MENTORING: MINUTES,
    SupportKind.PREMISES: DAYS,
    SupportKind.EQUIPMENT: MINUTES,
    SupportKind.TRAINING: MINUTES,
}


class TrancheState(StrEnum):
    """How a tranche stands. Paid and cancelled are final."""

    PROMISED = "promised"
    PAID = "paid"
    CANCELLED = "cancelled"


TRANCHE_STATES: Mapping[TrancheState, Label] = {
    TrancheState.PROMISED: Label("Promised", "تعهدشده", "Đã hứa"),
    TrancheState.PAID: Label("Paid", "پرداخت‌شده", "Đã chi"),
    TrancheState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}


class RequestState(StrEnum):
    """How a request for a service stands. The last three are final."""

    ASKED = "asked"
    TAKEN_UP = "taken_up"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_STATES: Mapping[RequestState, Label] = {
    RequestState.ASKED: Label("Waits for an answer", "در انتظار پاسخ", "Chờ trả lời"),
    RequestState.TAKEN_UP: Label("Being dealt with", "در دست انجام", "Đang xử lý"),
    RequestState.DONE: Label("Done", "انجام‌شده", "Đã xong"),
    RequestState.REFUSED: Label("Not possible", "ناممکن", "Không đáp ứng được"),
    RequestState.WITHDRAWN: Label("Taken back", "پس گرفته‌شده", "Đã rút lại"),
}

REQUEST_KINDS: Mapping[str, Label] = {
    "space": Label("More or other space", "فضای بیشتر یا دیگر", "Thêm hoặc đổi chỗ làm"),
    "equipment": Label("A machine or a laboratory", "دستگاه یا آزمایشگاه", "Máy móc hoặc phòng thí nghiệm"),
    "training": Label("Training", "آموزش", "Đào tạo"),
    "legal": Label("Law, licences, property", "حقوقی، مجوز و مالکیت فکری", "Pháp lý, giấy phép, sở hữu trí tuệ"),
    "money": Label("Money", "تأمین مالی", "Tài chính"),
    "customers": Label("A way to customers", "معرفی به مشتری", "Kết nối khách hàng"),
    "export": Label("Export", "صادرات", "Xuất khẩu"),
    "repair": Label("Something is broken", "خرابی", "Hỏng hóc"),
    "other": Label("Something else", "چیز دیگر", "Việc khác"),
}

HEALTH_AREAS: Mapping[str, Label] = {
    "team": Label("Team", "گروه", "Đội ngũ"),
    "product": Label("Product", "محصول", "Sản phẩm"),
    "customers": Label("Customers", "مشتریان", "Khách hàng"),
    "money": Label("Money", "پول", "Tài chính"),
    "wellbeing": Label("How they are", "حال و روز", "Tinh thần"),
}


class Fate(StrEnum):
    """What a team is, some years on."""

    TRADING = "trading"
    BOUGHT = "bought"
    MERGED = "merged"
    RESTING = "resting"
    CLOSED = "closed"


FATES: Mapping[Fate, Label] = {
    Fate.TRADING: Label("At work", "فعال", "Đang hoạt động"),
    Fate.BOUGHT: Label("Bought by another", "خریداری‌شده", "Đã được mua lại"),
    Fate.MERGED: Label("Merged with another", "ادغام‌شده", "Đã sáp nhập"),
    Fate.RESTING: Label("Resting", "متوقف", "Tạm ngừng"),
    Fate.CLOSED: Label("Closed", "تعطیل", "Đã đóng cửa"),
}
ALIVE = frozenset({Fate.TRADING, Fate.BOUGHT, Fate.MERGED})

# A year's revenue, in thousands of US dollars, since bands are compared across countries.
REVENUE_BANDS: Mapping[str, Label] = {
    "none": Label("None yet", "هنوز درآمدی ندارد", "Chưa có"),
    "to_10": Label("Up to 10,000 US dollars", "تا ۱۰ هزار دلار", "Đến 10.000 đô la Mỹ"),
    "to_50": Label("10,000 to 50,000 US dollars", "۱۰ تا ۵۰ هزار دلار", "10.000–50.000 đô la Mỹ"),
    "to_250": Label("50,000 to 250,000 US dollars", "۵۰ تا ۲۵۰ هزار دلار", "50.000–250.000 đô la Mỹ"),
    "above": Label("More than 250,000 US dollars", "بیش از ۲۵۰ هزار دلار", "Trên 250.000 đô la Mỹ"),
}
