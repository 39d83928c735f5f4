"""Controlled lists of founding, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.domains.network.types import HOUSE_KINDS, LIBRARY_KINDS
from khaneh.kernel.labels import Label

# What is founded in a library or an estate: everything that the network runs and that is no library.
FOUNDED_KINDS: Mapping[str, Label] = {code: label for code, label in HOUSE_KINDS.items() if code not in LIBRARY_KINDS}


class StandardState(StrEnum):
    """draft → published → retired. What is published never changes; another version follows it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


STANDARD_STATES: Mapping[StandardState, Label] = {
    StandardState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    StandardState.PUBLISHED: Label("In force", "معتبر", "Đang áp dụng"),
    StandardState.RETIRED: Label("Applied no more", "از اعتبار افتاده", "Không còn áp dụng"),
}


class ProposalState(StrEnum):
    """proposed → assessed → approved | refused; approved → fitting out → open; before it is open it may be withdrawn."""

    PROPOSED = "proposed"
    ASSESSED = "assessed"
    APPROVED = "approved"
    FITTING_OUT = "fitting_out"
    OPEN = "open"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PROPOSAL_STATES: Mapping[ProposalState, Label] = {
    ProposalState.PROPOSED: Label("Proposed", "پیشنهادشده", "Đã đề xuất"),
    ProposalState.ASSESSED: Label("Assessed", "ارزیابی‌شده", "Đã thẩm định"),
    ProposalState.APPROVED: Label("Approved", "تأییدشده", "Đã phê duyệt"),
    ProposalState.FITTING_OUT: Label("Fitting out", "در حال تجهیز", "Đang trang bị"),
    ProposalState.OPEN: Label("Opened", "گشایش‌یافته", "Đã khai trương"),
    ProposalState.REFUSED: Label("Refused", "ردشده", "Bị từ chối"),
    ProposalState.WITHDRAWN: Label("Withdrawn", "پس‌گرفته", "Đã rút"),
}
# Those that are on their way: a house has one of them at most.
UNDERWAY = (ProposalState.PROPOSED, ProposalState.ASSESSED, ProposalState.APPROVED, ProposalState.FITTING_OUT)
# Those that were judged, those that have a decision, and those that have money.
JUDGED = (
    ProposalState.ASSESSED,
    ProposalState.APPROVED,
    ProposalState.FITTING_OUT,
    ProposalState.OPEN,
    ProposalState.REFUSED,
)
DECIDED = (ProposalState.APPROVED, ProposalState.FITTING_OUT, ProposalState.OPEN, ProposalState.REFUSED)
FUNDED = (ProposalState.APPROVED, ProposalState.FITTING_OUT, ProposalState.OPEN)


class AssessmentState(StrEnum):
    """drafted → submitted | given up. What is submitted stays as it is."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    GIVEN_UP = "given_up"


ASSESSMENT_STATES: Mapping[AssessmentState, Label] = {
    AssessmentState.DRAFTED: Label("Being written", "در حال نوشتن", "Đang soạn"),
    AssessmentState.SUBMITTED: Label("Submitted", "ثبت نهایی", "Đã nộp"),
    AssessmentState.GIVEN_UP: Label("Given up", "رهاشده", "Đã bỏ"),
}


class TaskState(StrEnum):
    """open → done | dropped; done → open again."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


TASK_STATES: Mapping[TaskState, Label] = {
    TaskState.OPEN: Label("To be done", "در دست انجام", "Cần làm"),
    TaskState.DONE: Label("Done", "انجام‌شده", "Đã xong"),
    TaskState.DROPPED: Label("Dropped", "کنارگذاشته", "Đã bỏ"),
}


class PassportState(StrEnum):
    """meets ⇄ falls short, by the last assessment."""

    MEETS = "meets"
    FALLS_SHORT = "falls_short"


PASSPORT_STATES: Mapping[PassportState, Label] = {
    PassportState.MEETS: Label("Meets its standard", "با استاندارد می‌خواند", "Đạt tiêu chuẩn"),
    PassportState.FALLS_SHORT: Label("Falls short of its standard", "از استاندارد بازمانده", "Chưa đạt tiêu chuẩn"),
}
