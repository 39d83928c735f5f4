"""What is written is read again by ourselves and by libical, whatever stands in it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.spaces.rules import series
from khaneh.domains.spaces.types import MissingDay, Pattern, Repeat
from khaneh.formats.ical import Feed, Occurrence, Status, read, write, write_one
from khaneh.kernel.calendars import Calendar, JalaliDate
from tests.formats.ical import libical

FIRST, LAST = date(2020, 1, 1), date(2040, 1, 1)
INSTANTS = st.datetimes(datetime(2021, 1, 1), datetime(2038, 1, 1), timezones=st.just(UTC)).map(
    lambda one: one.replace(microsecond=0)
)
DAYS = st.dates(date(2021, 1, 1), date(2038, 1, 1))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120).map(str.strip) | st.sampled_from(
    [
        "رزرو میز؛ اتاق, «جلسه»",
        "Hội thảo \\ đọc; sách, v.v.",
        "a\nb\n\nc",
        "\\N \\n \\\\N",
        "‌می‌رود" * 30,
        "😀" * 40,
        "BEGIN:VEVENT",
        'x"y:z^n',
    ]
)


@st.composite
def occurrences(draw: st.DrawFn) -> Occurrence:
    whole = draw(st.booleans())
    starts: date = draw(DAYS if whole else INSTANTS)
    length = timedelta(days=draw(st.integers(1, 9))) if whole else timedelta(minutes=draw(st.integers(1, 5000)))
    return Occurrence(
        uid=f"x-{draw(st.integers(1, 10**9))}@example.org",
        starts=starts,
        ends=starts + length,
        summary=draw(WORDS),
        changed_at=draw(INSTANTS),
        revision=draw(st.integers(0, 9999)),
        description=draw(WORDS),
        location=draw(WORDS),
        place=draw(st.none() | st.sampled_from([(34.64, 50.88), (-0.5, -179.25)])),
        url=draw(st.sampled_from(["", "https://example.org/spaces/1?a=b,c;d"])),
        status=draw(st.sampled_from([Status.CONFIRMED, Status.TENTATIVE])),
        busy=draw(st.booleans()),
        private=draw(st.booleans()),
    )


@settings(max_examples=60)
@given(st.lists(occurrences(), max_size=4, unique_by=lambda one: one.uid))
def test_what_is_written_is_read_again(listed: list[Occurrence]) -> None:
    data = write(Feed("نام", "Asia/Tehran", tuple(listed), "b"))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    data.decode()
    found = read(data, zone="UTC", first=FIRST, last=LAST)
    assert (found.name, found.doubts) == ("نام", ())
    assert {one.uid: one for one in found.occurrences} == {one.uid: one for one in listed}
    assert write(Feed("نام", "Asia/Tehran", tuple(listed), "b")) == data


@settings(max_examples=25)
@given(occurrences())
def test_libical_reads_the_same(one: Occurrence) -> None:
    form = "%Y%m%dT%H%M%SZ" if isinstance(one.starts, datetime) else "%Y%m%d"
    for data in (write(Feed("n", "Asia/Ho_Chi_Minh", (one,))), write_one(one)):
        (found,) = libical.events(data)
        assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == (one.uid, str(one.revision), one.status.value)
        assert (found["DTSTART"], found["DTEND"]) == (one.starts.strftime(form), one.ends.strftime(form))
        escaped = one.summary.replace("\\", "\\\\").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")
        assert found.get("SUMMARY", "") == escaped


def test_an_empty_calendar_is_one_to_libical_too() -> None:
    for zone in ("Asia/Tehran", "Asia/Ho_Chi_Minh", "Europe/Berlin", "UTC"):
        assert libical.events(write(Feed("n", zone))) == []


@given(st.text(max_size=60))
@settings(max_examples=40)
def test_no_text_breaks_a_line(text: str) -> None:
    one = Occurrence("a@b", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), text)
    (found,) = read(write_one(one), zone="UTC", first=FIRST, last=LAST).occurrences
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    wanted = "".join(sign for sign in kept if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    assert found.summary == wanted.strip()


@pytest.mark.parametrize(
    ("day", "missing", "skip"),
    [
        (30, MissingDay.SKIP, "OMIT"),
        (30, MissingDay.LAST, "BACKWARD"),
        (31, MissingDay.LAST, "BACKWARD"),
        (31, MissingDay.SKIP, "OMIT"),
        (1, MissingDay.SKIP, "OMIT"),
    ],
)
@pytest.mark.parametrize("every", [1, 5])
def test_persian_months_are_those_of_libical(day: int, missing: MissingDay, skip: str, every: int) -> None:
    """The days that we publish one by one are those that libical reckons from RFC 7529's rule in the Persian calendar, for twelve years."""
    first = JalaliDate(1404, 1, min(day, 31)).to_gregorian()
    count = 144 // every
    pattern = Pattern(
        Repeat.MONTHLY, first, count=count, every=every, calendar=Calendar.JALALI, day=day, missing=missing
    )
    ours = [one.day for one in series.days(pattern) if not one.left_out and one.day < date(2030, 1, 1)]
    rule = f"RSCALE=PERSIAN;FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={day};SKIP={skip};COUNT={count}"
    theirs = libical.expanded(rule, datetime(first.year, first.month, first.day, 9, tzinfo=UTC), count)
    assert ours == [one.date() for one in theirs if one.date() < date(2030, 1, 1)]
    assert len(ours) > 5
