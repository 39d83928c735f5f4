"""The language of templates, quiet hours on real clocks, numbers, what an SMS costs. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.notices import registry
from khaneh.domains.notices.rules import phones, templates, timing, writing
from khaneh.domains.notices.types import Channel, EventType, Kind, QuietHours, Reading, Text, Urgency, Variable
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import Label

EVENT = EventType(
    "test.due",
    Label("Due", "موعد", "Hạn"),
    (
        Variable("title", Label("Title", "عنوان", "Nhan đề"), Kind.TEXT, "X"),
        Variable("due", Label("Due", "موعد", "Hạn"), Kind.DAY, "2026-03-20"),
    ),
)
FA = Reading("fa", Calendar.JALALI, "Asia/Tehran")
EN = Reading("en", Calendar.GREGORIAN, "Asia/Tehran")


def problems(body: str, subject: str = "s", channel: Channel = Channel.EMAIL) -> list[tuple[str, str, str]]:
    return [(one.part, one.code, one.name) for one in templates.problems(Text(subject, body), EVENT, channel)]


def test_not_text_1_items_are_repeated_and_empty_parts_leave_no_hole() -> None:
    written = "Dear {name},\n\n[items]• {title}\n[/items]\n[house_phone]Call {house_phone}[/house_phone]\n\n\nBye {{x}}"
    items = [{"title": "One"}, {"title": "Two {name}"}]
    told = templates.render(written, {"name": "Sara", "house_phone": ""}, items)
    assert told == "Dear Sara,\n\n• One\n• Two {name}\n\nBye {x}"
    assert "Call 12" in templates.render(written, {"name": "S", "house_phone": "12"}, items)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("{nobody}", ("body", "unknown_variable", "nobody")),
        ("{name.__class__}", ("body", "stray_sign", "{")),
        ("{0}", ("body", "stray_sign", "{")),
        ("[items]{title}", ("body", "section_not_closed", "items")),
        ("{title}[/items]", ("body", "section_not_open", "items")),
        ("[items][name]x[/name][/items]", ("body", "section_in_section", "name")),
        ("[secret]x[/secret]", ("body", "unknown_variable", "secret")),
        ("  ", ("body", "required", "")),
        ("x" * 4001, ("body", "too_long", "")),
    ],
)
def test_not_text_2_what_cannot_be_used_is_refused(body: str, found: tuple[str, str, str]) -> None:
    assert found in problems(body)


def test_not_text_3_a_subject_is_one_line_and_an_sms_has_none() -> None:
    assert ("subject", "one_line", "") in problems("x", subject="a\nBcc: b")
    assert ("subject", "required", "") in problems("x", subject=" ")
    assert problems("{house}: {title}", subject="", channel=Channel.SMS) == []


@given(st.text(max_size=300))
def test_not_text_4_no_text_breaks_the_reader(body: str) -> None:
    """What is accepted can be written, and what cannot be written is not accepted."""
    found = templates.problems(Text("s", body), EVENT, Channel.EMAIL)
    if not [one for one in found if one.code not in ("required", "too_long")]:
        templates.render(body, {"name": "n"}, [{"title": "t", "due": "d"}])


@given(st.text(max_size=80))
def test_not_text_5_values_are_never_read_as_template_and_turn_nothing_round(value: str) -> None:
    shown = writing.isolated(writing.show(EVENT.items[0], value, FA), "fa")
    assert templates.render("{title}", {}, [{"title": shown}]).strip("\n") == shown.strip("\n").rstrip(" \t")
    inner = shown.removeprefix("\u2068").removesuffix("\u2069")
    assert not set(inner) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\n\r\x00")


def letter(
    channel: Channel, reading: Reading, title: str, body: str = "[items]{title}: {due}\n[/items]"
) -> writing.Letter:
    return writing.letter(
        channel=channel, reading=reading, frame=Text("many", "{name}:\n\n{content}"),
        sections=[(EVENT, Text("About {title}", body), [{"title": title, "due": "2026-03-21"}])],
        common={"name": "Sara", "house": "Qom", "house_phone": "+98 25 3770", "account_url": "https://x.example/a?b=1&c=2"},
    )  # fmt: skip


def test_not_text_6_html_is_escaped_and_directions_kept_apart() -> None:
    made = letter(Channel.EMAIL, FA, '<script>alert("x")</script>')
    assert "<script>" not in made.html
    assert "<bdi>&lt;script&gt;" in made.html
    assert 'dir="rtl"' in made.html
    assert "\u2068<script>" in made.plain
    assert "۱ فروردین ۱۴۰۵" in made.plain
    assert letter(Channel.EMAIL, EN, "بوف کور").subject == "About \u2068بوف کور\u2069"


def test_not_text_7_no_header_is_smuggled_in_by_a_title() -> None:
    assert letter(Channel.EMAIL, EN, "x\r\nBcc: all@example.org").subject == "About x Bcc: all@example.org"


def test_not_text_8_links_and_numbers_stay_whole() -> None:
    made = letter(Channel.EMAIL, FA, "x", "{account_url} {house_phone}")
    assert '<a href="https://x.example/a?b=1&amp;c=2" dir="ltr">' in made.html
    assert "\u2068+98 25 3770\u2069" in made.plain


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("س" * 70, 1), ("س" * 71, 2), ("đ" * 134, 2), ("đ" * 135, 3)],
)  # fmt: skip
def test_what_a_text_message_costs(text: str, count: int) -> None:
    assert writing.segments(text) == count


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("0912 345 6789", "IR", "+989123456789"), ("۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789"), ("+98 (0)912 3456789", "IR", "+989123456789"),
        ("0098 912 345 6789", "IR", "+989123456789"), ("9123456789", "IR", "+989123456789"), ("0912.345.678", "VN", "+84912345678"),
        ("+84 912 345 678", "IR", "+84912345678"), ("", "IR", ""), ("call me", "VN", ""), ("12", "IR", ""),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, country: str, number: str) -> None:
    assert phones.international(written, country) == number


NIGHT = QuietHours(21 * 60, 8 * 60)


def go(now: datetime, zone: str = "Asia/Tehran", quiet: QuietHours = NIGHT) -> datetime:
    return timing.after_quiet(now, quiet, zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_not_quiet_1_before_and_after_midnight_it_waits_for_the_same_morning() -> None:
    morning = utc(2026, 3, 3, 4, 30)  # 8:00 in Tehran
    assert go(utc(2026, 3, 2, 19, 0)) == morning  # 22:30
    assert go(utc(2026, 3, 2, 21, 0)) == morning  # 00:30
    assert go(morning) == morning
    assert go(utc(2026, 3, 2, 17, 29)) == utc(2026, 3, 2, 17, 29)  # 20:59
    assert go(utc(2026, 3, 2, 17, 30)) == morning  # 21:00


def test_not_quiet_2_the_clocks_of_the_house_count_and_their_jumps() -> None:
    # Europe/Berlin: on 29 March 2026 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00.
    assert go(utc(2026, 3, 28, 22, 0), "Europe/Berlin") == utc(2026, 3, 29, 6, 0)
    assert go(utc(2026, 10, 24, 22, 0), "Europe/Berlin") == utc(2026, 10, 25, 7, 0)
    # An end inside the jump, and one that comes twice.
    short = QuietHours(60, 150)
    assert go(utc(2026, 3, 29, 0, 30), "Europe/Berlin", short) == utc(2026, 3, 29, 1, 30)
    assert go(utc(2026, 10, 25, 0, 10), "Europe/Berlin", short) == utc(2026, 10, 25, 0, 30)
    assert go(utc(2026, 10, 25, 1, 10), "Europe/Berlin", short) == utc(2026, 10, 25, 1, 30)


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(0, 60 * 24 * 400),
    st.sampled_from(["Europe/Berlin", "Asia/Tehran", "Asia/Ho_Chi_Minh", "America/St_Johns"]),
)
def test_not_quiet_3_it_is_never_sent_in_quiet_hours_and_never_waits_a_day(
    starts: int, ends: int, minutes: int, zone: str
) -> None:
    now = utc(2026, 1, 1) + timedelta(minutes=minutes)
    quiet = QuietHours(starts, ends)
    at = timing.after_quiet(now, quiet, zone)
    assert now <= at <= now + timedelta(hours=25)
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    # At the jump itself the end lies in an hour that is not there: the same distance behind it is right.
    inside = (starts < ends and starts <= minute < ends) or (starts > ends and (minute >= starts or minute < ends))
    assert not inside or (at != now and zone in ("Europe/Berlin", "America/St_Johns"))


def test_not_quiet_4_a_house_without_quiet_hours_and_what_is_urgent() -> None:
    night = utc(2026, 3, 2, 22, 0)
    assert go(night, quiet=QuietHours(0, 0)) == night
    at = {
        (urgency, channel): timing.may_go_at(
            now=night, urgency=urgency, channel=channel, quiet=NIGHT, zone="Asia/Tehran"
        )
        for urgency in Urgency
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    morning = utc(2026, 3, 3, 4, 30)
    assert at[Urgency.NOW, Channel.EMAIL] == night
    assert at[Urgency.NOW, Channel.SMS] == at[Urgency.SOON, Channel.EMAIL] == at[Urgency.LATER, Channel.SMS] == morning


def test_waiting_grows_and_ends() -> None:
    waits = [timing.wait_after(number) for number in range(1, 7)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(waits[:-1])  # type: ignore[type-var]


def test_every_event_ships_texts_for_every_channel_and_language() -> None:
    """Registering checks each; here that none says the same in two languages, as a text that was not translated would."""
    for event in registry.events():
        for channel in Channel:
            if event.items:
                bodies = {registry.shipped(event.code, channel, language).body for language in ("fa", "vi", "en")}
                assert len(bodies) == 3, (event.code, channel)


def test_an_event_without_texts_is_not_registered() -> None:
    with pytest.raises(ValueError, match=r"test\.due"):
        registry.register(EVENT, {"en": {Channel.EMAIL: Text("s", "b")}})
