"""Vietnamese encodings before Unicode: TCVN 5712 (known by its fonts as TCVN3 or ABC), VISCII, VPS, VNI and windows-1258.

Codes below 0x20 that hold letters are kept, except 0x1B to 0x1F, which are the delimiters of a MARC record.
"""

from __future__ import annotations

import re
import unicodedata

from khaneh.formats.marc.encodings.charmap import Charmap, rows
from khaneh.formats.marc.encodings.errors import DecodeError, EncodeError

_TCVN = {
    0x01: "Ú",
    0x02: "Ụ",
    0x04: "Ừ",
    0x05: "Ử",
    0x06: "Ữ",
    0x11: "Ứ",
    0x12: "Ự",
    0x13: "Ỳ",
    0x14: "Ỷ",
    0x15: "Ỹ",
    0x16: "Ý",
    0x17: "Ỵ",
    **rows(0x80, "À Ả Ã Á Ạ Ặ Ậ È Ẻ Ẽ É Ẹ Ệ Ì Ỉ Ĩ"),
    **rows(0x90, "Í Ị Ò Ỏ Õ Ó Ọ Ộ Ờ Ở Ỡ Ớ Ợ Ù Ủ Ũ"),
    **rows(0xA0, "· Ă Â Ê Ô Ơ Ư Đ ă â ê ô ơ ư đ Ằ"),
    **rows(0xB0, "· · · · · à ả ã á ạ Ẳ ằ ẳ ẵ ắ Ẵ"),
    **rows(0xC0, "Ắ Ầ Ẩ Ẫ Ấ Ề ặ ầ ẩ ẫ ấ ậ è Ể ẻ ẽ"),
    **rows(0xD0, "é ẹ ề ể ễ ế ệ ì ỉ Ễ Ế Ồ ĩ í ị ò"),
    **rows(0xE0, "Ổ ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù"),
    **rows(0xF0, "Ỗ ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ Ố"),
    0xA0: "\u00a0",
    0xB0: "\u0300",
    0xB1: "\u0309",
    0xB2: "\u0303",
    0xB3: "\u0301",
    0xB4: "\u0323",
}

_VISCII = {
    0x02: "Ẳ",
    0x05: "Ẵ",
    0x06: "Ẫ",
    0x14: "Ỷ",
    0x19: "Ỹ",
    **rows(0x80, "Ạ Ắ Ằ Ặ Ấ Ầ Ẩ Ậ Ẽ Ẹ Ế Ề Ể Ễ Ệ Ố"),
    **rows(0x90, "Ồ Ổ Ỗ Ộ Ợ Ớ Ờ Ở Ị Ỏ Ọ Ỉ Ủ Ũ Ụ Ỳ"),
    **rows(0xA0, "Õ ắ ằ ặ ấ ầ ẩ ậ ẽ ẹ ế ề ể ễ ệ ố"),
    **rows(0xB0, "ồ ổ ỗ Ỡ Ơ ộ ờ ở ị Ự Ứ Ừ Ử ơ ớ Ư"),
    **rows(0xC0, "À Á Â Ã Ả Ă ẳ ẵ È É Ê Ẻ Ì Í Ĩ ỳ"),
    **rows(0xD0, "Đ ứ Ò Ó Ô ạ ỷ ừ ử Ù Ú ỹ ỵ Ý ỡ ư"),
    **rows(0xE0, "à á â ã ả ă ữ ẫ è é ê ẻ ì í ĩ ỉ"),
    **rows(0xF0, "đ ự ò ó ô õ ỏ ọ ụ ù ú ũ ủ ý ợ Ữ"),
}

