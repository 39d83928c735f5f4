"""What booking asks of the policies: its act, with the facts that rules may look at and the terms that they set.

The rules that hold for the whole network until somebody publishes others are in `default_rules.json`. What no rule may change (a slot that
is taken, a length that the space does not have) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khaneh.domains.network.types import HOUSE_KINDS, ORGANISATION_KINDS
from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces.rules.quotas import SUBJECTS
from khaneh.domains.spaces.types import CHANNELS, FACILITIES, SPACE_KINDS
from khaneh.kernel.calendars import WEEKDAYS
from khaneh.kernel.labels import Label

BOOK = "spaces.book"

RIGHTS: Mapping[str, Label] = {
    "book_over_limit": Label("Book over a limit", "رزرو بیش از سقف", "Đặt vượt giới hạn"),
    "book_for_blocked": Label(
        "Book for who is blocked or no member", "رزرو برای مسدود یا غیرعضو", "Đặt cho người bị khóa hoặc chưa là thành viên"
    ),
    "book_outside_hours": Label("Book outside opening hours", "رزرو بیرون از ساعت کار", "Đặt ngoài giờ mở cửa"),
    "book_unqualified": Label("Book without a qualification", "رزرو بدون صلاحیت", "Đặt khi chưa có chứng nhận"),
}  # fmt: skip

_NEAR: Mapping[str, Label] = {
    "here": Label("This house", "همین خانه", "Cơ sở này"),
    "region": Label("The same province", "همین استان", "Cùng tỉnh"),
    "elsewhere": Label("Elsewhere", "جای دیگر", "Nơi khác"),
}
_MINUTES = Label("minutes", "دقیقه", "phút")
_DAYS = Label("days", "روز", "ngày")
_PERCENT = Label("percent", "درصد", "phần trăm")
_HOURS = Label("hours", "ساعت", "giờ")


def _listed(labels: Mapping[Any, Label]) -> Iterable[tuple[str, Label]]:
    return tuple((str(code), label) for code, label in labels.items())


_WHO = (
    FactType("booker.category", Label("Member's category", "نوع عضویت", "Loại thành viên"), "who", "text"),
    FactType("booker.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=Label("years", "سال", "tuổi")),
    FactType("booker.home", Label("Home house", "خانهٔ عضو", "Cơ sở đăng ký"), "who", "choice", lambda: _listed(_NEAR)),
    FactType("booker.member", Label("Is a member", "عضو است", "Là thành viên"), "who", "flag"),
    FactType("booker.blocked", Label("Blocked", "مسدود", "Bị khóa"), "who", "flag"),
    FactType("booker.expired", Label("Membership ended", "عضویت پایان یافته", "Thẻ hết hạn"), "who", "flag"),
    FactType("booker.lacks_guardian", Label("Has no guardian", "بدون قیم", "Chưa có người giám hộ"), "who", "flag"),
    FactType("booker.staff", Label("Works in the house", "کارکن خانه", "Là nhân viên của cơ sở"), "who", "flag"),
    FactType(
        "booker.organisation", Label("For an organisation of kind", "برای سازمانی از نوع", "Cho tổ chức loại"), "who",
        "choice", lambda: _listed(ORGANISATION_KINDS),
    ),
    FactType(
        "booker.qualifications", Label("Qualifications held", "صلاحیت‌های معتبر", "Chứng nhận đang có"), "who", "set",
        qualifications.choices,
    ),
    FactType(
        "booker.lacking", Label("Required qualifications that are missing", "صلاحیت‌های لازم که ندارد", "Số chứng nhận còn thiếu"),
        "who", "number",
    ),
)  # fmt: skip
_WHAT = (
    FactType("space.kind", Label("Kind of space", "نوع فضا", "Loại địa điểm"), "what", "choice", lambda: _listed(SPACE_KINDS)),
    FactType("space.code", Label("This space (code)", "همین فضا (کد)", "Địa điểm này (mã)"), "what", "text"),
    FactType("space.facilities", Label("Facilities", "امکانات", "Tiện nghi"), "what", "set", lambda: _listed(FACILITIES)),
    FactType("space.approval", Label("The space asks for approval", "فضا تأیید می‌خواهد", "Địa điểm cần duyệt"), "what", "flag"),
    FactType("booking.people", Label("People", "شمار افراد", "Số người"), "what", "number"),
    FactType(
        "booking.shared", Label("By a sharing between houses", "با اشتراک میان خانه‌ها", "Theo thỏa thuận dùng chung"), "what", "flag"
    ),
)  # fmt: skip
_WHERE = (
    FactType("house.kind", Label("Kind of house", "نوع خانه", "Loại cơ sở"), "where", "choice", lambda: _listed(HOUSE_KINDS)),
    FactType("channel", Label("Door", "راه", "Kênh"), "where", "choice", lambda: _listed(CHANNELS)),
)  # fmt: skip
_WHEN = (
    FactType("booking.weekday", Label("Weekday", "روز هفته", "Thứ trong tuần"), "when", "choice", lambda: _listed(WEEKDAYS)),
    FactType("booking.hour", Label("Hour at which it starts", "ساعت آغاز", "Giờ bắt đầu"), "when", "number"),
    FactType("booking.minutes", Label("Length", "مدت", "Thời lượng"), "when", "number", unit=_MINUTES),
    FactType("booking.lead_minutes", Label("Before it starts", "تا آغاز", "Trước khi bắt đầu"), "when", "number", unit=_MINUTES),
    FactType("booking.days_ahead", Label("Days ahead", "روز پیش از آغاز", "Số ngày đặt trước"), "when", "number", unit=_DAYS),
    FactType("booking.open", Label("Within opening hours", "در ساعت کار", "Trong giờ mở cửa"), "when", "flag"),
    FactType("booking.repeats", Label("One of a series", "یکی از رزروهای تکراری", "Thuộc chuỗi lặp lại"), "when", "flag"),
)  # fmt: skip

_SUBJECTS: Mapping[str, Label] = {
    "person": Label("person", "شخص", "cá nhân"),
    "organisation": Label("organisation", "سازمان", "tổ chức"),
}
# For each count: its words, the unit, and what the booking itself adds (its minutes are in the fact already).
_COUNTS: Mapping[str, tuple[Label, Label | None, int]] = {
    "at_once": (Label("at the same time", "هم‌زمان", "cùng lúc"), None, 1),
    "upcoming": (Label("still to come", "پیش رو", "sắp tới"), None, 1),
    "day_times": (Label("times a day", "بار در روز", "lần mỗi ngày"), None, 1),
    "day_minutes": (Label("minutes a day", "دقیقه در روز", "phút mỗi ngày"), _MINUTES, 0),
    "week_times": (Label("times a week", "بار در هفته", "lần mỗi tuần"), None, 1),
    "week_minutes": (Label("minutes a week", "دقیقه در هفته", "phút mỗi tuần"), _MINUTES, 0),
    "month_times": (Label("times a month", "بار در ماه", "lần mỗi tháng"), None, 1),
    "month_minutes": (Label("minutes a month", "دقیقه در ماه", "phút mỗi tháng"), _MINUTES, 0),
    "year_times": (Label("times a year", "بار در سال", "lần mỗi năm"), None, 1),
    "year_minutes": (Label("minutes a year", "دقیقه در سال", "phút mỗi năm"), _MINUTES, 0),
}
_FEWER = Label(
    "Cancel a booking, or choose another day", "رزروی را لغو کنید یا روز دیگری برگزینید", "Hủy một lượt đặt hoặc chọn ngày khác"
)  # fmt: skip
_QUOTAS = tuple((subject, count, *_COUNTS[count]) for subject in SUBJECTS for count in _COUNTS)


def _said(subject: str, words: Label) -> Label:
    who = _SUBJECTS[subject]
    return Label(
        f"Bookings of the {who.en}, {words.en}", f"رزروهای {who.fa}، {words.fa}", f"Lượt đặt của {who.vi}, {words.vi}"
    )


BOOKING = ActType(
    BOOK,
    Label("Book a space", "رزرو فضا", "Đặt địa điểm"),
    (
        *_WHO, *_WHAT, *_WHERE, *_WHEN,
        *(FactType(f"{subject}.{count}", _said(subject, words), "who", "number", unit=unit) for subject, count, words, unit, _ in _QUOTAS),
    ),
    (
        TermType("length_max", Label("Longest", "بیشترین مدت", "Thời lượng tối đa"), "number", _MINUTES),
        TermType("days_ahead_max", Label("Days ahead at most", "حداکثر روز پیش از آغاز", "Đặt trước tối đa"), "number", _DAYS),
        TermType("approval", Label("Needs approval", "نیازمند تأیید", "Cần duyệt"), "flag"),
        TermType("group_counts", Label("Counts for everybody of a group", "برای همهٔ افراد گروه شمرده شود", "Tính cho mọi người trong nhóm"), "flag"),
        TermType("price_per_hour", Label("Price an hour", "بهای هر ساعت", "Giá mỗi giờ"), "money"),
        TermType("cancel_hours", Label("Cancel until (hours before)", "مهلت لغو (ساعت پیش از آغاز)", "Hạn hủy (giờ trước khi bắt đầu)"), "number", _HOURS),
        TermType("refund_hours", Label("All given back until (hours before)", "برگشت کامل تا (ساعت پیش از آغاز)", "Hoàn đủ nếu hủy trước (giờ)"), "number", _HOURS),
        TermType("late_refund_percent", Label("Given back afterwards", "برگشت پس از آن", "Sau đó hoàn"), "number", _PERCENT),
        TermType("no_show_fee", Label("Charged if nobody comes", "هزینهٔ حاضر نشدن", "Phí khi không đến"), "money"),
        TermType("owed_max", Label("May owe at most", "سقف بدهی", "Được nợ tối đa"), "money"),
        TermType("come_minutes", Label("Come within", "مهلت حضور", "Phải đến trong"), "number", _MINUTES),
        *(TermType(f"{subject}_{count}_max", _said(subject, words), "number", unit) for subject, count, words, unit, _ in _QUOTAS),
    ),
    (
        LimitType("length_max", "booking.minutes", Label("Length", "مدت", "Thời lượng"), 0, Label("Book a shorter time", "زمان کوتاه‌تری رزرو کنید", "Đặt thời gian ngắn hơn"), "book_over_limit"),
        LimitType("days_ahead_max", "booking.days_ahead", Label("Too far ahead", "بسیار زودتر از موعد", "Đặt trước quá sớm"), 0, Label("Choose an earlier day", "روز نزدیک‌تری برگزینید", "Chọn ngày sớm hơn"), "book_over_limit"),
        *(
            LimitType(f"{subject}_{count}_max", f"{subject}.{count}", _said(subject, words), adding, _FEWER, "book_over_limit")
            for subject, count, words, _, adding in _QUOTAS
        ),
    ),
    {
        "length_max": None, "days_ahead_max": 90, "approval": False, "group_counts": True, "cancel_hours": 2, "come_minutes": 15, "late_refund_percent": 0,
        **{f"{subject}_{count}_max": None for subject, count, *_ in _QUOTAS},
        "person_at_once_max": 1, "person_upcoming_max": 10,
    },
    rights=RIGHTS,
)  # fmt: skip
