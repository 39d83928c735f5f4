"""What calendars say, in the language that was asked for. A calendar is read by programs that know no catalogue of ours."""

from __future__ import annotations

from khaneh.kernel.labels import Label

TAKEN = Label("Taken", "گرفته‌شده", "Đã có người đặt")
TAKEN_OF = Label("{space}: taken", "{space}: گرفته‌شده", "{space}: đã có người đặt")
CLOSED_OF = Label("{space}: closed", "{space}: بسته", "{space}: đóng cửa")
CLOSED_FOR = Label("{space}: {why}", "{space}: {why}", "{space}: {why}")
HOUSE_CLOSED = Label("Closed: {name}", "تعطیل: {name}", "Nghỉ: {name}")
HOUSE_HOURS = Label("{name}: open {times}", "{name}: باز {times}", "{name}: mở cửa {times}")
SPACE_CALENDAR = Label("{space} · {house}", "{space} · {house}", "{space} · {house}")
SPACE_TOLD = Label(
    "When {space} is taken or closed. Who has it is told nobody.",
    "زمان‌هایی که {space} گرفته‌شده یا بسته است. گفته نمی‌شود که چه کسی آن را دارد.",
    "Những lúc {space} đã có người đặt hoặc đóng cửa. Không cho biết ai đã đặt.",
)
HOUSE_TOLD = Label(
    "Days on which {house} is closed or open at other times, and what is on.",
    "روزهایی که {house} تعطیل است یا ساعت دیگری دارد، و آنچه برگزار می‌شود.",
    "Những ngày {house} nghỉ hoặc mở cửa giờ khác, và các hoạt động.",
)
EVENTS_CALENDAR = Label("Events of the library network", "رویدادهای شبکهٔ کتابخانه‌ها", "Sự kiện của mạng lưới thư viện")
OWN_CALENDAR = Label(
    "My calendar in the library network", "تقویم من در شبکهٔ کتابخانه‌ها", "Lịch của tôi trong mạng lưới thư viện"
)
OWN_TOLD = Label(
    "What you have booked and asked for. Whoever has this address can read it.",
    "آنچه رزرو یا درخواست کرده‌اید. هرکس این نشانی را داشته باشد آن را می‌خواند.",
    "Những gì bạn đã đặt và yêu cầu. Ai có địa chỉ này đều đọc được.",
)
STAFF_CALENDAR = Label("Bookings · {house}", "رزروها · {house}", "Lượt đặt · {house}")
STAFF_TOLD = Label(
    "What is booked in {house}, for those who work there.",
    "رزروهای {house}، برای کارکنان آن.",
    "Các lượt đặt tại {house}, dành cho nhân viên.",
)
STATE = Label("State: {state}", "وضعیت: {state}", "Trạng thái: {state}")
PEOPLE = Label("People: {people}", "تعداد افراد: {people}", "Số người: {people}")
FOR_ORGANISATION = Label("For: {name}", "برای: {name}", "Cho: {name}")
BOOKED_BY = Label("Booked by: {name}", "رزروکننده: {name}", "Người đặt: {name}")
CODE_IN_ACCOUNT = Label(
    "The code for it stands in your account.", "کد آن در حساب شماست.", "Mã số có trong tài khoản của bạn."
)
CANCEL_UNTIL = Label("To be cancelled until {when}", "لغو تا {when}", "Có thể hủy đến {when}")

COURSE_TOLD = Label(
    "The meetings of the course {course} that are still to come.",
    "نشست‌های پیش روی دورهٔ {course}.",
    "Các buổi sắp tới của khóa học {course}.",
)
MEETING_OF = Label("{course} ({number} of {count})", "{course} ({number} از {count})", "{course} ({number}/{count})")
ANSWER_BY = Label(
    "A place is kept for you until {when}", "جایی تا {when} برای شما نگه داشته شده", "Giữ chỗ cho bạn đến {when}"
)
SEATS_FREE = Label("Free seats: {free}", "جای خالی: {free}", "Còn trống: {free}")
ONLINE_AT = Label("Online: {address}", "برخط: {address}", "Trực tuyến: {address}")
MEETING_WITH = Label("Meeting: {name}", "دیدار: {name}", "Gặp: {name}")


def say(label: Label, language: str, **facts: object) -> str:
    """The words in a language, with what they speak of."""
    return label.pick(language).format(**facts)
