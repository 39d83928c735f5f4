"""Calendar programs that nobody here wrote, against a server that runs: vdirsyncer fetches, khal reads what it fetched."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from khaneh.domains.spaces import services
from khaneh.domains.spaces.types import Pattern, Repeat
from khaneh.kernel.calendars import Calendar
from tests.domains.spaces.places import NOW, Places, at, make_places
from tests.interfaces.protocols.ical.conftest import booked, key_of

pytestmark = pytest.mark.django_db(transaction=True)

VDIRSYNCER = """
[general]
status_path = "{home}/status"

[pair own]
a = "telephone"
b = "site"
collections = ["from b"]
conflict_resolution = "b wins"

[storage telephone]
type = "filesystem"
path = "{home}/telephone"
fileext = ".ics"

[storage site]
type = "caldav"
url = "{site}/"
username = "reader@example.org"
password = "{key}"
read_only = true

[pair address]
a = "kept"
b = "feed"
collections = null
conflict_resolution = "b wins"

[storage kept]
type = "filesystem"
path = "{home}/kept"
fileext = ".ics"

[storage feed]
type = "http"
url = "{site}{feed}"
"""
KHAL = """
[calendars]
[[own]]
path = {home}/telephone/own
[[kept]]
path = {home}/kept
[locale]
local_timezone = Asia/Tehran
default_timezone = Asia/Tehran
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {home}/khal.db
"""


@pytest.fixture
def places(transactional_db: None) -> Places:
    return make_places()


class Telephone:
    """A telephone's calendar programs with a home of their own."""

    def __init__(self, home: Path, site: str, key: str) -> None:
        self.home = home
        (home / "kept").mkdir()
        (home / "vdirsyncer").write_text(
            VDIRSYNCER.format(home=home, site=site, key=key, feed=reverse("calendar-person", args=[key]))
        )
        (home / "khal").write_text(KHAL.format(home=home))

    def run(self, program: str, *words: str, told: str = "") -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), "-c", str(self.home / program), *words],
            input=told, capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "NO_PROXY": "*"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sync(self) -> None:
        self.run("vdirsyncer", "sync")

    def events(self, calendar: str = "own", days: str = "300d") -> list[str]:
        """Each as `2026-03-03 10:00 title`, as khal tells it."""
        form = ("--format", "{start-date} {start-time} {title}", "--day-format", "")
        lines = self.run("khal", "list", "-a", calendar, *form, "2026-03-01", days).splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("No events")]


def test_a_telephone_finds_the_calendar_follows_it_and_forgets_what_is_cancelled(
    places: Places, live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server's threads would keep their connections, and with them the database, beyond the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    sara = places.person()
    first = booked(sara, places.room, 10, title="کلاس خوش‌نویسی")
    second = booked(sara, places.room, 15, title="Hội thảo, đọc; \\ sách")
    services.book_series(
        actor=places.staff(), account_id=sara.account_id, space_id=places.room.pk, at=time(9), minutes=60, now=NOW,
        pattern=Pattern(Repeat.MONTHLY, date(2026, 3, 3), count=2, calendar=Calendar.JALALI, day=30),
    )  # fmt: skip
    telephone = Telephone(tmp_path, live_server.url, key_of(sara))
    telephone.run("vdirsyncer", "discover", told="y\n" * 20)
    telephone.sync()
    expected = [
        "2026-03-03 10:00 کلاس خوش‌نویسی — ROOM",
        "2026-03-03 15:00 Hội thảo, đọc; \\ sách — ROOM",
        "2026-04-19 09:00 ROOM",  # 30 Farvardin 1405
        "2026-05-20 09:00 ROOM",  # 30 Ordibehesht 1405
    ]
    assert telephone.events() == expected
    assert telephone.events("kept") == expected
    services.cancel(actor=sara, booking_id=first, now=NOW)
    services.change_booking(actor=sara, booking_id=second, starts=at(17), ends=at(18), title="Moved", now=NOW)
    telephone.sync()
    expected = ["2026-03-03 17:00 Moved — ROOM", *expected[2:]]
    assert telephone.events() == expected
    assert telephone.events("kept") == expected
    # What somebody writes on the telephone stays there or is taken back, and never reaches the house.
    for one in (tmp_path / "telephone/own").glob("booking-*.ics"):
        one.unlink()
    telephone.sync()
    assert telephone.events() == expected
