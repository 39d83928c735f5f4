"""Turns the readable data of the demonstration into the files that its libraries would really have sent.

    python -m demo.build FOLDER

Seven catalogues with overlapping holdings, each in another format, so that the importer has to do all its work: UNIMARC and MARC21,
romanised with 880 fields and in the original script, ISO 2709 and MARCXML, a spreadsheet with local column names, TCVN3 and
windows-1256. `manifest.json` says which file belongs to which house and which copy profile reads it. The same data give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from demo import records, serialise
from demo.editions import Edition, load
from demo.holdings import SOURCES, Copy, Source, copies, held_by, lending_houses
from khaneh.formats.marc.encodings import EncodeError, encode
from khaneh.formats.marc.types import Field, Record

# Iranian systems of the nineties stored the Arabic letters; some catalogues still do.
ARABIC_LETTERS = str.maketrans({"ی": "ي", "ک": "ك"})
# What windows-1256 has no letter for, as people typed it then. A letter that is in no table loses its mark (`old_letters`).
FOR_1256 = str.maketrans({"ی": "ي", "ک": "ك", "ٔ": None, "ٓ": None, "…": "...", "ʼ": "'", "ʻ": "'"})
FOR_TCVN3 = str.maketrans({"–": "-", "…": "...", "’": "'", "“": '"', "”": '"'})
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LOCAL_COLUMNS = (
    "Số biểu ghi", "Nhan đề", "Phụ đề", "Tác giả", "Người dịch", "Nơi xuất bản", "Nhà xuất bản", "Năm xuất bản", "Số trang",
    "ISBN", "Ngôn ngữ", "Chủ đề", "Phân loại", "Tóm tắt", "Ký hiệu xếp giá", "Mã vạch", "Thư viện", "Kho", "Giá",
)  # fmt: skip


class Holding(NamedTuple):
    """An edition in a source, with the copies there."""

    edition: Edition
    copies: list[Copy]


class BuiltFile(NamedTuple):
    """A finished file: `house` and `profile` are what the importer is told about it."""

    file: str
    house: str
    profile: str
    note: str
    content: bytes
    records: int
    copies: int


def holdings(source: Source, editions: list[Edition]) -> list[Holding]:
    """What a source holds, in the order in which it happened to buy: not the order of the data files."""
    houses = lending_houses()
    held = [
        Holding(edition, copies(edition, source, houses)) for edition in editions if source.name in held_by(edition)
    ]
    return sorted(held, key=lambda holding: holding.copies[0].acquired)


def changed(record: Record, table: Mapping[int, str | None]) -> Record:
    """The record with letters exchanged in every data field."""
    fields = tuple(
        Field(f.tag, f.ind1, f.ind2, tuple((c, v.translate(table)) for c, v in f.subfields), f.value)
        for f in record.fields
    )
    return Record(record.leader, fields)


def nghe_an(held: list[Holding]) -> bytes:
    made = (
        records.with_copies(
            records.marc21(h.edition, number=f"NA{h.edition.number:06d}", agency="VN-NaTV"), h.copies, "952"
        )
        for h in held
    )
    return b"".join(serialise.iso2709(record) for record in made)


def qom(held: list[Holding]) -> bytes:
    made = (
        records.with_copies(
            records.marc21(h.edition, number=f"qom{h.edition.number:07d}", agency="IR-QmKM", own_script=False),
            h.copies,
            "852-876",
        )
        for h in held
    )
    return b"".join(serialise.iso2709(record) for record in made)


def khorasan(held: list[Holding]) -> bytes:
    made = (
        records.with_copies(
            records.marc21(h.edition, number=f"KR-{h.edition.number:06d}", agency="IR-MsKM"), h.copies, "949"
        )
        for h in held
    )
    return serialise.marcxml(made)


def yazd_fields(record: Record) -> Iterator[Field]:
    """The habits of this catalogue: Arabic letters in Persian words, Persian digits in years, no summaries."""
    for field in record.fields:
        if field.tag == "330":
            continue
        if field.tag == "210":
            pairs = tuple((c, v.translate(PERSIAN_DIGITS) if c == "d" else v) for c, v in field.subfields)
            field = field._replace(subfields=pairs)
        yield field


def yazd(held: list[Holding]) -> bytes:
    result = b""
    for h in held:
        record = records.unimarc(h.edition, number=f"{h.edition.number + 40_000}")
        if h.edition.language == "per":
            record = Record(record.leader, tuple(yazd_fields(changed(record, ARABIC_LETTERS))))
        result += serialise.iso2709(records.with_copies(record, h.copies, "995"))
    return result


def old_letters(text: str, encoding: str) -> bytes:
    """The bytes of a text in an encoding of the past. A letter that it lacks is written without its mark; one that still has no place
    raises EncodeError: a demonstration must not lose a letter by accident.
    """
    result = b""
    for character in unicodedata.normalize("NFC", text):
        try:
            result += encode(character, encoding)
        except EncodeError:
            digit = unicodedata.digit(character, None)
            result += encode(unicodedata.normalize("NFD", character)[0] if digit is None else str(digit), encoding)
    return result


def legacy(record: Record) -> Record:
    """A leader as old systems wrote it: it says nothing about the encoding."""
    return Record(record.leader[:9] + " " + record.leader[10:], record.fields)


def thanh_chuong(held: list[Holding]) -> bytes:
    result = b""
    for h in held:
        record = records.marc21(h.edition, number=f"TC{h.edition.number:05d}", agency="VN-NaTC")
        # Original titles in other scripts have no place in TCVN3: the library never wrote them down.
        kept = tuple(field for field in record.fields if field.tag not in ("240", "765", "880"))
        record = records.with_copies(legacy(Record(record.leader, kept)), h.copies, "952")
        result += serialise.iso2709(changed(record, FOR_TCVN3), partial(old_letters, encoding="tcvn3"))
    return result


def sabzevar(held: list[Holding]) -> bytes:
    result = b""
    for h in held:
        record = records.marc21(h.edition, number=f"SB{h.edition.number:05d}", agency="IR-SbzK")
        kept = tuple(field for field in record.fields if field.tag not in ("240", "765", "880"))
        record = records.with_copies(legacy(Record(record.leader, kept)), h.copies, "952")
        record = changed(record, FOR_1256)
        result += serialise.iso2709(record, partial(old_letters, encoding="windows-1256"))
    return result


def nam_dan(held: list[Holding]) -> bytes:
    """A spreadsheet, a line a copy, with the column names that the district's librarian chose."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(LOCAL_COLUMNS)
    for edition, owned in held:
        translators = [person.name_latin for role, person in edition.contributors if role == "trl"]
        publisher = edition.publisher
        for copy in owned:
            writer.writerow(
                [
                    f"ND{edition.number:05d}",
                    edition.title,
                    edition.subtitle,
                    "; ".join(person.name_latin for person in edition.work.creators),
                    "; ".join(translators),
                    publisher.place if publisher else "",
                    publisher.name if publisher else "",
                    edition.year,
                    edition.pages,
                    edition.isbn,
                    edition.language,
                    "; ".join(topic.vi for topic in edition.work.topics),
                    edition.work.ddc,
                    edition.summary,
                    copy.call_number,
                    copy.barcode,
                    copy.house,
                    copy.location,
                    copy.price,
                ]
            )
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


