"""What can be wrong with a record, as stable codes with facts, and what to call it in three languages.

A `note` was certain and is repaired; a `doubt` needs a person; a `fatal` means that there is no record. Nothing here finds problems.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from khaneh.kernel.labels import Label

Severity = Literal["note", "doubt", "fatal"]


class Problem(NamedTuple):
    """One finding. `facts` can be written as JSON: offsets in bytes, tags, encodings, counts."""

    code: str
    severity: Severity
    facts: dict[str, Any]

    @property
    def label(self) -> Label:
        """What to show to a person."""
        return LABELS[self.code]


LABELS: dict[str, Label] = {
    # The text
    "leader-encoding-wrong": Label("The leader names another encoding than the record is in", "رهبرگ رمزگذاری دیگری جز رمزگذاری واقعی پیشینه را نام می‌برد", "Đầu biểu ghi khai báo bảng mã khác với bảng mã thực tế"),
    "encoding-unlike-file": Label("The record is in another encoding than the rest of the file", "رمزگذاری این پیشینه با بقیهٔ فایل فرق دارد", "Biểu ghi dùng bảng mã khác với phần còn lại của tệp"),
    "mixed-encodings": Label("Fields of one record are in different encodings", "فیلدهای یک پیشینه رمزگذاری‌های متفاوتی دارند", "Các trường trong cùng một biểu ghi dùng bảng mã khác nhau"),
    "encoding-unsure": Label("The encoding could not be decided", "رمزگذاری قابل تشخیص نبود", "Không xác định được bảng mã"),
    "undecodable": Label("Some bytes have no meaning in the encoding", "برخی بایت‌ها در این رمزگذاری معنایی ندارند", "Một số byte không có nghĩa trong bảng mã này"),
    "garbled-text": Label("The text looks garbled: it was converted from the wrong encoding earlier", "متن به‌هم‌ریخته به نظر می‌رسد: پیش‌تر با رمزگذاری نادرست تبدیل شده است", "Văn bản có vẻ bị lỗi phông: trước đó đã được chuyển từ sai bảng mã"),
    "replacement-characters": Label("The source itself lost characters (U+FFFD)", "نویسه‌هایی در خود منبع از دست رفته است (U+FFFD)", "Bản nguồn đã mất ký tự (U+FFFD)"),
    "control-characters": Label("Control characters stand in the text", "نویسه‌های کنترلی در متن هست", "Có ký tự điều khiển trong văn bản"),
    "bidi-controls": Label("Invisible direction controls stand in the text", "نویسه‌های نامرئی جهت‌دهی در متن هست", "Có ký tự điều hướng ẩn trong văn bản"),
    # ISO 2709
    "length-wrong": Label("The record length in the leader is wrong", "طول پیشینه در رهبرگ نادرست است", "Độ dài biểu ghi trong đầu biểu sai"),
    "base-address-wrong": Label("The base address in the leader is wrong", "نشانی پایهٔ داده‌ها در رهبرگ نادرست است", "Địa chỉ gốc của dữ liệu trong đầu biểu sai"),
    "leader-broken": Label("The leader is damaged", "رهبرگ آسیب دیده است", "Đầu biểu bị hỏng"),
    "leader-short": Label("The leader is shorter than 24 characters", "رهبرگ کوتاه‌تر از ۲۴ نویسه است", "Đầu biểu ngắn hơn 24 ký tự"),
    "directory-unordered": Label("The directory is not in the order of the fields", "ترتیب فهرست راهنما با ترتیب فیلدها یکی نیست", "Thư mục không theo thứ tự các trường"),
    "directory-repaired": Label("Lengths or positions in the directory were wrong and were read from the fields", "طول‌ها یا جای فیلدها در فهرست راهنما نادرست بود و از خود فیلدها خوانده شد", "Độ dài hoặc vị trí trong thư mục sai, đã đọc lại từ các trường"),
    "directory-unsure": Label("The directory and the fields do not fit together", "فهرست راهنما با فیلدها جور در نمی‌آید", "Thư mục và các trường không khớp nhau"),
    "embedded-terminator": Label("A field holds a terminator inside its text", "نشانهٔ پایان در میان متن یک فیلد آمده است", "Ký hiệu kết thúc nằm giữa nội dung trường"),
    "truncated": Label("The record is cut off", "پیشینه ناقص و بریده است", "Biểu ghi bị cắt cụt"),
    "terminator-missing": Label("The end of the record is not marked", "پایان پیشینه نشانه‌گذاری نشده است", "Biểu ghi thiếu ký hiệu kết thúc"),
    "oversize": Label("The record is larger than the limit", "پیشینه از اندازهٔ مجاز بزرگ‌تر است", "Biểu ghi vượt quá kích thước cho phép"),
    "junk": Label("These bytes are not a record", "این بایت‌ها پیشینه نیستند", "Những byte này không phải là biểu ghi"),
    "no-fields": Label("The record has no field", "پیشینه هیچ فیلدی ندارد", "Biểu ghi không có trường nào"),
    # Fields
    "tag-odd": Label("A field tag is not three letters or digits", "برچسب فیلد سه حرف یا رقم نیست", "Nhãn trường không gồm ba chữ cái hoặc chữ số"),
    "indicator-odd": Label("A field lacks an indicator or has one too many", "نشانگرهای یک فیلد کم یا زیاد است", "Trường thiếu hoặc thừa chỉ thị"),
    "subfield-code-odd": Label("A subfield has no valid code", "فیلد فرعی شناسهٔ معتبر ندارد", "Trường con không có mã hợp lệ"),
    "text-before-subfield": Label("Text stands before the first subfield", "پیش از نخستین فیلد فرعی متنی آمده است", "Có nội dung trước trường con đầu tiên"),
    "subfields-missing": Label("A data field has no subfield", "فیلد داده هیچ فیلد فرعی ندارد", "Trường dữ liệu không có trường con"),
    "dialect-unlike-file": Label("The record is in another MARC dialect than the rest of the file", "گویش مارک این پیشینه با بقیهٔ فایل فرق دارد", "Biểu ghi dùng biến thể MARC khác với phần còn lại của tệp"),
    # XML, JSON and lines
    "xml-broken": Label("The XML is not well-formed", "ساختار XML درست نیست", "XML không đúng cấu trúc"),
    "xml-entity": Label("The XML uses an entity that is not read", "XML موجودیتی دارد که خوانده نمی‌شود", "XML dùng một thực thể không được đọc"),
    "xml-characters": Label("Characters that XML forbids were left out", "نویسه‌هایی که در XML مجاز نیست کنار گذاشته شد", "Đã bỏ các ký tự mà XML không cho phép"),
    "xml-structure": Label("An element lacks its tag or code", "یک عنصر برچسب یا شناسهٔ خود را ندارد", "Một phần tử thiếu nhãn hoặc mã"),
    "json-broken": Label("The JSON cannot be parsed", "JSON قابل خواندن نیست", "Không đọc được JSON"),
    "json-structure": Label("The JSON is not a MARC record", "این JSON پیشینهٔ مارک نیست", "JSON không phải là biểu ghi MARC"),
    "line-broken": Label("A line cannot be read as a field", "سطری را نمی‌توان به‌صورت فیلد خواند", "Có dòng không đọc được thành trường"),
    # Tables
    "row-without-title": Label("The row has no title", "این سطر عنوان ندارد", "Dòng không có nhan đề"),
    "row-cells": Label("The row has more cells than the table has columns", "این سطر بیش از ستون‌های جدول خانه دارد", "Dòng có nhiều ô hơn số cột của bảng"),
    "columns-unknown": Label("No column says which is the title", "معلوم نیست کدام ستون عنوان است", "Không rõ cột nào là nhan đề"),
    # The file
    "format-unknown": Label("The file is in no format that can be read", "قالب فایل شناخته نشد", "Không nhận dạng được định dạng tệp"),
    "compression-broken": Label("The compressed file is damaged", "فایل فشرده آسیب دیده است", "Tệp nén bị hỏng"),
}  # fmt: skip


def note(code: str, /, **facts: Any) -> Problem:
    """Something that was certain and is repaired."""
    return Problem(code, "note", facts)


def doubt(code: str, /, **facts: Any) -> Problem:
    """Something that a person has to decide."""
    return Problem(code, "doubt", facts)


def fatal(code: str, /, **facts: Any) -> Problem:
    """The reason why there is no record."""
    return Problem(code, "fatal", facts)
