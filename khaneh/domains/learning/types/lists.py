"""Controlled lists: kinds and states of courses, runs and enrolments; how somebody was seen to be there. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class CourseKind(StrEnum):
    """What sort of learning it is."""

    WORKSHOP = "workshop"
    COURSE = "course"
    ASSESSMENT = "assessment"
    STAFF_TRAINING = "staff_training"


COURSE_KINDS: Mapping[CourseKind, Label] = {
    CourseKind.WORKSHOP: Label("Workshop", "کارگاه آموزشی", "Buổi thực hành"),
    CourseKind.COURSE: Label("Course", "دوره", "Khóa học"),
    CourseKind.ASSESSMENT: Label("Assessment", "آزمون", "Bài đánh giá"),
    CourseKind.STAFF_TRAINING: Label("Staff training", "آموزش کارکنان", "Đào tạo nhân viên"),
}


class CourseState(StrEnum):
    """draft → published ⇄ retired."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


COURSE_STATES: Mapping[CourseState, Label] = {
    CourseState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    CourseState.PUBLISHED: Label("Published", "منتشرشده", "Đã công bố"),
    CourseState.RETIRED: Label("No longer given", "دیگر برگزار نمی‌شود", "Không còn tổ chức"),
}


class RunState(StrEnum):
    """planned → open → running → finished; planned, open, running → cancelled."""

    PLANNED = "planned"
    OPEN = "open"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


RUN_STATES: Mapping[RunState, Label] = {
    RunState.PLANNED: Label("Planned", "برنامه‌ریزی‌شده", "Đã lên kế hoạch"),
    RunState.OPEN: Label("Open for enrolment", "ثبت‌نام باز است", "Đang nhận đăng ký"),
    RunState.RUNNING: Label("Under way", "در حال برگزاری", "Đang diễn ra"),
    RunState.FINISHED: Label("Finished", "پایان‌یافته", "Đã kết thúc"),
    RunState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}
PUBLIC_RUNS = (RunState.OPEN, RunState.RUNNING, RunState.FINISHED, RunState.CANCELLED)
LIVE_RUNS = (RunState.PLANNED, RunState.OPEN, RunState.RUNNING)


class EnrolmentState(StrEnum):
    """requested | waiting | offered → enrolled → completed | failed | no-show; any that is open → withdrawn | refused | cancelled."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    FAILED = "failed"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    CANCELLED = "cancelled"


ENROLMENT_STATES: Mapping[EnrolmentState, Label] = {
    EnrolmentState.REQUESTED: Label("Waits for approval", "در انتظار تأیید", "Chờ duyệt"),
    EnrolmentState.WAITING: Label("On the waiting list", "در فهرست انتظار", "Trong danh sách chờ"),
    EnrolmentState.OFFERED: Label("A place is kept for you", "جایی برای شما نگه داشته شده", "Đang giữ chỗ cho bạn"),
    EnrolmentState.ENROLLED: Label("Enrolled", "ثبت‌نام‌شده", "Đã ghi danh"),
    EnrolmentState.COMPLETED: Label("Completed", "با موفقیت به پایان رساند", "Đã hoàn thành"),
    EnrolmentState.FAILED: Label("Not passed", "قبول نشد", "Không đạt"),
    EnrolmentState.NO_SHOW: Label("Did not come", "حاضر نشد", "Không đến"),
    EnrolmentState.WITHDRAWN: Label("Withdrawn", "انصراف", "Đã rút"),
    EnrolmentState.REFUSED: Label("Refused", "ردشده", "Bị từ chối"),
    EnrolmentState.CANCELLED: Label("The run was cancelled", "برگزاری لغو شد", "Lớp đã hủy"),
}
# Those with a seat of their own; those that are still to come or under way; those whom the course has dealt with.
SEATED = (
    EnrolmentState.OFFERED, EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.FAILED, EnrolmentState.NO_SHOW,
)  # fmt: skip
OPEN_ENROLMENTS = (
    EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.ENROLLED,
)  # fmt: skip
JUDGED = (EnrolmentState.COMPLETED, EnrolmentState.FAILED, EnrolmentState.NO_SHOW)


class EndReason(StrEnum):
    """Why an enrolment was withdrawn or refused."""

    LEARNER = "learner"
    STAFF = "staff"
    OFFER_LAPSED = "offer_lapsed"
    STARTED = "started"
    ERASED = "erased"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.LEARNER: Label("Withdrawn by the learner", "انصراف فراگیر", "Học viên rút"),
    EndReason.STAFF: Label("By the house", "از سوی خانه", "Cơ sở quyết định"),
    EndReason.OFFER_LAPSED: Label("The offer was not taken up", "پیشنهاد پذیرفته نشد", "Đề nghị không được nhận"),
    EndReason.STARTED: Label(
        "It began before a place became free", "پیش از آزاد شدن جا آغاز شد", "Lớp bắt đầu trước khi có chỗ"
    ),
    EndReason.ERASED: Label("The account was closed", "حساب بسته شد", "Tài khoản đã đóng"),
}


class Means(StrEnum):
    """How somebody was seen to be there."""

    CARD = "card"
    CODE = "code"
    HAND = "hand"


MEANS: Mapping[Means, Label] = {
    Means.CARD: Label("Card", "کارت", "Thẻ"),
    Means.CODE: Label("Code", "کد", "Mã"),
    Means.HAND: Label("By hand", "دستی", "Ghi tay"),
}


class Channel(StrEnum):
    """Through which door the act came."""

    WEB = "web"
    DESK = "desk"
    API = "api"
    SYSTEM = "system"


CHANNELS: Mapping[Channel, Label] = {
    Channel.WEB: Label("Website", "وب‌گاه", "Trang web"),
    Channel.DESK: Label("Desk", "میز خدمت", "Quầy phục vụ"),
    Channel.API: Label("Other programs", "برنامه‌های دیگر", "Chương trình khác"),
    Channel.SYSTEM: Label("The system", "سامانه", "Hệ thống"),
}


class Standing(StrEnum):
    """How somebody of the staff stands to one qualification that their role asks for."""

    TRAINED = "trained"
    DUE = "due"  # not held, and there is still time
    LAPSED = "lapsed"  # held once, and no more
    MISSING = "missing"  # never held, and the time is over


STANDINGS: Mapping[Standing, Label] = {
    Standing.TRAINED: Label("Trained", "آموزش‌دیده", "Đã được đào tạo"),
    Standing.DUE: Label("To be trained in time", "باید تا موعد آموزش ببیند", "Cần đào tạo trước hạn"),
    Standing.LAPSED: Label("To be trained again", "نیازمند بازآموزی", "Cần đào tạo lại"),
    Standing.MISSING: Label("Not trained in time", "در موعد آموزش ندیده", "Chưa được đào tạo đúng hạn"),
}
