"""Controlled lists of placements, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from khaneh.kernel.labels import Label


class VacancyKind(StrEnum):
    """What is offered."""

    JOB = "job"
    INTERNSHIP = "internship"
    APPRENTICESHIP = "apprenticeship"


VACANCY_KINDS: Mapping[VacancyKind, Label] = {
    VacancyKind.JOB: Label("Job", "شغل", "Việc làm"),
    VacancyKind.INTERNSHIP: Label("Internship", "کارآموزی", "Thực tập"),
    VacancyKind.APPRENTICESHIP: Label("Apprenticeship", "استاد–شاگردی", "Học nghề tại xưởng"),
}


class VacancyState(StrEnum):
    """draft → published ⇄ filled; published, filled → closed; published → expired; closed, expired → published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FILLED = "filled"
    CLOSED = "closed"
    EXPIRED = "expired"


VACANCY_STATES: Mapping[VacancyState, Label] = {
    VacancyState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    VacancyState.PUBLISHED: Label("Open", "باز", "Đang tuyển"),
    VacancyState.FILLED: Label("Filled", "تکمیل‌شده", "Đã đủ người"),
    VacancyState.CLOSED: Label("Closed", "بسته", "Đã đóng"),
    VacancyState.EXPIRED: Label("Expired", "مهلت‌گذشته", "Hết hạn"),
}


class Level(IntEnum):
    """How well a skill is mastered, or wanted."""

    BASIC = 1
    INDEPENDENT = 2
    EXPERT = 3


LEVELS: Mapping[Level, Label] = {
    Level.BASIC: Label("Basics", "مقدماتی", "Cơ bản"),
    Level.INDEPENDENT: Label("Works independently", "کار مستقل", "Làm việc độc lập"),
    Level.EXPERT: Label("Expert", "استادکار", "Thành thạo"),
}