_VPS = {
    0x02: "Ạ",
    0x03: "Ậ",
    0x04: "Ặ",
    0x05: "Ẹ",
    0x06: "Ệ",
    0x10: "Ị",
    0x11: "Ọ",
    0x12: "Ộ",
    0x13: "Ợ",
    0x14: "Ụ",
    0x15: "Ự",
    0x19: "Ỵ",
    **rows(0x80, "À Ả Ã Ấ Ầ Ẩ ọ ỗ Ă ế ề ể ệ Ắ Ằ Ẳ"),
    **rows(0x90, "Ế · · Ề Ể Ễ Ố Ồ Ổ Ỗ ý ỷ ỵ Ớ Ờ Ở"),
    **rows(0xA0, "· ắ ằ ẳ ẵ ặ Ỡ ớ Ù ờ ở ỡ Ũ Ứ ợ Ừ"),
    **rows(0xB0, "ổ Ử Ỳ Ỹ Í Ì ộ Ỉ Ĩ Ó ử ữ Ò Ỏ Õ ự"),
    **rows(0xC0, "ầ Á Â ấ ẩ ẫ ậ đ ẻ É Ê ẹ ỉ ễ ị ỹ"),
    **rows(0xD0, "Ư Ủ ồ ố Ô ỏ ơ È ừ ứ Ú ũ ư Ý Ẻ ·"),
    **rows(0xE0, "à á â ã ả ạ ă · è é ê ẽ ì í · ĩ"),
    **rows(0xF0, "Ẵ Đ ò ó ô õ · Ơ ụ ù ú ủ · Ỷ Ẽ ỳ"),
    0xA0: "\u00a0",
}

TCVN3 = Charmap("tcvn3", _TCVN, compose=True)
VISCII = Charmap("viscii", _VISCII)
VPS = Charmap("vps", _VPS)
WINDOWS_1258 = Charmap(
    "windows-1258",
    {byte: text for byte in range(0x80, 0x100) if (text := bytes([byte]).decode("cp1258", "ignore"))},
    compose=True,
)


class Vni:
    """VNI for Windows: a base letter, then a byte that carries its tone and shape; a few letters have a byte of their own."""

    name = "vni"
    _TONES = dict(zip("ÙØÛÕÏ", "\u0301\u0300\u0309\u0303\u0323", strict=True))
    _CIRCUMFLEX = dict(zip("ÂÁÀÅÃÄ", ("", *_TONES.values()), strict=True))
    _BREVE = dict(zip("ÊÉÈÚÜË", ("", *_TONES.values()), strict=True))
    _SINGLE = {"Ñ": "Đ", "Ô": "Ơ", "Ö": "Ư", "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ"}

    def __init__(self) -> None:
        self._pairs: dict[str, str] = {}
        for base in "AEOUYÔÖ":
            letter = self._SINGLE.get(base, base)
            for mark, tone in self._TONES.items():
                self._pairs[base + mark] = unicodedata.normalize("NFC", letter + tone)
        for base in "AEO":
            for mark, tone in self._CIRCUMFLEX.items():
                self._pairs[base + mark] = unicodedata.normalize("NFC", base + "\u0302" + tone)
        for mark, tone in self._BREVE.items():
            self._pairs["A" + mark] = unicodedata.normalize("NFC", "A\u0306" + tone)
        # A mark is written in the case of its letter.
        self._pairs |= {pair.lower(): text.lower() for pair, text in self._pairs.items()}
        self._single = self._SINGLE | {code.lower(): text.lower() for code, text in self._SINGLE.items()}
        self._codes = {text: code for code, text in (*self._pairs.items(), *self._single.items())}
        marks = "ÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
        self._token = re.compile(f"[AEOUYaeouyÔÖôö][{marks}{marks.lower()}]|[\\x80-\\xff]")

    def decode(self, data: bytes) -> str:
        """The text, or DecodeError where a mark stands without a letter."""

        def one(match: re.Match[str]) -> str:
            piece = match.group()
            # In a word of capitals typed with the shift key held loosely the mark may have the other case.
            text = self._pairs.get(piece) or self._pairs.get(piece[0] + piece[1:].swapcase()) or self._single.get(piece)
            if text is None and len(piece) == 1 and piece in "\xa0«»§°–…":
                return piece
            if text is None:
                raise DecodeError(self.name, match.start(), f"0x{ord(piece[-1]):02X} carries no letter")
            return text

        return self._token.sub(one, data.decode("latin-1"))

    def encode(self, text: str) -> bytes:
        """The bytes, or EncodeError at a letter that VNI does not have."""
        out: list[str] = []
        for position, character in enumerate(unicodedata.normalize("NFC", text)):
            code = character if character < "\x80" or character in "\xa0«»§°" else self._codes.get(character)
            if code is None:
                raise EncodeError(self.name, position, character)
            out.append(code)
        return "".join(out).encode("latin-1")


VNI = Vni()
