"""The SIP2 codec: what is written is read again, by us and by a public codec; hostile bytes end in an error of ours or in a message."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pysip2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.formats.sip2.codec import checksum_of
from khaneh.formats.sip2.text import from_bytes, to_bytes

AT = "20260302    093000"
ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="|")
TEXT = st.text(st.one_of(ASCII, st.sampled_from("کتاب‌خانۀیپچژگ۱۲ăâđêôơưạảấầ")), max_size=40)


@st.composite
def any_message(draw: st.DrawFn) -> m.Message:
    kind = draw(st.sampled_from(list(m.MESSAGES.values())))
    values: dict[str, Any] = {}
    for slot in kind.slots():
        if slot.width:
            signs = st.sampled_from("0123456789 Z") if slot.name == "at" else ASCII
            values[slot.name] = draw(
                st.text(signs, min_size=slot.width, max_size=slot.width).filter(lambda text: text[0] != "Z")
            )
        elif slot.several:
            values[slot.name] = tuple(draw(st.lists(TEXT, max_size=3)))
        else:
            values[slot.name] = draw(TEXT)
    return kind(**values)


@given(any_message(), st.none() | st.integers(0, 9), st.booleans())
def test_what_is_written_is_read_again(message: m.Message, sequence: int | None, checksum: bool) -> None:
    line = sip2.encode(message, sequence=sequence, checksum=checksum)
    assert line.endswith(b"\r")
    assert line.count(b"\r") == 1
    read = sip2.decode(line[:-1])
    assert read.message == message
    numbered = checksum and not isinstance(message, m.ResendToMachine | m.ResendToServer)
    assert (read.sequence, read.is_checked) == (sequence if numbered else None, checksum)


@given(any_message(), st.integers(0, 9), st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_is_seen(message: m.Message, sequence: int, place: int, by: int) -> None:
    line = bytearray(sip2.encode(message, sequence=sequence, checksum=True)[:-1])
    place %= len(line) - 6  # not the trailer itself: a message without one is a message
    line[place] = (line[place] + by) % 256
    with pytest.raises(sip2.ChecksumWrong):
        sip2.decode(bytes(line))


@given(st.binary(max_size=400))
def test_bytes_that_nobody_meant_end_in_an_error_or_a_message(data: bytes) -> None:
    for line in (
        data,
        b"11" + data,
        b"93" + data,
        b"63001" + data,
        data + b"AY1AZ" + b"%04X" % checksum_of(data + b"AY1AZ"),
    ):
        for encoding in sip2.ENCODINGS:
            try:
                read = sip2.decode(line, encoding=encoding)
            except sip2.Sip2Error:
                continue
            for one in fields(read.message):
                value = getattr(read.message, one.name)
                for text in value if isinstance(value, tuple) else [value or ""]:
                    assert not any(char in text for char in "\r\n\0|")
            sip2.encode(read.message, encoding=encoding)


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_a_stream_gives_the_same_messages_however_it_is_cut(pieces: list[bytes]) -> None:
    whole = b"".join(pieces) + b"\r"
    at_once = list(sip2.Splitter().feed(whole))
    splitter = sip2.Splitter()
    one_by_one = [line for byte in whole for line in splitter.feed(bytes([byte]))]
    assert at_once == one_by_one


@pytest.mark.parametrize(("sent", "end"), [(b"97\r", b"\r"), (b"97\r\n", b"\r\n"), (b"97\n", b"\r")])
def test_the_answer_ends_as_the_question_did(sent: bytes, end: bytes) -> None:
    splitter = sip2.Splitter()
    assert list(splitter.feed(sent)) == [b"97"]
    assert splitter.terminator == end


def test_a_message_without_an_end_is_given_up() -> None:
    splitter = sip2.Splitter(longest=100)
    assert not list(splitter.feed(b"11" + b"A" * 90))
    assert splitter.is_waiting
    with pytest.raises(sip2.TooLong):
        list(splitter.feed(b"A" * 20))
    with pytest.raises(sip2.TooLong):
        list(sip2.Splitter(longest=100).feed(b"A" * 101 + b"\r"))


def test_the_example_of_the_definition() -> None:
    """3M's own line, with its sum."""
    read = sip2.decode(b"9900302.00AY1AZFCA5")
    assert read.message == m.MachineStatus(status="0", print_width="030", version="2.00")
    assert read.sequence == 1


