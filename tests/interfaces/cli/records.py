"""Small MARC records for tests of the command line, written by hand so that they owe nothing to the code under test."""

from __future__ import annotations

_FIELD_END, _RECORD_END, _SUBFIELD = b"\x1e", b"\x1d", b"\x1f"


def record(number: str, title: str, author: str, year: int = 2001) -> bytes:
    """One MARC21 record in ISO 2709 and UTF-8: control number, title, author, year."""
    fields = [
        (b"001", number.encode()),
        (b"008", f"010101s{year}    xx            000 0 eng d".encode()),
        (b"100", b"1 " + _SUBFIELD + b"a" + author.encode()),
        (b"245", b"10" + _SUBFIELD + b"a" + title.encode()),
        (b"260", b"  " + _SUBFIELD + b"aQom :" + _SUBFIELD + b"bHouse," + _SUBFIELD + f"c{year}.".encode()),
    ]
    directory, body = b"", b""
    for tag, value in fields:
        data = value + _FIELD_END
        directory += tag + b"%04d%05d" % (len(data), len(body))
        body += data
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    return b"%05dnam a22%05d i 4500" % (length, base) + directory + _FIELD_END + body + _RECORD_END


def collection(count: int, *, word: str = "lighthouse") -> bytes:
    """That many different books, each with a word of its own."""
    names = ["Rostami", "Nguyen", "Karimi", "Tran", "Hughes", "Sadeghi", "Pham", "Moradi", "Baker", "Le"]
    subjects = ["weaving", "glass", "rivers", "bread", "saffron", "bees", "clocks", "tiles", "salt", "maps", "silk"]
    return b"".join(
        record(
            f"{word}-{i}",
            f"The {word} {i} and the {subjects[i % len(subjects)]} of year {1000 + 7 * i}",
            f"{names[i % len(names)]}, {chr(65 + i % 26)}.",
            1950 + i % 70,
        )
        for i in range(count)
    )
