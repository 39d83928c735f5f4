"""UNIMARC is recognised, stays itself, and can be exported as MARC21."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.unimarc import to_marc21
from khaneh.formats.marc.write import to_iso2709
from tests.formats.marc.records import build, read_bytes, read_file

UNIMARC_TAGS = [
    "010",
    "011",
    "012",
    "013",
    "020",
    "021",
    "100",
    "101",
    "102",
    "200",
    "205",
    "206",
    "207",
    "210",
    "214",
    "215",
    "225",
    "300",
    "327",
    "328",
    "330",
    "410",
    "461",
    "463",
    "500",
    "510",
    "517",
    "541",
    "600",
    "601",
    "602",
    "604",
    "605",
    "606",
    "607",
    "608",
    "610",
    "615",
    "620",
    "660",
    "675",
    "676",
    "680",
    "686",
    "700",
    "701",
    "702",
    "710",
    "711",
    "712",
    "720",
    "730",
    "801",
    "856",
    "995",
]

IRANMARC = build(
    [
        ("001", "IR0001"),
        ("010", "  \x1fa978-964-1234-56-3\x1fd۵۰۰۰ ریال"),
        ("100", "  \x1fa20040101d1383    ekmy0pery50      ba"),
        ("101", "1 \x1faper\x1fcfre"),
        ("102", "  \x1faIR"),
        ("200", "1 \x1faشازده کوچولو\x1feداستان\x1ffآنتوان دو سنت اگزوپری\x1fgترجمه احمد شاملو"),
        ("205", "  \x1faویرایش ۲"),
        ("210", "  \x1faتهران\x1fcنگاه\x1fd۱۳۸۳"),
        ("215", "  \x1fa۱۰۳ ص.\x1fcمصور"),
        ("225", "2 \x1faادبیات جهان\x1fv۷"),
        ("300", "  \x1faعنوان اصلی: Le petit prince"),
        ("327", "  \x1faفهرست"),
        ("330", "  \x1faداستان شازده‌ای از سیاره‌ای دور"),
        ("500", "10\x1faLe petit prince\x1fmفارسی"),
        ("606", "  \x1faداستان‌های فرانسه\x1fzقرن ۲۰ م.\x1fxترجمه شده به فارسی"),
        ("676", "  \x1fa843.912\x1fv21"),
        ("700", " 1\x1faسنت اگزوپری\x1fbآنتوان دو\x1ff۱۹۰۰ - ۱۹۴۴ م.\x1f4070\x1f3N1"),
        ("702", " 1\x1faشاملو\x1fbاحمد\x1f4730"),
        ("801", " 0\x1faIR\x1fbNLI"),
        ("856", "4 \x1fuhttps://example.org/1"),
        ("995", "  \x1faQOM\x1fbQ1\x1ff100200\x1fk۸۴۳ س\x1fj2"),
    ],
    leader="     nam  22     i  450 ",
)


def shown(record: Record, tag: str) -> list[str]:
    return [field.value or "".join(f"${code}{value}" for code, value in field.subfields) for field in record.get(tag)]


def test_iranmarc_is_read_as_unimarc_and_converted() -> None:
    reading = read_file(IRANMARC * 2)[0]
    assert reading.dialect == "unimarc"
    assert reading.record is not None
    assert not reading.problems
    record = to_marc21(reading.record)
    assert shown(record, "020") == ["$a978-964-1234-56-3$c۵۰۰۰ ریال"]
    assert shown(record, "041") == ["$aper$hfre"]
    assert shown(record, "245") == ["$aشازده کوچولو :$bداستان /$cآنتوان دو سنت اگزوپری ; ترجمه احمد شاملو"]
    assert shown(record, "250") == ["$aویرایش ۲"]
    assert shown(record, "264") == ["$aتهران :$bنگاه,$c۱۳۸۳"]
    assert shown(record, "300") == ["$a۱۰۳ ص.$bمصور"]
    assert shown(record, "490") == ["$aادبیات جهان$v۷"]
    assert shown(record, "240") == ["$aLe petit prince$kفارسی"] or shown(record, "240") == ["$aLe petit prince$fفارسی"]
    assert shown(record, "650") == ["$aداستان‌های فرانسه$yقرن ۲۰ م.$xترجمه شده به فارسی"]
    assert shown(record, "082") == ["$a843.912$221"]
    assert shown(record, "100") == ["$aسنت اگزوپری, آنتوان دو$d۱۹۰۰ - ۱۹۴۴ م.$4aut$0N1"]
    assert shown(record, "700") == ["$aشاملو, احمد$4trl"]
    assert shown(record, "856") == ["$uhttps://example.org/1"]
    assert shown(record, "952") == ["$aQOM$cQ1$p100200$o۸۴۳ س$y2"]
    fixed = shown(record, "008")[0]
    assert (len(fixed), fixed[:15], fixed[15:18], fixed[35:38]) == (40, "040101s1383    ", "ir ", "per")
    assert record.leader[6:8] == "am"
    assert [field.tag for field in record.fields if field.tag < "500"] == sorted(
        field.tag for field in record.fields if field.tag < "500"
    )
    assert read_bytes(to_iso2709(record)).dialect == "marc21"


def test_articles_between_non_sorting_marks_are_counted() -> None:
    for title in ("\x98The \x9cHobbit", "\x88The \x89Hobbit", "<<The >>Hobbit"):
        record = to_marc21(Record(" " * 24, (Field("200", "1", " ", (("a", title),)),)))
        assert next(record.get("245")) == Field("245", "1", "4", (("a", "The Hobbit"),))


def test_names_bodies_meetings_and_embedded_links() -> None:
    fields = (
        Field("710", "0", "2", (("a", "Iran"), ("b", "Parliament"), ("4", "070"))),
        Field("711", "1", "2", (("a", "Congress"), ("d", "3"), ("e", "Tehran"), ("f", "1990"))),
        Field("700", " ", "0", (("a", "Homer"),)),
        Field("410", " ", "0", (("1", "001X1"), ("1", "2001 "), ("a", "Classics"), ("v", "4"))),
        Field("601", "0", "2", (("a", "Iran"), ("x", "History"))),
        Field("600", " ", "1", (("a", "Hafez"), ("b", "Shams"), ("2", "x"))),
    )
    record = to_marc21(Record(" " * 24, fields))
    assert shown(record, "110") == ["$aIran$bParliament$4aut"]
    assert shown(record, "711") == ["$aCongress$n3$cTehran$d1990"]
    assert shown(record, "700") == ["$aHomer"]
    assert shown(record, "830") == ["$wX1$aClassics$v4"]
    assert shown(record, "610") == ["$aIran$xHistory"]
    assert next(record.get("600")) == Field("600", "1", "7", (("a", "Hafez, Shams"), ("2", "x")))


codes = st.sampled_from("abcdefghijkmtvxyz0123459")
fields = st.builds(
    Field,
    st.sampled_from([*UNIMARC_TAGS, "001", "999"]),
    st.sampled_from(" 01"),
    st.sampled_from(" 01"),
    st.lists(st.tuples(codes, st.text(max_size=12)), max_size=5).map(tuple),
    st.just(""),
)


@given(st.text(max_size=24), st.lists(fields, max_size=8))
def test_any_record_converts(leader: str, found: list[Field]) -> None:
    record = to_marc21(Record(leader, tuple(found)))
    assert len(record.leader) == 24
    assert len(record.control("008")) == 40


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("unimarcxml/data.mrc", 5),
        ("qa_catalogue/short.bnr.1993.mrc", 10),
        ("qa_catalogue/serial.bnr.1993.mrc", 11),
        ("pymarc/testunimarc.dat", 1),
    ],
)
def test_real_records_convert_and_can_be_written(shared_data: Path, name: str, count: int) -> None:
    readings = read_file((shared_data / "marc_unimarc" / name).read_bytes())
    assert len(readings) == count
    for reading in readings:
        assert reading.dialect == "unimarc"
        assert reading.record is not None
        record = to_marc21(reading.record)
        assert next(record.get("245")).first("a")
        assert len(record.control("008")) == 40
        written = read_bytes(to_iso2709(record))
        assert written.dialect == "marc21"
        assert written.record is not None
        assert written.record.fields == record.fields