class PlacementState(StrEnum):
    """offered → accepted → started → confirmed at 3 months → confirmed at 12 months | declined | ended | unknown."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    STARTED = "started"
    CONFIRMED_3 = "confirmed_3"
    CONFIRMED_12 = "confirmed_12"
    DECLINED = "declined"
    ENDED = "ended"
    UNKNOWN = "unknown"


PLACEMENT_STATES: Mapping[PlacementState, Label] = {
    PlacementState.OFFERED: Label("Offered", "پیشنهادشده", "Đã mời"),
    PlacementState.ACCEPTED: Label("Accepted", "پذیرفته", "Đã nhận lời"),
    PlacementState.STARTED: Label("Started", "آغازشده", "Đã bắt đầu"),
    PlacementState.CONFIRMED_3: Label("Confirmed at 3 months", "تأییدشده پس از ۳ ماه", "Xác nhận sau 3 tháng"),
    PlacementState.CONFIRMED_12: Label("Confirmed at 12 months", "تأییدشده پس از ۱۲ ماه", "Xác nhận sau 12 tháng"),
    PlacementState.DECLINED: Label("Not taken up", "به سرانجام نرسید", "Không thành"),
    PlacementState.ENDED: Label("Ended", "پایان‌یافته", "Đã kết thúc"),
    PlacementState.UNKNOWN: Label("Unknown: no answer", "نامعلوم: بی‌پاسخ", "Chưa rõ: không trả lời"),
}
# Those that take one of a vacancy's places, those that work there as far as is known, and those that are not over.
HOLDING = (
    PlacementState.ACCEPTED,
    PlacementState.STARTED,
    PlacementState.CONFIRMED_3,
    PlacementState.CONFIRMED_12,
    PlacementState.UNKNOWN,
)
AT_WORK = (PlacementState.STARTED, PlacementState.CONFIRMED_3, PlacementState.UNKNOWN)
OPEN_PLACEMENTS = (PlacementState.OFFERED, *HOLDING)
ANSWERED = (PlacementState.CONFIRMED_3, PlacementState.CONFIRMED_12)

# After so many months the employer is asked.
MILESTONES = (3, 12)
CONFIRMED_AT: Mapping[int, PlacementState] = {3: PlacementState.CONFIRMED_3, 12: PlacementState.CONFIRMED_12}


class EndReason(StrEnum):
    """Why nothing came of an offer, or why somebody works there no more."""

    TRAINEE = "trainee"
    EMPLOYER = "employer"
    LAPSED = "lapsed"
    FILLED = "filled"
    CLOSED = "closed"
    CONSENT = "consent"
    ERASED = "erased"
    RESIGNED = "resigned"
    DISMISSED = "dismissed"
    TERM_OVER = "term_over"
    COMPANY_ENDED = "company_ended"
    OTHER = "other"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.TRAINEE: Label("Declined by the trainee", "رد شده از سوی کارآموخته", "Người học từ chối"),
    EndReason.EMPLOYER: Label("Taken back by the employer", "پس‌گرفته از سوی کارفرما", "Nhà tuyển dụng rút lại"),
    EndReason.LAPSED: Label("Not answered in time", "به‌موقع پاسخ داده نشد", "Không trả lời kịp"),
    EndReason.FILLED: Label("The places were taken by others", "ظرفیت با دیگران پر شد", "Người khác đã nhận chỗ"),
    EndReason.CLOSED: Label("The vacancy was closed", "فرصت شغلی بسته شد", "Tin tuyển đã đóng"),
    EndReason.CONSENT: Label("The profile is shown no more", "نمایش پروفایل پایان یافت", "Hồ sơ không còn hiển thị"),
    EndReason.ERASED: Label("The account was closed", "حساب بسته شد", "Tài khoản đã đóng"),
    EndReason.RESIGNED: Label("Left by their own wish", "به خواست خود رفت", "Tự xin nghỉ"),
    EndReason.DISMISSED: Label("Dismissed", "اخراج یا تعدیل", "Bị cho thôi việc"),
    EndReason.TERM_OVER: Label("The agreed time was over", "مدت قرارداد پایان یافت", "Hết thời hạn thỏa thuận"),
    EndReason.COMPANY_ENDED: Label("The company gave up", "شرکت تعطیل شد", "Doanh nghiệp ngừng hoạt động"),
    EndReason.OTHER: Label("Another reason", "دلیل دیگر", "Lý do khác"),
}
# What is said of somebody who worked there; the others are of offers.
LEAVING = (EndReason.RESIGNED, EndReason.DISMISSED, EndReason.TERM_OVER, EndReason.COMPANY_ENDED, EndReason.OTHER)


class Outcome(StrEnum):
    """What became of somebody who finished. Each trainee has exactly one: the furthest that is known."""

    CONFIRMED_12 = "confirmed_12"
    CONFIRMED_3 = "confirmed_3"
    STARTED = "started"
    LEFT = "left"
    NO_ANSWER = "no_answer"
    OFFERED = "offered"
    NOTHING_KNOWN = "nothing_known"


OUTCOMES: Mapping[Outcome, Label] = {
    Outcome.CONFIRMED_12: Label("At work after 12 months", "شاغل پس از ۱۲ ماه", "Còn làm việc sau 12 tháng"),
    Outcome.CONFIRMED_3: Label("At work after 3 months", "شاغل پس از ۳ ماه", "Còn làm việc sau 3 tháng"),
    Outcome.STARTED: Label("Started, not confirmed yet", "آغازشده، هنوز تأیید نشده", "Đã bắt đầu, chưa xác nhận"),
    Outcome.LEFT: Label("Left before 3 months", "پیش از ۳ ماه رفته", "Nghỉ trước 3 tháng"),
    Outcome.NO_ANSWER: Label("Unknown: employer silent", "نامعلوم: کارفرما پاسخ نداد", "Chưa rõ: bên tuyển không đáp"),
    Outcome.OFFERED: Label("Offered, not started", "پیشنهادشده، آغازنشده", "Đã mời, chưa bắt đầu"),
    Outcome.NOTHING_KNOWN: Label("Unknown: nothing heard", "نامعلوم: خبری نیست", "Chưa rõ: không có tin"),
}
# Whoever began to work; the first two are what employers have confirmed.
PLACED = (Outcome.CONFIRMED_12, Outcome.CONFIRMED_3, Outcome.STARTED, Outcome.LEFT, Outcome.NO_ANSWER)
UNKNOWNS = (Outcome.NO_ANSWER, Outcome.NOTHING_KNOWN)


class Grouping(StrEnum):
    """By what a cohort's table is divided."""

    COURSE = "course"
    HOUSE = "house"


GROUPINGS: Mapping[Grouping, Label] = {
    Grouping.COURSE: Label("By course", "به تفکیک دوره", "Theo khóa học"),
    Grouping.HOUSE: Label("By house", "به تفکیک خانه", "Theo cơ sở"),
}
