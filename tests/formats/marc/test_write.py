"""What is written can be read by us and by others."""

from __future__ import annotations

import io
import shutil
import subprocess
from xml.etree import ElementTree

import orjson
import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.formats.marc.read import record_from_dict
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import UnwritableError, collection_marcxml, to_iso2709, to_json, to_marcxml
from tests.formats.marc.records import EXPECTED, PERSIAN, VIETNAMESE, read_bytes, read_file

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
data_fields = st.builds(
    Field,
    st.integers(10, 999).map("{:03d}".format),
    st.sampled_from(" 012"),
    st.sampled_from(" 012"),
    st.lists(st.tuples(st.sampled_from("abcdxyz0249"), texts), min_size=1, max_size=4).map(tuple),
    st.just(""),
)
records = st.lists(data_fields, min_size=1, max_size=8).map(
    lambda fields: Record("00000nam a2200000 i 4500", (Field("001", value="x1"), *fields))
)


@given(records)
def test_every_serialisation_gives_the_fields_back(record: Record) -> None:
    written = read_bytes(to_iso2709(record)).record
    assert written is not None
    assert written.fields == record.fields
    assert record_from_dict(orjson.loads(to_json(record))) == record
    parsed = read_file(to_marcxml(record))[0].record
    assert parsed == record


@given(records)
def test_pymarc_reads_the_same(record: Record) -> None:
    theirs = next(iter(pymarc.MARCReader(io.BytesIO(to_iso2709(record)), force_utf8=True)))
    assert theirs is not None
    ours = [(field.tag, list(field.subfields)) for field in record.fields[1:]]
    assert [(field.tag, [tuple(subfield) for subfield in field.subfields]) for field in theirs.fields[1:]] == ours


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="needs yaz-marcdump (Debian: yaz)")
def test_yaz_reads_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    record = Record(EXPECTED.leader, (*EXPECTED.fields, Field("500", subfields=(("a", PERSIAN), ("b", VIETNAMESE)))))
    folder = tmp_path_factory.mktemp("yaz")
    (folder / "one.mrc").write_bytes(to_iso2709(record) * 2)
    (folder / "one.xml").write_bytes(b"".join(collection_marcxml([record, record])))
    for source, name in (("marc", "one.mrc"), ("marcxml", "one.xml")):
        done = subprocess.run(
            ["yaz-marcdump", "-i", source, "-o", "marcxml", str(folder / name)], capture_output=True, check=True
        )
        assert b"<!--" not in done.stdout, done.stdout[:300]
        dumped = read_file(done.stdout)
        assert [reading.record.fields for reading in dumped if reading.record] == [record.fields, record.fields]


def test_the_leader_is_made_right() -> None:
    record = Record("99999cam  2299999 i 45  ", EXPECTED.fields)
    data = to_iso2709(record)
    assert int(data[:5]) == len(data)
    assert data[9:12] == b"a22"
    assert data[20:24] == b"4500"


def test_what_iso2709_cannot_hold_is_refused_and_xml_holds_it() -> None:
    long_field = Record(EXPECTED.leader, (Field("520", subfields=(("a", "x" * 10_000),)),))
    with pytest.raises(UnwritableError) as caught:
        to_iso2709(long_field)
    assert caught.value.code == "field-too-long"
    long_record = Record(EXPECTED.leader, tuple(Field("500", subfields=(("a", "x" * 9_000),)) for _ in range(12)))
    with pytest.raises(UnwritableError, match="record-too-long"):
        to_iso2709(long_record)
    with pytest.raises(UnwritableError, match="tag-unwritable"):
        to_iso2709(Record(EXPECTED.leader, (Field("24", subfields=(("a", "x"),)),)))
    assert len(ElementTree.fromstring(to_marcxml(long_record))) == 13  # our own output


def test_delimiters_and_forbidden_characters_do_not_become_structure() -> None:
    record = Record(EXPECTED.leader, (Field("245", "0", "0", (("a", "a\x1fb\x1ec\x1dd\x0be"),)),))
    written = read_bytes(to_iso2709(record)).record
    assert written is not None
    assert written.fields[0].subfields == (("a", "a b c d\x0be"),)
    assert read_file(to_marcxml(record))[0].record == Record(
        EXPECTED.leader, (Field("245", "0", "0", (("a", "abcde"),)),)
    )
