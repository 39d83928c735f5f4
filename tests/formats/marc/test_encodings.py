"""Every codec is strict and goes both ways."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.formats.marc.encodings import ENCODINGS, DecodeError, EncodeError, canonical, choices, decode, encode
from khaneh.formats.marc.encodings.marc8_tables import SETS, eacc
from khaneh.formats.marc.encodings.persian import order_of

VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
LATIN = " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;()-/"
PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئء"
DIGITS = "۰۱۲۳۴۵۶۷۸۹"

ALPHABETS = {
    "tcvn3": LATIN + VOWELS + "ĂÂÊÔƠƯĐ",
    "vni": LATIN + VOWELS + VOWELS.upper(),
    "viscii": LATIN + VOWELS + VOWELS.upper().replace("Ỵ", ""),
    "vps": LATIN + VOWELS + "ÀẢÃÁĂÂẤẦẨẮẰẲẴÉÈẺẼÊẾỀỂỄÍÌỈĨÓÒỎÕÔỐỒỔỖƠỚỜỞỠÚÙỦŨƯỨỪỬÝỲỶỸĐ",
    "windows-1258": LATIN + VOWELS + VOWELS.upper(),
    "windows-1256": LATIN + "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهيئءة",
    "isiri-3342": LATIN + PERSIAN + DIGITS + "\u200c،؛؟«»",
    "iso-8859-6": LATIN + "ابتثجحخدذرزسشصضطظعغفقكلمنهويةئءآأإ",
    "windows-1251": LATIN + "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВЯ",
    "cp866": LATIN + "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВЯ",
    "koi8-r": LATIN + "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВЯ",
    "windows-1252": LATIN + "àâäçéèêëîïôöùûüñßœ",
    "iso-8859-1": LATIN + "àâäçéèêëîïôöùûüñß",
    "iso-8859-2": LATIN + "ąćęłńóśźżčřšž",
    "iso-5426": LATIN + "àâäçéèêëîïôöùûüñßœøłăşţāḥ",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ALPHABETS))
@given(data=st.data())
@settings(max_examples=60)
def test_what_is_encoded_is_decoded(name: str, data: st.DataObject) -> None:
    text = data.draw(st.text(ALPHABETS[name], max_size=40))
    assert decode(encode(text, name), name) == text


@pytest.mark.parametrize("name", sorted(set(ENCODINGS) - {"iran-system", "iran-system-logical"}))
@given(data=st.binary(max_size=60))
@settings(max_examples=60)
def test_any_bytes_are_decoded_or_refused_with_a_position(name: str, data: bytes) -> None:
    text, refusal = "", None
    try:
        text = decode(data, name)
    except DecodeError as error:
        refusal = error
    if refusal is not None:
        assert 0 <= refusal.position <= len(data)
        assert refusal.encoding == name
        return
    try:
        again = encode(text, name)
    except EncodeError:
        return  # two codes for one character, composed into one that has none
    assert unicodedata.normalize("NFC", decode(again, name)) == unicodedata.normalize("NFC", text)


words = st.lists(st.text(PERSIAN, min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize("name", ["iran-system", "iran-system-logical"])
@given(text=words, number=st.integers(0, 9999))
def test_iran_system_gives_letters_in_reading_order(name: str, text: str, number: int) -> None:
    whole = f"{text} ({''.join(DIGITS[int(digit)] for digit in str(number))}) {text}"
    assert decode(encode(whole, name), name) == whole


def test_iran_system_as_written_by_others() -> None:
    """Three names from a payroll file of the Social Security Organisation, whose software is not ours."""
    assert decode(bytes.fromhex("fcf3e4"), "iran-system") == "علی"
    assert decode(bytes.fromhex("f6fea89fa2f59ff5"), "iran-system") == "محمدحسین"
    assert encode("حسن", "iran-system").hex() == "f6a89f"


def test_iran_system_keeps_the_half_space_and_numbers_and_latin_words() -> None:
    text = "می‌رود کتاب Computer Science 101، چاپ ۱۳۷۸ (تهران)"
    assert decode(encode(text, "iran-system"), "iran-system") == text
    assert order_of(encode(text, "iran-system")) == "visual"
    assert order_of(encode(text, "iran-system-logical")) == "logical"
    with pytest.raises(DecodeError):
        decode(b"\xb3", "iran-system")  # a box-drawing shape


@pytest.mark.parametrize(
    "text",
    [
        "پچگژک",
        "Étude à Hà Nội, đường Lý Thường Kiệt",
        "Ἑλλάς",
        "Достоевский ё ї",
        "שלום",
        "日本語の本",
        "H₂O x² α",
        "ی ە",
    ],
)
def test_marc8_holds_what_others_lose(text: str) -> None:
    data = encode(text, "marc-8")
    assert data.isascii() or b"\x1b" in data or max(data) > 0x80
    assert unicodedata.normalize("NFC", decode(data, "marc-8")) == unicodedata.normalize("NFC", text)


def test_marc8_extended_arabic_in_g0_is_letters_and_not_spaces() -> None:
    assert decode(b"\x1b(4)1^DX\x1b(B", "marc-8") == "پچگژک"


@pytest.mark.parametrize("final", sorted(SETS))
def test_marc8_every_code_of_every_set(final: int) -> None:
    shift = bytes((0x1B, final)) if final in (0x62, 0x67, 0x70) else bytes((0x1B, 0x28, final))
    for code, (character, mark) in SETS[final].items():
        if mark:
            continue
        assert decode(shift + bytes((code,)), "marc-8") == character
        back = decode(encode(character, "marc-8"), "marc-8")
        assert unicodedata.normalize("NFC", back) == unicodedata.normalize("NFC", character)


def test_marc8_every_east_asian_code() -> None:
    for code, (character, _) in eacc().items():
        assert decode(b"\x1b$1" + code.to_bytes(3, "big") + b"\x1b(B", "marc-8") == character
        assert decode(encode(character, "marc-8"), "marc-8") == character


@pytest.mark.parametrize(
    "data",
    [b"\x1b(4yz\x1b(B", b"\xe2", b"abc\x1b", b"\x1b(", b"\x1b$1!B", b"\xff", b"\x85", b"\x1b(Zabc", b"\xdf\xd0"],
)
def test_marc8_unknown_codes_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data, "marc-8")


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="&"), max_size=30
    )
)
def test_marc8_round_trip_of_any_text(text: str) -> None:
    assert unicodedata.normalize("NFC", decode(encode(text, "marc-8"), "marc-8")) == unicodedata.normalize("NFC", text)


@pytest.mark.skipif(shutil.which("yaz-iconv") is None, reason="needs yaz-iconv (Debian: yaz)")
def test_marc8_agrees_with_yaz() -> None:
    text = "Études čeština Достоевский אלף نجيب محفوظ H₂O 日本語 ǰ ṭ"
    done = subprocess.run(
        ["yaz-iconv", "-f", "marc-8", "-t", "utf-8"], input=encode(text, "marc-8"), capture_output=True, check=True
    )
    assert unicodedata.normalize("NFC", done.stdout.decode()) == unicodedata.normalize("NFC", text)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs iconv")
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("tcvn3", "TCVN"), ("viscii", "VISCII"), ("isiri-3342", "ISIRI-3342"), ("windows-1258", "CP1258")],
)
def test_tables_agree_with_iconv(name: str, theirs: str) -> None:
    for byte in range(0xA0, 0xFF):
        done = subprocess.run(
            ["iconv", "-f", theirs, "-t", "UTF-8"], input=b"a" + bytes((byte,)), capture_output=True, check=False
        )
        if done.returncode == 0:
            assert unicodedata.normalize("NFC", decode(b"a" + bytes((byte,)), name)) == unicodedata.normalize(
                "NFC", done.stdout.decode()
            )


def test_bytes_taken_for_windows_1252_and_written_as_utf8_are_read_back() -> None:
    garbled = encode("Nghiên cứu", "tcvn3").decode("cp1252").encode()
    assert decode(garbled, "utf-8/tcvn3") == "Nghiên cứu"
    assert decode("mühimme".encode().decode("cp1252").encode(), "utf-8/utf-8") == "mühimme"
    with pytest.raises(DecodeError):
        decode("ی".encode(), "utf-8/tcvn3")


def test_names_for_people() -> None:
    assert canonical("UTF8") == "utf-8"
    assert canonical("CP1256") == "windows-1256"
    assert canonical("EBCDIC") is None
    assert all(label.fa and label.vi and label.en for _, label in choices())
