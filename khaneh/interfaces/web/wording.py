"""Codes as words for readers: forms of material, languages, scripts, relator codes. Labels of the domains' own lists stay with them."""

from __future__ import annotations

from functools import lru_cache

import icu

from khaneh.domains.discovery import registry
from khaneh.kernel.labels import Label

FORMS: dict[str, Label] = {
    "book": Label("Book", "کتاب", "Sách"),
    "serial": Label("Periodical", "نشریه", "Báo, tạp chí"),
    "music": Label("Music score", "نت موسیقی", "Bản nhạc"),
    "recording": Label("Recording", "صوت", "Bản ghi âm"),
    "map": Label("Map", "نقشه", "Bản đồ"),
    "visual": Label("Picture or film", "تصویر یا فیلم", "Tranh ảnh, phim"),
    "manuscript": Label("Manuscript", "دست‌نویس", "Bản thảo viết tay"),
    "archive": Label("Archive", "سند آرشیوی", "Tài liệu lưu trữ"),
    "electronic": Label("Electronic resource", "منبع الکترونیکی", "Tài liệu điện tử"),
    "object": Label("Object", "شیء", "Hiện vật"),
    "mixed": Label("Mixed material", "مواد گوناگون", "Tài liệu hỗn hợp"),
}

ROLES: dict[str, Label] = {
    "trl": Label("translator", "مترجم", "người dịch"),
    "edt": Label("editor", "ویراستار", "biên tập"),
    "ill": Label("illustrator", "تصویرگر", "minh họa"),
    "com": Label("compiler", "گردآورنده", "sưu tầm"),
    "aui": Label("author of introduction", "مقدمه‌نویس", "viết lời giới thiệu"),
    "cmm": Label("commentator", "شارح", "chú giải"),
    "cmp": Label("composer", "آهنگساز", "nhạc sĩ"),
    "prf": Label("performer", "اجراکننده", "biểu diễn"),
    "nrt": Label("narrator", "گوینده", "người kể"),
    "pht": Label("photographer", "عکاس", "nhiếp ảnh"),
    "art": Label("artist", "هنرمند", "họa sĩ"),
    "pbl": Label("publisher", "ناشر", "nhà xuất bản"),
    "contributor": Label("contributor", "همکار", "cộng tác"),
}

_LINKS: dict[str, Label] = {
    "series": Label("Series", "فروست", "Tùng thư"),
    "host": Label("Part of", "بخشی از", "Nằm trong"),
    "original": Label("Original", "اثر اصلی", "Nguyên tác"),
    "translation": Label("Translation", "ترجمه", "Bản dịch"),
    "earlier": Label("Earlier title", "عنوان پیشین", "Nhan đề trước"),
    "later": Label("Later title", "عنوان پسین", "Nhan đề sau"),
    "online": Label("Online", "آنلاین", "Trực tuyến"),
    "related": Label("See also", "نیز ببینید", "Xem thêm"),
}

_YES: dict[str, Label] = {
    "available": Label("Available now", "موجود", "Có sẵn ngay"),
    "digital": Label("Read online", "خواندن آنلاین", "Đọc trực tuyến"),
}

# ICU knows the terminological codes; catalogues use the bibliographic ones.
_BIBLIOGRAPHIC = {
    "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl", "fre": "fr", "geo": "ka",
    "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "may": "ms", "mao": "mi", "per": "fa", "rum": "ro", "slo": "sk",
    "tib": "bo", "wel": "cy",
}  # fmt: skip
_SPECIAL = {
    "mul": Label("Several languages", "چندزبانه", "Nhiều ngôn ngữ"),
    "und": Label("Language not stated", "زبان نامشخص", "Không xác định ngôn ngữ"),
    "zxx": Label("No words", "بدون کلام", "Không có lời"),
}
_OURS = {"kur": Label("Kurdish", "کردی", "Tiếng Kurd"), "per": Label("Persian", "فارسی", "Tiếng Ba Tư")}


def form_name(code: str, language: str) -> str:
    """A form of material in the reader's language."""
    return FORMS[code].pick(language) if code in FORMS else code


def role_name(code: str, language: str) -> str:
    """What an agent did, or an empty string for the creator and for codes without a word here."""
    return ROLES[code].pick(language) if code in ROLES else ""


def link_name(kind: str, language: str) -> str:
    """How a related record is related."""
    return _LINKS[kind].pick(language) if kind in _LINKS else ""


@lru_cache(maxsize=2048)
def language_name(code: str, language: str) -> str:
    """A language (ISO 639-2/B) in the reader's language; the code itself where nobody has a name."""
    named = _OURS.get(code) or _SPECIAL.get(code)
    if named:
        return named.pick(language)
    shown = str(icu.Locale(_BIBLIOGRAPHIC.get(code, code)).getDisplayLanguage(icu.Locale(language)))
    return shown[:1].upper() + shown[1:] if shown else code


@lru_cache(maxsize=512)
def script_name(code: str, language: str) -> str:
    """A script (ISO 15924) in the reader's language."""
    shown = str(icu.Locale(f"und_{code}").getDisplayScript(icu.Locale(language)))
    return shown[:1].upper() + shown[1:] if shown else code


def facet_value(name: str, value: str, language: str) -> str:
    """A facet's value for people: what its domain says of it, else what is known here, else as it is."""
    facet = registry.facet(name)
    if facet and facet.describe:
        return facet.describe(value, language)
    if name == "kind":
        kind = registry.kind(value)
        return kind.label.pick(language) if kind else value
    if name in _YES:
        return _YES[name].pick(language)
    if name == "form":
        return form_name(value, language)
    if name == "language":
        return language_name(value, language)
    if name == "script":
        return script_name(value, language)
    return value.rsplit("/", 1)[-1]
