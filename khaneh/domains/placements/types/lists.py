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
    """What became of somebody who finished, in the order of tables. Each trainee has exactly one: the furthest that is known."""

    CONFIRMED_12 = "confirmed_12"
    CONFIRMED_3 = "confirmed_3"
    ELSEWHERE = "elsewhere"
    STARTED = "started"
    LEFT = "left"
    NO_ANSWER = "no_answer"
    SAID_JOB = "said_job"
    SAID_BUSINESS = "said_business"
    SAID_STUDY = "said_study"
    SAID_NOT_WORKING = "said_not_working"
    OFFERED = "offered"
    NOTHING_KNOWN = "nothing_known"


OUTCOMES: Mapping[Outcome, Label] = {
    Outcome.CONFIRMED_12: Label("At work after 12 months", "شاغل پس از ۱۲ ماه", "Còn làm việc sau 12 tháng"),
    Outcome.CONFIRMED_3: Label("At work after 3 months", "شاغل پس از ۳ ماه", "Còn làm việc sau 3 tháng"),
    Outcome.ELSEWHERE: Label("Work found elsewhere", "کار در جای دیگر", "Có việc ở nơi khác"),
    Outcome.STARTED: Label("Started, not confirmed yet", "آغازشده، هنوز تأیید نشده", "Đã bắt đầu, chưa xác nhận"),
    Outcome.LEFT: Label("Left before 3 months", "پیش از ۳ ماه رفته", "Nghỉ trước 3 tháng"),
    Outcome.NO_ANSWER: Label("Unknown: employer silent", "نامعلوم: کارفرما پاسخ نداد", "Chưa rõ: bên tuyển không đáp"),
    Outcome.SAID_JOB: Label("Found a job", "شغل یافته", "Đã tìm được việc"),
    Outcome.SAID_BUSINESS: Label("Own business", "کسب‌وکار خود", "Tự kinh doanh"),
    Outcome.SAID_STUDY: Label("Further study", "ادامهٔ تحصیل", "Học tiếp"),
    Outcome.SAID_NOT_WORKING: Label("Not working", "بدون کار", "Chưa có việc"),
    Outcome.OFFERED: Label("Offered, not started", "پیشنهادشده، آغازنشده", "Đã mời, chưa bắt đầu"),
    Outcome.NOTHING_KNOWN: Label("Unknown: nothing heard", "نامعلوم: خبری نیست", "Chưa rõ: không có tin"),
}
# Whoever began to work, as employers say; whoever found work, as they say themselves; and of whom nobody can tell.
PLACED = (
    Outcome.CONFIRMED_12,
    Outcome.CONFIRMED_3,
    Outcome.ELSEWHERE,
    Outcome.STARTED,
    Outcome.LEFT,
    Outcome.NO_ANSWER,
)
SAID_WORKING = (Outcome.SAID_JOB, Outcome.SAID_BUSINESS)
UNKNOWNS = (Outcome.NO_ANSWER, Outcome.NOTHING_KNOWN)
# By whose word an outcome is known: the headings over the columns of a table, in the order of Outcome.
OUTCOME_GROUPS: tuple[tuple[Label, tuple[Outcome, ...]], ...] = (
    (
        Label("By employer’s confirmation", "به تأیید کارفرما", "Bên tuyển xác nhận"),
        (Outcome.CONFIRMED_12, Outcome.CONFIRMED_3, Outcome.ELSEWHERE),
    ),
    (
        Label("Begun by a placement", "آغاز با معرفی ما", "Vào làm qua giới thiệu"),
        (Outcome.STARTED, Outcome.LEFT, Outcome.NO_ANSWER),
    ),
    (
        Label("By own statement", "به گفتهٔ خودشان", "Theo lời tự khai"),
        (Outcome.SAID_JOB, Outcome.SAID_BUSINESS, Outcome.SAID_STUDY, Outcome.SAID_NOT_WORKING),
    ),
    (Label("Open", "نامشخص", "Chưa ngã ngũ"), (Outcome.OFFERED, Outcome.NOTHING_KNOWN)),
)


class StatedKind(StrEnum):
    """What became of somebody without a vacancy of ours, as it is said."""

    JOB = "job"
    BUSINESS = "business"
    STUDY = "study"
    NOT_WORKING = "not_working"


STATED_KINDS: Mapping[StatedKind, Label] = {
    StatedKind.JOB: Label("Found a job elsewhere", "در جای دیگری کار یافته", "Tìm được việc ở nơi khác"),
    StatedKind.BUSINESS: Label("Started an own business", "کسب‌وکار خود را راه انداخته", "Tự mở kinh doanh"),
    StatedKind.STUDY: Label("Studies further", "تحصیل را ادامه می‌دهد", "Đang học tiếp"),
    StatedKind.NOT_WORKING: Label("Not working", "کار نمی‌کند", "Chưa có việc"),
}


class Teller(StrEnum):
    """Who said it."""

    TRAINEE = "trainee"
    EMPLOYER = "employer"


TELLERS: Mapping[Teller, Label] = {
    Teller.TRAINEE: Label("The trainee", "خود دانش‌آموخته", "Chính người học"),
    Teller.EMPLOYER: Label("The employer", "کارفرما", "Bên tuyển dụng"),
}


class Grouping(StrEnum):
    """By what a cohort's table is divided."""

    COURSE = "course"
    HOUSE = "house"


GROUPINGS: Mapping[Grouping, Label] = {
    Grouping.COURSE: Label("By course", "به تفکیک دوره", "Theo khóa học"),
    Grouping.HOUSE: Label("By house", "به تفکیک خانه", "Theo cơ sở"),
}
