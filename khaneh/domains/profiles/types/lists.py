"""Controlled lists of profiles, with their words in three languages. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.domains.network.types import COMPANY_KINDS
from khaneh.kernel.labels import Label

# Which organisations show a profile. Authorities and those who run houses have the register's page.
PROFILED_KINDS: tuple[str, ...] = (*sorted(COMPANY_KINDS), "accelerator", "investor", "university")
# As a catalogue divides them, each with its words: the four kinds of company are one.
FAMILIES: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "company": (Label("Companies", "شرکت‌ها", "Doanh nghiệp"), tuple(sorted(COMPANY_KINDS))),
    "accelerator": (Label("Accelerators", "شتاب‌دهنده‌ها", "Đơn vị tăng tốc"), ("accelerator",)),
    "investor": (Label("Investors", "سرمایه‌گذاران", "Nhà đầu tư"), ("investor",)),
    "university": (Label("Universities", "دانشگاه‌ها", "Trường đại học"), ("university",)),
}


class Stage(StrEnum):
    """How far a company has come."""

    IDEA = "idea"
    PROTOTYPE = "prototype"
    FIRST_SALES = "first_sales"
    GROWTH = "growth"
    ESTABLISHED = "established"


STAGES: Mapping[Stage, Label] = {
    Stage.IDEA: Label("Idea", "ایده", "Ý tưởng"),
    Stage.PROTOTYPE: Label("Prototype", "نمونهٔ نخست", "Mẫu thử"),
    Stage.FIRST_SALES: Label("First sales", "نخستین فروش", "Bán hàng đầu tiên"),
    Stage.GROWTH: Label("Growing", "در حال رشد", "Đang tăng trưởng"),
    Stage.ESTABLISHED: Label("Established", "جاافتاده", "Đã vững"),
}

# Technology readiness levels after ISO 16290:2013, in words short enough for a list.
READINESS: Mapping[int, Label] = {
    1: Label("Basic principle observed", "مشاهدهٔ اصل پایه", "Quan sát nguyên lý cơ bản"),
    2: Label("Concept formulated", "صورت‌بندی مفهوم", "Hình thành khái niệm"),
    3: Label("Proof of concept", "اثبات مفهوم", "Chứng minh khái niệm"),
    4: Label("Validated in a laboratory", "اعتبارسنجی در آزمایشگاه", "Kiểm chứng trong phòng thí nghiệm"),
    5: Label("Validated where it will be used", "اعتبارسنجی در محیط کاربرد", "Kiểm chứng nơi sử dụng"),
    6: Label("Demonstrated where it will be used", "نمایش در محیط کاربرد", "Trình diễn nơi sử dụng"),
    7: Label("Prototype in operation", "نمونه در بهره‌برداری", "Mẫu vận hành thật"),
    8: Label("Complete and qualified", "کامل و تأییدشده", "Hoàn chỉnh và đạt chuẩn"),
    9: Label("Proven in operation", "آزموده در بهره‌برداری", "Đã chứng minh trong thực tế"),
}

SIZES: Mapping[str, Label] = {
    "1-9": Label("1 to 9 people", "۱ تا ۹ نفر", "1 đến 9 người"),
    "10-49": Label("10 to 49 people", "۱۰ تا ۴۹ نفر", "10 đến 49 người"),
    "50-249": Label("50 to 249 people", "۵۰ تا ۲۴۹ نفر", "50 đến 249 người"),
    "250+": Label("250 people and more", "۲۵۰ نفر و بیشتر", "Từ 250 người trở lên"),
}


class SignUpState(StrEnum):
    """draft → submitted → verified | refused | returned; returned → submitted; all but verified and refused → withdrawn."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SIGNUP_STATES: Mapping[SignUpState, Label] = {
    SignUpState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    SignUpState.SUBMITTED: Label("Being verified", "در حال بررسی", "Đang xác minh"),
    SignUpState.RETURNED: Label("Something is missing", "نیازمند تکمیل", "Cần bổ sung"),
    SignUpState.VERIFIED: Label("Verified", "تأییدشده", "Đã xác minh"),
    SignUpState.REFUSED: Label("Refused", "ردشده", "Bị từ chối"),
    SignUpState.WITHDRAWN: Label("Withdrawn", "پس‌گرفته", "Đã rút"),
}
OPEN_SIGNUPS = (SignUpState.DRAFT, SignUpState.SUBMITTED, SignUpState.RETURNED)
WRITABLE = (SignUpState.DRAFT, SignUpState.RETURNED)


