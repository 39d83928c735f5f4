"""What lending asks of the policies: its acts, with the facts that rules may look at and the terms that they set.

The rules that hold for the whole network until somebody publishes others are in `default_rules.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khaneh.domains.catalogue.types import COPY_STATES, ITEM_TYPES
from khaneh.domains.circulation.types import CHANNELS, SHELF_DAYS
from khaneh.domains.policies.types import ActType, FactType, LimitType, TermType
from khaneh.kernel.labels import Label

LEND, RENEW, REQUEST = "circulation.lend", "circulation.renew", "circulation.request"

RIGHTS: Mapping[str, Label] = {
    "lend_to_blocked": Label("Lend to a blocked member", "امانت به عضو مسدود", "Cho thành viên bị khóa mượn"),
    "lend_to_expired": Label("Lend after a membership ended", "امانت پس از پایان عضویت", "Cho mượn khi thẻ hết hạn"),
    "lend_over_limit": Label("Lend over a limit", "امانت بیش از سقف", "Cho mượn vượt giới hạn"),
    "lend_not_for_loan": Label("Lend what is not for loan", "امانت منابع غیرامانی", "Cho mượn tài liệu không cho mượn"),
    "lend_reserved": Label(
        "Lend what waits for another", "امانت آنچه برای دیگری است", "Cho mượn tài liệu người khác đã đặt"
    ),
    "renew_over_limit": Label("Renew over a limit", "تمدید بیش از سقف", "Gia hạn vượt giới hạn"),
    "request_over_limit": Label("Request over a limit", "درخواست بیش از سقف", "Đặt trước vượt giới hạn"),
}

_NEAR: Mapping[str, Label] = {
    "here": Label("This house", "همین کتابخانه", "Thư viện này"),
    "region": Label("The same province", "همین استان", "Cùng tỉnh"),
    "elsewhere": Label("Elsewhere", "جای دیگر", "Nơi khác"),
}


def _listed(labels: Mapping[Any, Label]) -> Iterable[tuple[str, Label]]:
    return tuple((str(code), label) for code, label in labels.items())


_CATEGORY = FactType("member.category", Label("Member's category", "نوع عضویت", "Loại thành viên"), "who", "text")
_AGE = FactType("member.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=Label("years", "سال", "tuổi"))
_HOME = FactType(
    "member.home", Label("Home library", "کتابخانهٔ عضو", "Thư viện đăng ký"), "who", "choice", lambda: _listed(_NEAR)
)
_BLOCKED = FactType("member.blocked", Label("Blocked", "مسدود", "Bị khóa"), "who", "flag")
_EXPIRED = FactType("member.expired", Label("Membership ended", "عضویت پایان یافته", "Thẻ hết hạn"), "who", "flag")
_UNGUARDED = FactType(
    "member.lacks_guardian", Label("Has no guardian", "بدون قیم", "Chưa có người giám hộ"), "who", "flag"
)
_LOANS = FactType("member.loans", Label("Open loans", "امانت‌های باز", "Số đang mượn"), "who", "number")
_TYPE_LOANS = FactType(
    "member.loans_of_type",
    Label("Open loans of the type", "امانت‌های باز از همین نوع", "Số đang mượn cùng loại"),
    "who",
    "number",
)
_OVERDUE = FactType("member.overdue", Label("Overdue loans", "امانت‌های دیرکرده", "Số quá hạn"), "who", "number")
_DEBT = FactType("member.debt", Label("Owes", "بدهی", "Số tiền nợ"), "who", "number")
_REQUESTS = FactType("member.requests", Label("Open requests", "درخواست‌های باز", "Số yêu cầu đang mở"), "who", "number")
_TYPE = FactType("copy.type", Label("Type", "نوع", "Loại tài liệu"), "what", "choice", lambda: _listed(ITEM_TYPES))
_LOCATION = FactType("copy.location", Label("Location", "محل", "Vị trí"), "what", "text")
_STATE = FactType("copy.state", Label("State", "وضعیت", "Tình trạng"), "what", "choice", lambda: _listed(COPY_STATES))
_OWNER = FactType("copy.owner", Label("Belongs to", "از آنِ", "Thuộc về"), "what", "choice", lambda: _listed(_NEAR))
_RESERVED = FactType(
    "copy.reserved", Label("Waits for another reader", "در نوبت خوانندهٔ دیگر", "Đang chờ bạn đọc khác"), "what", "flag"
)
_CHANNEL = FactType("channel", Label("Door", "راه", "Kênh"), "where", "choice", lambda: _listed(CHANNELS))
_RENEWALS = FactType("loan.renewals", Label("Renewed already", "تمدیدهای پیشین", "Số lần đã gia hạn"), "what", "number")
_WAITING = FactType("loan.waiting", Label("Readers waiting", "خوانندگان در نوبت", "Bạn đọc đang chờ"), "what", "number")
_ON_SHELF_HERE = FactType(
    "request.available", Label("Copies available", "نسخه‌های موجود", "Số bản có sẵn"), "what", "number"
)

_DAYS = Label("days", "روز", "ngày")
_LOAN_DAYS = TermType("loan_days", Label("Loan", "مدت امانت", "Thời hạn mượn"), "number", _DAYS)
_RENEWALS_MAX = TermType("renewals_max", Label("Renewals", "تعداد تمدید", "Số lần gia hạn"), "number")
_LOANS_MAX = TermType("loans_max", Label("Loans at a time", "سقف امانت", "Số lượt mượn cùng lúc"), "number")
_TYPE_MAX = TermType("type_loans_max", Label("Of this type", "از این نوع", "Cùng loại"), "number")
_OVERDUE_MAX = TermType("overdue_max", Label("Overdue permitted", "دیرکرد مجاز", "Số quá hạn cho phép"), "number")
_DEBT_MAX = TermType("debt_max", Label("Debt permitted", "بدهی مجاز", "Số nợ cho phép"), "number")
_GRACE = TermType("grace_days", Label("Grace", "مهلت ارفاق", "Ngày ân hạn"), "number", _DAYS)
_FEE = TermType("fee_per_day", Label("Fee a day", "جریمهٔ روزانه", "Phí mỗi ngày"), "money")
_CAP = TermType("fee_cap", Label("Fee at most", "سقف جریمه", "Phí tối đa"), "money")
_LOST_AFTER = TermType("lost_after_days", Label("Counted lost after", "گم‌شده پس از", "Coi là mất sau"), "number", _DAYS)
_LOST_FEE = TermType("lost_fee", Label("Processing of a loss", "هزینهٔ گم شدن", "Phí xử lý khi mất"), "money")
_DAMAGE_FEE = TermType("damage_fee", Label("Fee of a damage", "هزینهٔ آسیب", "Phí hư hỏng"), "money")
_REQUESTS_MAX = TermType("requests_max", Label("Requests at a time", "سقف درخواست", "Số yêu cầu cùng lúc"), "number")
_SHELF_DAYS = TermType("shelf_days", Label("On the hold shelf", "در قفسهٔ رزرو", "Giữ trên giá"), "number", _DAYS)
_WAIT_DAYS = TermType("wait_days", Label("Waits at most", "حداکثر انتظار", "Chờ tối đa"), "number", _DAYS)

_WHO = (_CATEGORY, _AGE, _HOME, _BLOCKED, _EXPIRED, _UNGUARDED, _LOANS, _TYPE_LOANS, _OVERDUE, _DEBT)
_RETURN_FIRST = Label("Return {more} first", "نخست {more} منبع را بازگردانید", "Trả lại {more} tài liệu trước")
_COLLECT_FIRST = Label(
    "Collect or cancel {more} first", "نخست {more} درخواست را دریافت یا لغو کنید", "Nhận hoặc hủy {more} yêu cầu trước"
)
_RETURN_LATE = Label("Return what is overdue", "دیرکرده‌ها را بازگردانید", "Trả các tài liệu quá hạn")
_BRING_BACK = Label(
    "Bring it back; it can be borrowed again if nobody waits",
    "آن را بازگردانید؛ اگر کسی در نوبت نباشد دوباره امانت داده می‌شود",
    "Trả lại; có thể mượn lại nếu không ai chờ",
)
_PAY = Label("Pay what is owed", "بدهی را بپردازید", "Thanh toán khoản nợ")

_TOO_MUCH = (
    LimitType(
        "overdue_max", "member.overdue", Label("Overdue loans", "امانت‌های دیرکرده", "Tài liệu quá hạn"), 0, _RETURN_LATE, "lend_over_limit",
        Label("{used} overdue, at most {limit} permitted", "{used} امانت دیرکرده؛ حداکثر {limit} مجاز است", "{used} tài liệu quá hạn, tối đa cho phép {limit}"),
    ),
    # Without figures: the count is in the smallest unit of a currency that the policies do not know.
    LimitType(
        "debt_max", "member.debt", Label("Debt", "بدهی", "Khoản nợ"), 0, _PAY, "lend_over_limit",
        Label("More is owed than is permitted", "بدهی بیش از حد مجاز است", "Nợ quá mức cho phép"),
    ),
)  # fmt: skip
_LIMITS = {"overdue_max": 2, "debt_max": None}

ACTS: tuple[ActType, ...] = (
    ActType(
        LEND,
        Label("Lend a copy", "امانت دادن", "Cho mượn"),
        (*_WHO, _TYPE, _LOCATION, _STATE, _OWNER, _RESERVED, _CHANNEL),
        (_LOAN_DAYS, _RENEWALS_MAX, _LOANS_MAX, _TYPE_MAX, _OVERDUE_MAX, _DEBT_MAX, _GRACE, _FEE, _CAP, _LOST_AFTER, _LOST_FEE, _DAMAGE_FEE),
        (
            LimitType(
                "loans_max", "member.loans", Label("Loans", "امانت", "Mượn tài liệu"), 1, _RETURN_FIRST, "lend_over_limit",
                Label("Limit reached: {used} of {limit} loans at a time", "سقف امانت هم‌زمان پر است: {used} از {limit}", "Đã đến giới hạn: mượn {used}/{limit} tài liệu cùng lúc"),
            ),
            LimitType(
                "type_loans_max", "member.loans_of_type", Label("Loans of this type", "امانت از این نوع", "Mượn tài liệu loại này"), 1, _RETURN_FIRST, "lend_over_limit",
                Label("Limit reached: {used} of {limit} loans of this type", "سقف امانت از این نوع پر است: {used} از {limit}", "Đã đến giới hạn: mượn {used}/{limit} tài liệu cùng loại"),
            ),
            *_TOO_MUCH,
        ),
        {
            "loan_days": 14, "renewals_max": 2, "loans_max": 5, "type_loans_max": None, "grace_days": 0,
            "fee_per_day": None, "fee_cap": None, "lost_after_days": 60, "lost_fee": None, "damage_fee": None,
            **_LIMITS,
        },
        rights={name: RIGHTS[name] for name in RIGHTS if name.startswith("lend_")},
    ),
    ActType(
        RENEW,
        Label("Renew a loan", "تمدید امانت", "Gia hạn"),
        (*_WHO, _TYPE, _LOCATION, _OWNER, _RENEWALS, _WAITING, _CHANNEL),
        (_LOAN_DAYS, _RENEWALS_MAX, _OVERDUE_MAX, _DEBT_MAX),
        (
            LimitType(
                "renewals_max", "loan.renewals", Label("Renewals", "تمدید", "Gia hạn"), 1, _BRING_BACK, "renew_over_limit",
                Label("Limit reached: renewed {used} of {limit} times", "سقف تمدید پر است: {used} بار از {limit} بار", "Đã đến giới hạn: gia hạn {used}/{limit} lần"),
            ),
            *_TOO_MUCH,
        ),
        {"loan_days": 14, "renewals_max": 2, **_LIMITS},
        rights={"renew_over_limit": RIGHTS["renew_over_limit"], "lend_over_limit": RIGHTS["lend_over_limit"], "lend_to_blocked": RIGHTS["lend_to_blocked"], "lend_to_expired": RIGHTS["lend_to_expired"], "lend_reserved": RIGHTS["lend_reserved"]},
    ),
    ActType(
        REQUEST,
        Label("Request", "درخواست", "Đặt trước"),
        (_CATEGORY, _AGE, _HOME, _BLOCKED, _EXPIRED, _UNGUARDED, _REQUESTS, _OVERDUE, _DEBT, _TYPE, _ON_SHELF_HERE, _CHANNEL),
        (_REQUESTS_MAX, _SHELF_DAYS, _WAIT_DAYS, _OVERDUE_MAX, _DEBT_MAX),
        (
            LimitType(
                "requests_max", "member.requests", Label("Requests", "درخواست", "Đặt trước"), 1, _COLLECT_FIRST, "request_over_limit",
                Label("Limit reached: {used} of {limit} requests at a time", "سقف درخواست هم‌زمان پر است: {used} از {limit}", "Đã đến giới hạn: {used}/{limit} yêu cầu cùng lúc"),
            ),
            *_TOO_MUCH,
        ),
        {"requests_max": 5, "shelf_days": SHELF_DAYS, "wait_days": 180, **_LIMITS},
        rights={"request_over_limit": RIGHTS["request_over_limit"], "lend_over_limit": RIGHTS["lend_over_limit"], "lend_to_blocked": RIGHTS["lend_to_blocked"], "lend_to_expired": RIGHTS["lend_to_expired"]},
    ),
)  # fmt: skip
