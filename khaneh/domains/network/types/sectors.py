"""Economic sectors: ISIC Rev. 4 sections and divisions. Source: United Nations Statistics Division, Statistical Papers M 4 Rev. 4.

A group or class (three or four digits) belongs to the division of its first two digits, and is shown under that division's name.
"""

from __future__ import annotations

import re

from khaneh.kernel.labels import Label

SECTORS: dict[str, Label] = {
    "A": Label(
        "Agriculture, forestry and fishing", "کشاورزی، جنگل‌داری و ماهیگیری", "Nông nghiệp, lâm nghiệp và thủy sản"
    ),
    "01": Label("Crop and animal production", "زراعت و دامپروری", "Trồng trọt và chăn nuôi"),
    "02": Label("Forestry and logging", "جنگل‌داری", "Lâm nghiệp"),
    "03": Label("Fishing and aquaculture", "ماهیگیری و آبزی‌پروری", "Khai thác và nuôi trồng thủy sản"),
    "B": Label("Mining and quarrying", "استخراج معدن", "Khai khoáng"),
    "05": Label("Mining of coal", "استخراج زغال‌سنگ", "Khai thác than"),
    "06": Label("Extraction of oil and gas", "استخراج نفت و گاز", "Khai thác dầu khí"),
    "07": Label("Mining of metal ores", "استخراج کانه‌های فلزی", "Khai thác quặng kim loại"),
    "08": Label("Other mining and quarrying", "سایر معادن", "Khai khoáng khác"),
    "09": Label("Mining support", "خدمات معدن", "Dịch vụ hỗ trợ khai khoáng"),
    "C": Label("Manufacturing", "ساخت صنعتی", "Công nghiệp chế biến, chế tạo"),
    "10": Label("Food products", "فراورده‌های غذایی", "Sản xuất thực phẩm"),
    "11": Label("Beverages", "نوشیدنی‌ها", "Sản xuất đồ uống"),
    "12": Label("Tobacco products", "دخانیات", "Sản xuất thuốc lá"),
    "13": Label("Textiles", "منسوجات", "Dệt"),
    "14": Label("Wearing apparel", "پوشاک", "Sản xuất trang phục"),
    "15": Label("Leather and related products", "چرم و فراورده‌های آن", "Sản xuất da và sản phẩm liên quan"),
    "16": Label("Wood, cork, straw and plaiting", "چوب، چوب‌پنبه و حصیر", "Chế biến gỗ, tre, nứa, rơm rạ"),
    "17": Label("Paper products", "کاغذ و فراورده‌های آن", "Sản xuất giấy"),
    "18": Label("Printing and recorded media", "چاپ و تکثیر رسانه‌ها", "In và sao chép bản ghi"),
    "19": Label("Coke and refined petroleum", "کک و فراورده‌های نفت", "Than cốc và dầu mỏ tinh chế"),
    "20": Label("Chemicals", "مواد شیمیایی", "Sản xuất hóa chất"),
    "21": Label("Pharmaceuticals", "دارو", "Sản xuất dược phẩm"),
    "22": Label("Rubber and plastics", "لاستیک و پلاستیک", "Sản xuất cao su và nhựa"),
    "23": Label("Other non-metallic minerals", "کانی‌های غیرفلزی", "Sản xuất khoáng phi kim"),
    "24": Label("Basic metals", "فلزات پایه", "Sản xuất kim loại"),
    "25": Label("Fabricated metal products", "محصولات فلزی", "Sản phẩm từ kim loại"),
    "26": Label("Computers, electronics and optics", "رایانه، الکترونیک و اپتیک", "Máy tính, điện tử và quang học"),
    "27": Label("Electrical equipment", "تجهیزات برقی", "Thiết bị điện"),
    "28": Label("Machinery and equipment", "ماشین‌آلات و تجهیزات", "Máy móc và thiết bị"),
    "29": Label("Motor vehicles", "خودرو", "Sản xuất xe có động cơ"),
    "30": Label("Other transport equipment", "سایر وسایل حمل‌ونقل", "Phương tiện vận tải khác"),
    "31": Label("Furniture", "مبلمان", "Sản xuất đồ nội thất"),
    "32": Label("Other manufacturing", "سایر مصنوعات", "Chế biến, chế tạo khác"),
    "33": Label("Repair of machinery", "تعمیر ماشین‌آلات", "Sửa chữa máy móc"),
    "D": Label("Electricity, gas and steam", "برق، گاز و بخار", "Điện, khí đốt và hơi nước"),
    "35": Label("Electricity and gas supply", "تأمین برق و گاز", "Cung cấp điện và khí đốt"),
    "E": Label("Water supply and waste", "آب، فاضلاب و پسماند", "Cấp nước và xử lý chất thải"),
    "36": Label("Water collection and supply", "تأمین آب", "Khai thác và cung cấp nước"),
    "37": Label("Sewerage", "فاضلاب", "Thoát nước và xử lý nước thải"),
    "38": Label("Waste and recovery", "پسماند و بازیافت", "Thu gom và tái chế chất thải"),
    "39": Label("Remediation", "پاک‌سازی محیط", "Xử lý ô nhiễm"),
    "F": Label("Construction", "ساختمان", "Xây dựng"),
    "41": Label("Construction of buildings", "ساخت بنا", "Xây dựng nhà"),
    "42": Label("Civil engineering", "مهندسی عمران", "Xây dựng công trình"),
    "43": Label("Specialised construction", "عملیات تخصصی ساختمان", "Xây dựng chuyên dụng"),
    "G": Label("Wholesale and retail trade", "عمده‌فروشی و خرده‌فروشی", "Bán buôn và bán lẻ"),
    "45": Label("Trade and repair of vehicles", "فروش و تعمیر خودرو", "Bán và sửa chữa xe"),
    "46": Label("Wholesale trade", "عمده‌فروشی", "Bán buôn"),
    "47": Label("Retail trade", "خرده‌فروشی", "Bán lẻ"),
    "H": Label("Transport and storage", "حمل‌ونقل و انبارداری", "Vận tải và kho bãi"),
    "49": Label("Land transport", "حمل‌ونقل زمینی", "Vận tải đường bộ, đường sắt"),
    "50": Label("Water transport", "حمل‌ونقل آبی", "Vận tải đường thủy"),
    "51": Label("Air transport", "حمل‌ونقل هوایی", "Vận tải hàng không"),
    "52": Label("Warehousing and transport support", "انبارداری و پشتیبانی حمل‌ونقل", "Kho bãi và hỗ trợ vận tải"),
    "53": Label("Post and courier", "پست و پیک", "Bưu chính và chuyển phát"),
    "I": Label("Accommodation and food service", "اقامت و پذیرایی", "Lưu trú và ăn uống"),
    "55": Label("Accommodation", "اقامت", "Lưu trú"),
    "56": Label("Food and drink service", "غذا و نوشیدنی", "Dịch vụ ăn uống"),
    "J": Label("Information and communication", "اطلاعات و ارتباطات", "Thông tin và truyền thông"),
    "58": Label("Publishing", "نشر", "Xuất bản"),
    "59": Label("Film, video, sound and music", "فیلم، ویدئو، صدا و موسیقی", "Phim, video, âm thanh và âm nhạc"),
    "60": Label("Programming and broadcasting", "برنامه‌سازی و پخش", "Phát thanh, truyền hình"),
    "61": Label("Telecommunications", "مخابرات", "Viễn thông"),
    "62": Label("Computer programming and consultancy", "برنامه‌نویسی و مشاورهٔ رایانه", "Lập trình và tư vấn máy tính"),
    "63": Label("Information services", "خدمات اطلاعات", "Dịch vụ thông tin"),
    "K": Label("Finance and insurance", "مالی و بیمه", "Tài chính và bảo hiểm"),
    "64": Label("Financial services", "خدمات مالی", "Dịch vụ tài chính"),
    "65": Label("Insurance and pensions", "بیمه و بازنشستگی", "Bảo hiểm"),
    "66": Label("Auxiliary financial services", "خدمات جانبی مالی", "Hỗ trợ tài chính"),
    "L": Label("Real estate", "املاک", "Bất động sản"),
    "68": Label("Real estate", "املاک", "Kinh doanh bất động sản"),
    "M": Label("Professional, scientific and technical", "حرفه‌ای، علمی و فنی", "Chuyên môn, khoa học và công nghệ"),
    "69": Label("Law and accounting", "حقوقی و حسابداری", "Pháp lý và kế toán"),
    "70": Label("Management consultancy", "مشاورهٔ مدیریت", "Tư vấn quản lý"),
    "71": Label("Architecture, engineering, testing", "معماری، مهندسی و آزمون", "Kiến trúc, kỹ thuật, kiểm định"),
    "72": Label("Scientific research and development", "پژوهش و توسعهٔ علمی", "Nghiên cứu và phát triển khoa học"),
    "73": Label("Advertising and market research", "تبلیغات و بازارپژوهی", "Quảng cáo và nghiên cứu thị trường"),
    "74": Label("Design and other professional work", "طراحی و سایر خدمات حرفه‌ای", "Thiết kế và chuyên môn khác"),
    "75": Label("Veterinary activities", "دامپزشکی", "Thú y"),
    "N": Label("Administrative and support services", "خدمات اداری و پشتیبانی", "Hành chính và dịch vụ hỗ trợ"),
    "77": Label("Rental and leasing", "اجاره", "Cho thuê"),
    "78": Label("Employment services", "کاریابی", "Việc làm"),
    "79": Label("Travel and tours", "گردشگری و سفر", "Lữ hành"),
    "80": Label("Security", "حفاظت", "Bảo vệ"),
    "81": Label("Buildings and landscape", "ساختمان و فضای سبز", "Vệ sinh nhà cửa và cảnh quan"),
    "82": Label("Office support", "پشتیبانی اداری", "Hỗ trợ văn phòng"),
    "O": Label("Public administration", "ادارهٔ امور عمومی", "Quản lý nhà nước"),
    "84": Label("Public administration and defence", "ادارهٔ امور عمومی و دفاع", "Quản lý nhà nước và quốc phòng"),
    "P": Label("Education", "آموزش", "Giáo dục"),
    "85": Label("Education", "آموزش", "Giáo dục và đào tạo"),
    "Q": Label("Health and social work", "بهداشت و مددکاری", "Y tế và trợ giúp xã hội"),
    "86": Label("Human health", "سلامت", "Y tế"),
    "87": Label("Residential care", "مراقبت شبانه‌روزی", "Chăm sóc tập trung"),
    "88": Label("Social work without accommodation", "مددکاری بدون اقامت", "Trợ giúp xã hội không tập trung"),
    "R": Label("Arts, entertainment and recreation", "هنر، سرگرمی و تفریح", "Nghệ thuật, vui chơi và giải trí"),
    "90": Label("Creative and arts activities", "فعالیت‌های خلاق و هنری", "Sáng tác và nghệ thuật"),
    "91": Label("Libraries, archives and museums", "کتابخانه، آرشیو و موزه", "Thư viện, lưu trữ và bảo tàng"),
    "92": Label("Gambling", "شرط‌بندی", "Xổ số, cá cược"),
    "93": Label("Sports and recreation", "ورزش و تفریح", "Thể thao và giải trí"),
    "S": Label("Other services", "سایر خدمات", "Dịch vụ khác"),
    "94": Label("Membership organisations", "تشکل‌های عضومحور", "Hội và hiệp hội"),
    "95": Label("Repair of goods", "تعمیر کالا", "Sửa chữa đồ dùng"),
    "96": Label("Other personal services", "سایر خدمات شخصی", "Dịch vụ cá nhân khác"),
    "T": Label("Households as employers", "خانوارهای کارفرما", "Hộ gia đình làm chủ"),
    "97": Label("Domestic staff", "کارکنان خانگی", "Làm thuê trong hộ gia đình"),
    "98": Label("Own-use production of households", "تولید خانگی", "Tự sản xuất của hộ gia đình"),
    "U": Label("Extraterritorial organisations", "سازمان‌های برون‌مرزی", "Tổ chức quốc tế"),
    "99": Label("Extraterritorial organisations", "سازمان‌های برون‌مرزی", "Tổ chức quốc tế"),
}

_SECTION_OF: dict[str, str] = {}
for _code in SECTORS:
    if _code.isalpha():
        _section = _code
    else:
        _SECTION_OF[_code] = _section

_CODE = re.compile(r"[A-U]|\d{2,4}")


def is_sector(code: str) -> bool:
    """Whether this is a section, or a number within a known division."""
    return bool(_CODE.fullmatch(code)) and code[:2] in SECTORS


def sector_name(code: str) -> Label:
    """The name of a section or of a number's division. Raises KeyError for what is no sector."""
    return SECTORS[code[:2]]


def is_within(code: str, wanted: str) -> bool:
    """Whether a sector is the wanted one or part of it: 6201 is within 62 and within J."""
    return code.startswith(wanted) or _SECTION_OF.get(code[:2]) == wanted


def sector_path(code: str) -> tuple[str, ...]:
    """A known sector with what it is part of, the section first: C, 23, 2393."""
    division = code[:2] if not code.isalpha() else ""
    section = _SECTION_OF[division] if division else code
    return tuple(dict.fromkeys(part for part in (section, division, code) if part))