FILES = (
    ("nghe-an", "nghe-an.mrc", "952", "MARC21, ISO 2709, UTF-8; copies in 952", nghe_an),
    ("khorasan", "khorasan.xml", "949", "MARC21 as MARCXML; copies in 949", khorasan),
    ("yazd", "yazd.mrc", "995", "UNIMARC, ISO 2709, UTF-8 with Arabic letters and Persian digits; copies in 995", yazd),
    (
        "qom",
        "qom.mrc",
        "852-876",
        "MARC21, ISO 2709, romanised with original script in 880; copies in 852 and 876",
        qom,
    ),
    ("nam-dan", "nam-dan.csv", "", "CSV with Vietnamese column names, a line a copy", nam_dan),
    ("thanh-chuong", "thanh-chuong.mrc", "952", "MARC21, ISO 2709, in TCVN3; the leader says nothing", thanh_chuong),
    ("sabzevar", "sabzevar.mrc", "952", "MARC21, ISO 2709, in windows-1256; the leader says nothing", sabzevar),
)


def build() -> list[BuiltFile]:
    """Every file, in memory: about two megabytes."""
    editions = load()
    built = []
    for name, file, profile, note, make in FILES:
        source = SOURCES[name]
        held = holdings(source, editions)
        owned = sum(len(holding.copies) for holding in held)
        built.append(BuiltFile(file, source.house, profile, note, make(held), len(held), owned))
    return built


def write(folder: Path) -> list[BuiltFile]:
    """Write the files and `manifest.json` into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    built = build()
    for item in built:
        (folder / item.file).write_bytes(item.content)
    manifest = [
        {
            "file": i.file,
            "house": i.house,
            "profile": i.profile,
            "note": i.note,
            "records": i.records,
            "copies": i.copies,
        }
        for i in built
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return built


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m demo.build FOLDER")
    for item in write(Path(sys.argv[1])):
        print(f"{item.file:20} {item.records:5} records {item.copies:5} copies  {item.note}")
