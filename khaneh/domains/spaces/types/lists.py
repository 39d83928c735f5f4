"""Controlled lists: kinds of spaces, states of spaces, bookings and waiting. Codes are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from khaneh.kernel.labels import Label


class SpaceGroup(StrEnum):
    """What sort of thing a space is, roughly."""

    ROOM = "room"
    DESK = "desk"
    STUDIO = "studio"
    WORKSHOP = "workshop"
    HALL = "hall"
    MACHINE = "machine"
    EQUIPMENT = "equipment"


SPACE_GROUPS: Mapping[SpaceGroup, Label] = {
    SpaceGroup.ROOM: Label("Rooms", "اتاق‌ها", "Phòng"),
    SpaceGroup.DESK: Label("Desks", "میزها", "Bàn làm việc"),
    SpaceGroup.STUDIO: Label("Studios", "استودیوها", "Xưởng phim ảnh, âm thanh"),
    SpaceGroup.WORKSHOP: Label("Workshops", "کارگاه‌ها", "Xưởng"),
    SpaceGroup.HALL: Label("Halls", "سالن‌ها", "Hội trường"),
    SpaceGroup.MACHINE: Label("Machines", "دستگاه‌ها", "Máy móc"),
    SpaceGroup.EQUIPMENT: Label("Movable equipment", "تجهیزات قابل‌حمل", "Thiết bị di động"),
}

# What people look for: "a laser cutter", not "a machine". Quotas count bookings of one kind.
SPACE_KINDS: Mapping[str, Label] = {
    "meeting_room": Label("Meeting room", "اتاق جلسه", "Phòng họp"),
    "study_room": Label("Study room", "اتاق مطالعه", "Phòng học nhóm"),
    "classroom": Label("Classroom", "کلاس درس", "Phòng học"),
    "office": Label("Office", "دفتر کار", "Văn phòng"),
    "desk": Label("Desk", "میز کار", "Bàn làm việc"),
    "computer": Label("Computer", "رایانه", "Máy tính"),
    "recording_studio": Label("Recording studio", "استودیوی ضبط", "Phòng thu âm"),
    "photo_studio": Label("Photo studio", "آتلیهٔ عکاسی", "Phòng chụp ảnh"),
    "video_studio": Label("Video studio", "استودیوی فیلم", "Phòng quay phim"),
    "workshop": Label("Workshop", "کارگاه", "Xưởng"),
    "laboratory": Label("Laboratory", "آزمایشگاه", "Phòng thí nghiệm"),
    "kitchen": Label("Teaching kitchen", "آشپزخانهٔ آموزشی", "Bếp thực hành"),
    "hall": Label("Hall", "سالن", "Hội trường"),
    "exhibition": Label("Exhibition space", "فضای نمایشگاه", "Không gian triển lãm"),
    "laser_cutter": Label("Laser cutter", "دستگاه برش لیزری", "Máy cắt laser"),
    "printer_3d": Label("3D printer", "چاپگر سه‌بعدی", "Máy in 3D"),
    "cnc_mill": Label("CNC mill", "فرز سی‌ان‌سی", "Máy phay CNC"),
    "lathe": Label("Lathe", "دستگاه تراش", "Máy tiện"),
    "welder": Label("Welding place", "جایگاه جوشکاری", "Vị trí hàn"),
    "vinyl_cutter": Label("Vinyl cutter", "کاترپلاتر", "Máy cắt decal"),
    "sewing_machine": Label("Sewing machine", "چرخ خیاطی", "Máy may"),
    "kiln": Label("Kiln", "کورهٔ سفال", "Lò nung"),
    "electronics_bench": Label("Electronics bench", "میز الکترونیک", "Bàn điện tử"),
    "book_scanner": Label("Book scanner", "اسکنر کتاب", "Máy quét sách"),
    "large_printer": Label("Large-format printer", "چاپگر بزرگ", "Máy in khổ lớn"),
    "other_machine": Label("Other machine", "دستگاه دیگر", "Máy khác"),
    "camera": Label("Camera", "دوربین", "Máy ảnh"),
    "projector": Label("Projector", "ویدئوپروژکتور", "Máy chiếu"),
    "sound_kit": Label("Sound equipment", "تجهیزات صوتی", "Bộ âm thanh"),
    "vr_headset": Label("Virtual-reality headset", "هدست واقعیت مجازی", "Kính thực tế ảo"),
    "toolkit": Label("Set of tools", "جعبه‌ابزار", "Bộ dụng cụ"),
    "other_equipment": Label("Other equipment", "تجهیزات دیگر", "Thiết bị khác"),
}
_GROUPED = {
    SpaceGroup.ROOM: ("meeting_room", "study_room", "classroom", "office"),
    SpaceGroup.DESK: ("desk", "computer"),
    SpaceGroup.STUDIO: ("recording_studio", "photo_studio", "video_studio"),
    SpaceGroup.WORKSHOP: ("workshop", "laboratory", "kitchen"),
    SpaceGroup.HALL: ("hall", "exhibition"),
    SpaceGroup.EQUIPMENT: ("camera", "projector", "sound_kit", "vr_headset", "toolkit", "other_equipment"),
}
_GROUP_OF = {kind: group for group, kinds in _GROUPED.items() for kind in kinds}
KIND_GROUPS: Mapping[str, SpaceGroup] = {kind: _GROUP_OF.get(kind, SpaceGroup.MACHINE) for kind in SPACE_KINDS}

FACILITIES: Mapping[str, Label] = {
    "wheelchair": Label("Wheelchair access", "دسترسی با صندلی چرخ‌دار", "Lối đi cho xe lăn"),
    "whiteboard": Label("Whiteboard", "تخته‌سفید", "Bảng trắng"),
    "projector": Label("Projector or screen", "پروژکتور یا نمایشگر", "Máy chiếu hoặc màn hình"),
    "video_call": Label("Video conference", "ویدئوکنفرانس", "Họp trực tuyến"),
    "internet": Label("Wired internet", "اینترنت کابلی", "Internet có dây"),
    "power": Label("Three-phase power", "برق سه‌فاز", "Điện ba pha"),
    "compressed_air": Label("Compressed air", "هوای فشرده", "Khí nén"),
    "extraction": Label("Fume extraction", "تهویهٔ دود", "Hút khói"),
    "water": Label("Water", "آب", "Nước"),
    "daylight": Label("Daylight", "نور طبیعی", "Ánh sáng tự nhiên"),
    "quiet": Label("Quiet", "بی‌صدا", "Yên tĩnh"),
    "air_conditioning": Label("Air conditioning", "تهویهٔ مطبوع", "Điều hòa"),
    "locker": Label("Locker", "کمد", "Tủ khóa"),
}


class SpaceState(StrEnum):
    """active ⇄ out of order; either → retired."""

    ACTIVE = "active"
    OUT_OF_ORDER = "out_of_order"
    RETIRED = "retired"


SPACE_STATES: Mapping[SpaceState, Label] = {
    SpaceState.ACTIVE: Label("In service", "فعال", "Đang phục vụ"),
    SpaceState.OUT_OF_ORDER: Label("Out of order", "خراب", "Hỏng"),
    SpaceState.RETIRED: Label("Retired", "کنارگذاشته", "Ngừng sử dụng"),
}


class ClosureKind(StrEnum):
    """Why a space is closed for a while."""

    MAINTENANCE = "maintenance"
    REPAIR = "repair"
    OWN_USE = "own_use"
    OTHER = "other"


CLOSURE_KINDS: Mapping[ClosureKind, Label] = {
    ClosureKind.MAINTENANCE: Label("Maintenance", "سرویس و نگه‌داری", "Bảo trì"),
    ClosureKind.REPAIR: Label("Repair", "تعمیر", "Sửa chữa"),
    ClosureKind.OWN_USE: Label("Used by the house", "استفادهٔ خود خانه", "Cơ sở sử dụng"),
    ClosureKind.OTHER: Label("Closed", "بسته", "Đóng cửa"),
}


class PriceUnit(StrEnum):
    """What a space's price is for."""

    HOUR = "hour"
    BOOKING = "booking"


