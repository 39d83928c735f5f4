"""Controlled lists: levels of regions, kinds and states of houses, kinds of organisations, facilities, roles. Codes are stored."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from khaneh.kernel.labels import Label


class RegionLevel(IntEnum):
    """How deep a region lies; a region's parent is exactly one level above it."""

    PROVINCE = 1
    DISTRICT = 2
    COMMUNE = 3


REGION_LEVELS: dict[RegionLevel, Label] = {
    RegionLevel.PROVINCE: Label("Province", "استان", "Tỉnh"),
    RegionLevel.DISTRICT: Label("District", "شهرستان", "Huyện"),
    RegionLevel.COMMUNE: Label("Commune", "بخش", "Xã"),
}

HOUSE_KINDS: dict[str, Label] = {
    "central_library": Label("Central library", "کتابخانهٔ مرکزی", "Thư viện trung tâm"),
    "district_library": Label("District library", "کتابخانهٔ شهرستان", "Thư viện huyện"),
    "commune_library": Label("Commune library", "کتابخانهٔ بخش", "Thư viện xã"),
    "bookmobile": Label("Bookmobile", "کتابخانهٔ سیار", "Thư viện lưu động"),
    "bookless_library": Label("Bookless library", "کتابخانهٔ بی‌کتاب", "Thư viện không sách giấy"),
    "innovation_centre": Label("Innovation centre", "مرکز نوآوری", "Trung tâm đổi mới sáng tạo"),
    "creative_house": Label("Creative house", "خانهٔ خلاق", "Nhà sáng tạo"),
    "technical_centre": Label("Technical centre", "مرکز فنی", "Trung tâm kỹ thuật"),
    "incubator": Label("Incubator", "مرکز رشد", "Vườn ươm doanh nghiệp"),
    "accelerator": Label("Accelerator", "شتاب‌دهنده", "Cơ sở tăng tốc khởi nghiệp"),
    "science_park": Label("Science park", "پارک علم و فناوری", "Công viên khoa học"),
    "skill_complex": Label("Skill complex", "مجتمع مهارتی", "Tổ hợp đào tạo kỹ năng"),
}
LIBRARY_KINDS = frozenset({"central_library", "district_library", "commune_library", "bookmobile", "bookless_library"})


class HouseState(StrEnum):
    """Where a house is in its life: proposed → assessed → approved → fitting out → open ⇄ suspended → closed."""

    PROPOSED = "proposed"
    ASSESSED = "assessed"
    APPROVED = "approved"
    FITTING_OUT = "fitting_out"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


HOUSE_STATES: dict[HouseState, Label] = {
    HouseState.PROPOSED: Label("Proposed", "پیشنهادشده", "Đã đề xuất"),
    HouseState.ASSESSED: Label("Assessed", "ارزیابی‌شده", "Đã thẩm định"),
    HouseState.APPROVED: Label("Approved", "تأییدشده", "Đã phê duyệt"),
    HouseState.FITTING_OUT: Label("Fitting out", "در حال تجهیز", "Đang trang bị"),
    HouseState.OPEN: Label("In service", "فعال", "Đang hoạt động"),
    HouseState.SUSPENDED: Label("Suspended", "تعلیق‌شده", "Tạm ngừng"),
    HouseState.CLOSED: Label("Closed for good", "برچیده‌شده", "Đã đóng cửa"),
}
# Plans are seen by those who make them; everybody sees a house from the day it is being fitted out.
PUBLIC_STATES = frozenset({HouseState.FITTING_OUT, HouseState.OPEN, HouseState.SUSPENDED, HouseState.CLOSED})

ORGANISATION_KINDS: dict[str, Label] = {
    "library_authority": Label("Library authority", "نهاد کتابخانه‌ها", "Cơ quan quản lý thư viện"),
    "ministry_office": Label("Ministry or office", "وزارتخانه یا اداره", "Bộ hoặc sở"),
    "foundation": Label("Foundation", "بنیاد", "Quỹ"),
    "university": Label("University", "دانشگاه", "Trường đại học"),
    "park": Label("Science park", "پارک علم و فناوری", "Công viên khoa học"),
    "vocational_directorate": Label("Vocational directorate", "ادارهٔ کل فنی و حرفه‌ای", "Cơ quan giáo dục nghề nghiệp"),
    "industrial_estate": Label("Industrial-estate body", "شرکت شهرک‌های صنعتی", "Ban quản lý khu công nghiệp"),
    "accelerator": Label("Accelerator", "شتاب‌دهنده", "Tổ chức tăng tốc khởi nghiệp"),
    "investor": Label("Investor", "سرمایه‌گذار", "Nhà đầu tư"),
    "sponsor": Label("Sponsor", "حامی", "Nhà tài trợ"),
    "company_startup": Label("Startup", "استارتاپ", "Công ty khởi nghiệp"),
    "company_knowledge": Label("Knowledge-based company", "شرکت دانش‌بنیان", "Doanh nghiệp khoa học và công nghệ"),
    "company_creative": Label("Creative company", "شرکت خلاق", "Doanh nghiệp sáng tạo"),
    "company_industry": Label("Small industry", "صنعت کوچک", "Cơ sở công nghiệp nhỏ"),
}
COMPANY_KINDS = frozenset(kind for kind in ORGANISATION_KINDS if kind.startswith("company_"))

