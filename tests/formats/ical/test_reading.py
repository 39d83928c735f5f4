"""Files of others: what is a calendar is read, what is nonsense is refused with a reason, and nothing makes it fall over."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.formats.ical import Feed, Occurrence, Unreadable, read, write

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def calendar(*events: str, head: str = "") -> bytes:
    parts = "".join(
        f"BEGIN:VEVENT\r\n{one.strip()}\r\nEND:VEVENT\r\n".replace("\n", "\r\n").replace("\r\r", "\r") for one in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{parts}END:VCALENDAR\r\n".encode()


def days(*events: str, zone: str = "UTC") -> list[str]:
    found = read(calendar(*events), zone=zone, first=FIRST, last=LAST)
    assert not found.doubts, found.doubts
    return [one.starts.isoformat() for one in found.occurrences]


def doubts(*events: str) -> list[str]:
    found = read(calendar(*events), zone="UTC", first=FIRST, last=LAST)
    assert not found.occurrences
    return [one.why for one in found.doubts]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"%PDF-1.7", "not_a_calendar"),
        (b"<html>", "not_a_calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "not_a_calendar"),
        (b"PK\x03\x04" + bytes(range(256)), "encoding"),
        (b"BEGIN:VCALENDAR\0\r\nEND:VCALENDAR", "not_a_calendar"),
        ("BEGIN:VCALENDAR\r\nX:كتاب\r\n".encode("cp1256") + b"END:VCALENDAR\r\n", "encoding"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "cut_off"),
        (calendar("UID:1\nDTSTART:20260101T000000Z")[:-60], "cut_off"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 6_000_000, "too_large"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "cut_off"),
        (b"BEGIN:VCALENDAR\r\nno line of a calendar\r\nEND:VCALENDAR\r\n", "broken"),
    ],
)
def test_what_is_no_calendar_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, zone="UTC", first=FIRST, last=LAST)
    assert refused.value.code == code


def test_the_line_that_cannot_be_read_is_told() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX:\xff\r\nEND:VCALENDAR", zone="UTC", first=FIRST, last=LAST)
    assert refused.value.line == 3


def test_too_much_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        read(
            calendar("UID:1\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"),
            zone="UTC",
            first=FIRST,
            last=LAST,
            most=30,
        )
    assert refused.value.code == "too_many"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("DTSTART:20260101T000000Z", "no_uid"),
        ("UID:1", "no_start"),
        ("UID:1\nDTSTART:yesterday", "broken"),
        ("UID:1\nDTSTART:20261332T250000Z", "broken"),
        ("UID:1\nDTSTART:00010101T000000Z", "broken"),
        ("UID:1\nDTSTART:20260102T000000Z\nDTEND:20260101T000000Z", "out_of_order"),
        ("UID:1\nDTSTART:20260102T000000Z\nDURATION:-PT1H", "out_of_order"),
        ("UID:1\nDTSTART:20260102T000000Z\nDTEND;VALUE=DATE:20260103", "broken"),
        ("UID:1\nDTSTART:20260101T000000Z\nDTEND:20360101T000000Z", "too_long"),
        ("UID:1\nDTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY", "repeats"),
        ("UID:1\nDTSTART:20260101T000000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "repeats"),
        ("UID:1\nDTSTART:20260101T000000Z\nRRULE:RSCALE=PERSIAN;FREQ=YEARLY", "other_calendar"),
        ("UID:1\nDTSTART:20260101T000000Z\nRRULE:FREQ=NEVER", "repeats"),
    ],
)
def test_an_entry_that_is_nonsense_is_left_out_and_told(event: str, why: str) -> None:
    assert doubts(event) == [why]


def test_one_bad_entry_does_not_spoil_the_rest() -> None:
    data = calendar("UID:1\nDTSTART:nonsense\nSUMMARY:bad", "UID:2\nDTSTART;VALUE=DATE:20260321\nSUMMARY:نوروز")
    found = read(data, zone="UTC", first=FIRST, last=LAST)
    assert [one.summary for one in found.occurrences] == ["نوروز"]
    assert [(one.uid, one.summary, one.why) for one in found.doubts] == [("1", "bad", "broken")]


def test_days_and_times_and_zones() -> None:
    assert days("UID:1\nDTSTART;VALUE=DATE:20260321") == ["2026-03-21"]
    assert days("UID:1\nDTSTART:20260321T100000", zone="Asia/Tehran") == ["2026-03-21T06:30:00+00:00"]
    assert days("UID:1\nDTSTART;TZID=Asia/Ho_Chi_Minh:20260321T100000") == ["2026-03-21T03:00:00+00:00"]
    assert days("UID:1\nDTSTART:20250101T000000Z") == []
    assert days("UID:1\nSTATUS:CANCELLED\nDTSTART:20260101T000000Z") == []
    found = read(
        calendar("UID:1\nDTSTART;VALUE=DATE:20260321\nDTEND;VALUE=DATE:20260321"), zone="UTC", first=FIRST, last=LAST
    )
    assert found.occurrences[0].ends == date(2026, 3, 22)


def test_what_repeats_is_told_day_by_day() -> None:
    assert days("UID:1\nDTSTART;VALUE=DATE:20200321\nRRULE:FREQ=YEARLY") == ["2026-03-21"]
    assert days("UID:1\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260108") == [
        "2026-01-01",
        "2026-01-15",
    ]
    assert days("UID:1\nDTSTART;VALUE=DATE:20260101\nRDATE;VALUE=DATE:20260505") == ["2026-01-01", "2026-05-05"]
    # A rule of times ends in UTC; its days are those on the wall.
    assert days("UID:1\nDTSTART;TZID=Asia/Tehran:20260101T090000\nRRULE:FREQ=WEEKLY;UNTIL=20260108T053000Z") == [
        "2026-01-01T05:30:00+00:00", "2026-01-08T05:30:00+00:00",
    ]  # fmt: skip
    # Berlin's clocks change on 29 March: the time on the wall stays.
    assert days("UID:1\nDTSTART;TZID=Europe/Berlin:20260323T100000\nRRULE:FREQ=WEEKLY;COUNT=2") == [
        "2026-03-23T09:00:00+00:00", "2026-03-30T08:00:00+00:00",
    ]  # fmt: skip
    moved = (
        "UID:1\nDTSTART:20260101T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2",
        "UID:1\nRECURRENCE-ID:20260108T090000Z\nDTSTART:20260109T120000Z",
    )
    assert days(*moved) == ["2026-01-01T09:00:00+00:00", "2026-01-09T12:00:00+00:00"]


def test_a_mark_at_the_beginning_and_several_calendars_are_read() -> None:
    two = (
        b"\xef\xbb\xbf"
        + calendar("UID:1\nDTSTART;VALUE=DATE:20260101")
        + calendar("UID:2\nDTSTART;VALUE=DATE:20260102")
    )
    assert len(read(two, zone="UTC", first=FIRST, last=LAST).occurrences) == 2


WHOLE = write(
    Feed("n", "UTC", (Occurrence("a@b", datetime(2026, 5, 5, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC), "x" * 90),))
)


@settings(max_examples=150)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(
        lambda one: b"BEGIN:VCALENDAR\r\n" + one.encode("utf-8", "ignore") + b"\r\nEND:VCALENDAR\r\n"
    )
)
def test_nothing_makes_it_fall_over(data: bytes) -> None:
    with suppress(Unreadable):
        read(data, zone="Asia/Tehran", first=FIRST, last=LAST)


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=6))
def test_nor_does_a_calendar_that_was_damaged(first: int, last: int, put: bytes) -> None:
    test_nothing_makes_it_fall_over.hypothesis.inner_test(WHOLE[: min(first, last)] + put + WHOLE[max(first, last) :])  # type: ignore[attr-defined]
