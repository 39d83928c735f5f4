"""What a column of a library's own table means: the targets that a column can have, and the names by which they are known.

A target is a name from TARGETS or a place in MARC21 such as `650$a`. Nothing here builds records (`table`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from khaneh.kernel.labels import Label


class Target(NamedTuple):
    """A meaning of a column: where it goes in MARC21, what to call it, and the column names that are understood."""

    place: str
    label: Label
    names: str  # separated by |


TARGETS: dict[str, Target] = {
    "control_number": Target("001", Label("Record number", "شمارهٔ پیشینه", "Số biểu ghi"), "id|no|record number|control number|system number|mfn|rid|row|stt|số thứ tự|mã|mã sách|mã tài liệu|số biểu ghi|شماره|ردیف|شماره ردیف|شماره رکورد|شماره پیشینه|شماره مدرک|کد کتاب|کد"),
    "isbn": Target("020$a", Label("ISBN", "شابک", "ISBN"), "isbn|isbn10|isbn13|isbn 13|isbn 10|شابک|شابک کتاب|chỉ số isbn|mã isbn|số isbn"),
    "issn": Target("022$a", Label("ISSN", "شاپا", "ISSN"), "issn|شاپا|số issn|mã issn"),
    "language": Target("041$a", Label("Language", "زبان", "Ngôn ngữ"), "language|lang|زبان|زبان کتاب|زبان اثر|ngôn ngữ|tiếng"),
    "author": Target("100$a", Label("Author", "پدیدآور", "Tác giả"), "author|authors|main author|creator|written by|نویسنده|نویسندگان|مولف|مؤلف|پدیدآور|پدیدآورنده|پدید آورنده|پدیدآوران|سرشناسه|نام نویسنده|نام مولف|شاعر|tác giả|tên tác giả|tác giả chính|người viết|nhà văn"),
    "title": Target("245$a", Label("Title", "عنوان", "Nhan đề"), "title|main title|book title|book name|name|عنوان|نام کتاب|عنوان کتاب|عنوان اصلی|نام اثر|عنوان اثر|nhan đề|tên sách|tựa đề|tiêu đề|tên tài liệu|nhan đề chính|tên ấn phẩm|đầu sách|tựa sách"),
    "subtitle": Target("245$b", Label("Subtitle", "عنوان فرعی", "Phụ đề"), "subtitle|sub title|other title|عنوان فرعی|زیرعنوان|عنوان دوم|phụ đề|nhan đề phụ|tên phụ"),
    "responsibility": Target("245$c", Label("Statement of responsibility", "شرح پدیدآور", "Thông tin trách nhiệm"), "statement of responsibility|responsibility|شرح پدیدآور|تکرار نام پدیدآور|تکرار نام نویسنده|thông tin trách nhiệm|minh xác trách nhiệm"),
    "edition": Target("250$a", Label("Edition", "ویرایش", "Lần xuất bản"), "edition|ویرایش|ویراست|نوبت چاپ|چاپ|lần xuất bản|lần in|tái bản|lần tái bản"),
    "place": Target("264$a", Label("Place of publication", "محل نشر", "Nơi xuất bản"), "place|place of publication|city|محل نشر|محل انتشار|شهر|محل چاپ|nơi xuất bản|nơi xb"),
    "publisher": Target("264$b", Label("Publisher", "ناشر", "Nhà xuất bản"), "publisher|press|ناشر|انتشارات|نام ناشر|مشخصات نشر|nhà xuất bản|nxb|nhà xb|nơi phát hành"),
    "year": Target("264$c", Label("Year", "سال نشر", "Năm xuất bản"), "year|date|publication year|year of publication|pub year|published|سال|سال نشر|تاریخ نشر|سال انتشار|سال چاپ|تاریخ انتشار|năm|năm xuất bản|năm xb|năm in"),
    "extent": Target("300$a", Label("Pages", "صفحه‌شمار", "Số trang"), "pages|extent|number of pages|page count|physical description|صفحه|صفحات|تعداد صفحات|تعداد صفحه|صفحه شمار|مشخصات ظاهری|số trang|trang|khối lượng|mô tả vật lý"),
    "dimensions": Target("300$c", Label("Size", "اندازه", "Khổ"), "size|dimensions|format|height|قطع|اندازه|ابعاد|khổ|khổ sách|khổ cỡ|kích thước"),
    "series": Target("490$a", Label("Series", "فروست", "Tùng thư"), "series|فروست|مجموعه|سری|tùng thư|bộ sách|tủ sách"),
    "volume": Target("245$n", Label("Volume", "جلد", "Tập"), "volume|vol|part|جلد|شماره جلد|دوره|tập|quyển|số tập"),
    "note": Target("500$a", Label("Note", "یادداشت", "Ghi chú"), "note|notes|remark|remarks|یادداشت|توضیحات|ملاحظات|ghi chú|phụ chú|chú thích"),
    "summary": Target("520$a", Label("Summary", "چکیده", "Tóm tắt"), "summary|abstract|description|چکیده|خلاصه|معرفی|معرفی کتاب|tóm tắt|nội dung|giới thiệu"),
    "subject": Target("650$a", Label("Subject", "موضوع", "Chủ đề"), "subject|subjects|topic|keyword|keywords|category|موضوع|موضوعات|کلیدواژه|کلیدواژه ها|موضوع اصلی|رده موضوعی|chủ đề|từ khóa|từ khoá|thể loại|đề mục chủ đề|lĩnh vực"),
    "contributor": Target("700$a", Label("Contributor", "همکار", "Đồng tác giả"), "contributor|contributors|co author|other authors|editor|پدیدآور همکار|شناسه افزوده|همکار|ویراستار|سایر پدیدآوران|đồng tác giả|tác giả phụ|tác giả khác|biên soạn|chủ biên|người hiệu đính"),
    "translator": Target("700$a", Label("Translator", "مترجم", "Người dịch"), "translator|translated by|مترجم|مترجمان|مترجمین|نام مترجم|برگرداننده|người dịch|dịch giả|dịch"),
    "classification": Target("082$a", Label("Classification number", "شمارهٔ رده‌بندی", "Ký hiệu phân loại"), "ddc|dewey|classification|class number|رده بندی دیویی|شماره دیویی|دیویی|رده دیویی|phân loại|ký hiệu phân loại|chỉ số ddc|phân loại ddc|số phân loại"),
    "url": Target("856$u", Label("Link", "پیوند", "Liên kết"), "url|link|web|website|پیوند|لینک|نشانی اینترنتی|liên kết|đường dẫn"),
    "call_number": Target("952$o", Label("Call number", "شمارهٔ بازیابی", "Ký hiệu xếp giá"), "call number|callnumber|shelf mark|shelfmark|call no|شماره بازیابی|راهنما|شماره راهنما|رده|رده بندی|رده بندی کنگره|شماره رده بندی|ký hiệu xếp giá|xếp giá|số gọi|ký hiệu kho"),
    "barcode": Target("952$p", Label("Barcode", "بارکد", "Mã vạch"), "barcode|bar code|item number|accession number|accession|copy id|بارکد|شماره ثبت|شماره اموال|شماره ثبت کتاب|رمزینه|mã vạch|số đkcb|đkcb|số đăng ký cá biệt|đăng ký cá biệt|mã xếp giá|số đăng ký"),
    "house": Target("952$a", Label("Library", "کتابخانه", "Thư viện"), "library|branch|house|home branch|کتابخانه|شعبه|نام کتابخانه|مرکز|thư viện|chi nhánh|tên thư viện|đơn vị"),
    "location": Target("952$c", Label("Location", "محل نگهداری", "Kho"), "location|shelf|shelving location|collection|room|محل نگهداری|قفسه|مخزن|بخش|محل|kho|vị trí|kệ|giá sách|nơi lưu trữ|giá để|phòng"),
    "price": Target("952$g", Label("Price", "بها", "Giá"), "price|cost|بها|قیمت|قیمت کتاب|مبلغ|giá|giá tiền|giá bìa|đơn giá|giá sách vnd"),
    "copy_number": Target("952$t", Label("Copy number", "نسخه", "Bản số"), "copy|copy number|copies|نسخه|شماره نسخه|تعداد نسخه|bản|bản số|số bản|số lượng"),
    "acquired": Target("952$d", Label("Date acquired", "تاریخ ثبت", "Ngày nhập"), "acquired|date acquired|acquisition date|date added|تاریخ ثبت|تاریخ خرید|تاریخ ورود|ngày nhập|ngày nhập kho|ngày bổ sung"),
}  # fmt: skip

PLACE = re.compile(r"(?P<tag>[0-9A-Za-z]{3})(?:\$(?P<code>[0-9a-z]))?\Z")
_FOLD = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "\u200c": " ",
        "\u200f": "",
        "\u200e": "",
        "ـ": "",
    }
)
_NOT_LETTERS = re.compile(r"[^\w]+")


def fold(name: str) -> str:
    """A column name without case, punctuation, Arabic letter variants, joiners and vowel signs."""
    composed = unicodedata.normalize("NFC", name).casefold().translate(_FOLD)
    return _NOT_LETTERS.sub(" ", composed.replace("_", " ")).strip()


_BY_NAME = {fold(name): target for target, (_, _, names) in TARGETS.items() for name in names.split("|")}


def target_of(column: str) -> str | None:
    """The target that a column name stands for: a known name in one of the languages, or a MARC place such as `245$a`."""
    if "$" in column and PLACE.match(column.strip()):
        return column.strip()
    folded = fold(column)
    found = _BY_NAME.get(folded)
    if found is None and " " in folded:
        # `Title (main)`, `ISBN 1`: the name with a number or a remark behind it.
        found = _BY_NAME.get(folded.rstrip("0123456789 ")) or _BY_NAME.get(
            fold(re.split(r"[(\[:/،-]", column, maxsplit=1)[0])
        )
    return found


def suggest(columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """A mapping for the columns that are understood, first column first; only one column becomes the title."""
    found: list[tuple[str, str]] = []
    used: set[str] = set()
    for column in columns:
        target = target_of(column)
        if target is None or (target in used and target in ("title", "control_number")):
            continue
        used.add(target)
        found.append((column, target))
    return tuple(found)


def valid_target(target: str) -> bool:
    """Whether a mapping may name this target."""
    return target in TARGETS or bool(PLACE.match(target))
