"""The character sets that UNIMARC's 100 $a names, by the registrations' own tables, and what the reader makes of the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.formats.marc.encodings import ENCODINGS, DecodeError, EncodeError, canonical, decode, encode
from khaneh.formats.marc.encodings.unimarc_sets import named
from khaneh.formats.marc.pieces import FileFormat
from tests.formats.marc.records import build, codes, read_bytes

UNIMARC = FileFormat("iso2709", "unimarc", "utf-8", 1.0)


@pytest.mark.parametrize(
    ("sets", "name"),
    [
        ("0102", "iso-ir-37"),
        ("0103", "iso-5426"),
        ("0104", "iso-5427"),
        ("0204", ""),
        ("0105", "iso-5428"),
        ("50  ", "utf-8"),
        ("5050", "utf-8"),
        ("01  ", ""),
        ("0108", ""),
        ("", ""),
    ],
)
def test_the_codes_of_the_manual(sets: str, name: str) -> None:
    assert named(f"20040101d1383    ekmy0rusy{sets}    ba"[: 30 if sets else 20]) == name
    assert not name or canonical(name) == name


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        # ISO registration 37: the rows 4 to 7 are laid out as КОИ-8, small letters first.
        ("iso-ir-37", b"1918: \xe4\xd7\xc5\xce\xc1\xc4\xc3\xc1\xd4\xd8", "1918: Двенадцать"),
        ("iso-ir-37", bytes(range(0xC0, 0xE0)), "юабцдефгхийклмнопярстужвьызшэщчъ"),
        # ISO 5427, table: 4/0 to 5/3 small, 6/0 to 7/3 capital.
        ("iso-5427", b"I \xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce", "I ґђѓєёѕіїјљњћќўџ"),
        # ISO 5428: accents before their letter; 4/1 Α to 6/1 α.
        ("iso-5428", b"\xc1\xe1 \xa2\xe1", "Αα ά"),
    ],
)
def test_bytes_by_the_registered_tables(name: str, data: bytes, text: str) -> None:
    assert decode(data, name) == text
    assert encode(text, name) == data


@pytest.mark.parametrize("name", ["iso-ir-37", "iso-5427", "iso-5428"])
@given(data=st.binary(max_size=40))
def test_what_is_read_can_be_written_again(name: str, data: bytes) -> None:
    try:
        text = decode(data, name)
    except DecodeError:
        return
    assert decode(encode(text, name), name) == text


def test_what_has_no_code_is_refused() -> None:
    with pytest.raises(EncodeError):
        encode("خانه", "iso-5427")
    with pytest.raises(DecodeError):
        decode(b"\xa2", "iso-5428")


def _record(sets: str, title: bytes, language: str = "rus") -> bytes:
    return build(
        [
            ("001", "U1"),
            ("100", f"  \x1fa20040101d1999    ekmy0{language}y{sets}    ca"),
            ("101", f"0 \x1fa{language}"),
            ("200", b"1 \x1fa" + title),
            ("210", "  \x1faMoskva\x1fd1999"),
        ],
        leader="     nam  22     i  450 ",
    )


def _title(record: bytes, **options: str) -> tuple[str, str, set[str]]:
    reading = read_bytes(record, UNIMARC, **options)
    assert reading.record is not None
    return next(iter(reading.record.get("200"))).first("a"), reading.encoding, codes(reading)


def test_a_claim_that_is_true_decides() -> None:
    russian = "Двенадцать стульев и золотой теленок"
    title, name, problems = _title(_record("0102", encode(russian, "iso-ir-37")))
    assert title == russian
    assert name in {"iso-ir-37", "koi8-r"}
    assert "encoding-unsure" not in problems
    title, name, _ = _title(_record("0105", encode("Η φόνισσα και άλλα διηγήματα", "iso-5428"), "gre"))
    assert (title, name) == ("Η φόνισσα και άλλα διηγήματα", "iso-5428")
    title, name, problems = _title(_record("0103", encode("Déjà vu: une étude française", "iso-5426"), "fre"))
    assert (title, name) == ("Déjà vu: une étude française", "iso-5426")
    assert "leader-encoding-wrong" not in problems


def test_a_claim_that_is_false_is_noted_and_not_believed() -> None:
    title, name, problems = _title(_record("50  ", encode("Déjà vu: une étude française", "iso-5426"), "fre"))
    assert (title, name) == ("Déjà vu: une étude française", "iso-5426")
    assert "leader-encoding-wrong" in problems
    title, name, _ = _title(_record("0103", "تاریخ ادبیات فارسی در ایران".encode(), "per"))
    assert (title, name) == ("تاریخ ادبیات فارسی در ایران", "utf-8")


def test_a_person_can_choose_them() -> None:
    assert {"iso-ir-37", "iso-5427", "iso-5428"} <= set(ENCODINGS)
    title, name, _ = _title(_record("    ", b"\xc1\xe1"), encoding="iso-5427")
    assert (title, name) == ("ђЂ", "iso-5427")
