"""The encodings that library catalogues come in: one strict pair `decode`/`encode` for all, and names that a person can pick from.

Only bytes and text are known here; what a record is, and which encoding a file has, is decided elsewhere (`guess`, `read`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from khaneh.formats.marc.encodings import iso5426, marc8, persian, unimarc_sets, vietnamese
from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError
from khaneh.kernel.labels import Label

__all__ = ["ENCODINGS", "DecodeError", "EncodeError", "Encoding", "canonical", "choices", "decode", "encode"]


class Encoding(NamedTuple):
    """One encoding. `languages` says where it is met, most typical first."""

    name: str
    label: Label
    languages: tuple[str, ...]
    decode: Callable[[bytes], str]
    encode: Callable[[str], bytes]


def _python(name: str, codec: str, label: Label, languages: str) -> Encoding:
    """A codec of the standard library behind the same two errors."""

    def decode_bytes(data: bytes) -> str:
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            raise DecodeError(name, error.start, f"0x{data[error.start]:02X} {error.reason}") from error

    def encode_text(text: str) -> bytes:
        try:
            return text.encode(codec)
        except UnicodeEncodeError as error:
            raise EncodeError(name, error.start, text[error.start]) from error

    return Encoding(name, label, tuple(languages.split()), decode_bytes, encode_text)


def _own(codec: object, label: Label, languages: str) -> Encoding:
    """One of the codecs of this package."""
    name: str = getattr(codec, "name", "") or codec.NAME  # type: ignore[attr-defined]  # a module has NAME, an object has name
    return Encoding(name, label, tuple(languages.split()), codec.decode, codec.encode)  # type: ignore[attr-defined]


ENCODINGS: dict[str, Encoding] = {
    encoding.name: encoding
    for encoding in (
        _python("utf-8", "utf-8", Label("Unicode (UTF-8)", "یونیکد (UTF-8)", "Unicode (UTF-8)"), "fa vi en ar"),
        _own(marc8, Label("MARC-8", "MARC-8 (مارک ۸)", "MARC-8"), "en ar fa"),
        _python("windows-1256", "cp1256", Label("Arabic and Persian, Windows (1256)", "فارسی و عربی ویندوز (۱۲۵۶)", "Tiếng Ba Tư và Ả Rập, Windows (1256)"), "fa ar"),
        _own(persian.IRAN_SYSTEM, Label("Iran System (DOS)", "ایران سیستم (داس)", "Iran System (DOS)"), "fa"),
        _own(persian.IRAN_SYSTEM_LOGICAL, Label("Iran System in reading order", "ایران سیستم به ترتیب خواندن", "Iran System theo thứ tự đọc"), "fa"),
        _own(persian.ISIRI_3342, Label("ISIRI 3342", "استاندارد ملی ۳۳۴۲", "ISIRI 3342 (Iran)"), "fa"),
        _python("iso-8859-6", "iso8859_6", Label("Arabic (ISO 8859-6)", "عربی (ISO 8859-6)", "Tiếng Ả Rập (ISO 8859-6)"), "ar"),
        _own(vietnamese.TCVN3, Label("Vietnamese TCVN3 (ABC fonts)", "ویتنامی TCVN3 (قلم‌های ABC)", "TCVN3 (phông ABC)"), "vi"),
        _own(vietnamese.VNI, Label("Vietnamese VNI (Windows fonts)", "ویتنامی VNI (قلم‌های ویندوز)", "VNI (phông VNI Windows)"), "vi"),
        _own(vietnamese.WINDOWS_1258, Label("Vietnamese, Windows (1258)", "ویتنامی ویندوز (۱۲۵۸)", "Tiếng Việt, Windows (1258)"), "vi"),
        _own(vietnamese.VISCII, Label("Vietnamese VISCII", "ویتنامی VISCII", "VISCII"), "vi"),
        _own(vietnamese.VPS, Label("Vietnamese VPS", "ویتنامی VPS", "VPS"), "vi"),
        _python("windows-1252", "cp1252", Label("Western, Windows (1252)", "غربی ویندوز (۱۲۵۲)", "Tây Âu, Windows (1252)"), "en fr de es"),
        _python("iso-8859-1", "latin-1", Label("Western (ISO 8859-1)", "غربی (ISO 8859-1)", "Tây Âu (ISO 8859-1)"), "en fr de es"),
        _python("iso-8859-2", "iso8859_2", Label("Central European (ISO 8859-2)", "اروپای مرکزی (ISO 8859-2)", "Trung Âu (ISO 8859-2)"), "cs pl hu ro"),
        _own(iso5426, Label("Extended Latin of UNIMARC (ISO 5426)", "لاتین گسترده یونی‌مارک (ISO 5426)", "Latinh mở rộng của UNIMARC (ISO 5426)"), "fr it ro"),
        _python("windows-1251", "cp1251", Label("Cyrillic, Windows (1251)", "سیریلیک ویندوز (۱۲۵۱)", "Kirin, Windows (1251)"), "ru"),
        _python("cp866", "cp866", Label("Cyrillic, DOS (866)", "سیریلیک داس (۸۶۶)", "Kirin, DOS (866)"), "ru"),
        _python("koi8-r", "koi8_r", Label("Cyrillic (KOI8-R)", "سیریلیک (KOI8-R)", "Kirin (KOI8-R)"), "ru"),
        _own(unimarc_sets.BASIC_CYRILLIC, Label("Cyrillic of UNIMARC (ISO registration 37)", "سیریلیک یونی‌مارک (ISO-IR 37)", "Kirin của UNIMARC (ISO-IR 37)"), "ru bg sr"),
        _own(unimarc_sets.EXTENDED_CYRILLIC, Label("Extended Cyrillic of UNIMARC (ISO 5427)", "سیریلیک گسترده یونی‌مارک (ISO 5427)", "Kirin mở rộng của UNIMARC (ISO 5427)"), "uk sr mk"),
        _own(unimarc_sets.GREEK, Label("Greek of UNIMARC (ISO 5428)", "یونانی یونی‌مارک (ISO 5428)", "Hy Lạp của UNIMARC (ISO 5428)"), "el"),
    )
}  # fmt: skip

_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "unicode": "utf-8",
    "marc8": "marc-8", "ansel": "marc-8",
    "cp1256": "windows-1256", "cp1258": "windows-1258", "cp1252": "windows-1252", "cp1251": "windows-1251",
    "latin-1": "iso-8859-1", "latin1": "iso-8859-1", "iso8859-1": "iso-8859-1", "iso8859-2": "iso-8859-2", "iso8859-6": "iso-8859-6",
    "tcvn": "tcvn3", "abc": "tcvn3", "tcvn-5712": "tcvn3", "ibm866": "cp866", "isiri3342": "isiri-3342", "iransystem": "iran-system",
}  # fmt: skip


def canonical(name: str) -> str | None:
    """The name used here for an encoding named in a file or by a person, or None for one that is not known."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    key = _ALIASES.get(key, key)
    return key if key in ENCODINGS else None


def choices() -> list[tuple[str, Label]]:
    """What a select box offers, in the order of the table."""
    return [(encoding.name, encoding.label) for encoding in ENCODINGS.values()]


def decode(data: bytes, name: str) -> str:
    """The text of `data`. Raises DecodeError with the position; KeyError for an unknown name.

    `utf-8/NAME` undoes an earlier mistake: bytes in NAME were taken for windows-1252 and then written as UTF-8.
    """
    outer, slash, inner = name.partition("/")
    if not slash:
        return ENCODINGS[name].decode(data)
    original = bytearray()
    for position, character in enumerate(ENCODINGS[outer].decode(data)):
        try:
            original += character.encode("cp1252")
        except UnicodeEncodeError:
            if character > "\xff":
                raise DecodeError(name, position, f"U+{ord(character):04X} is no byte") from None
            original.append(ord(character))
    return ENCODINGS[inner].decode(bytes(original))


def encode(text: str, name: str) -> bytes:
    """The bytes of `text`. Raises EncodeError with the position; KeyError for an unknown name."""
    return ENCODINGS[name].encode(text)