PRICE_UNITS: Mapping[PriceUnit, Label] = {
    PriceUnit.HOUR: Label("an hour", "هر ساعت", "mỗi giờ"),
    PriceUnit.BOOKING: Label("a booking", "هر رزرو", "mỗi lượt đặt"),
}


class BookingState(StrEnum):
    """tentative → requested → confirmed → checked in → done | cancelled | no-show | refused."""

    TENTATIVE = "tentative"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REFUSED = "refused"


BOOKING_STATES: Mapping[BookingState, Label] = {
    BookingState.TENTATIVE: Label("Kept for you", "نگه‌داشته برای شما", "Đang giữ chỗ"),
    BookingState.REQUESTED: Label("Waits for approval", "در انتظار تأیید", "Chờ duyệt"),
    BookingState.CONFIRMED: Label("Confirmed", "قطعی", "Đã xác nhận"),
    BookingState.CHECKED_IN: Label("In use", "در حال استفاده", "Đang sử dụng"),
    BookingState.DONE: Label("Done", "انجام‌شده", "Đã xong"),
    BookingState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
    BookingState.NO_SHOW: Label("Nobody came", "حاضر نشد", "Không đến"),
    BookingState.REFUSED: Label("Refused", "ردشده", "Bị từ chối"),
}
# Those that keep others out, those that are still to come or under way, those that quotas count.
HOLDING = (BookingState.TENTATIVE, BookingState.CONFIRMED, BookingState.CHECKED_IN)
OPEN_BOOKINGS = (BookingState.TENTATIVE, BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.CHECKED_IN)
COUNTED = (*OPEN_BOOKINGS, BookingState.DONE, BookingState.NO_SHOW)


