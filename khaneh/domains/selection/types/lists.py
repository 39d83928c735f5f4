"""Controlled lists of selection, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.domains.programmes.types import ApplicationState
from khaneh.kernel.labels import Label


class ReviewState(StrEnum):
    """The life of a review."""

    ASSIGNED = "assigned"
    DECLARED = "declared"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    CONFLICTED = "conflicted"
    SET_ASIDE = "set_aside"
    TAKEN_BACK = "taken_back"


REVIEW_STATES: Mapping[ReviewState, Label] = {
    ReviewState.ASSIGNED: Label("Conflict to be declared", "در انتظار اعلام تعارض منافع", "Chờ khai xung đột lợi ích"),
    ReviewState.DECLARED: Label("To be judged", "در انتظار داوری", "Chờ chấm điểm"),
    ReviewState.DRAFTED: Label("Begun", "آغازشده", "Đang chấm"),
    ReviewState.SUBMITTED: Label("Submitted", "ثبت‌شده", "Đã nộp"),
    ReviewState.CONFLICTED: Label("Conflict of interest", "تعارض منافع", "Có xung đột lợi ích"),
    ReviewState.SET_ASIDE: Label("Set aside", "کنار گذاشته‌شده", "Không tính"),
    ReviewState.TAKEN_BACK: Label("Taken back", "پس گرفته‌شده", "Đã thu hồi"),
}
# Of these, somebody is still to do something.
WAITING = (ReviewState.ASSIGNED, ReviewState.DECLARED, ReviewState.DRAFTED)
# In these the reviewer sees what is confidential: they have said that nothing ties them.
OPENED = (ReviewState.DECLARED, ReviewState.DRAFTED, ReviewState.SUBMITTED)


class TieKind(StrEnum):
    """What ties a reviewer to an applicant."""

    SELF = "self"
    ORGANISATION = "organisation"
    FAMILY = "family"
    MENTORING = "mentoring"
    INVESTMENT = "investment"
    TENANCY = "tenancy"
    BUSINESS = "business"
    OTHER = "other"


TIE_KINDS: Mapping[TieKind, Label] = {
    TieKind.SELF: Label("Is one of the applicants", "خود از متقاضیان است", "Là một trong những người nộp hồ sơ"),
    TieKind.ORGANISATION: Label(
        "Has a role at the organisation", "در این سازمان نقشی دارد", "Giữ vai trò tại tổ chức này"
    ),
    TieKind.FAMILY: Label("Family", "خویشاوندی", "Người thân"),
    TieKind.MENTORING: Label("Mentors or mentored them", "راهنمایی (منتورینگ)", "Cố vấn cho nhau"),
    TieKind.INVESTMENT: Label("Money put into it, or given to it", "سرمایه‌گذاری یا حمایت مالی", "Đầu tư hoặc tài trợ"),
    TieKind.TENANCY: Label("Under the same roof", "هم‌خانگی در یک محل", "Cùng thuê một nơi"),
    TieKind.BUSINESS: Label("Business with each other", "رابطهٔ کاری یا تجاری", "Quan hệ làm ăn"),
    TieKind.OTHER: Label("Something else", "دلیل دیگر", "Lý do khác"),
}
# What somebody can declare; the first two are seen by themselves.
DECLARABLE = tuple(kind for kind in TieKind if kind is not TieKind.SELF)


class DecisionKind(StrEnum):
    """What officers decide about an application. `released`: a place that was given is free again, since the applicants have withdrawn."""

    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    DECLINED = "declined"
    REOPENED = "reopened"
    RELEASED = "released"


DECISION_KINDS: Mapping[DecisionKind, Label] = {
    DecisionKind.ACCEPTED: Label("Accepted", "پذیرفته شد", "Được chọn"),
    DecisionKind.WAITING_LIST: Label("On the waiting list", "در فهرست انتظار", "Vào danh sách chờ"),
    DecisionKind.DECLINED: Label("Declined", "پذیرفته نشد", "Không được chọn"),
    DecisionKind.REOPENED: Label("Looked at again", "بررسی دوباره", "Xem xét lại"),
    DecisionKind.RELEASED: Label("Place given back", "جای آزادشده", "Trả lại chỗ"),
}
# What an officer chooses from, and the state of the application that follows.
DECIDED: Mapping[DecisionKind, ApplicationState] = {
    DecisionKind.ACCEPTED: ApplicationState.ACCEPTED,
    DecisionKind.WAITING_LIST: ApplicationState.WAITING_LIST,
    DecisionKind.DECLINED: ApplicationState.DECLINED,
}


class AppealState(StrEnum):
    """The life of an appeal."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


APPEAL_STATES: Mapping[AppealState, Label] = {
    AppealState.OPEN: Label("To be answered", "در انتظار پاسخ", "Chờ trả lời"),
    AppealState.UPHELD: Label("Upheld: looked at again", "وارد دانسته شد: بررسی دوباره", "Được chấp nhận: xem xét lại"),
    AppealState.REJECTED: Label("Not upheld", "وارد دانسته نشد", "Không được chấp nhận"),
}


class ContractState(StrEnum):
    """The life of a contract."""

    ISSUED = "issued"
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"


CONTRACT_STATES: Mapping[ContractState, Label] = {
    ContractState.ISSUED: Label("To be signed", "در انتظار امضا", "Chờ ký"),
    ContractState.SIGNED: Label("Signed", "امضاشده", "Đã ký"),
    ContractState.TAKEN_BACK: Label("Taken back", "پس گرفته‌شده", "Đã thu hồi"),
}


class LetterKind(StrEnum):
    """What a letter to applicants says."""

    INTERVIEW = "interview"
    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    DECLINED = "declined"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_REJECTED = "appeal_rejected"
    CONTRACT = "contract"
