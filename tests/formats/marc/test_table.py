"""A library's own table: separated text and workbooks, columns by name and by an explicit mapping."""

from __future__ import annotations

import io

import openpyxl
import pytest

from khaneh.formats.marc.columns import TARGETS, suggest, target_of, valid_target
from khaneh.formats.marc.detect import detect, detect_stream
from khaneh.formats.marc.encodings import encode
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.read import Reading, read
from khaneh.formats.marc.scan import pieces, scan
from tests.formats.marc.records import codes, read_file, title_of

PERSIAN = (
    "ردیف,عنوان کتاب,نویسنده,مترجم,ناشر,سال نشر,شابک,موضوع,شماره ثبت,قیمت\n"
    '1,"بوف کور","هدایت، صادق",,جاویدان,۱۳۵۱,978-964-1234-56-3,داستان فارسی؛ قرن ۱۴,12001,۵۰۰۰\n'
    "2,جنگ و صلح,تولستوی,کاظم انصاری,صفی علیشاه,۱۳۷۰,,داستان روسی,12002,۹۰۰۰\n"
)
VIETNAMESE = (
    "STT\tNhan đề\tTác giả\tNXB\tNăm xuất bản\tKý hiệu xếp giá\tĐKCB\tNgôn ngữ\n"
    "1\tTruyện Kiều\tNguyễn Du\tVăn học\t2005\t895.9221\tVV001\tTiếng Việt\n2\tSố đỏ\tVũ Trọng Phụng\tHội nhà văn\t1998\t895.9223\tVV002\tTiếng Việt\n"
)


def values(reading: Reading, place: str) -> list[str]:
    assert reading.record is not None
    tag, _, code = place.partition("$")
    return [value for field in reading.record.get(tag) for value in (field.all(code) if code else [field.value])]


def test_a_persian_table() -> None:
    first, second = read_file(PERSIAN.encode())
    assert title_of(first) == "بوف کور"
    assert values(first, "100$a") == ["هدایت، صادق"]
    assert values(first, "650$a") == ["داستان فارسی", "قرن ۱۴"]
    assert values(first, "952$p") == ["12001"]
    assert values(first, "264$c") == ["۱۳۵۱"]
    assert values(first, "008")[0][6:15] == "n        "[:9]
    assert values(second, "700$a") == ["کاظم انصاری"]
    assert values(second, "700$4") == ["trl"]
    assert not first.problems
    assert not second.problems


@pytest.mark.parametrize("name", ["windows-1256", "iran-system", "isiri-3342"])
def test_a_persian_table_in_an_old_encoding(name: str) -> None:
    text = PERSIAN.replace("ی", "ي").replace("۱۳۵۱", "1351") if name == "windows-1256" else PERSIAN
    data = b"".join(
        b",".join(
            encode(cell, name) if cell.isascii() or name != "windows-1256" else encode(_digits(cell), name)
            for cell in line.split(",")
        )
        + b"\n"
        for line in text.replace("، ", " ").replace("؛", "").splitlines()
    )
    fmt = detect(data)
    assert fmt.encoding == name
    readings = read_file(data)
    assert len(readings) == 2
    assert title_of(readings[0]).replace("ي", "ی") == "بوف کور"


def _digits(text: str) -> str:
    return text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))


def test_a_vietnamese_table() -> None:
    first, second = read_file(VIETNAMESE.encode())
    assert title_of(first) == "Truyện Kiều"
    assert values(second, "952$o") == ["895.9223"]
    assert values(second, "041$a") == ["vie"]
    assert values(second, "008")[0][7:11] == "1998"
    assert values(second, "008")[0][35:38] == "vie"


def test_a_vietnamese_table_in_tcvn3() -> None:
    data = encode(VIETNAMESE.replace("NXB", "Nhà xuất bản"), "tcvn3")
    assert [title_of(reading) for reading in read_file(data)] == ["Truyện Kiều", "Số đỏ"]


def test_an_explicit_mapping_overrules_names() -> None:
    fmt = FileFormat(
        "table", delimiter=";", columns=("x", "y", "z"), mapping=(("x", "952$p"), ("y", "title"), ("z", "650"))
    )
    reading = read(RawRecord(0, 0, "B1;Lịch sử;sử học".encode()), fmt)
    assert (title_of(reading), values(reading, "952$p"), values(reading, "650$a")) == ("Lịch sử", ["B1"], ["sử học"])


def test_rows_with_quotes_over_lines_and_without_a_title() -> None:
    data = b'title,author,note\n"A ""quoted""\ntitle",Someone,x\n,Nobody,y\nToo,many,cells,here\n\nLast,One,\n'
    readings = read_file(data)
    assert [title_of(reading) if values(reading, "245$a") else "" for reading in readings] == [
        'A "quoted"\ntitle',
        "",
        "Too",
        "Last",
    ]
    assert codes(readings[1]) == {"row-without-title"}
    assert codes(readings[2]) == {"row-cells"}


def test_a_quote_that_is_never_closed_does_not_swallow_the_file() -> None:
    data = b'title,author\nOne,A\n"Two,B\n' + b"Three,C\n" * 50
    assert len(read_file(data)) == 52


def test_a_table_without_a_title_column_is_told() -> None:
    reading = read_file(b"a,b,c\n1,2,3\n4,5,6\n")[0]
    assert codes(reading) == {"columns-unknown"}
    assert reading.problems[0].facts["columns"] == ["a", "b", "c"]


def test_a_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ("عنوان", "پدیدآور", "سال نشر", "بارکد"),
        ("گلستان", "سعدی", 1368, 1001),
        (None, None, None, None),
        ("Dế mèn", "Tô Hoài", 1996.0, "x2"),
    ]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    fmt = detect_stream(stream)
    assert (fmt.serialisation, fmt.delimiter) == ("table", "xlsx")
    found = list(scan(stream, fmt))
    readings = [read(raw, fmt) for raw in found]
    assert [title_of(reading) for reading in readings] == ["گلستان", "Dế mèn"]
    assert values(readings[0], "952$p") == ["1001"]
    assert values(readings[1], "264$c") == ["1996"]
    assert list(scan(stream, fmt, start=found[0].end)) == found[1:]


def test_files_that_only_begin_like_a_workbook() -> None:
    stream = io.BytesIO(b"PK\x03\x04 and nothing else")
    assert detect_stream(stream).serialisation == "unknown"
    broken = list(pieces(stream, FileFormat("table", delimiter="xlsx")))
    assert [piece.kind for piece in broken] == ["junk"]


def test_column_names() -> None:
    assert target_of("Tên sách") == "title"
    assert target_of("نام كتاب") == "title"
    assert target_of("ISBN 2") == "isbn"
    assert target_of("650$a") == "650$a"
    assert target_of("colour") is None
    assert suggest(["Title", "Tên sách", "x"]) == (("Title", "title"),)
    assert all(target.label.fa and target.label.vi and target.label.en for target in TARGETS.values())
    assert valid_target("952$p")
    assert not valid_target("95$p")
