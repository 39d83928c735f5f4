"""ISO 2709: clean records, records that lie, and everything that is no record at all."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from khaneh.formats.marc.detect import detect
from khaneh.formats.marc.encodings import encode
from khaneh.formats.marc.pieces import RECORD_LIMIT, FileFormat, RawRecord
from khaneh.formats.marc.read import alternatives, read, reread
from khaneh.formats.marc.scan import scan
from tests.formats.marc.records import (
    BRIEF,
    EXPECTED,
    ISO,
    PERSIAN,
    VIETNAMESE,
    build,
    codes,
    covered,
    read_bytes,
    read_file,
    title_of,
    titled,
)

CLEAN = build(BRIEF)
OTHER = titled("The Shahnameh")


def test_a_clean_record() -> None:
    reading = read_bytes(CLEAN)
    assert reading.record == EXPECTED
    assert reading[1:] == ("marc21", "utf-8", "bibliographic", ())
    assert not reading.quarantined


def test_the_patient_way_agrees_with_the_fast_one() -> None:
    wrong_length = b"00099" + CLEAN[5:]
    reading = read_bytes(wrong_length)
    assert reading.record is not None
    assert reading.record.fields == EXPECTED.fields
    assert codes(reading) == {"length-wrong"}


@pytest.mark.parametrize("gap", [b"", b"\r\n", b"\n\n  ", b"\x00", b"\xef\xbb\xbf"])
def test_gaps_between_records(gap: bytes) -> None:
    readings = read_file(gap + CLEAN + gap + OTHER + gap)
    assert [title_of(reading) for reading in readings] == ["Divan /", "The Shahnameh"]
    assert not any(reading.problems for reading in readings)


def test_truncated_at_every_byte() -> None:
    for size in range(len(CLEAN)):
        readings = read_file(OTHER + CLEAN[:size])
        assert title_of(readings[0]) == "The Shahnameh"
        if size > 24:
            assert len(readings) == 2
            assert readings[1].quarantined or readings[1].record == EXPECTED
            assert codes(readings[1]) & {"truncated", "junk", "terminator-missing", "directory-unsure", "no-fields"}


def test_truncated_in_the_middle_of_a_file() -> None:
    """The bytes after a cut begin another record: only the cut one is doubtful."""
    for size in range(30, len(CLEAN) - 1):
        readings = read_file(OTHER + CLEAN[:size] + b"\x1d" + OTHER)
        assert title_of(readings[0]) == title_of(readings[-1]) == "The Shahnameh"
        assert all(reading.quarantined or reading.record == EXPECTED for reading in readings[1:-1])


@pytest.mark.parametrize("declared", [b"00000", b"00030", b"99999", b"abcde", b"     "])
def test_wrong_record_lengths(declared: bytes) -> None:
    readings = read_file(OTHER + declared + CLEAN[5:] + OTHER)
    assert [title_of(reading) for reading in readings] == ["The Shahnameh", "Divan /", "The Shahnameh"]
    assert codes(readings[1]) == {"length-wrong"}


def test_missing_terminators() -> None:
    readings = read_file(CLEAN[:-1] + OTHER[:-1] + CLEAN)
    assert [title_of(reading) for reading in readings] == ["Divan /", "The Shahnameh", "Divan /"]
    assert codes(readings[0]) >= {"terminator-missing"}
    assert not readings[0].quarantined


def test_a_wrong_base_address_and_wrong_directory_numbers_are_repaired() -> None:
    lying = CLEAN[:12] + b"00012" + CLEAN[17:]
    reading = read_bytes(lying)
    assert codes(reading, "note") == {"base-address-wrong"}
    assert reading.record is not None
    assert reading.record.fields == EXPECTED.fields
    base = int(CLEAN[12:17])
    directory = bytearray(CLEAN[24 : base - 1])
    for index in range(0, len(directory), 12):
        directory[index + 3 : index + 12] = b"%04d%05d" % (index, index * 7)
    reading = read_bytes(CLEAN[:24] + bytes(directory) + CLEAN[base - 1 :])
    assert codes(reading) == {"directory-repaired"}
    assert reading.record is not None
    assert reading.record.fields == EXPECTED.fields


def test_an_unordered_directory_keeps_the_order_of_the_directory() -> None:
    base = int(CLEAN[12:17])
    entries = [CLEAN[index : index + 12] for index in range(24, base - 1, 12)]
    reading = read_bytes(CLEAN[:24] + b"".join(reversed(entries)) + CLEAN[base - 1 :])
    assert codes(reading) == {"directory-unordered"}
    assert reading.record is not None
    assert reading.record.fields == tuple(reversed(EXPECTED.fields))


def test_a_terminator_inside_a_field() -> None:
    data = build([*BRIEF[:4], ("245", b"10\x1faFirst\x1eand second"), BRIEF[5]])
    reading = read_bytes(data)
    assert codes(reading) == {"embedded-terminator"}
    assert title_of(reading) == "First and second"


def test_a_field_longer_than_the_directory_can_say() -> None:
    long_note = "x" * 12_000
    reading = read_bytes(build([*BRIEF, ("500", f"  \x1fa{long_note}"), ("650", " 0\x1faPoetry")]))
    assert reading.record is not None
    assert [field.first("a") for field in reading.record.get("500", "650")] == [long_note, "Poetry"]
    assert codes(reading, "note") >= {"directory-repaired"}
    assert not reading.quarantined


def test_ten_thousand_subfields() -> None:
    reading = read_bytes(build([BRIEF[4], ("650", " 0" + "\x1faTopic" * 10_000)]))
    assert reading.record is not None
    assert len(reading.record.fields[-1].subfields) == 10_000


def test_leader_09_lies() -> None:
    reading = read_bytes(titled(PERSIAN, leader="     nam  22     ui 4500"))
    assert title_of(reading) == PERSIAN
    assert reading.problems[0].facts == {"leader": "marc-8", "actual": "utf-8"}
    assert not reading.quarantined


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, VIETNAMESE) for name in ("tcvn3", "vni", "viscii", "vps", "windows-1258")]
    + [(name, PERSIAN) for name in ("iran-system", "iran-system-logical", "isiri-3342", "marc-8")]
    + [("windows-1256", PERSIAN.replace("ی", "ي")), ("windows-1251", "История русской литературы и критики")],
)
def test_an_encoding_that_nothing_declares(name: str, text: str) -> None:
    data = titled(encode(text, name))
    reading = read_bytes(data)
    assert title_of(reading) == text
    assert reading.encoding == name
    assert not reading.quarantined
    assert detect(data * 3).encoding == name


def test_mixed_encodings_are_found_per_field() -> None:
    fields: list[tuple[str, str | bytes]] = [
        *BRIEF[:4],
        ("245", b"10\x1fa" + encode(VIETNAMESE, "tcvn3")),
        ("500", "  \x1fa" + PERSIAN),
    ]
    reading = read_bytes(build(fields))
    assert title_of(reading) == VIETNAMESE
    assert reading.record is not None
    assert reading.record.fields[-1].first("a") == PERSIAN
    assert codes(reading) >= {"mixed-encodings"}
    assert not reading.quarantined


def test_an_undecidable_encoding_is_a_doubt_that_a_person_can_settle() -> None:
    word = encode("رز", "windows-1256")
    data = titled(word)
    reading = read_bytes(data)
    assert "encoding-unsure" in codes(reading, "doubt")
    settled = read_bytes(data, encoding="windows-1256")
    assert title_of(settled) == "رز"
    assert not settled.quarantined
    assert reread(titled(word), ISO, encoding="windows-1256").record == settled.record


def test_a_file_in_one_encoding_settles_its_short_records() -> None:
    file = b"".join(titled(encode(text.replace("ی", "ي"), "windows-1256")) for text in [PERSIAN] * 5 + ["لغت"])
    assert [title_of(reading) for reading in read_file(file)][-1] == "لغت"


def test_a_person_is_shown_what_a_record_would_be_in_other_encodings() -> None:
    data = titled(encode("رز", "windows-1256"))
    offered = {offer.encoding: offer.sample for offer in alternatives(RawRecord(0, len(data), data), ISO)}
    assert offered["windows-1256"] == "رز"
    garbled = titled(encode(VIETNAMESE, "tcvn3").decode("latin-1"))
    best = alternatives(RawRecord(0, len(garbled), garbled), ISO)[0]
    assert (best.encoding, best.sample) == ("utf-8/tcvn3", VIETNAMESE[:80])


def test_a_forced_encoding_that_does_not_fit_is_a_doubt() -> None:
    reading = read_bytes(titled(b"\xff\xfe\x80"), encoding="marc-8")
    assert codes(reading, "doubt") >= {"undecodable"}
    assert title_of(reading).count("\ufffd") == 3


def test_damaged_utf8_keeps_what_is_whole() -> None:
    data = PERSIAN.encode()
    reading = read_bytes(titled(data[:20] + b"\xd9" + data[20:]))
    assert codes(reading, "doubt") == {"undecodable", "replacement-characters"}
    assert title_of(reading).replace("\ufffd", "") == PERSIAN


def test_text_that_was_converted_wrongly_before_is_a_doubt_with_its_repair() -> None:
    twice = titled(PERSIAN.encode().decode("latin-1"))
    problem = next(problem for problem in read_bytes(twice).problems if problem.code == "garbled-text")
    assert problem.severity == "doubt"
    assert title_of(read_bytes(twice, encoding=problem.facts["repair"])) == PERSIAN
    old_font = titled(encode(VIETNAMESE, "tcvn3").decode("latin-1"))
    problem = next(problem for problem in read_bytes(old_font).problems if problem.code == "garbled-text")
    assert title_of(read_bytes(old_font, encoding=problem.facts["repair"])) == VIETNAMESE


def test_good_text_is_never_called_garbled() -> None:
    for text in (
        PERSIAN,
        VIETNAMESE,
        "Études françaises à l'École, 3ᵉ éd. – «Œuvres»",
        "Ångström Æsop Ñandú",
        "São Paulo: edição",
    ):
        assert "garbled-text" not in codes(read_bytes(titled(text))), text


def test_control_characters_and_direction_tricks_are_noted() -> None:
    assert codes(read_bytes(titled("a\x07b"))) == {"control-characters"}
    assert codes(read_bytes(titled("abc\u202edef\u2066"))) == {"bidi-controls"}
    assert codes(read_bytes(titled("می‌رود"))) == set()


def test_escape_sequences_of_broken_marc8_are_never_spaces() -> None:
    reading = read_bytes(titled(b"abc \x1b(4yz\x1b(B def", leader="     nam  22     ui 4500"))
    assert codes(reading, "doubt") >= {"undecodable"}
    assert "\ufffd" in title_of(reading)


def test_odd_tags_indicators_and_codes() -> None:
    assert "tag-odd" in codes(read_bytes(build([*BRIEF, ("9é", "  \x1faX"[:4])])))
    assert "indicator-odd" in codes(read_bytes(build([*BRIEF, ("500", "\x1faNo indicators")])))
    assert "subfield-code-odd" in codes(read_bytes(build([*BRIEF, ("500", "  \x1f\x1faEmpty")])))
    assert "subfields-missing" in codes(read_bytes(build([*BRIEF, ("500", "  plain text")])))


def test_a_control_field_of_a_system_of_its_own() -> None:
    reading = read_bytes(build([("FMT", "BK"), *BRIEF]))
    assert reading.record is not None
    assert reading.record.control("FMT") == "BK"
    assert not reading.problems


def test_what_a_record_is() -> None:
    assert read_bytes(build([("100", "1 \x1faHafez")], leader="     nz  a22     n  4500")).kind == "authority"
    assert read_bytes(build([("852", "  \x1faA")], leader="     nu  a22     n  4500")).kind == "holdings"


def test_a_record_of_200_megabytes_is_reported_and_not_held() -> None:
    class Endless(io.RawIOBase):
        """A leader, then letters for 200 MB, then a terminator and a good record, made while they are read."""

        left = 200 * 1024 * 1024
        head, tail = CLEAN[:24], b"\x1d" + OTHER

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            if self.head:
                data, self.head = self.head, b""
            elif self.left:
                data = b"x" * min(len(buffer), self.left)
                self.left -= len(data)
            else:
                data, self.tail = self.tail, b""
            buffer[: len(data)] = data
            return len(data)

    found = list(scan(io.BufferedReader(Endless(), 1 << 20), ISO))
    assert [piece.oversize for piece in found] == [True, False]
    assert found[0].length == 24 + 200 * 1024 * 1024 + 1
    assert len(found[0].data) < RECORD_LIMIT
    assert codes(read(found[0], ISO)) == {"oversize"}
    assert title_of(read(found[1], ISO)) == "The Shahnameh"


@given(
    st.lists(
        st.sampled_from([CLEAN, OTHER, b"\n", b"rubbish\x1d", b"\x1e\x1f", b"00714", CLEAN[:70], b"\x1d\x1d"]),
        max_size=8,
    )
)
def test_resumable_from_every_end(parts: list[bytes]) -> None:
    data = b"".join(parts)
    whole = covered(data, ISO)
    for piece in whole:
        assert list(scan(io.BytesIO(data), ISO, start=piece.end)) == [
            later for later in whole if later.offset >= piece.end and later.kind != "framing"
        ]


@given(st.binary(max_size=400))
@example(b"a,b\rc,d\re,f\n")
def test_random_bytes(data: bytes) -> None:
    for raw in covered(data, ISO):
        read(raw, ISO)
    read_file(data)
    read_bytes(data)


@given(st.data())
@settings(max_examples=300)
def test_mutated_records(data: st.DataObject) -> None:
    """Any few bytes changed: no exception, every byte covered, and the neighbours unharmed."""
    record = bytearray(titled(data.draw(st.sampled_from([PERSIAN, VIETNAMESE, "Plain title"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(record) - 1))
        record[position] = data.draw(
            st.sampled_from([0x00, 0x1B, 0x1D, 0x1E, 0x1F, 0x20, 0x30, 0x39, 0x41, 0x80, 0xC3, 0xFF])
        )
    file = OTHER + bytes(record) + OTHER
    pieces = covered(file, ISO)
    readings = [read(piece, ISO) for piece in pieces if piece.kind != "framing"]
    assert title_of(readings[0]) == "The Shahnameh"
    assert readings[-1].record is not None
    for reading in readings:
        assert reading.record is not None or codes(reading, "fatal")


def test_an_escape_sequence_that_is_cut_short_is_told() -> None:
    record = bytearray(titled("Plain title"))
    record[0], record[98], record[229] = 0x00, 0xC3, 0x1B
    reading = read(RawRecord(0, len(record), bytes(record)), ISO)
    assert "undecodable" in [problem.code for problem in reading.problems]


def test_an_unknown_file_is_told_and_covered() -> None:
    fmt = detect(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert fmt.serialisation == "unknown"
    assert codes(read(RawRecord(0, 3, b"abc"), FileFormat("unknown"))) == {"format-unknown"}
    assert all(piece.kind == "junk" for piece in covered(b"\x89PNG", fmt))