def test_a_date_that_a_client_leaves_out_is_blank() -> None:
    read = sip2.decode(b"65AOT-CENTRAL|AAM00000042|BON|").message
    assert read == m.RenewAll(institution="T-CENTRAL", patron="M00000042", fee_acknowledged="N")


def test_sums_over_characters_are_taken_where_bytes_differ() -> None:
    text = "11NN" + AT + " " * 18 + "AOقم|AAM1|ABC1|AC|AY2AZ"
    told = f"{-sum(map(ord, text)) & 0xFFFF:04X}"
    assert sip2.decode((text + told).encode()).message.institution == "قم"  # type: ignore[attr-defined]
    wrong = f"{(int(told, 16) + 1) & 0xFFFF:04X}"
    with pytest.raises(sip2.ChecksumWrong):
        sip2.decode((text + wrong).encode())


@pytest.mark.parametrize(
    "kind", [kind for kind in m.MESSAGES.values() if not issubclass(kind, m.ResendToMachine | m.ResendToServer)]
)
def test_a_public_codec_reads_what_we_write(kind: type[m.Message]) -> None:
    sound = {
        "at": AT, "offline_due": AT, "returned": AT, "flags": " " * 14, "summary": "Y         ", "language": "001", "currency": "IRR",
        "timeout": "100", "retries": "003", "version": "2.00", "supported": "Y" * 16, "kind": "2", "media": "001", "valid": "Y",
        "pin_valid": "Y", "cancel": "N", "fee_acknowledged": "N", "expires": AT, "hold_until": AT, "due": AT, "holds_limit": "0005",
        "overdue_limit": "0005", "charged_limit": "0005", "mode": "+", "ok": "1", "status": "0", "print_width": "080",
    }  # fmt: skip
    defaults = kind()
    values = {
        slot.name: sound[slot.name] if slot.name in sound else ("یک", "دو") if slot.several else getattr(defaults, slot.name) or "x"
        for slot in kind.slots()
    }  # fmt: skip
    line = sip2.encode(kind(**values), sequence=4, checksum=True)
    theirs = pysip2.decode_message(line, encoding="utf-8")
    assert theirs.sequence_number == 4
    again = pysip2.encode_message(theirs.message, sequence_number=4, checksum=True, encoding="utf-8")
    # Fields beyond the protocol's own are passed over by others; everything else comes back as it was.
    beyond = {"call_number", "destination", "alert_type", "hold_patron"}
    ours = sip2.decode(again[:-1]).message
    for slot in kind.slots():
        if slot.name not in beyond:
            assert getattr(ours, slot.name) == values[slot.name], slot.name


def test_letters_that_a_code_page_lacks_are_written_with_their_likes() -> None:
    data = to_bytes("کتاب‌های ۱۲۳ یزد", "windows-1256")
    assert from_bytes(data, "windows-1256") == "کتاب‌هاي 123 يزد"
    assert to_bytes("Đà Nẵng", "windows-1256").decode("windows-1256") == "Dà Nang"
    assert sip2.can_show("بازگردانده شد. سپاس", "windows-1256")
    assert not sip2.can_show("Đã trả", "windows-1256")


def test_a_value_cannot_end_its_field_or_its_message() -> None:
    assert to_bytes("a|b\r\nc\0\u2028d", "utf-8") == b"a b  c  d"
    assert len(to_bytes("ی" * 500, "utf-8")) == 254


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(["Asia/Tehran", "Asia/Ho_Chi_Minh", "UTC"]),
)
def test_times_come_back(instant: datetime, zone: str) -> None:
    at = instant.replace(microsecond=0, tzinfo=UTC)
    read = sip2.parse_instant(sip2.show_instant(at, zone), zone)
    assert read is not None
    # An hour that the clocks had twice is read as the first one.
    assert read in (at, at - timedelta(hours=1))


@pytest.mark.parametrize(
    "text", ["", " " * 18, "20260230    093000", "2026030X    093000", "۲۰۲۶۰۳۰۲    093000", "20260302  XX093000"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert sip2.parse_instant(text, "Asia/Tehran") is None
    assert sip2.parse_instant("20260302   Z093000", "Asia/Tehran") == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
