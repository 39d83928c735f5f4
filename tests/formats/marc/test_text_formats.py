"""MARCXML, MARC-in-JSON, .mrk, Aleph sequential and compressed files."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.formats.marc.detect import detect, detect_stream
from khaneh.formats.marc.encodings import encode
from khaneh.formats.marc.pieces import RECORD_LIMIT, FileFormat
from khaneh.formats.marc.read import read, record_from_dict
from khaneh.formats.marc.scan import pieces, scan
from khaneh.formats.marc.write import collection_marcxml, to_json, to_marcxml
from tests.formats.marc.records import EXPECTED, PERSIAN, codes, covered, read_file, title_of

XML = FileFormat("marcxml")
JSON = FileFormat("json")
RECORD = b'<record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">1</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">%s</subfield></datafield></record>'


def collection(*records: bytes, head: bytes = b'<?xml version="1.0"?>') -> bytes:
    return head + b'<collection xmlns="http://www.loc.gov/MARC21/slim">' + b"\n".join(records) + b"</collection>"


def titles(data: bytes) -> list[str]:
    return [title_of(reading) for reading in read_file(data) if reading.record is not None]


def test_xml_as_written_is_read() -> None:
    readings = read_file(b"".join(collection_marcxml([EXPECTED, EXPECTED])))
    assert [reading.record for reading in readings] == [EXPECTED, EXPECTED]
    assert not any(reading.problems for reading in readings)
    assert read_file(to_marcxml(EXPECTED))[0].record == EXPECTED


def test_xml_with_prefixes_in_oai_and_with_comments() -> None:
    prefixed = RECORD % b"One"
    for name in (b"record", b"leader", b"controlfield", b"datafield", b"subfield"):
        prefixed = prefixed.replace(b"<" + name, b"<marc:" + name).replace(b"</" + name, b"</marc:" + name)
    oai = (
        b"<OAI-PMH><ListRecords><record><header><identifier>x</identifier></header><metadata>%s</metadata></record>"
        % prefixed
    )
    oai += b'<record><header status="deleted"/></record></ListRecords></OAI-PMH>'
    assert titles(oai) == ["One"]
    assert titles(collection(b"<!-- <record> is not one -->" + RECORD % b"Two<!-- </record> -->")) == ["Two"]


def test_a_broken_xml_record_does_not_stop_the_file() -> None:
    broken = (RECORD % b"Broken").replace(b"</subfield>", b"")
    readings = read_file(collection(RECORD % b"One", broken, RECORD % b"Three"))
    assert [reading.quarantined for reading in readings] == [False, True, False]
    assert "xml-broken" in codes(readings[1])
    unclosed = (RECORD % b"Unclosed").replace(b"</record>", b"")
    readings = read_file(collection(RECORD % b"One", unclosed, RECORD % b"Three"))
    assert [reading.quarantined for reading in readings] == [False, True, False]


def test_xml_bombs_and_external_entities_are_never_expanded(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("x") / "secret"
    secret.write_text("SECRET")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    for entity in (b"&l9;", b"&e;"):
        reading = read_file(collection(RECORD % entity, head=head))[0]
        assert reading.quarantined
        assert "SECRET" not in str(reading)
        assert "lol" not in str(reading.record)


def test_xml_forbidden_characters_are_left_out() -> None:
    reading = read_file(collection(RECORD % b"a\x0bb&#11;c"))[0]
    assert title_of(reading) == "abc"
    assert codes(reading) == {"xml-characters"}


def test_xml_in_an_old_encoding() -> None:
    text = PERSIAN.replace("ی", "ي")
    declared = b'<?xml version="1.0" encoding="windows-1256"?>'
    assert titles(collection(RECORD % encode(text, "windows-1256"), head=declared)) == [text]
    assert titles(collection(*[RECORD % encode(text, "windows-1256")] * 3)) == [text] * 3


def test_xml_of_a_record_too_large_to_hold() -> None:
    huge = RECORD % (b"x" * (RECORD_LIMIT + 10))
    data = collection(RECORD % b"One", huge, RECORD % b"Three")
    readings = read_file(data)
    assert [codes(reading) for reading in readings] == [set(), {"oversize"}, set()]


@given(
    st.lists(
        st.sampled_from(
            [
                RECORD % b"A",
                b"<record>",
                b"</record>",
                b"<!--",
                b"-->",
                b"<![CDATA[",
                b"]]>",
                b"\xff\x00",
                b"<record/>",
                b"\n",
            ]
        ),
        max_size=9,
    )
)
def test_xml_pieces_cover_any_bytes(parts: list[bytes]) -> None:
    for raw in covered(b"".join(parts), XML):
        if raw.kind != "framing":
            read(raw, XML)


def test_json_in_arrays_in_lines_and_in_a_wrapper() -> None:
    one = to_json(EXPECTED)
    for data in (
        b"[" + one + b",\n" + one + b"]",
        one + b"\n" + one + b"\n",
        one + one,
        b'{"records": [' + one + b", " + one + b"]}",
    ):
        readings = read_file(data)
        assert [reading.record for reading in readings] == [EXPECTED, EXPECTED], data[:20]
        assert not any(reading.problems for reading in readings)


def test_a_broken_json_record_does_not_stop_the_file() -> None:
    one = to_json(EXPECTED)
    readings = read_file(b"[" + one + b"," + one[:90] + b",\n" + one + b"]")
    assert [reading.record == EXPECTED for reading in readings] == [True, False, True]
    assert codes(readings[1], "fatal") == {"json-broken"}


def test_json_of_a_record_too_large_to_hold() -> None:
    one = to_json(EXPECTED)
    huge = b'{"leader": "x", "fields": [{"500": {"subfields": [{"a": "' + b"x" * (RECORD_LIMIT + 10) + b'"}]}}]}'
    readings = read_file(b"[" + one + b",\n" + huge + b",\n" + one + b"]")
    assert [codes(reading) for reading in readings] == [set(), {"oversize"}, set()]


def test_json_of_odd_shapes() -> None:
    shapes = [
        {"leader": 5, "fields": []},
        {"leader": "x", "fields": ["a"]},
        {"leader": "x", "fields": [{"245": {"subfields": [{"a": 1}, "b", {"cc": "d"}]}}]},
        {"leader": "x", "fields": [{"24": 7}]},
        {"fields": {}},
    ]
    for shape in shapes:
        data = json.dumps(shape).encode()
        reading = read(next(iter(scan(io.BytesIO(data), JSON))), JSON)
        assert reading.quarantined
    assert codes(
        read_file(
            b'[{"leader": "00000nam a2200000 i 4500", "fields": [{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "\\ud800"}]}}]}]'
        )[0]
    ) >= {"undecodable"}


def test_record_from_dict() -> None:
    assert record_from_dict(EXPECTED.to_dict()) == EXPECTED
    with pytest.raises(ValueError, match="MARC-in-JSON"):
        record_from_dict({"title": "no record"})


@given(
    st.lists(
        st.sampled_from([to_json(EXPECTED), b"{", b"}", b"[", b",", b'"', b'{"leader":', b"\\", b"\xff", b"\n"]),
        max_size=9,
    )
)
def test_json_pieces_cover_any_bytes(parts: list[bytes]) -> None:
    for raw in covered(b"".join(parts), JSON):
        if raw.kind != "framing":
            read(raw, JSON)


def test_mrk() -> None:
    data = b"=LDR  00000nam\\a2200000\\i\\4500\r\n=001  1\r\n=245  10$aThe {dollar}5 book /$cA. Writer\r\n\r\n=LDR  00000nam\\a2200000\\i\\4500\r\n=245  00$aOther\r\n"
    readings = read_file(data)
    assert [title_of(reading) for reading in readings] == ["The $5 book /", "Other"]
    assert not any(reading.problems for reading in readings)


def test_aleph_sequential() -> None:
    data = "000000001 LDR   L ^^^^^nam^a2200000^i^4500\n000000001 24510 L $$aدیوان$$cحافظ\n000000002 24500 L $$aOther\n".encode()
    readings = read_file(data)
    assert [title_of(reading) for reading in readings] == ["دیوان", "Other"]
    assert codes(readings[1]) == {"leader-short"}


def test_gzip_whole_and_damaged() -> None:
    plain = collection(*[RECORD % b"One", RECORD % b"Two"] * 300)
    packed = gzip.compress(plain)
    fmt = detect(packed)
    assert (fmt.serialisation, fmt.compression) == ("marcxml", "gzip")
    found = list(scan(io.BytesIO(packed), fmt))
    assert len(found) == 600
    assert list(scan(io.BytesIO(packed), fmt, start=found[99].end)) == found[100:]
    damaged = list(pieces(io.BytesIO(packed[:-30]), fmt))
    assert damaged[-1].kind == "broken-compression"
    assert codes(read(damaged[-1], fmt)) == {"compression-broken"}
    assert detect_stream(io.BytesIO(packed)) == fmt


def test_a_format_survives_being_stored() -> None:
    fmt = FileFormat("table", delimiter=";", columns=("a", "b"), mapping=(("a", "title"),))
    assert FileFormat.from_dict(json.loads(json.dumps(fmt.to_dict()))) == fmt
