"""Six books in three languages with a copy each in Vinh and in Yazd, taken in through the importer."""

from __future__ import annotations

from pathlib import Path

from khaneh.domains.catalogue import services
from khaneh.domains.discovery import services as discovery
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web import network_data
from tests.kept import kept

# Number, language, title, author, year, subject, summary.
BOOKS = (
    ("1", "per", "شاهنامه", "فردوسی، ابوالقاسم", "1994", "شعر فارسی", "سرگذشت شاهان و پهلوانان ایران."),
    ("2", "per", "بوف کور", "هدایت، صادق", "1937", "داستان‌های فارسی", ""),
    ("3", "vie", "Truyện Kiều", "Nguyễn Du", "1998", "Thơ Việt Nam", "Chuyện nàng Kiều."),
    ("4", "vie", "Số đỏ", "Vũ Trọng Phụng", "1936", "Tiểu thuyết Việt Nam", ""),
    (
        "5",
        "eng",
        "The library at night",
        "Manguel, Alberto",
        "2006",
        "Libraries",
        "An essay on what libraries are for.",
    ),
    ("6", "eng", "A history of reading", "Manguel, Alberto", "1996", "Books and reading", ""),
)


def _record(number: str, language: str, title: str, author: str, year: str, subject: str, summary: str) -> Record:
    fixed = f"260101s{year}    xx            000 0 {language} d"
    fields = [
        Field("001", value=number),
        Field("003", value="TEST"),
        Field("008", value=fixed),
        Field("100", "1", " ", (("a", author),)),
        Field("245", "1", "0", (("a", title),)),
        Field("260", subfields=(("a", "Somewhere"), ("b", "Somebody"), ("c", year))),
        Field("300", subfields=(("a", "240 p."),)),
        Field("650", " ", "4", (("a", subject),)),
        *([Field("520", subfields=(("a", summary),))] if summary else []),
        Field("952", subfields=(("b", "NA-LIB"), ("c", "GEN"), ("o", f"895 {number}"), ("p", f"B{number}"))),
        Field("952", subfields=(("b", "YZ-LIB"), ("c", "GEN"), ("o", f"895 {number}"), ("p", f"C{number}"))),
    ]
    return Record("00000nam a2200000 a 4500", tuple(fields))


def load(folder: Path) -> None:
    """Take them in; the houses must be there."""
    path = folder / "books.mrc"
    path.write_bytes(b"".join(to_iso2709(_record(*book)) for book in BOOKS))
    report = services.import_file(actor=SYSTEM, path=path, house="NA-LIB")
    assert (report.new, report.copies) == (6, 12)


def have(home: Path) -> None:
    """The small network, the books and the index of both, in an empty database and in `home`, which is KHANEH_HOME."""

    def make() -> None:
        network_data.load()
        load(home)
        discovery.rebuild(processes=0)

    kept("books", home, make)