class Outcome(StrEnum):
    """What an officer decides of a sign-up that was submitted."""

    VERIFIED = "verified"
    RETURNED = "returned"
    REFUSED = "refused"


class DocumentKind(StrEnum):
    """What a document proves."""

    REGISTRATION = "registration"
    STATUTES = "statutes"
    LICENCE = "licence"
    OTHER = "other"


DOCUMENT_KINDS: Mapping[DocumentKind, Label] = {
    DocumentKind.REGISTRATION: Label("Certificate of registration", "گواهی ثبت", "Giấy chứng nhận đăng ký"),
    DocumentKind.STATUTES: Label("Statutes or gazette", "اساسنامه یا روزنامهٔ رسمی", "Điều lệ hoặc công báo"),
    DocumentKind.LICENCE: Label("Licence", "پروانه", "Giấy phép"),
    DocumentKind.OTHER: Label("Another document", "سند دیگر", "Giấy tờ khác"),
}

REASONS: Mapping[str, Label] = {
    "number_not_found": Label(
        "The registration number is in no register", "شمارهٔ ثبت در هیچ دفتری نیست", "Số đăng ký không có trong sổ nào"
    ),
    "name_differs": Label(
        "The name differs from the documents", "نام با سندها یکی نیست", "Tên không khớp giấy tờ"
    ),
    "document_unreadable": Label("A document cannot be read", "سندی خوانا نیست", "Giấy tờ không đọc được"),
    "document_missing": Label("A document is missing", "سندی کم است", "Thiếu giấy tờ"),
    "not_entitled": Label(
        "It does not show that you may speak for it", "نشان نمی‌دهد که شما نمایندهٔ آن هستید", "Chưa cho thấy bạn được đại diện"
    ),
    "signed_up_already": Label("It is here already", "پیش‌تر ثبت شده است", "Đã có ở đây"),
    "other": Label("Another reason", "دلیل دیگر", "Lý do khác"),
}  # fmt: skip


class ProfileState(StrEnum):
    """hidden ⇄ published; either → withdrawn → hidden."""

    HIDDEN = "hidden"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


PROFILE_STATES: Mapping[ProfileState, Label] = {
    ProfileState.HIDDEN: Label("Not published", "منتشرنشده", "Chưa công bố"),
    ProfileState.PUBLISHED: Label("Published", "منتشرشده", "Đã công bố"),
    ProfileState.WITHDRAWN: Label("Withdrawn", "خارج‌شده", "Đã rút"),
}


class PersonState(StrEnum):
    """asked → consented | declined; consented → declined; declined → asked, by being asked again."""

    ASKED = "asked"
    CONSENTED = "consented"
    DECLINED = "declined"


class ImportState(StrEnum):
    """Where a table is: in the queue, being taken in, taken in, or given up because its file cannot be read."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LineOutcome(StrEnum):
    """What became of a line of a table: joined and new are decided by a person of one that was unsure."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNSURE = "unsure"
    JOINED = "joined"
    SKIPPED = "skipped"
    REFUSED = "refused"


LINE_OUTCOMES: Mapping[LineOutcome, Label] = {
    LineOutcome.CREATED: Label("Entered", "وارد شد", "Đã nhập mới"),
    LineOutcome.CHANGED: Label("Completed what was there", "موجود تکمیل شد", "Đã bổ sung"),
    LineOutcome.UNCHANGED: Label("There already", "از پیش بود", "Đã có sẵn"),
    LineOutcome.UNSURE: Label("Perhaps the same as another", "شاید همان دیگری", "Có thể trùng"),
    LineOutcome.JOINED: Label("Joined by a person", "به دست کارمند یکی شد", "Người đã gộp"),
    LineOutcome.SKIPPED: Label("Left out by a person", "به دست کارمند کنار رفت", "Người đã bỏ qua"),
    LineOutcome.REFUSED: Label("Refused", "رد شد", "Bị từ chối"),
}
