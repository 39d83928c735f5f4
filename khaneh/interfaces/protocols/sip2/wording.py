"""What a machine's screen and slips say, in the reader's language. Refusals of policies bring their own words; others have them here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars import calendar_for, local_digits, show_date
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Refusal

LENT = Label("Lent until {day}", "امانت تا {day}", "Mượn đến {day}")
LENT_ALREADY = Label(
    "Already lent to you until {day}", "پیش‌تر به شما امانت داده شده است، تا {day}", "Bạn đã mượn, hạn đến {day}"
)
RENEWED = Label("Renewed until {day}", "تمدید شد تا {day}", "Đã gia hạn đến {day}")
RENEWED_SOME = Label(
    "Renewed: {yes}. Not renewed: {no}",
    "تمدیدشده: {yes}. تمدیدنشده: {no}",
    "Đã gia hạn: {yes}. Không gia hạn được: {no}",
)
RETURNED = Label("Returned. Thank you", "بازگردانده شد. سپاس", "Đã trả. Xin cảm ơn")
LATE_FEE = Label("Returned late: {money}", "دیرکرد: {money}", "Trả muộn: {money}")
FOR_HOLD_SHELF = Label("Reserved: for the hold shelf", "رزرو شده: به قفسهٔ رزرو برود", "Đã được đặt: để ở giá giữ sách")
FOR_READER_ELSEWHERE = Label(
    "Reserved: send to {house}", "رزرو شده: به {house} فرستاده شود", "Đã được đặt: gửi đến {house}"
)
FOR_HOME = Label(
    "Belongs to {house}: send it there", "از آنِ {house} است: به آنجا فرستاده شود", "Thuộc {house}: gửi về đó"
)
TOO_MANY = Label("Send to {house}", "به {house} فرستاده شود", "Gửi đến {house}")
FOR_REPAIR = Label("For repair", "برای تعمیر", "Cần sửa chữa")
CANCELLED = Label("Taken back: nothing was lent", "پس گرفته شد: چیزی امانت داده نشد", "Đã hủy: không có gì được mượn")
REQUESTED = Label(
    "Requested. Place in the queue: {number}", "درخواست شد. نوبت: {number}", "Đã đặt. Thứ tự chờ: {number}"
)
REQUEST_CANCELLED = Label("The request is cancelled", "درخواست لغو شد", "Đã hủy yêu cầu")
PAID = Label("Paid: {money}", "پرداخت شد: {money}", "Đã thanh toán: {money}")
READY = Label("Ready to collect: {number}", "آمادهٔ دریافت: {number}", "Sẵn sàng nhận: {number}")
GOODBYE = Label("Goodbye", "خدانگهدار", "Tạm biệt")

READER_UNKNOWN = Label(
    "This card is not known. Please ask at the desk",
    "این کارت شناخته نشد. از میز امانت بپرسید",
    "Không nhận ra thẻ này. Vui lòng hỏi quầy",
)
PIN_WRONG = Label("The PIN is not right", "رمز درست نیست", "Mã PIN không đúng")
PIN_LOCKED = Label(
    "Too many wrong PINs. Please wait {minutes} minutes",
    "رمز چند بار نادرست بود. {minutes} دقیقه صبر کنید",
    "Nhập sai mã PIN quá nhiều lần. Vui lòng chờ {minutes} phút",
)
PIN_NEEDED = Label("Please enter your PIN", "لطفاً رمز خود را وارد کنید", "Vui lòng nhập mã PIN")
NOT_FOR_THIS_MACHINE = Label(
    "This machine does not do this", "این دستگاه این کار را انجام نمی‌دهد", "Máy này không làm việc này"
)
REQUEST_MOVED = Label(
    "To be collected at {house}. Place in the queue: {number}",
    "محل دریافت: {house}. نوبت: {number}",
    "Nhận tại {house}. Thứ tự chờ: {number}",
)
RETURN_NOT_UNDONE = Label(
    "A return cannot be taken back. Please lend it again",
    "بازگشت را نمی‌توان لغو کرد. دوباره امانت بگیرید",
    "Không thể hủy việc trả. Vui lòng mượn lại",
)
NOTHING_TO_CANCEL = Label("There is nothing to take back", "چیزی برای لغو نیست", "Không có gì để hủy")
NOT_YOUR_LOAN = Label("This is not lent to you", "این در امانت شما نیست", "Bạn không mượn tài liệu này")
NO_SUCH_REQUEST = Label("You have no such request", "چنین درخواستی ندارید", "Bạn không có yêu cầu này")
AMOUNT_UNREADABLE = Label("The amount cannot be read", "مبلغ خوانده نشد", "Không đọc được số tiền")
HOUSE_UNKNOWN = Label("The place to collect it is not known", "محل دریافت شناخته نشد", "Không rõ nơi nhận")
NOT_KEPT = Label(
    "Properties of copies are not kept here", "ویژگی‌های نسخه نگهداری نمی‌شود", "Thuộc tính của bản không được lưu"
)
KEPT_FOR_DESK = Label("Kept for the desk to look at", "برای بررسی میز امانت نگه داشته شد", "Đã lưu để quầy xem xét")
ASK_DESK = Label("Please ask at the desk", "لطفاً از میز امانت بپرسید", "Vui lòng hỏi quầy")
UNAVAILABLE = Label(
    "The library's system does not answer. Please try again",
    "سامانهٔ کتابخانه پاسخ نمی‌دهد. دوباره تلاش کنید",
    "Hệ thống thư viện không phản hồi. Vui lòng thử lại",
)

_REFUSALS: Mapping[str, Label] = {
    "circulation.card_unknown": READER_UNKNOWN,
    "circulation.copy_unknown": Label("This copy is not known", "این نسخه شناخته نشد", "Không nhận ra bản này"),
    "circulation.copy_on_loan": Label("It is on loan", "در امانت است", "Đang có người mượn"),
    "circulation.copy_has_no_house": Label("It belongs to no library of the network", "از آنِ هیچ کتابخانهٔ شبکه نیست", "Không thuộc thư viện nào trong mạng lưới"),
    "circulation.loan_ended": Label("It has been returned", "بازگردانده شده است", "Đã được trả"),
    "circulation.already_requested": Label("You have requested it already", "پیش‌تر درخواست داده‌اید", "Bạn đã đặt rồi"),
    "circulation.nothing_to_lend": Label("There is no copy that could be lent", "نسخه‌ای برای امانت نیست", "Không có bản nào cho mượn"),
    "circulation.request_ended": NO_SUCH_REQUEST,
    "circulation.payment_too_high": Label("More than what is owed", "بیش از بدهی است", "Nhiều hơn số nợ"),
    "people.pin_locked": PIN_LOCKED,
    "kernel.not_allowed": NOT_FOR_THIS_MACHINE,
}  # fmt: skip
_MINOR_DIGITS = {"IRR": 0, "VND": 0}


def refusal(refused: Refusal, language: str) -> tuple[str, ...]:
    """Why not, a line a reason; after a policy's reason what would help."""
    lines: list[str] = []
    for reason in refused.facts.get("reasons", ()):
        lines.append(Label.from_dict(reason["label"]).pick(language))
        if reason.get("remedy"):
            lines.append(Label.from_dict(reason["remedy"]).pick(language))
    if lines:
        return tuple(dict.fromkeys(lines))
    words = _REFUSALS.get(refused.code, ASK_DESK).pick(language)
    return (local_digits(words.format_map({"minutes": refused.facts.get("minutes", 5)}), language),)


def say(label: Label, language: str, **facts: object) -> str:
    """A sentence with its facts, digits as the language writes them."""
    return local_digits(label.pick(language).format_map(facts), language) if facts else label.pick(language)


def day(instant: datetime, *, zone: str, language: str) -> str:
    """A day on the house's clocks, in the calendar that readers of the language use."""
    local = instant.astimezone(ZoneInfo(zone)).date()
    return show_date(local, calendar=calendar_for("auto", language), language=language)


def amount(minor: int, currency: str) -> str:
    """An amount as machines write it: `12000` rials, `12.50` dollars."""
    digits = _MINOR_DIGITS.get(currency, 2)
    if not digits:
        return str(minor)
    sign, units = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{units // 10**digits}.{units % 10**digits:0{digits}}"


def money(minor: int, currency: str, language: str) -> str:
    """An amount for people."""
    return local_digits(f"{amount(minor, currency)} {currency}", language)