FACILITIES: dict[str, Label] = {
    "wifi": Label("Wi-Fi", "وای‌فای", "Wi-Fi"),
    "wheelchair": Label("Wheelchair access", "دسترسی با صندلی چرخ‌دار", "Lối đi cho xe lăn"),
    "parking": Label("Parking", "پارکینگ", "Bãi đỗ xe"),
    "study_hall": Label("Study hall", "سالن مطالعه", "Phòng đọc"),
    "children_room": Label("Children's room", "بخش کودک", "Phòng thiếu nhi"),
    "cafe": Label("Café", "کافه", "Quán cà phê"),
    "canteen": Label("Canteen", "غذاخوری", "Nhà ăn"),
    "shop": Label("Shop", "فروشگاه", "Cửa hàng"),
    "meeting_room": Label("Meeting room", "اتاق جلسه", "Phòng họp"),
    "event_hall": Label("Event hall", "سالن همایش", "Hội trường"),
    "exhibition": Label("Exhibition space", "فضای نمایشگاه", "Không gian triển lãm"),
    "printing": Label("Printing", "چاپ", "In ấn"),
    "self_check": Label("Self-service checkout", "امانت خودکار", "Mượn trả tự động"),
    "book_drop": Label("Book drop", "صندوق بازگشت کتاب", "Hộp trả sách"),
    "digitisation": Label("Digitisation workshop", "کارگاه دیجیتال‌سازی", "Xưởng số hóa"),
    "makerspace": Label("Makerspace", "کارگاه ساخت", "Xưởng chế tạo"),
    "laboratory": Label("Laboratory", "آزمایشگاه", "Phòng thí nghiệm"),
    "machine_shop": Label("Machine shop", "کارگاه ماشین‌ابزار", "Xưởng cơ khí"),
    "recording_studio": Label("Recording studio", "استودیوی ضبط", "Phòng thu"),
    "kiln": Label("Kiln", "کورهٔ سفال", "Lò nung"),
    "coworking": Label("Shared desks", "میزهای کار اشتراکی", "Bàn làm việc chung"),
    "computers": Label("Public computers", "رایانهٔ عمومی", "Máy tính công cộng"),
    "prayer_room": Label("Prayer room", "نمازخانه", "Phòng cầu nguyện"),
    "braille": Label("Braille and talking books", "کتاب بریل و گویا", "Sách chữ nổi và sách nói"),
}


class Role(StrEnum):
    """What a person may be in a house or an organisation. What each may do is in each domain's permissions."""

    ADMINISTRATOR = "administrator"
    HOUSE_MANAGER = "house_manager"
    LIBRARIAN = "librarian"
    CATALOGUER = "cataloguer"
    CIRCULATION = "circulation"
    COURIER = "courier"
    PROGRAMME_MANAGER = "programme_manager"
    TRAINER = "trainer"
    BROKER = "broker"
    REVIEWER = "reviewer"
    COUNCIL_MEMBER = "council_member"


ROLES: dict[Role, Label] = {
    Role.ADMINISTRATOR: Label("Administrator", "مدیر سامانه", "Quản trị viên"),
    Role.HOUSE_MANAGER: Label("House manager", "مسئول خانه", "Quản lý cơ sở"),
    Role.LIBRARIAN: Label("Librarian", "کتابدار", "Thủ thư"),
    Role.CATALOGUER: Label("Cataloguer", "فهرست‌نویس", "Nhân viên biên mục"),
    Role.CIRCULATION: Label("Circulation desk", "میز امانت", "Quầy lưu hành"),
    Role.COURIER: Label("Courier", "پیک", "Nhân viên chuyển sách"),
    Role.PROGRAMME_MANAGER: Label("Programme manager", "مدیر برنامه", "Quản lý chương trình"),
    Role.TRAINER: Label("Trainer", "مربی", "Người đào tạo"),
    Role.BROKER: Label("Technology broker", "کارگزار فناوری", "Nhà môi giới công nghệ"),
    Role.REVIEWER: Label("Reviewer", "داور", "Người thẩm định"),
    Role.COUNCIL_MEMBER: Label("Council member", "عضو شورا", "Thành viên hội đồng"),
}
