"""What enrolling asks of the policies: its act, with the facts that rules may look at and the terms that they set.

The rules that hold for the whole network until somebody publishes others are in `default_rules.json`. What no rule may change (a seat that
is not there, a run that is over) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khaneh.domains.learning.types import CHANNELS, COURSE_KINDS
from khaneh.domains.network.types import HOUSE_KINDS, ORGANISATION_KINDS
from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.labels import Label

ENROL = "learning.enrol"

RIGHTS: Mapping[str, Label] = {
    "enrol_over_limit": Label("Enrol over a limit", "ثبت‌نام بیش از سقف", "Ghi danh vượt giới hạn"),
    "enrol_for_blocked": Label(
        "Enrol who is blocked or no member", "ثبت‌نام مسدود یا غیرعضو", "Ghi danh cho người bị khóa hoặc chưa là thành viên"
    ),
    "enrol_late": Label("Enrol after the time for it", "ثبت‌نام پس از مهلت", "Ghi danh quá hạn"),
    "enrol_unqualified": Label(
        "Enrol without a prerequisite", "ثبت‌نام بدون پیش‌نیاز", "Ghi danh khi thiếu điều kiện tiên quyết"
    ),
}  # fmt: skip

_NEAR: Mapping[str, Label] = {
    "here": Label("This house", "همین خانه", "Cơ sở này"),
    "region": Label("The same province", "همین استان", "Cùng tỉnh"),
    "elsewhere": Label("Elsewhere", "جای دیگر", "Nơi khác"),
}
_MINUTES = Label("minutes", "دقیقه", "phút")
_DAYS = Label("days", "روز", "ngày")
_HOURS = Label("hours", "ساعت", "giờ")


def _listed(labels: Mapping[Any, Label]) -> Iterable[tuple[str, Label]]:
    return tuple((str(code), label) for code, label in labels.items())


_WHO = (
    FactType("learner.category", Label("Member's category", "نوع عضویت", "Loại thành viên"), "who", "text"),
    FactType("learner.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=Label("years", "سال", "tuổi")),
    FactType("learner.home", Label("Home house", "خانهٔ عضو", "Cơ sở đăng ký"), "who", "choice", lambda: _listed(_NEAR)),
    FactType("learner.member", Label("Is a member", "عضو است", "Là thành viên"), "who", "flag"),
    FactType("learner.blocked", Label("Blocked", "مسدود", "Bị khóa"), "who", "flag"),
    FactType("learner.expired", Label("Membership ended", "عضویت پایان یافته", "Thẻ hết hạn"), "who", "flag"),
    FactType("learner.lacks_guardian", Label("Has no guardian", "بدون قیم", "Chưa có người giám hộ"), "who", "flag"),
    FactType("learner.staff", Label("Works in a house", "کارکن یکی از خانه‌ها", "Là nhân viên của một cơ sở"), "who", "flag"),
    FactType(
        "learner.organisation", Label("For an organisation of kind", "برای سازمانی از نوع", "Cho tổ chức loại"), "who",
        "choice", lambda: _listed(ORGANISATION_KINDS),
    ),
    FactType(
        "learner.qualifications", Label("Qualifications held", "صلاحیت‌های معتبر", "Chứng nhận đang có"), "who", "set",
        qualifications.choices,
    ),
    FactType(
        "learner.lacking", Label("Prerequisites that are missing", "پیش‌نیازهایی که ندارد", "Số điều kiện còn thiếu"), "who", "number",
    ),
    FactType("person.open", Label("Runs enrolled in or waited for", "دوره‌های در دست", "Lớp đang học hoặc chờ"), "who", "number"),
    FactType(
        "person.course_times", Label("Times in this course within a year", "دفعات همین دوره در یک سال", "Số lần học khóa này trong năm"), "who", "number",
    ),
    FactType(
        "person.no_shows", Label("Not come, within a year", "غیبت کامل در یک سال", "Số lần không đến trong năm"), "who", "number",
    ),
)  # fmt: skip
_WHAT = (
    FactType("course.kind", Label("Kind of course", "نوع دوره", "Loại khóa học"), "what", "choice", lambda: _listed(COURSE_KINDS)),
    FactType("course.code", Label("This course (code)", "همین دوره (کد)", "Khóa học này (mã)"), "what", "text"),
    FactType("course.approval", Label("The course asks for approval", "دوره تأیید می‌خواهد", "Khóa học cần duyệt"), "what", "flag"),
    FactType("course.hours", Label("Length of the course", "مدت دوره", "Thời lượng khóa học"), "what", "number", unit=_HOURS),
    FactType("course.priced", Label("It costs something", "هزینه دارد", "Có thu phí"), "what", "flag"),
    FactType("party.people", Label("People together", "شمار گروه", "Số người cùng nhóm"), "what", "number"),
)  # fmt: skip
_WHERE = (
    FactType("house.kind", Label("Kind of house", "نوع خانه", "Loại cơ sở"), "where", "choice", lambda: _listed(HOUSE_KINDS)),
    FactType("channel", Label("Door", "راه", "Kênh"), "where", "choice", lambda: _listed(CHANNELS)),
)  # fmt: skip
_WHEN = (
    FactType("run.in_time", Label("Within the time for enrolling", "در مهلت ثبت‌نام", "Trong hạn ghi danh"), "when", "flag"),
    FactType("run.lead_minutes", Label("Before it starts", "تا آغاز", "Trước khi bắt đầu"), "when", "number", unit=_MINUTES),
    FactType("run.days_ahead", Label("Days ahead", "روز پیش از آغاز", "Số ngày trước khi bắt đầu"), "when", "number", unit=_DAYS),
)  # fmt: skip

ENROLMENT = ActType(
    ENROL,
    Label("Enrol in a course", "ثبت‌نام در دوره", "Ghi danh khóa học"),
    (*_WHO, *_WHAT, *_WHERE, *_WHEN),
    (
        TermType("approval", Label("Needs approval", "نیازمند تأیید", "Cần duyệt"), "flag"),
        TermType("price", Label("Price", "بها", "Giá"), "money"),
        TermType("owed_max", Label("May owe at most", "سقف بدهی", "Được nợ tối đa"), "money"),
        TermType("withdraw_hours", Label("Withdraw until (hours before)", "مهلت انصراف (ساعت پیش از آغاز)", "Hạn rút (giờ trước khi bắt đầu)"), "number", _HOURS),
        TermType("person_open_max", Label("Runs at once", "دورهٔ هم‌زمان", "Số lớp cùng lúc"), "number"),
        TermType("person_course_times_max", Label("Times in one course a year", "دفعات یک دوره در سال", "Số lần học một khóa mỗi năm"), "number"),
        TermType("person_no_shows_max", Label("Times of not coming, a year", "غیبت کامل در سال", "Số lần không đến mỗi năm"), "number"),
        TermType("party_people_max", Label("People together", "شمار گروه", "Số người cùng nhóm"), "number"),
    ),
    (
        LimitType("person_open_max", "person.open", Label("Runs at once", "دورهٔ هم‌زمان", "Số lớp cùng lúc"), 1, Label("Finish or give up another first", "نخست دورهٔ دیگری را به پایان برید یا از آن انصراف دهید", "Hoàn thành hoặc rút khỏi lớp khác trước"), "enrol_over_limit"),
        LimitType("person_course_times_max", "person.course_times", Label("Times in one course a year", "دفعات یک دوره در سال", "Số lần học một khóa mỗi năm"), 1, Label("Leave the seat to others this year", "امسال جای خود را به دیگران بسپارید", "Nhường chỗ cho người khác năm nay"), "enrol_over_limit"),
        LimitType("person_no_shows_max", "person.no_shows", Label("Times of not coming, a year", "غیبت کامل در سال", "Số lần không đến mỗi năm"), 0, Label("Speak to the desk", "با میز خدمت گفتگو کنید", "Liên hệ quầy phục vụ"), "enrol_over_limit"),
        LimitType("party_people_max", "party.people", Label("People together", "شمار گروه", "Số người cùng nhóm"), 0, Label("Enrol in smaller parties", "در گروه‌های کوچک‌تر ثبت‌نام کنید", "Ghi danh theo nhóm nhỏ hơn"), "enrol_over_limit"),
    ),
    {
        "approval": False, "price": None, "owed_max": None, "withdraw_hours": 24, "person_open_max": 6, "person_course_times_max": 3,
        "person_no_shows_max": None, "party_people_max": None,
    },
    rights=RIGHTS,
)  # fmt: skip
