"""What registering asks of the policies: its act, with the facts that rules may look at and the terms that they set.

The rules that hold for the whole network until somebody publishes others are in `default_rules.json`. What no rule may change (an event that
is over, a group larger than the event allows) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khaneh.domains.events.types import CHANNELS, EVENT_KINDS
from khaneh.domains.network.types import HOUSE_KINDS, ORGANISATION_KINDS, SECTORS
from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.calendars import WEEKDAYS
from khaneh.kernel.labels import Label

REGISTER = "events.register"
# How many days back absences count.
ABSENCES_DAYS = 180

RIGHTS: Mapping[str, Label] = {
    "register_over_limit": Label("Register over a limit", "ثبت‌نام بیش از سقف", "Đăng ký vượt giới hạn"),
    "register_for_blocked": Label("Register who is blocked", "ثبت‌نام فرد مسدود", "Đăng ký cho người bị khóa"),
}
_NEAR: Mapping[str, Label] = {
    "here": Label("This house", "همین خانه", "Cơ sở này"),
    "region": Label("The same province", "همین استان", "Cùng tỉnh"),
    "elsewhere": Label("Elsewhere", "جای دیگر", "Nơi khác"),
}
_DAYS = Label("days", "روز", "ngày")
_HOURS = Label("hours", "ساعت", "giờ")
_PEOPLE = Label("people", "نفر", "người")
_PERCENT = Label("percent", "درصد", "phần trăm")


def _listed(labels: Mapping[Any, Label]) -> Iterable[tuple[str, Label]]:
    return tuple((str(code), label) for code, label in labels.items())


_WHO = (
    FactType("registrant.category", Label("Member's category", "نوع عضویت", "Loại thành viên"), "who", "text"),
    FactType("registrant.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=Label("years", "سال", "tuổi")),
    FactType("registrant.home", Label("Home house", "خانهٔ عضو", "Cơ sở đăng ký"), "who", "choice", lambda: _listed(_NEAR)),
    FactType("registrant.member", Label("Is a member", "عضو است", "Là thành viên"), "who", "flag"),
    FactType("registrant.blocked", Label("Blocked", "مسدود", "Bị khóa"), "who", "flag"),
    FactType("registrant.expired", Label("Membership ended", "عضویت پایان یافته", "Thẻ hết hạn"), "who", "flag"),
    FactType("registrant.lacks_guardian", Label("Has no guardian", "بدون قیم", "Chưa có người giám hộ"), "who", "flag"),
    FactType("registrant.staff", Label("Works in the house", "کارکن خانه", "Là nhân viên của cơ sở"), "who", "flag"),
    FactType(
        "registrant.organisation", Label("For an organisation of kind", "برای سازمانی از نوع", "Cho tổ chức loại"), "who",
        "choice", lambda: _listed(ORGANISATION_KINDS),
    ),
    FactType(
        "registrant.qualifications", Label("Qualifications held", "صلاحیت‌های معتبر", "Chứng nhận đang có"), "who", "set",
        qualifications.choices,
    ),
    FactType("registrant.upcoming", Label("Registrations to come", "ثبت‌نام‌های پیش رو", "Số sự kiện sắp tham dự"), "who", "number"),
    FactType(
        "registrant.absences",
        Label("Times absent in the last 180 days", "غیبت در ۱۸۰ روز گذشته", "Số lần vắng trong 180 ngày qua"), "who", "number",
    ),
)  # fmt: skip
_WHAT = (
    FactType("event.kind", Label("Kind of event", "نوع رویداد", "Loại sự kiện"), "what", "choice", lambda: _listed(EVENT_KINDS)),
    FactType("event.sectors", Label("Sectors", "رسته‌ها", "Lĩnh vực"), "what", "set", lambda: _listed(SECTORS)),
    FactType("event.approval", Label("The event asks for approval", "رویداد تأیید می‌خواهد", "Sự kiện cần duyệt"), "what", "flag"),
    FactType("event.priced", Label("Costs something", "هزینه دارد", "Có thu phí"), "what", "flag"),
    FactType("registration.people", Label("People", "شمار افراد", "Số người"), "what", "number", unit=_PEOPLE),
)  # fmt: skip
_WHERE = (
    FactType("house.kind", Label("Kind of house", "نوع خانه", "Loại cơ sở"), "where", "choice", lambda: _listed(HOUSE_KINDS)),
    FactType("channel", Label("Door", "راه", "Kênh"), "where", "choice", lambda: _listed(CHANNELS)),
)  # fmt: skip
_WHEN = (
    FactType("event.weekday", Label("Weekday", "روز هفته", "Thứ trong tuần"), "when", "choice", lambda: _listed(WEEKDAYS)),
    FactType("event.hour", Label("Hour at which it starts", "ساعت آغاز", "Giờ bắt đầu"), "when", "number"),
    FactType("event.days_ahead", Label("Days ahead", "روز پیش از آغاز", "Số ngày trước sự kiện"), "when", "number", unit=_DAYS),
)  # fmt: skip
_FEWER = Label(
    "Cancel a registration that you do not need", "ثبت‌نامی را که لازم ندارید لغو کنید", "Hủy một đăng ký không còn cần"
)
_SMALLER = Label(
    "Come with fewer, or ask the house", "با گروه کوچک‌تر بیایید یا از خانه بپرسید", "Giảm số người hoặc hỏi cơ sở"
)

REGISTERING = ActType(
    REGISTER,
    Label("Register for an event", "ثبت‌نام در رویداد", "Đăng ký sự kiện"),
    (*_WHO, *_WHAT, *_WHERE, *_WHEN),
    (
        TermType("approval", Label("Needs approval", "نیازمند تأیید", "Cần duyệt"), "flag"),
        TermType("people_max", Label("People together at most", "حداکثر افراد با هم", "Số người tối đa mỗi đăng ký"), "number", _PEOPLE),
        TermType("upcoming_max", Label("Registrations to come at most", "حداکثر ثبت‌نام پیش رو", "Số đăng ký sắp tới tối đa"), "number"),
        TermType("cancel_hours", Label("Cancel until (hours before)", "مهلت لغو (ساعت پیش از آغاز)", "Hạn hủy (giờ trước khi bắt đầu)"), "number", _HOURS),
        TermType("price", Label("Price for each person", "بهای هر نفر", "Giá mỗi người"), "money"),
        TermType("refund_hours", Label("All given back until (hours before)", "برگشت کامل تا (ساعت پیش از آغاز)", "Hoàn đủ nếu hủy trước (giờ)"), "number", _HOURS),
        TermType("late_refund_percent", Label("Given back afterwards", "برگشت پس از آن", "Sau đó hoàn"), "number", _PERCENT),
        TermType("owed_max", Label("May owe at most", "سقف بدهی", "Được nợ tối đa"), "money"),
    ),
    (
        LimitType("people_max", "registration.people", Label("People together", "افراد با هم", "Số người mỗi đăng ký"), 0, _SMALLER, "register_over_limit"),
        LimitType("upcoming_max", "registrant.upcoming", Label("Registrations to come", "ثبت‌نام‌های پیش رو", "Số sự kiện sắp tham dự"), 1, _FEWER, "register_over_limit"),
    ),
    {
        "approval": False, "people_max": None, "upcoming_max": 15, "cancel_hours": 0, "price": None, "refund_hours": None,
        "late_refund_percent": 0, "owed_max": None,
    },
    rights=RIGHTS,
)  # fmt: skip
