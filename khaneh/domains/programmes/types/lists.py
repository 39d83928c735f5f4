"""Controlled lists of programmes, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class ProgrammeKind(StrEnum):
    """What a programme gives."""

    INCUBATION = "incubation"
    ACCELERATION = "acceleration"
    CREATIVE = "creative"
    CHALLENGE = "challenge"
    GRANT = "grant"


PROGRAMME_KINDS: Mapping[ProgrammeKind, Label] = {
    ProgrammeKind.INCUBATION: Label("Incubation: a place to begin", "رشد: جایی برای آغاز", "Ươm tạo: nơi khởi đầu"),
    ProgrammeKind.ACCELERATION: Label("Acceleration", "شتاب‌دهی", "Tăng tốc"),
    ProgrammeKind.CREATIVE: Label("Creative house", "خانهٔ خلاق", "Nhà sáng tạo"),
    ProgrammeKind.CHALLENGE: Label("Challenge", "چالش فناوری", "Thử thách công nghệ"),
    ProgrammeKind.GRANT: Label("Support with money", "حمایت مالی", "Hỗ trợ tài chính"),
}


class CallState(StrEnum):
    """What is decided about a call. Whether it is open follows from its dates (`CallStage`)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class CallStage(StrEnum):
    """A call's life as people see it, at an instant."""

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
    CANCELLED = "cancelled"


CALL_STAGES: Mapping[CallStage, Label] = {
    CallStage.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    CallStage.PUBLISHED: Label("Announced", "اعلام‌شده", "Đã công bố"),
    CallStage.OPEN: Label("Open", "باز", "Đang nhận hồ sơ"),
    CallStage.CLOSED: Label("Under review", "در دست داوری", "Đang xét duyệt"),
    CallStage.DECIDED: Label("Decided", "نتیجه اعلام شده", "Đã có kết quả"),
    CallStage.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}


class QuotaKind(StrEnum):
    """For whom places of a call are kept."""

    REGION = "region"
    DEPRIVATION = "deprivation"
    RURAL = "rural"


QUOTA_KINDS: Mapping[QuotaKind, Label] = {
    QuotaKind.REGION: Label("From a region", "از یک منطقه", "Từ một địa bàn"),
    QuotaKind.DEPRIVATION: Label("From deprived regions", "از منطقه‌های محروم", "Từ địa bàn khó khăn"),
    QuotaKind.RURAL: Label("From villages", "از روستاها", "Từ nông thôn"),
}


class QuestionKind(StrEnum):
    """What a question of a form is answered with."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    FILE = "file"
    YES_NO = "yes_no"
    TABLE = "table"


QUESTION_KINDS: Mapping[QuestionKind, Label] = {
    QuestionKind.TEXT: Label("A line of text", "یک خط متن", "Một dòng chữ"),
    QuestionKind.LONG_TEXT: Label("A longer text", "متن بلند", "Đoạn văn dài"),
    QuestionKind.NUMBER: Label("A number", "عدد", "Số"),
    QuestionKind.MONEY: Label("An amount of money", "مبلغ", "Số tiền"),
    QuestionKind.CHOICE: Label("One of a list", "یکی از فهرست", "Chọn một"),
    QuestionKind.CHOICES: Label("Several of a list", "چند گزینه از فهرست", "Chọn nhiều"),
    QuestionKind.DATE: Label("A day", "تاریخ", "Ngày"),
    QuestionKind.FILE: Label("A document", "سند", "Tài liệu"),
    QuestionKind.YES_NO: Label("Yes or no", "بله یا خیر", "Có hoặc không"),
    QuestionKind.TABLE: Label("A table of rows", "جدول", "Bảng nhiều dòng"),
}


class ApplicationState(StrEnum):
    """The life of an application."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDER_REVIEW = "under_review"
    INTERVIEW = "interview"
    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CONTRACTED = "contracted"


APPLICATION_STATES: Mapping[ApplicationState, Label] = {
    ApplicationState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    ApplicationState.SUBMITTED: Label("Submitted", "ارسال‌شده", "Đã nộp"),
    ApplicationState.ELIGIBLE: Label("Meets the conditions", "واجد شرایط", "Đủ điều kiện"),
    ApplicationState.INELIGIBLE: Label("Does not meet the conditions", "فاقد شرایط", "Không đủ điều kiện"),
    ApplicationState.UNDER_REVIEW: Label("Under review", "در دست داوری", "Đang thẩm định"),
    ApplicationState.INTERVIEW: Label("Invited to an interview", "دعوت به مصاحبه", "Mời phỏng vấn"),
    ApplicationState.ACCEPTED: Label("Accepted", "پذیرفته‌شده", "Được chọn"),
    ApplicationState.WAITING_LIST: Label("On the waiting list", "در فهرست انتظار", "Trong danh sách chờ"),
    ApplicationState.DECLINED: Label("Declined", "پذیرفته‌نشده", "Không được chọn"),
    ApplicationState.WITHDRAWN: Label("Withdrawn", "انصراف‌داده", "Đã rút"),
    ApplicationState.CONTRACTED: Label("Contract signed", "قرارداد بسته‌شده", "Đã ký hợp đồng"),
}
# From here, to there. An appeal that is upheld leads out of "declined", an officer's word out of "ineligible".
STEPS: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.SUBMITTED: frozenset(
        {ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.ELIGIBLE: frozenset(
        {ApplicationState.UNDER_REVIEW, ApplicationState.INELIGIBLE, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.INELIGIBLE: frozenset({ApplicationState.ELIGIBLE, ApplicationState.WITHDRAWN}),
    ApplicationState.UNDER_REVIEW: frozenset(
        {
            ApplicationState.INTERVIEW,
            ApplicationState.ACCEPTED,
            ApplicationState.WAITING_LIST,
            ApplicationState.DECLINED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.INTERVIEW: frozenset(
        {
            ApplicationState.ACCEPTED,
            ApplicationState.WAITING_LIST,
            ApplicationState.DECLINED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.WAITING_LIST: frozenset(
        {ApplicationState.ACCEPTED, ApplicationState.DECLINED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.ACCEPTED: frozenset(
        {ApplicationState.CONTRACTED, ApplicationState.DECLINED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.DECLINED: frozenset(
        {ApplicationState.UNDER_REVIEW, ApplicationState.ACCEPTED, ApplicationState.WAITING_LIST}
    ),
    ApplicationState.WITHDRAWN: frozenset(),
    ApplicationState.CONTRACTED: frozenset(),
}
# What staff see: what was sent in. A draft is nobody's but the applicants'.
SENT = tuple(state for state in ApplicationState if state is not ApplicationState.DRAFT)
# In the running: neither ended nor over.
RUNNING = (
    ApplicationState.SUBMITTED,
    ApplicationState.ELIGIBLE,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.INTERVIEW,
    ApplicationState.WAITING_LIST,
)


class Part(StrEnum):
    """What somebody may do with an application."""

    LEAD = "lead"
    WRITER = "writer"
    READER = "reader"


PARTS: Mapping[Part, Label] = {
    Part.LEAD: Label("Answers for it", "مسئول درخواست", "Người chịu trách nhiệm"),
    Part.WRITER: Label("Writes with", "نویسندهٔ همراه", "Cùng soạn"),
    Part.READER: Label("Reads", "فقط خواندن", "Chỉ xem"),
}