class EndReason(StrEnum):
    """Why a booking was cancelled or refused."""

    BOOKER = "booker"
    STAFF = "staff"
    CLOSED = "closed"
    TAKEN = "taken"
    UNANSWERED = "unanswered"
    OFFER_LAPSED = "offer_lapsed"
    ERASED = "erased"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.BOOKER: Label("Cancelled by who booked", "لغو از سوی رزروکننده", "Người đặt hủy"),
    EndReason.STAFF: Label("By the house", "از سوی خانه", "Cơ sở quyết định"),
    EndReason.CLOSED: Label("The space was closed", "فضا بسته شد", "Địa điểm phải đóng"),
    EndReason.TAKEN: Label("Given to another request", "به درخواست دیگری داده شد", "Đã dành cho yêu cầu khác"),
    EndReason.UNANSWERED: Label("Nobody answered in time", "به‌موقع پاسخ داده نشد", "Không được trả lời kịp thời"),
    EndReason.OFFER_LAPSED: Label("The offer was not taken up", "پیشنهاد پذیرفته نشد", "Đề nghị không được nhận"),
    EndReason.ERASED: Label("The account was closed", "حساب بسته شد", "Tài khoản đã đóng"),
}


class WaitingState(StrEnum):
    """waiting → offered → accepted | waiting again; waiting → withdrawn | past."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    PAST = "past"


WAITING_STATES: Mapping[WaitingState, Label] = {
    WaitingState.WAITING: Label("Waiting", "در نوبت", "Đang chờ"),
    WaitingState.OFFERED: Label("Offered: answer in time", "پیشنهاد شده: به‌موقع پاسخ دهید", "Đã có chỗ: hãy trả lời"),
    WaitingState.ACCEPTED: Label("Accepted", "پذیرفته", "Đã nhận"),
    WaitingState.WITHDRAWN: Label("Withdrawn", "پس‌گرفته", "Đã rút"),
    WaitingState.PAST: Label("Nothing became free", "چیزی آزاد نشد", "Không có chỗ trống"),
}


class Holder(IntEnum):
    """What holds a unit of a space for a time. Two of WHOLE never meet (one constraint); two different ones never meet (another).

    So parts of one whole may be booked side by side (PART and PART), closures may overlap, and nothing else may.
    """

    WHOLE = 1
    PART = 2
    CLOSED = 3
